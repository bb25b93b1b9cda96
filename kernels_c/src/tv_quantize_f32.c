/* quantize_f32, scalar. */
#include "tv_kernels.h"

/* Adding and taking away 1.5 * 2^23 rounds |p| <= 2^22 to the nearest integer, ties to even: in
 * [2^23, 2^24) the spacing of float32 is 1. Needs the default rounding and no excess precision. */
#define TV_ROUND_MAGIC 12582912.0f
#define TV_MAGNITUDE_BITS 0x7FFFFFFFu
#define TV_INFINITY_BITS 0x7F800000u

/* |value| as its bit pattern: above TV_INFINITY_BITS for a NaN. Patterns, not `value != value`, because Clang 22
 * for MVE turns that comparison into one that no value passes when it vectorises the loop. */
static inline uint32_t tv_magnitude(float value)
{
    const union {
        float value;
        uint32_t bits;
    } pattern = {value};

    return pattern.bits & TV_MAGNITUDE_BITS;
}

TV_KERNEL uint32_t tv_quantize_f32(const float *restrict obs, const float *restrict inv_scale,
                                   const int32_t *restrict zero_point, int32_t n, int8_t *restrict x)
{
    uint32_t faults = 0u;

    for (int32_t i = 0; i < n; i++) {
        const uint32_t magnitude = tv_magnitude(obs[i]);
        const float lo = (float)(-128 - zero_point[i]);
        const float hi = (float)(127 - zero_point[i]);
        float p = magnitude > TV_INFINITY_BITS ? 0.0f : obs[i] * inv_scale[i];

        faults |= magnitude > TV_INFINITY_BITS ? TV_FAULT_NAN : 0u;
        faults |= magnitude == TV_INFINITY_BITS ? TV_FAULT_INF : 0u;
        /* lo and hi are integers, so clamping before the rounding gives what clamping after it would. */
        p = p < lo ? lo : p;
        p = p > hi ? hi : p;
        p = (p + TV_ROUND_MAGIC) - TV_ROUND_MAGIC;
        x[i] = (int8_t)((int32_t)p + zero_point[i]); /* |p| <= 255: the conversion is defined */
    }
    return faults;
}

/* quantize_f32, scalar. */
#include "tv_kernels.h"

/* Adding and taking away 1.5 * 2^23 rounds |p| <= 2^22 to the nearest integer, ties to even: in
 * [2^23, 2^24) the spacing of float32 is 1. Needs the default rounding and no excess precision. */
#define TV_ROUND_MAGIC 12582912.0f
#define TV_MAGNITUDE_BITS 0x7FFFFFFFu
#define TV_INFINITY_BITS 0x7F800000u

/* |value| as its bit pattern: above TV_INFINITY_BITS for a NaN. Patterns, not `value != value`, because Clang 22
 * for MVE turns that comparison into one that no value passes when it vectorises the loop. */
/*@ assigns \nothing;
    ensures 0 <= \result <= TV_MAGNITUDE_BITS; */
static inline uint32_t tv_magnitude(float value)
{
    const union {
        float value;
        uint32_t bits;
    } pattern = {value};

    return pattern.bits & TV_MAGNITUDE_BITS;
}

/* The code of a scaled observation; that of 0.0 for a NaN, so that the conversion is defined for every float. lo and
 * hi are integers, so clamping before the rounding gives what clamping after it would. */
/*@ requires -128 <= zero_point <= 127;
    assigns \nothing;
    ensures -128 <= \result <= 127; */
static inline int32_t tv_code(float scaled, int32_t zero_point)
{
    const float lo = (float)(-128 - zero_point);
    const float hi = (float)(127 - zero_point);
    float p = scaled == scaled ? scaled : 0.0f;

    p = p < lo ? lo : p;
    p = p > hi ? hi : p;
    p = (p + TV_ROUND_MAGIC) - TV_ROUND_MAGIC;
    return (int32_t)p + zero_point; /* |p| <= 255: the conversion is defined */
}

TV_KERNEL uint32_t tv_quantize_f32(const float *restrict obs, const float *restrict inv_scale,
                                   const int32_t *restrict zero_point, int32_t n, int8_t *restrict x)
{
    uint32_t nan = 0u;
    uint32_t infinite = 0u;

    /*@ loop invariant 0 <= i <= n;
        loop invariant 0 <= nan <= 1;
        loop invariant 0 <= infinite <= 2;
        loop assigns i, nan, infinite, x[0 .. n - 1];
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        const uint32_t magnitude = tv_magnitude(obs[i]);

        nan = magnitude > TV_INFINITY_BITS ? TV_FAULT_NAN : nan;
        infinite = magnitude == TV_INFINITY_BITS ? TV_FAULT_INF : infinite;
        x[i] = (int8_t)tv_code(magnitude > TV_INFINITY_BITS ? 0.0f : obs[i] * inv_scale[i], zero_point[i]);
    }
    return nan + infinite;
}

/* quantize_f32, scalar. */
#include "tv_kernels.h"

#include <float.h>

/* Adding and taking away 1.5 * 2^23 rounds |p| <= 2^22 to the nearest integer, ties to even: in
 * [2^23, 2^24) the spacing of float32 is 1. Needs the default rounding and no excess precision. */
#define TV_ROUND_MAGIC 12582912.0f

TV_KERNEL uint32_t tv_quantize_f32(const float *restrict obs, const float *restrict inv_scale,
                                   const int32_t *restrict zero_point, int32_t n, int8_t *restrict x)
{
    uint32_t faults = 0u;

    for (int32_t i = 0; i < n; i++) {
        const float value = obs[i];
        const int is_nan = !(value == value);
        const float lo = (float)(-128 - zero_point[i]);
        const float hi = (float)(127 - zero_point[i]);
        float p = is_nan ? 0.0f : value * inv_scale[i];

        faults |= is_nan ? TV_FAULT_NAN : 0u;
        faults |= (value > FLT_MAX || value < -FLT_MAX) ? TV_FAULT_INF : 0u;
        /* lo and hi are integers, so clamping before the rounding gives what clamping after it would. */
        p = p < lo ? lo : p;
        p = p > hi ? hi : p;
        p = (p + TV_ROUND_MAGIC) - TV_ROUND_MAGIC;
        x[i] = (int8_t)((int32_t)p + zero_point[i]); /* |p| <= 255: the conversion is defined */
    }
    return faults;
}

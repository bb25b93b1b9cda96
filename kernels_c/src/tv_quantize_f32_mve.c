/* quantize_f32, MVE. vcvtn rounds to nearest even, saturates, and gives 0 for NaN: exactly the operator.
 * MVE flushes subnormals to zero, which changes no code because inv_scale <= 2^40. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

#define TV_MAGNITUDE_BITS 0x7FFFFFFF
#define TV_INFINITY_BITS 0x7F800000

/* Codes of four features in int32 lanes; lanes that are NaN or infinite are added to *nan and *inf. */
static inline int32x4_t tv_quantize_four(float32x4_t value, float32x4_t inv_scale, int32x4_t zero_point,
                                         uint32_t *nan, uint32_t *inf)
{
    const int32x4_t magnitude = vandq_s32(vreinterpretq_s32_f32(value), vdupq_n_s32(TV_MAGNITUDE_BITS));
    const int32x4_t rounded = vcvtnq_s32_f32(vmulq_f32(value, inv_scale));
    const int32x4_t shifted = vqaddq_s32(rounded, zero_point);

    *nan |= vcmpgtq_n_s32(magnitude, TV_INFINITY_BITS);
    *inf |= vcmpeqq_n_s32(magnitude, TV_INFINITY_BITS);
    return vminq_s32(vmaxq_s32(shifted, vdupq_n_s32(-128)), vdupq_n_s32(127));
}

TV_KERNEL uint32_t tv_quantize_f32_mve(const float *restrict obs, const float *restrict inv_scale,
                                       const int32_t *restrict zero_point, int32_t n, int8_t *restrict x)
{
    uint32_t nan = 0u;
    uint32_t inf = 0u;
    int32_t i = 0;

    for (; i + 4 <= n; i += 4) {
        const int32x4_t codes = tv_quantize_four(vld1q_f32(obs + i), vld1q_f32(inv_scale + i),
                                                 vld1q_s32(zero_point + i), &nan, &inf);

        vstrbq_s32(x + i, codes);
    }
    if (i < n) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i)); /* lanes past n read as 0.0: no fault, not stored */
        const int32x4_t codes = tv_quantize_four(vldrwq_z_f32(obs + i, rest), vld1q_f32(inv_scale + i),
                                                 vld1q_s32(zero_point + i), &nan, &inf);

        vstrbq_p_s32(x + i, codes, rest);
    }
    return (nan != 0u ? TV_FAULT_NAN : 0u) | (inf != 0u ? TV_FAULT_INF : 0u);
}

/* quantize_f32, MVE. vcvtn rounds to nearest even, saturates, and gives 0 for NaN: exactly the operator.
 * MVE flushes subnormals to zero, which changes no code because inv_scale <= 2^40. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

#define TV_MAGNITUDE_BITS 0x7FFFFFFF
#define TV_INFINITY_BITS 0x7F800000

/* How far the features stay below infinity: the least of (bits of infinity - bits of |value|) over all lanes,
 * once as signed (negative: a NaN) and once as unsigned (zero: an infinity). */
typedef struct {
    int32_t least;
    uint32_t least_unsigned;
} tv_margin;

/* Codes of four features in int32 lanes. */
static inline int32x4_t tv_quantize_four(float32x4_t value, float32x4_t inv_scale, int32x4_t zero_point,
                                         tv_margin *margin)
{
    const int32x4_t magnitude = vandq_s32(vreinterpretq_s32_f32(value), vdupq_n_s32(TV_MAGNITUDE_BITS));
    const int32x4_t below = vsubq_s32(vdupq_n_s32(TV_INFINITY_BITS), magnitude);
    const int32x4_t rounded = vcvtnq_s32_f32(vmulq_f32(value, inv_scale));
    const int32x4_t shifted = vqaddq_s32(rounded, zero_point);

    margin->least = vminvq_s32(margin->least, below);
    margin->least_unsigned = vminvq_u32(margin->least_unsigned, vreinterpretq_u32_s32(below));
    return vminq_s32(vmaxq_s32(shifted, vdupq_n_s32(-128)), vdupq_n_s32(127));
}

TV_KERNEL uint32_t tv_quantize_f32_mve(const float *restrict obs, const float *restrict inv_scale,
                                       const int32_t *restrict zero_point, int32_t n, int8_t *restrict x)
{
    tv_margin margin = {INT32_MAX, UINT32_MAX};
    int32_t i = 0;

    for (; i + 4 <= n; i += 4) {
        vstrbq_s32(x + i, tv_quantize_four(vld1q_f32(obs + i), vld1q_f32(inv_scale + i), vld1q_s32(zero_point + i),
                                           &margin));
    }
    if (i < n) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i)); /* lanes past n read as 0.0: no fault, not stored */

        vstrbq_p_s32(x + i, tv_quantize_four(vldrwq_z_f32(obs + i, rest), vld1q_f32(inv_scale + i),
                                             vld1q_s32(zero_point + i), &margin), rest);
    }
    TV_VECTOR_STORES_DONE();
    return (margin.least < 0 ? TV_FAULT_NAN : 0u) | (margin.least_unsigned == 0u ? TV_FAULT_INF : 0u);
}

/* dequantize, MVE. No product is subnormal (|acc| >= 1, scale >= 2^-40), so flushing changes nothing. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

TV_KERNEL void tv_dequantize_mve(const int32_t *restrict acc, const float *restrict scale, int32_t n,
                                 float *restrict logits)
{
    for (int32_t j = 0; j < n; j += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - j));
        const float32x4_t value = vcvtq_f32_s32(vldrwq_z_s32(acc + j, rest));

        vstrwq_p_f32(logits + j, vmulq_f32(value, vldrwq_z_f32(scale + j, rest)), rest);
    }
    TV_VECTOR_STORES_DONE();
}

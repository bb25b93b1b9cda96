/* requantize, MVE: four at a time, the last vector predicated. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

TV_KERNEL void tv_requantize_mve(const int32_t *restrict acc, int32_t n, const int32_t *restrict multiplier,
                                 const int32_t *restrict minus_shift, int32_t zero_point, int32_t lo, int32_t hi,
                                 tv_rounding rounding, int8_t *restrict q)
{
    for (int32_t j = 0; j < n; j += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - j));
        const int32x4_t scaled =
            tv_scale_accumulator_mve(vldrwq_z_s32(acc + j, rest), vldrwq_z_s32(multiplier + j, rest),
                                     vldrwq_z_s32(minus_shift + j, rest), rounding);
        const int32x4_t codes = vqaddq_n_s32(scaled, zero_point);

        vstrbq_p_s32(q + j, vminq_s32(vmaxq_s32(codes, vdupq_n_s32(lo)), vdupq_n_s32(hi)), rest);
    }
    TV_VECTOR_STORES_DONE();
}

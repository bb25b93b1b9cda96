/* softmax_lut, MVE: the table is read by a gather; the divisions are scalar. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

TV_KERNEL void tv_softmax_lut_mve(const int32_t *restrict acc, int32_t n, int32_t multiplier, int32_t shift,
                                  const int8_t *restrict exp_lut, tv_rounding rounding, uint8_t *restrict weight,
                                  uint16_t *restrict probability)
{
    int32_t largest = INT32_MIN;
    uint32_t sum = 0u; /* <= 127 * 4096 */

    for (int32_t i = 0; i < n; i += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i));

        largest = vmaxvq_p_s32(largest, vldrwq_z_s32(acc + i, rest), rest);
    }
    for (int32_t i = 0; i < n; i += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i));
        const int32x4_t difference = vsubq_s32(vdupq_n_s32(largest), vldrwq_z_s32(acc + i, rest));
        const int32x4_t scaled =
            tv_scale_accumulator_mve(difference, vdupq_n_s32(multiplier), vdupq_n_s32(-shift), rounding);
        /* index = clamp(scaled - 128, -128, 127) + 128 = clamp(scaled, 0, 255) */
        const int32x4_t index = vminq_s32(vmaxq_s32(scaled, vdupq_n_s32(0)), vdupq_n_s32(255));
        const uint32x4_t entry = vldrbq_gather_offset_z_u32((const uint8_t *)exp_lut, vreinterpretq_u32_s32(index), rest);

        vstrbq_p_u32(weight + i, entry, rest);
        sum = vaddvaq_p_u32(sum, entry, rest);
    }
    TV_VECTOR_STORES_DONE();
    for (int32_t i = 0; i < n; i++) {
        /* numerator < 127 * 2^15 + 2^18; sum >= 127, the largest's weight */
        probability[i] = (uint16_t)((((uint32_t)weight[i] << 15) + (sum >> 1)) / sum);
    }
}

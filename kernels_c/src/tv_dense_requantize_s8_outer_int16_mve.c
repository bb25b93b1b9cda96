/* dense_s8 with requantize and relu fused, MVE, outer product in int16 lanes: sixteen outputs a block in two
 * accumulators, which need neither widening nor 32-bit scaling. Emitted only for layers whose own numbers license it. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

TV_KERNEL void tv_dense_requantize_s8_outer_int16_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                                      const int8_t *restrict weight, const int16_t *restrict bias,
                                                      const int16_t *restrict multiplier,
                                                      const int16_t *restrict minus_shift, int32_t zero_point,
                                                      tv_rounding rounding, int8_t *restrict y)
{
    int32_t j = 0;

    for (; j + 16 <= n_out; j += 16) {
        int16x8_t s0 = vld1q_s16(bias);
        int16x8_t s1 = vld1q_s16(bias + 8);

        for (int32_t i = 0; i < n_in; i++) {
            const int8_t *column = weight + i * 16;

            s0 = vmlaq_n_s16(s0, vldrbq_s16(column), x[i]); /* no partial sum leaves int16 */
            s1 = vmlaq_n_s16(s1, vldrbq_s16(column + 8), x[i]);
        }
        s0 = tv_scale_accumulator_int16_mve(s0, vld1q_s16(multiplier), vld1q_s16(minus_shift), rounding);
        s1 = tv_scale_accumulator_int16_mve(s1, vld1q_s16(multiplier + 8), vld1q_s16(minus_shift + 8), rounding);
        vst1q_s8(y, tv_narrow_mve(s0, s1, zero_point, zero_point));
        weight += 16 * n_in;
        bias += 16;
        multiplier += 16;
        minus_shift += 16;
        y += 16;
    }
    for (; j < n_out; j += 8) {
        int16x8_t sum = vld1q_s16(bias);

        for (int32_t i = 0; i < n_in; i++) {
            sum = vmlaq_n_s16(sum, vldrbq_s16(weight + i * 16), x[i]);
        }
        sum = tv_scale_accumulator_int16_mve(sum, vld1q_s16(multiplier), vld1q_s16(minus_shift), rounding);
        vstrbq_s16(y, tv_narrow_eight_mve(sum, zero_point, zero_point));
        weight += 8;
        bias += 8;
        multiplier += 8;
        minus_shift += 8;
        y += 8;
    }
    TV_VECTOR_STORES_DONE();
}

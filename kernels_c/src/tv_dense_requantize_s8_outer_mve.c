/* dense_s8 with requantize and relu fused, MVE, outer product: sixteen outputs a block in four accumulators. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

TV_KERNEL void tv_dense_requantize_s8_outer_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                                const int8_t *restrict weight, const int32_t *restrict bias,
                                                const int32_t *restrict multiplier,
                                                const int32_t *restrict minus_shift, int32_t zero_point,
                                                tv_rounding rounding, int8_t *restrict y)
{
    int32_t j = 0;

    for (; j + 16 <= n_out; j += 16) {
        int32x4_t s0 = vld1q_s32(bias);
        int32x4_t s1 = vld1q_s32(bias + 4);
        int32x4_t s2 = vld1q_s32(bias + 8);
        int32x4_t s3 = vld1q_s32(bias + 12);

        for (int32_t i = 0; i < n_in; i++) {
            const int8_t *column = weight + i * 16;

            s0 = vmlaq_n_s32(s0, vldrbq_s32(column), x[i]);
            s1 = vmlaq_n_s32(s1, vldrbq_s32(column + 4), x[i]);
            s2 = vmlaq_n_s32(s2, vldrbq_s32(column + 8), x[i]);
            s3 = vmlaq_n_s32(s3, vldrbq_s32(column + 12), x[i]);
        }
        s0 = tv_scale_accumulator_mve(s0, vld1q_s32(multiplier), vld1q_s32(minus_shift), rounding);
        s1 = tv_scale_accumulator_mve(s1, vld1q_s32(multiplier + 4), vld1q_s32(minus_shift + 4), rounding);
        s2 = tv_scale_accumulator_mve(s2, vld1q_s32(multiplier + 8), vld1q_s32(minus_shift + 8), rounding);
        s3 = tv_scale_accumulator_mve(s3, vld1q_s32(multiplier + 12), vld1q_s32(minus_shift + 12), rounding);
        vst1q_s8(y, tv_narrow_mve(tv_narrow_pair_mve(s0, s1), tv_narrow_pair_mve(s2, s3), zero_point, zero_point));
        weight += 16 * n_in;
        bias += 16;
        multiplier += 16;
        minus_shift += 16;
        y += 16;
    }
    for (; j < n_out; j += 4) {
        int32x4_t sum = vld1q_s32(bias);

        for (int32_t i = 0; i < n_in; i++) {
            sum = vmlaq_n_s32(sum, vldrbq_s32(weight + i * 16), x[i]);
        }
        sum = tv_scale_accumulator_mve(sum, vld1q_s32(multiplier), vld1q_s32(minus_shift), rounding);
        vstrbq_s32(y, tv_narrow_four_mve(sum, zero_point, zero_point));
        weight += 4;
        bias += 4;
        multiplier += 4;
        minus_shift += 4;
        y += 4;
    }
    TV_VECTOR_STORES_DONE();
}

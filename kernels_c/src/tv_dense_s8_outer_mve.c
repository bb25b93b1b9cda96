/* dense_s8, MVE, columns: four accumulators a step, one multiply-accumulate an input. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

TV_KERNEL void tv_dense_s8_outer_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                     const int8_t *restrict weight, const int32_t *restrict bias,
                                     int32_t *restrict acc)
{
    for (int32_t j = 0; j < n_out; j += 4) {
        const int8_t *column = weight + (j / 16) * 16 * n_in + j % 16;
        int32x4_t sum = vld1q_s32(bias + j);

        for (int32_t i = 0; i < n_in; i++) {
            sum = vmlaq_n_s32(sum, vldrbq_s32(column + i * 16), x[i]);
        }
        vstrwq_p_s32(acc + j, sum, vctp32q((uint32_t)(n_out - j)));
    }
    TV_VECTOR_STORES_DONE();
}

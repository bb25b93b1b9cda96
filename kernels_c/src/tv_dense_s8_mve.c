/* dense_s8, MVE, rows: sixteen products an instruction. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

TV_KERNEL void tv_dense_s8_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out, const int8_t *restrict weight,
                               const int32_t *restrict bias, int32_t *restrict acc)
{
    const int32_t stride = (n_in + 15) / 16 * 16;

    for (int32_t j = 0; j < n_out; j++) {
        int32_t sum = bias[j];

        for (int32_t i = 0; i < stride; i += 16) {
            sum = vmladavaq_s8(sum, vld1q_s8(weight + i), vld1q_s8(x + i));
        }
        weight += stride;
        acc[j] = sum;
    }
}

/* dense_s8, scalar. */
#include "tv_kernels.h"

TV_KERNEL void tv_dense_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out, const int8_t *restrict weight,
                           int32_t out_stride, int32_t in_stride, const int32_t *restrict bias, int32_t *restrict acc)
{
    for (int32_t j = 0; j < n_out; j++) {
        int32_t sum = bias[j];

        for (int32_t i = 0; i < n_in; i++) {
            sum += (int32_t)weight[j * out_stride + i * in_stride] * x[i]; /* |product| <= 2^14 */
        }
        acc[j] = sum;
    }
}

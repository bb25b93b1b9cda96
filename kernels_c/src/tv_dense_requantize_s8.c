/* dense_s8 with requantize and relu fused, scalar. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL void tv_dense_requantize_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                      const int8_t *restrict weight, int32_t out_stride, int32_t in_stride,
                                      const int32_t *restrict bias, const int32_t *restrict multiplier,
                                      const int32_t *restrict shift, int32_t zero_point, tv_rounding rounding,
                                      int8_t *restrict y)
{
    for (int32_t j = 0; j < n_out; j++) {
        int32_t sum = bias[j];

        for (int32_t i = 0; i < n_in; i++) {
            sum += (int32_t)weight[j * out_stride + i * in_stride] * x[i]; /* |product| <= 2^14 */
        }
        y[j] = tv_requantize_one(sum, multiplier[j], shift[j], zero_point, zero_point, 127, rounding);
    }
}

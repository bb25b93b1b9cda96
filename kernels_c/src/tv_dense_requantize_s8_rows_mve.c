/* dense_s8 with requantize and relu fused, MVE, rows: a dot product an output, four outputs a vector.
 * With n_in <= 64 known, the compiler keeps all of x in q registers across the rows. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

/* Dot products of `rows` (1 to 4) consecutive rows with x, the other lanes 0. */
static inline int32x4_t tv_dot_four(const int8_t *x, int32_t stride, const int8_t *weight, int32_t rows)
{
    int32_t sum[4] = {0, 0, 0, 0};

    for (int32_t r = 0; r < rows; r++) {
        for (int32_t i = 0; i < stride; i += 16) {
            sum[r] = vmladavaq_s8(sum[r], vld1q_s8(weight + r * stride + i), vld1q_s8(x + i));
        }
    }
    return (int32x4_t){sum[0], sum[1], sum[2], sum[3]};
}

/* One group of four accumulators, scaled. */
static inline int32x4_t tv_row_group(const int8_t *x, int32_t stride, const int8_t *weight, int32_t rows,
                                     const int32_t *bias, const int32_t *multiplier, const int32_t *minus_shift,
                                     tv_rounding rounding)
{
    const int32x4_t sum = vaddq_s32(tv_dot_four(x, stride, weight, rows), vld1q_s32(bias));

    return tv_scale_accumulator_mve(sum, vld1q_s32(multiplier), vld1q_s32(minus_shift), rounding);
}

TV_KERNEL void tv_dense_requantize_s8_rows_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                               const int8_t *restrict weight, const int32_t *restrict bias,
                                               const int32_t *restrict multiplier,
                                               const int32_t *restrict minus_shift, int32_t zero_point,
                                               tv_rounding rounding, int8_t *restrict y)
{
    const int32_t stride = (n_in + 15) / 16 * 16;
    int32_t j = 0;

    for (; j + 16 <= n_out; j += 16) {
        int32x4_t s[4];

        for (int32_t k = 0; k < 4; k++) {
            s[k] = tv_row_group(x, stride, weight, 4, bias, multiplier, minus_shift, rounding);
            weight += 4 * stride;
            bias += 4;
            multiplier += 4;
            minus_shift += 4;
        }
        vst1q_s8(y, tv_narrow_mve(s[0], s[1], s[2], s[3], zero_point, zero_point));
        y += 16;
    }
    for (; j < n_out; j += 4) {
        const int32_t rows = n_out - j < 4 ? n_out - j : 4;
        const int32x4_t s = tv_row_group(x, stride, weight, rows, bias, multiplier, minus_shift, rounding);

        vstrbq_s32(y, tv_narrow_four_mve(s, zero_point, zero_point));
        weight += 4 * stride;
        bias += 4;
        multiplier += 4;
        minus_shift += 4;
        y += 4;
    }
    TV_VECTOR_STORES_DONE();
}

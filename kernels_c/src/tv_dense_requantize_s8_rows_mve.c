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

/* `pointer` as a value that depends on `vector`: loads through it stay behind the group that made the vector. Mixed,
 * two groups need more registers than the core has, and Clang would mix them. Costs no instruction. */
#if defined(__clang__)
#define TV_AFTER(pointer, vector) __asm volatile("" : "+r"(pointer) : "w"(vector))
#else
#define TV_AFTER(pointer, vector) ((void)0)
#endif

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
        int32x4_t s0;
        int32x4_t s1;
        int32x4_t s2;
        int32x4_t s3;

        s0 = tv_row_group(x, stride, weight, 4, bias, multiplier, minus_shift, rounding);
        weight += 4 * stride;
        TV_AFTER(weight, s0);
        s1 = tv_row_group(x, stride, weight, 4, bias + 4, multiplier + 4, minus_shift + 4, rounding);
        weight += 4 * stride;
        TV_AFTER(weight, s1);
        s2 = tv_row_group(x, stride, weight, 4, bias + 8, multiplier + 8, minus_shift + 8, rounding);
        weight += 4 * stride;
        TV_AFTER(weight, s2);
        s3 = tv_row_group(x, stride, weight, 4, bias + 12, multiplier + 12, minus_shift + 12, rounding);
        weight += 4 * stride;
        vst1q_s8(y, tv_narrow_mve(s0, s1, s2, s3, zero_point, zero_point));
        bias += 16;
        multiplier += 16;
        minus_shift += 16;
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

/* dense_s8 with requantize and relu fused, MVE, rows: a dot product an output, four outputs a vector.
 * For n_in <= 64 the compiler keeps all of x in q registers across the rows. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"
#include "tv_scale_accumulator_mve.h"

#define TV_SHORT_ROW 64 /* bytes: four of the eight q registers */

/* Both cost no instruction. Compilers would mix the loads of two groups, for which the core's registers do not
 * suffice, and would address all rows from one pointer, which the load's seven offset bits do not reach.
 * TV_AFTER: `pointer` as a value that depends on `vector`, so that loads through it stay behind the vector.
 * TV_STEP: `pointer` as a value of its own, so that its increment folds into a load. */
#if defined(__arm__)
#define TV_AFTER(pointer, vector) __asm volatile("" : "+r"(pointer) : "w"(vector))
#else
#define TV_AFTER(pointer, vector) ((void)0) /* over kernels_c/models a vector fits no register */
#endif
#define TV_STEP(pointer) __asm volatile("" : "+r"(pointer))

#if defined(__clang__)
#define TV_KEEP_LOOP _Pragma("nounroll")
#else
#define TV_KEEP_LOOP _Pragma("GCC unroll 1")
#endif

/* Dot products of `rows` (1 to 4) consecutive rows with x, the other lanes 0. Moves *weight behind the rows. */
static inline int32x4_t tv_dot_four(const int8_t *x, int32_t stride, const int8_t **weight, int32_t rows)
{
    const int8_t *row = *weight;
    int32_t sum[4] = {0, 0, 0, 0};

    for (int32_t r = 0; r < rows; r++) {
        for (int32_t i = 0; i < stride; i += 16) {
            sum[r] = vmladavaq_s8(sum[r], vld1q_s8(row + i), vld1q_s8(x + i));
        }
        row += stride;
        TV_STEP(row);
    }
    *weight = row;
    return (int32x4_t){sum[0], sum[1], sum[2], sum[3]};
}

/* The same for rows that are too long to keep x in registers: each vector of x is loaded once for all rows, and the
 * loop stays a loop, so that code does not grow with the layer. */
static inline int32x4_t tv_dot_four_long(const int8_t *x, int32_t stride, const int8_t **weight, int32_t rows)
{
    const int8_t *row = *weight;
    int32_t sum[4] = {0, 0, 0, 0};

    TV_KEEP_LOOP
    for (int32_t i = 0; i < stride; i += 16) {
        const int8x16_t part = vld1q_s8(x + i);

        sum[0] = vmladavaq_s8(sum[0], vld1q_s8(row + i), part);
        if (rows > 1) {
            sum[1] = vmladavaq_s8(sum[1], vld1q_s8(row + stride + i), part);
        }
        if (rows > 2) {
            sum[2] = vmladavaq_s8(sum[2], vld1q_s8(row + 2 * stride + i), part);
        }
        if (rows > 3) {
            sum[3] = vmladavaq_s8(sum[3], vld1q_s8(row + 3 * stride + i), part);
        }
    }
    *weight = row + rows * stride;
    return (int32x4_t){sum[0], sum[1], sum[2], sum[3]};
}

/* One group of four accumulators, scaled. */
static inline int32x4_t tv_row_group(const int8_t *x, int32_t stride, const int8_t **weight, int32_t rows,
                                     const int32_t *bias, const int32_t *multiplier, const int32_t *minus_shift,
                                     tv_rounding rounding)
{
    const int32x4_t products =
        stride <= TV_SHORT_ROW ? tv_dot_four(x, stride, weight, rows) : tv_dot_four_long(x, stride, weight, rows);
    const int32x4_t sum = vaddq_s32(products, vld1q_s32(bias));

    return tv_scale_accumulator_mve(sum, vld1q_s32(multiplier), vld1q_s32(minus_shift), rounding);
}

TV_KERNEL void tv_dense_requantize_s8_rows_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                               const int8_t *restrict weight, const int32_t *restrict bias,
                                               const int32_t *restrict multiplier,
                                               const int32_t *restrict minus_shift, int32_t zero_point,
                                               tv_rounding rounding, int8_t *restrict y)
{
    const int32_t stride = (n_in + 15) / 16 * 16;
    const int8_t *row = weight;
    int32_t j = 0;

    for (; j + 16 <= n_out; j += 16) {
        int32x4_t first;
        int32x4_t second;
        int16x8_t even;
        int16x8_t odd;

        first = tv_row_group(x, stride, &row, 4, bias, multiplier, minus_shift, rounding);
        TV_AFTER(row, first);
        second = tv_row_group(x, stride, &row, 4, bias + 4, multiplier + 4, minus_shift + 4, rounding);
        even = tv_narrow_pair_mve(first, second);
        TV_AFTER(row, even);
        first = tv_row_group(x, stride, &row, 4, bias + 8, multiplier + 8, minus_shift + 8, rounding);
        TV_AFTER(row, first);
        second = tv_row_group(x, stride, &row, 4, bias + 12, multiplier + 12, minus_shift + 12, rounding);
        odd = tv_narrow_pair_mve(first, second);
        vst1q_s8(y, tv_narrow_mve(even, odd, zero_point, zero_point));
        bias += 16;
        multiplier += 16;
        minus_shift += 16;
        y += 16;
    }
    for (; j < n_out; j += 4) {
        const int32_t rows = n_out - j < 4 ? n_out - j : 4;
        const int32x4_t s = tv_row_group(x, stride, &row, rows, bias, multiplier, minus_shift, rounding);

        vstrbq_s32(y, tv_narrow_four_mve(s, zero_point, zero_point));
        bias += 4;
        multiplier += 4;
        minus_shift += 4;
        y += 4;
    }
    TV_VECTOR_STORES_DONE();
}

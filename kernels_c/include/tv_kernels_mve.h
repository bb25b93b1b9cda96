/* The vector forms of tv_kernels.h, for a core with MVE (Cortex-M55). Same results, bit for bit.
 *
 * Tables of the fused layers come in lane order, shifts negated (tv_scale_accumulator_mve.h). Sizes padded as
 * each contract says; padding is zero. sample and xorshift32 work on one element and have no vector form. */
#ifndef TV_KERNELS_MVE_H
#define TV_KERNELS_MVE_H

#include "tv_types.h"

/* quantize_f32. Tables padded to a multiple of 4; obs and x are not (the last vector is predicated). */
/* requires as tv_quantize_f32;
    requires \valid_read(inv_scale + (0 .. (n + 3) / 4 * 4 - 1)) && \valid_read(zero_point + (0 .. (n + 3) / 4 * 4 - 1));
    assigns x[0 .. n - 1]; */
TV_KERNEL uint32_t tv_quantize_f32_mve(const float *restrict obs, const float *restrict inv_scale,
                                       const int32_t *restrict zero_point, int32_t n, int8_t *restrict x);

/* dense_s8, rows: weight[j * stride + i], stride = n_in padded to 16, x readable up to the stride. */
/* requires as tv_dense_s8 with in_stride == 1 and out_stride == (n_in + 15) / 16 * 16;
    requires \valid_read(x + (0 .. (n_in + 15) / 16 * 16 - 1));
    assigns acc[0 .. n_out - 1]; */
TV_KERNEL void tv_dense_s8_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out, const int8_t *restrict weight,
                               const int32_t *restrict bias, int32_t *restrict acc);

/* dense_s8, columns in blocks: for outputs that fit no padded rows. weight[(j / 16) * 16 * n_in + i * 16 + j % 16].
 * bias padded to a multiple of 4. Natural order, no lane order. */
/* requires as tv_dense_s8;
    requires \valid_read(weight + (0 .. (n_out + 15) / 16 * 16 * n_in - 1));
    requires \valid_read(bias + (0 .. (n_out + 3) / 4 * 4 - 1));
    assigns acc[0 .. n_out - 1]; */
TV_KERNEL void tv_dense_s8_outer_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                     const int8_t *restrict weight, const int32_t *restrict bias,
                                     int32_t *restrict acc);

/* Fused layer, few inputs, by outer product: 16 accumulators a block, one multiply-accumulate an input.
 * weight[(j / 16) * 16 * n_in + i * 16 + lane(j)]; bias, multiplier, minus_shift padded to a multiple of 4. */
/* requires as tv_dense_requantize_s8;
    requires \valid_read(weight + (0 .. (n_out + 15) / 16 * 16 * n_in - 1));
    requires \valid_read(bias + (0 .. (n_out + 3) / 4 * 4 - 1));
    requires \valid(y + (0 .. (n_out + 3) / 4 * 4 - 1));
    assigns y[0 .. (n_out + 3) / 4 * 4 - 1]; */
TV_KERNEL void tv_dense_requantize_s8_outer_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                                const int8_t *restrict weight, const int32_t *restrict bias,
                                                const int32_t *restrict multiplier,
                                                const int32_t *restrict minus_shift, int32_t zero_point,
                                                tv_rounding rounding, int8_t *restrict y);

/* The same in int16 lanes, for layers whose bounds license it (dense_s8.acc_fits_int16): for each output j,
 * |bias[j]| + 128 * (sum over i of |weight of j, i|) <= 32767, and the multiplier of tv_dense_requantize_s8 is
 * 2^16 * multiplier[j]. weight[(j / 16) * 16 * n_in + i * 16 + lane(j)], in the lane order of int16 blocks;
 * bias, multiplier, minus_shift padded to a multiple of 8. */
/* requires as tv_dense_requantize_s8 with int32 tables bias[j], 65536 * multiplier[j], -minus_shift[j];
    requires \forall integer j; 0 <= j < n_out ==> \abs(bias[j]) + 128 * (\sum(0, n_in - 1, |weight of j, i|)) <= 32767;
    requires \forall integer j; 0 <= j < n_out ==> 16384 <= multiplier[j] <= 32767;
    requires \valid_read(weight + (0 .. (n_out + 15) / 16 * 16 * n_in - 1));
    requires \valid_read(bias + (0 .. (n_out + 7) / 8 * 8 - 1));
    requires \valid(y + (0 .. (n_out + 7) / 8 * 8 - 1));
    assigns y[0 .. (n_out + 7) / 8 * 8 - 1]; */
TV_KERNEL void tv_dense_requantize_s8_outer_int16_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                                      const int8_t *restrict weight, const int16_t *restrict bias,
                                                      const int16_t *restrict multiplier,
                                                      const int16_t *restrict minus_shift, int32_t zero_point,
                                                      tv_rounding rounding, int8_t *restrict y);

/* Fused layer, many inputs, by dot products: row r of weight is output lane(r), padded to 16 inputs.
 * There are n_out rows; the rest of a group of four past n_out is computed from a zero accumulator. */
/* requires as tv_dense_requantize_s8 with out_stride == (n_in + 15) / 16 * 16;
    requires \valid_read(x + (0 .. (n_in + 15) / 16 * 16 - 1));
    requires \valid_read(weight + (0 .. n_out * ((n_in + 15) / 16 * 16) - 1));
    requires \valid(y + (0 .. (n_out + 3) / 4 * 4 - 1));
    assigns y[0 .. (n_out + 3) / 4 * 4 - 1]; */
TV_KERNEL void tv_dense_requantize_s8_rows_mve(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                               const int8_t *restrict weight, const int32_t *restrict bias,
                                               const int32_t *restrict multiplier,
                                               const int32_t *restrict minus_shift, int32_t zero_point,
                                               tv_rounding rounding, int8_t *restrict y);

/* requantize; nothing padded, shifts negated. */
/* requires as tv_requantize with shift[j] == -minus_shift[j];
    assigns q[0 .. n - 1]; */
TV_KERNEL void tv_requantize_mve(const int32_t *restrict acc, int32_t n, const int32_t *restrict multiplier,
                                 const int32_t *restrict minus_shift, int32_t zero_point, int32_t lo, int32_t hi,
                                 tv_rounding rounding, int8_t *restrict q);

/* requires as tv_relu; assigns q[0 .. n - 1]; */
TV_KERNEL void tv_relu_mve(int8_t *q, int32_t n, int32_t zero_point);

/* requires as tv_dequantize; assigns logits[0 .. n - 1]; */
TV_KERNEL void tv_dequantize_mve(const int32_t *restrict acc, const float *restrict scale, int32_t n,
                                 float *restrict logits);

/* requires as tv_arg_max; assigns \nothing; */
TV_KERNEL int32_t tv_arg_max_mve(const int32_t *acc, int32_t n);

/* requires as tv_softmax_lut; assigns weight[0 .. n - 1], probability[0 .. n - 1]; */
TV_KERNEL void tv_softmax_lut_mve(const int32_t *restrict acc, int32_t n, int32_t multiplier, int32_t shift,
                                  const int8_t *restrict exp_lut, tv_rounding rounding, uint8_t *restrict weight,
                                  uint16_t *restrict probability);

#endif

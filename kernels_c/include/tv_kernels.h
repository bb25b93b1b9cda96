/* The kernels: one operator of docs/semantics.md each, with its contract. Scalar C always exists; the
 * vector (MVE) forms compute the same bits and are declared in tv_kernels_mve.h.
 *
 * No kernel allocates, recurses or keeps state. Pointers of one call do not overlap (restrict). The contracts
 * are ACSL in the words of tv_contracts.h: `requires` is what the caller owes, `assigns` all that may change, `ensures`
 * what is computed. Frama-C proves the scalar kernels against them (`kernel.*`). */
#ifndef TV_KERNELS_H
#define TV_KERNELS_H

#include "tv_contracts.h"
#include "tv_types.h"

/* quantize_f32: float32 observation to int8 codes. Returns fault flags. The codes are those of semantics.md for
 * 2^-40 <= inv_scale <= 2^40, and defined for any. */
/*@ requires 1 <= n <= 4096;
    requires \valid_read(obs + (0 .. n - 1)) && \valid_read(inv_scale + (0 .. n - 1));
    requires \valid_read(zero_point + (0 .. n - 1)) && \valid(x + (0 .. n - 1));
    requires \forall integer i; 0 <= i < n ==> -128 <= zero_point[i] <= 127;
    assigns x[0 .. n - 1];
    ensures 0 <= \result <= 3; */
TV_KERNEL uint32_t tv_quantize_f32(const float *restrict obs, const float *restrict inv_scale,
                                   const int32_t *restrict zero_point, int32_t n, int8_t *restrict x);

/* dense_s8: acc[j] = bias[j] + sum_i weight[j * out_stride + i * in_stride] * x[i].
 * Rows in memory: in_stride 1; columns in memory: out_stride 1. */
/*@ requires 1 <= n_in <= 4096 && 1 <= n_out <= 4096;
    requires (in_stride == 1 && n_in <= out_stride <= 4096) || (out_stride == 1 && n_out <= in_stride <= 4096);
    requires \valid_read(x + (0 .. n_in - 1)) && \valid_read(bias + (0 .. n_out - 1));
    requires \valid_read(weight + (0 .. (n_out - 1) * out_stride + (n_in - 1) * in_stride));
    requires \valid(acc + (0 .. n_out - 1)) && \separated(acc + (0 .. n_out - 1), bias + (0 .. n_out - 1));
    requires \forall integer j; 0 <= j < n_out ==> -2147483647 + 16384 * n_in <= bias[j] <= 2147483647 - 16384 * n_in;
    assigns acc[0 .. n_out - 1];
    ensures \forall integer j; 0 <= j < n_out ==>
        acc[j] == tv_accumulator(x, weight, bias, j, out_stride, in_stride, n_in);
    ensures \forall integer j; 0 <= j < n_out ==> bias[j] - 16384 * n_in <= acc[j] <= bias[j] + 16384 * n_in; */
TV_KERNEL void tv_dense_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out, const int8_t *restrict weight,
                           int32_t out_stride, int32_t in_stride, const int32_t *restrict bias, int32_t *restrict acc);

/* requantize: int32 accumulators to int8 codes, one multiplier, shift a channel, one zero point. */
/*@ requires 1 <= n <= 4096;
    requires \valid_read(acc + (0 .. n - 1)) && \valid_read(multiplier + (0 .. n - 1));
    requires \valid_read(shift + (0 .. n - 1)) && \valid(q + (0 .. n - 1));
    requires \forall integer j; 0 <= j < n ==> 0x40000000 <= multiplier[j];
    requires \forall integer j; 0 <= j < n ==> 0 <= shift[j] <= 31;
    requires -128 <= zero_point <= 127 && -128 <= lo <= hi <= 127 && tv_is_rounding(rounding);
    assigns q[0 .. n - 1];
    ensures \forall integer j; 0 <= j < n ==>
        q[j] == tv_requantized(acc[j], multiplier[j], shift[j], zero_point, lo, hi, rounding);
    ensures \forall integer j; 0 <= j < n ==> lo <= q[j] <= hi; */
TV_KERNEL void tv_requantize(const int32_t *restrict acc, int32_t n, const int32_t *restrict multiplier,
                             const int32_t *restrict shift, int32_t zero_point, int32_t lo, int32_t hi,
                             tv_rounding rounding, int8_t *restrict q);

/* dense_s8, requantize and relu in one pass: y = requantize(dense_s8(x), lo = zero_point, hi = 127). */
/*@ requires 1 <= n_in <= 4096 && 1 <= n_out <= 4096;
    requires (in_stride == 1 && n_in <= out_stride <= 4096) || (out_stride == 1 && n_out <= in_stride <= 4096);
    requires \valid_read(x + (0 .. n_in - 1)) && \valid_read(bias + (0 .. n_out - 1));
    requires \valid_read(weight + (0 .. (n_out - 1) * out_stride + (n_in - 1) * in_stride));
    requires \valid_read(multiplier + (0 .. n_out - 1)) && \valid_read(shift + (0 .. n_out - 1));
    requires \valid(y + (0 .. n_out - 1)) && \separated(y + (0 .. n_out - 1), x + (0 .. n_in - 1));
    requires \separated(y + (0 .. n_out - 1), weight + (0 .. (n_out - 1) * out_stride + (n_in - 1) * in_stride));
    requires \forall integer j; 0 <= j < n_out ==> -2147483647 + 16384 * n_in <= bias[j] <= 2147483647 - 16384 * n_in;
    requires \forall integer j; 0 <= j < n_out ==> 0x40000000 <= multiplier[j];
    requires \forall integer j; 0 <= j < n_out ==> 0 <= shift[j] <= 31;
    requires -128 <= zero_point <= 127 && tv_is_rounding(rounding);
    assigns y[0 .. n_out - 1];
    ensures \forall integer j; 0 <= j < n_out ==>
        y[j] == tv_requantized(tv_accumulator{Pre}(x, weight, bias, j, out_stride, in_stride, n_in), multiplier[j],
                               shift[j], zero_point, zero_point, 127, rounding);
    ensures \forall integer j; 0 <= j < n_out ==> zero_point <= y[j] <= 127; */
TV_KERNEL void tv_dense_requantize_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                      const int8_t *restrict weight, int32_t out_stride, int32_t in_stride,
                                      const int32_t *restrict bias, const int32_t *restrict multiplier,
                                      const int32_t *restrict shift, int32_t zero_point, tv_rounding rounding,
                                      int8_t *restrict y);

/* relu: q[i] = max(q[i], zero_point), in place. */
/*@ requires 1 <= n <= 4096 && \valid(q + (0 .. n - 1)) && -128 <= zero_point <= 127;
    assigns q[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> q[i] == \max(\old(q[i]), zero_point); */
TV_KERNEL void tv_relu(int8_t *q, int32_t n, int32_t zero_point);

/* dequantize: logits[j] = float32(acc[j]) * scale[j], each step to nearest even. Finite for 2^-40 <= scale <= 2^40. */
/*@ requires 1 <= n <= 4096;
    requires \valid_read(acc + (0 .. n - 1)) && \valid_read(scale + (0 .. n - 1)) && \valid(logits + (0 .. n - 1));
    assigns logits[0 .. n - 1]; */
TV_KERNEL void tv_dequantize(const int32_t *restrict acc, const float *restrict scale, int32_t n,
                             float *restrict logits);

/* arg_max: index of the largest of acc, the first among equals. */
/*@ requires 1 <= n <= 4096 && \valid_read(acc + (0 .. n - 1));
    assigns \nothing;
    ensures 0 <= \result < n;
    ensures \forall integer i; 0 <= i < n ==> acc[i] <= acc[\result];
    ensures \forall integer i; 0 <= i < \result ==> acc[i] < acc[\result]; */
TV_KERNEL int32_t tv_arg_max(const int32_t *acc, int32_t n);

/* softmax_lut: table weights e in [0, 127] and Q0.15 probabilities (0 .. 32768) of n accumulators. */
/*@ requires 2 <= n <= 4096;
    requires \valid_read(acc + (0 .. n - 1)) && \valid_read(exp_lut + (0 .. 255));
    requires \valid(weight + (0 .. n - 1)) && \valid(probability + (0 .. n - 1));
    requires \forall integer i, k; 0 <= i < n && 0 <= k < n ==> acc[i] - acc[k] <= 2147483647;
    requires exp_lut[0] == 127 && \forall integer i; 0 <= i < 256 ==> 0 <= exp_lut[i];
    requires 0x40000000 <= multiplier && 0 <= shift <= 31 && tv_is_rounding(rounding);
    assigns weight[0 .. n - 1], probability[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> weight[i] ==
        tv_softmax_weight(exp_lut, tv_largest(acc, n) - acc[i], multiplier, shift, rounding);
    ensures 127 <= tv_softmax_sum(acc, tv_largest(acc, n), exp_lut, multiplier, shift, rounding, n);
    ensures \forall integer i; 0 <= i < n ==> probability[i] ==
        (weight[i] * 32768 + tv_softmax_sum(acc, tv_largest(acc, n), exp_lut, multiplier, shift, rounding, n) / 2)
        / tv_softmax_sum(acc, tv_largest(acc, n), exp_lut, multiplier, shift, rounding, n);
    ensures \forall integer i; 0 <= i < n ==> weight[i] <= 127 && probability[i] <= 32768;
    ensures \exists integer i; 0 <= i < n && weight[i] > 0; */
TV_KERNEL void tv_softmax_lut(const int32_t *restrict acc, int32_t n, int32_t multiplier, int32_t shift,
                              const int8_t *restrict exp_lut, tv_rounding rounding, uint8_t *restrict weight,
                              uint16_t *restrict probability);

/* sample, discrete: the first i with weight[0] + ... + weight[i] > (random * S) >> 32, S the sum of all. */
/*@ requires 2 <= n <= 4096 && \valid_read(weight + (0 .. n - 1));
    requires \forall integer i; 0 <= i < n ==> weight[i] <= 127;
    requires \exists integer i; 0 <= i < n && weight[i] > 0;
    assigns \nothing;
    ensures 0 <= \result < n;
    ensures \forall integer i; 1 <= i <= \result ==> tv_sum(weight, i) <= random * tv_sum(weight, n) / 0x100000000;
    ensures random * tv_sum(weight, n) / 0x100000000 < tv_sum(weight, \result + 1); */
TV_KERNEL int32_t tv_sample_discrete(const uint8_t *weight, int32_t n, uint32_t random);

/* sample, continuous: requantizers of (mean, log_std), of the noise, and the tables of a squashed Gaussian. */
typedef struct {
    const int32_t *multiplier; /* [2], in [2^30, 2^31) */
    const int32_t *shift;      /* [2], in [0, 31] */
    const int32_t *zero_point; /* [2], in [-128, 127] */
    int32_t noise_multiplier;
    int32_t noise_shift;
    const int8_t *std_lut;  /* [256], indexed by log_std + 128 */
    const int8_t *tanh_lut; /* [256], indexed by the action before squashing + 128 */
} tv_gaussian;

/* The action's code in [-128, 127]; `z` is an entry of the quantile table, 0 for the deterministic action. */
/*@ requires \valid_read(acc + (0 .. 1)) && \valid_read(head);
    requires \valid_read(head->multiplier + (0 .. 1)) && \valid_read(head->shift + (0 .. 1));
    requires \valid_read(head->zero_point + (0 .. 1));
    requires \valid_read(head->std_lut + (0 .. 255)) && \valid_read(head->tanh_lut + (0 .. 255));
    requires \forall integer k; 0 <= k < 2 ==> 0x40000000 <= head->multiplier[k] && 0 <= head->shift[k] <= 31;
    requires \forall integer k; 0 <= k < 2 ==> -128 <= head->zero_point[k] <= 127;
    requires 0x40000000 <= head->noise_multiplier && 0 <= head->noise_shift <= 31;
    requires -128 <= z <= 127 && tv_is_rounding(rounding);
    assigns \nothing;
    ensures \result == tv_gaussian_action(
        tv_requantized(acc[0], head->multiplier[0], head->shift[0], head->zero_point[0], -128, 127, rounding),
        tv_requantized(acc[1], head->multiplier[1], head->shift[1], head->zero_point[1], -128, 127, rounding),
        head->noise_multiplier, head->noise_shift, head->std_lut, head->tanh_lut, z, rounding);
    ensures -128 <= \result <= 127; */
TV_KERNEL int32_t tv_sample_continuous(const int32_t *acc, const tv_gaussian *head, int32_t z, tv_rounding rounding);

/* xorshift32: advances *state and returns the new word; 0 is replaced by 0x9E3779B9 first. */
/*@ requires \valid(state);
    assigns *state;
    ensures \result == *state == tv_xorshift(\old(*state) == 0 ? 0x9E3779B9 : \old(*state)); */
TV_KERNEL uint32_t tv_xorshift32(uint32_t *state);

#endif

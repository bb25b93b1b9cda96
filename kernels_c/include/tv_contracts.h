/* The words of the contracts: docs/semantics.md in ACSL, over unbounded integers. Nothing here is compiled.
 *
 * Definitions and lemmas, no axioms. The lemma functions are ghost code; their bodies are in proof/tv_lemmas.c, and the
 * lemmas are proved with them. */
#ifndef TV_CONTRACTS_H
#define TV_CONTRACTS_H

#include "tv_types.h"

/*@ // 2^k
    logic integer tv_power(integer k) = k <= 0 ? 1 : 2 * tv_power(k - 1);

    // floor(v / d) for d > 0; `/` of ACSL truncates, as C's does
    logic integer tv_floor(integer v, integer d) = v >= 0 ? v / d : -1 - (-1 - v) / d;

    logic integer tv_clamped(integer v, integer lo, integer hi) = v < lo ? lo : v > hi ? hi : v;

    // v / d for d > 0 to the nearest integer, ties away from zero
    logic integer tv_nearest_away(integer v, integer d) = v >= 0 ? (v + d / 2) / d : -((-v + d / 2) / d);

    // the high word of the doubled product, to the nearest
    logic integer tv_high(integer acc, integer multiplier) = tv_floor(acc * multiplier + 0x40000000, 0x80000000);

    logic integer tv_scaled(integer acc, integer multiplier, integer shift, integer rounding) =
        rounding == TV_SINGLE_TIES_UP ? tv_floor(acc * multiplier + tv_power(30 + shift), tv_power(31 + shift)) :
        rounding == TV_DOUBLE_TIES_UP
            ? tv_floor(tv_high(acc, multiplier) + tv_power(shift) / 2, tv_power(shift))
            : tv_nearest_away(tv_high(acc, multiplier), tv_power(shift));

    logic integer tv_requantized(integer acc, integer multiplier, integer shift, integer zero_point, integer lo,
                                 integer hi, integer rounding) =
        tv_clamped(tv_scaled(acc, multiplier, shift, rounding) + zero_point, lo, hi);

    predicate tv_is_rounding(integer rounding) =
        rounding == TV_DOUBLE_TIES_UP || rounding == TV_DOUBLE_TIES_AWAY || rounding == TV_SINGLE_TIES_UP;

    logic integer tv_weighted{L}(int8_t *weight, integer at, integer code) = weight[at] * code;

    lemma tv_same_weight{K, L}: \forall int8_t *weight, integer at, code;
        \at(weight[at], K) == \at(weight[at], L) ==> tv_weighted{K}(weight, at, code) == tv_weighted{L}(weight, at, code);

    logic integer tv_term{L}(int8_t *x, int8_t *weight, integer at, integer i) = tv_weighted(weight, at, x[i]);

    // sum of weight[start + i * step] * x[i] over i < n
    logic integer tv_dot{L}(int8_t *x, int8_t *weight, integer start, integer step, integer n) =
        n <= 0 ? 0 : tv_dot(x, weight, start, step, n - 1) + tv_term(x, weight, start + (n - 1) * step, n - 1);

    // dense_s8: output j after n inputs
    logic integer tv_accumulator{L}(int8_t *x, int8_t *weight, int32_t *bias, integer j, integer out_stride,
                                    integer in_stride, integer n) =
        bias[j] + tv_dot(x, weight, j * out_stride, in_stride, n);

    logic integer tv_largest{L}(int32_t *acc, integer n) =
        n <= 1 ? acc[0] : acc[n - 1] > tv_largest(acc, n - 1) ? acc[n - 1] : tv_largest(acc, n - 1);

    logic integer tv_sum{L}(uint8_t *weight, integer n) = n <= 0 ? 0 : tv_sum(weight, n - 1) + weight[n - 1];

    // softmax_lut: table weight of an accumulator that lies `below` under the largest, and the sum of the first n
    logic integer tv_softmax_weight{L}(int8_t *exp_lut, integer below, integer multiplier, integer shift,
                                       integer rounding) =
        exp_lut[tv_requantized(below, multiplier, shift, -128, -128, 127, rounding) + 128];

    logic integer tv_softmax_sum{L}(int32_t *acc, integer largest, int8_t *exp_lut, integer multiplier, integer shift,
                                    integer rounding, integer n) =
        n <= 0 ? 0 : tv_softmax_sum(acc, largest, exp_lut, multiplier, shift, rounding, n - 1)
                     + tv_softmax_weight(exp_lut, largest - acc[n - 1], multiplier, shift, rounding);

    // sample, continuous: from the codes of mean and logarithm of the standard deviation
    logic integer tv_gaussian_action{L}(integer mean, integer log_std, integer multiplier, integer shift,
                                        int8_t *std_lut, int8_t *tanh_lut, integer z, integer rounding) =
        tanh_lut[tv_clamped(mean + tv_requantized(std_lut[log_std + 128] * z, multiplier, shift, 0, -128, 127, rounding),
                            -128, 127) + 128];

    logic integer tv_xorshift_left(integer s, integer k) = s ^ (uint32_t)(s << k);
    logic integer tv_xorshift_right(integer s, integer k) = s ^ (uint32_t)(s >> k);
    logic integer tv_xorshift(integer s) = tv_xorshift_left(tv_xorshift_right(tv_xorshift_left(s, 13), 17), 5);
*/

/*@ ghost
  /@ requires 0 <= k <= 62;
     assigns \nothing;
     ensures (1 << k) == tv_power(k);
     ensures 1 <= tv_power(k) <= 0x4000000000000000;
     ensures k >= 1 ==> tv_power(k) == 2 * tv_power(k - 1);
     ensures k >= 31 ==> tv_power(k) >= 0x80000000; @/
  void tv_lemma_power(int32_t k);

  /@ requires 0 <= v && 0 <= k <= 62;
     assigns \nothing;
     ensures 1 <= tv_power(k);
     ensures (v >> k) == v / tv_power(k);
     ensures 0 <= v / tv_power(k) <= v; @/
  void tv_lemma_shift(int64_t v, int32_t k);

  /@ requires 1 <= d && q == tv_floor(v, d);
     assigns \nothing;
     ensures q * d <= v < q * d + d; @/
  void tv_lemma_floor(int64_t v, int64_t q, int64_t d);

  /@ requires -0x80000000 <= v <= 0x7fffffff && 1 <= d <= 0x80000000 && q == tv_floor(v, d);
     requires d == 1 || d == 2 * (d / 2);
     assigns \nothing;
     ensures q * d <= v < q * d + d;
     ensures d == 1 ==> q == v;
     ensures d >= 2 ==> -0x40000000 <= q <= 0x3fffffff;
     ensures tv_nearest_away(v, d) == q + (v - q * d > (d - 1) / 2 + (v < 0 ? 1 : 0) ? 1 : 0); @/
  void tv_lemma_nearest(int64_t v, int64_t q, int64_t d);

  /@ requires 0 <= shift <= 31 && tv_is_rounding(rounding);
     assigns \nothing;
     ensures tv_scaled(0, multiplier, shift, rounding) == 0; @/
  void tv_lemma_zero(int32_t multiplier, int32_t shift, tv_rounding rounding);

  /@ requires 0 <= j < n_out <= 4096 && 0 <= i < n_in <= 4096;
     requires 1 <= out_stride <= 4096 && 1 <= in_stride <= 4096;
     assigns \nothing;
     ensures 0 <= j * out_stride <= (n_out - 1) * out_stride <= 4095 * 4096;
     ensures 0 <= i * in_stride <= (n_in - 1) * in_stride <= 4095 * 4096; @/
  void tv_lemma_index(int32_t j, int32_t n_out, int32_t out_stride, int32_t i, int32_t n_in, int32_t in_stride);

  /@ requires -128 <= a <= 127 && -128 <= b <= 127;
     assigns \nothing;
     ensures -16384 <= a * b <= 16384; @/
  void tv_lemma_product(int32_t a, int32_t b);

  /@ requires 0 <= w <= 127 && w <= sum && 1 <= sum <= 127 * 4096;
     assigns \nothing;
     ensures 0 <= (w * 32768 + sum / 2) / sum <= 32768; @/
  void tv_lemma_share(int64_t w, int64_t sum);
*/

#endif

/* softmax_lut, scalar. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL void tv_softmax_lut(const int32_t *restrict acc, int32_t n, int32_t multiplier, int32_t shift,
                              const int8_t *restrict exp_lut, tv_rounding rounding, uint8_t *restrict weight,
                              uint16_t *restrict probability)
{
    int32_t largest = acc[0];
    uint32_t sum = 0u; /* <= 127 * 4096 */

    /*@ ghost int32_t at = 0; */
    /*@ loop invariant 1 <= i <= n && 0 <= at < i && largest == acc[at] && largest == tv_largest(acc, i);
        loop invariant \forall integer k; 0 <= k < i ==> acc[k] <= largest;
        loop assigns i, largest, at;
        loop variant n - i; */
    for (int32_t i = 1; i < n; i++) {
        /*@ ghost at = acc[i] > largest ? i : at; */
        largest = acc[i] > largest ? acc[i] : largest;
    }
    /*@ ghost tv_lemma_zero(multiplier, shift, rounding); */
    /*@ loop invariant 0 <= i <= n;
        loop invariant \forall integer k; 0 <= k < i ==>
            weight[k] == tv_softmax_weight(exp_lut, largest - acc[k], multiplier, shift, rounding);
        loop invariant sum == tv_softmax_sum(acc, largest, exp_lut, multiplier, shift, rounding, i);
        loop invariant sum <= 127 * i && (at < i ==> 127 <= sum);
        loop invariant at < i ==> weight[at] == 127;
        loop invariant \forall integer k; 0 <= k < i ==> weight[k] <= 127 && weight[k] <= sum;
        loop assigns i, sum, weight[0 .. n - 1];
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        /* index = clamp(scaled - 128, -128, 127) + 128 = clamp(scaled, 0, 255) */
        const int32_t index = tv_clamp(tv_scale_accumulator(largest - acc[i], multiplier, shift, rounding), 0, 255);

        /*@ assert index == tv_requantized(largest - acc[i], multiplier, shift, -128, -128, 127, rounding) + 128; */
        /*@ assert i == at ==> index == 0; */
        weight[i] = (uint8_t)exp_lut[index];
        /*@ assert weight[i] == exp_lut[index]; */
        /*@ assert weight[i] == tv_softmax_weight(exp_lut, largest - acc[i], multiplier, shift, rounding); */
        sum += weight[i];
    }
    /*@ assert 127 <= sum <= 127 * n; */
    /*@ loop invariant 0 <= i <= n;
        loop invariant \forall integer k; 0 <= k < i ==>
            probability[k] == (weight[k] * 32768 + sum / 2) / sum && probability[k] <= 32768;
        loop assigns i, probability[0 .. n - 1];
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        /* numerator < 127 * 2^15 + 2^18; sum >= 127, the largest's weight */
        const uint32_t numerator = weight[i] * 32768u + sum / 2u;

        /*@ ghost tv_lemma_share(weight[i], sum); */
        /*@ assert numerator == weight[i] * 32768 + sum / 2; */
        probability[i] = (uint16_t)(numerator / sum);
        /*@ assert probability[i] == (weight[i] * 32768 + sum / 2) / sum; */
    }
}

/* sample, discrete: inversion of the cumulative table weights. Every weight is read, whatever the draw. */
#include "tv_kernels.h"

TV_KERNEL int32_t tv_sample_discrete(const uint8_t *weight, int32_t n, uint32_t random)
{
    uint32_t sum = 0u; /* <= 127 * 4096 */
    uint32_t threshold;
    uint32_t cumulative = 0u;
    int32_t action = 0;

    /*@ loop invariant 0 <= i <= n && sum == tv_sum(weight, i) && sum <= 127 * i;
        loop invariant \forall integer k; 0 <= k < i ==> weight[k] <= sum;
        loop assigns i, sum;
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        sum += weight[i];
    }
    /*@ ghost tv_lemma_shift((int64_t)((uint64_t)random * sum), 32); tv_lemma_power(32); */
    threshold = (uint32_t)(((uint64_t)random * sum) >> 32); /* < sum */
    /*@ assert threshold == random * tv_sum(weight, n) / 0x100000000 && threshold < sum; */
    /*@ loop invariant 0 <= action <= i <= n && cumulative == tv_sum(weight, i) && cumulative <= 127 * i;
        loop invariant \forall integer k; 1 <= k <= action ==> tv_sum(weight, k) <= threshold;
        loop invariant action < i ==> threshold < tv_sum(weight, action + 1) && threshold < cumulative;
        loop invariant 0 < action && action == i ==> cumulative <= threshold;
        loop assigns i, cumulative, action;
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        cumulative += weight[i];
        /*@ assert cumulative == tv_sum(weight, i + 1); */
        /*@ assert action == i || threshold < cumulative; */
        action += cumulative <= threshold ? 1 : 0; /* counts the entries before the first above the threshold */
    }
    /*@ assert threshold < cumulative; */
    return action; /* cumulative ends at sum > threshold, so action < n */
}

/* arg max of int32 accumulators, scalar. */
#include "tv_kernels.h"

TV_KERNEL int32_t tv_arg_max(const int32_t *acc, int32_t n)
{
    int32_t best = 0;
    int32_t largest = acc[0];

    /*@ loop invariant 1 <= i <= n && 0 <= best < i && largest == acc[best];
        loop invariant \forall integer k; 0 <= k < i ==> acc[k] <= largest;
        loop invariant \forall integer k; 0 <= k < best ==> acc[k] < largest;
        loop assigns i, best, largest;
        loop variant n - i; */
    for (int32_t i = 1; i < n; i++) {
        best = acc[i] > largest ? i : best; /* strict: the first among equals stays */
        largest = acc[i] > largest ? acc[i] : largest;
    }
    return best;
}

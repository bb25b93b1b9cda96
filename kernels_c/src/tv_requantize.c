/* requantize, scalar. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL void tv_requantize(const int32_t *restrict acc, int32_t n, const int32_t *restrict multiplier,
                             const int32_t *restrict shift, int32_t zero_point, int32_t lo, int32_t hi,
                             tv_rounding rounding, int8_t *restrict q)
{
    /*@ loop invariant 0 <= j <= n;
        loop invariant \forall integer k; 0 <= k < j ==>
            q[k] == tv_requantized(acc[k], multiplier[k], shift[k], zero_point, lo, hi, rounding);
        loop assigns j, q[0 .. n - 1];
        loop variant n - j; */
    for (int32_t j = 0; j < n; j++) {
        q[j] = tv_requantize_one(acc[j], multiplier[j], shift[j], zero_point, lo, hi, rounding);
    }
}

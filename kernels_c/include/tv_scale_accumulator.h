/* scale_accumulator: the rounded quotient acc * multiplier / 2^(31 + shift), before zero point and clamp.
 * Every kernel that requantizes uses this one function. */
#ifndef TV_SCALE_ACCUMULATOR_H
#define TV_SCALE_ACCUMULATOR_H

#include "tv_types.h"

/*@ requires 0x40000000 <= multiplier <= 0x7fffffff;
    requires 0 <= shift <= 31;
    assigns \nothing; */
static inline int32_t tv_scale_accumulator(int32_t acc, int32_t multiplier, int32_t shift, tv_rounding rounding)
{
    const int64_t product = (int64_t)acc * multiplier; /* |product| <= 2^31 * (2^31 - 1) < 2^62 */
    int64_t result;

    if (rounding == TV_SINGLE_TIES_UP) {
        /* product + 2^61 < 2^63 */
        result = (product + ((int64_t)1 << (30 + shift))) >> (31 + shift);
    } else {
        const int64_t high = (product + ((int64_t)1 << 30)) >> 31; /* in [-2^31, 2^31) */

        if (rounding == TV_DOUBLE_TIES_UP) {
            result = (high + (((int64_t)1 << shift) >> 1)) >> shift;
        } else {
            const int64_t mask = ((int64_t)1 << shift) - 1;
            const int64_t remainder = high & mask;
            const int64_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);

            result = (high >> shift) + (remainder > threshold ? 1 : 0);
        }
    }
    return (int32_t)result; /* |result| <= 2^31 - 1, and -2^31 only for shift 0: fits */
}

/*@ requires lo <= hi;
    assigns \nothing;
    ensures lo <= \result <= hi; */
static inline int32_t tv_clamp(int32_t value, int32_t lo, int32_t hi)
{
    const int32_t raised = value < lo ? lo : value;

    return raised > hi ? hi : raised;
}

/* requantize of one accumulator: clamp(scaled + zero_point, lo, hi).
 * Clamping the scaled value first, to [lo - zero_point, hi - zero_point], keeps the sum inside int32. */
/*@ requires 0x40000000 <= multiplier <= 0x7fffffff;
    requires 0 <= shift <= 31;
    requires -128 <= zero_point <= 127;
    requires -128 <= lo <= hi <= 127;
    assigns \nothing;
    ensures lo <= \result <= hi; */
static inline int8_t tv_requantize_one(int32_t acc, int32_t multiplier, int32_t shift, int32_t zero_point, int32_t lo,
                                       int32_t hi, tv_rounding rounding)
{
    const int32_t scaled = tv_scale_accumulator(acc, multiplier, shift, rounding);

    return (int8_t)(tv_clamp(scaled, lo - zero_point, hi - zero_point) + zero_point);
}

#endif

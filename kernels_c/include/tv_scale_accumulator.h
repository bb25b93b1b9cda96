/* scale_accumulator: the rounded quotient acc * multiplier / 2^(31 + shift), before zero point and clamp.
 * Every kernel that requantizes uses this one function. */
#ifndef TV_SCALE_ACCUMULATOR_H
#define TV_SCALE_ACCUMULATOR_H

#include "tv_contracts.h"
#include "tv_types.h"

/* floor(v / 2^k): the arithmetic shift, which is what compilers make of it. No negative value is shifted, since C
 * leaves that to the implementation. */
/*@ requires 0 <= k <= 62;
    assigns \nothing;
    ensures \result == tv_floor(v, tv_power(k)); */
static inline int64_t tv_shift_right(int64_t v, int32_t k)
{
    /*@ ghost if (v < 0) { tv_lemma_shift(-1 - v, k); } else { tv_lemma_shift(v, k); } */
    return v < 0 ? -1 - ((-1 - v) >> k) : v >> k;
}

/*@ requires 0x40000000 <= multiplier <= 0x7fffffff;
    requires 0 <= shift <= 31;
    requires tv_is_rounding(rounding);
    assigns \nothing;
    ensures \result == tv_scaled(acc, multiplier, shift, rounding); */
static inline int32_t tv_scale_accumulator(int32_t acc, int32_t multiplier, int32_t shift, tv_rounding rounding)
{
    const int64_t product = (int64_t)acc * multiplier; /* |product| <= 2^31 * (2^31 - 1) < 2^62 */
    int64_t result;

    /*@ assert -0x3fffffff80000000 <= product <= 0x3fffffff80000000; */
    /*@ ghost tv_lemma_power(shift); tv_lemma_power(30 + shift); tv_lemma_power(31 + shift); tv_lemma_power(31); */
    if (rounding == TV_SINGLE_TIES_UP) {
        /* product + 2^61 < 2^63 */
        result = tv_shift_right(product + ((int64_t)1 << (30 + shift)), 31 + shift);
        /*@ ghost tv_lemma_floor(product + ((int64_t)1 << (30 + shift)), result, (int64_t)1 << (31 + shift)); */
        /*@ assert -0x80000000 <= result <= 0x7fffffff; */
        /*@ assert result == tv_scaled(acc, multiplier, shift, rounding); */
    } else {
        const int64_t high = tv_shift_right(product + ((int64_t)1 << 30), 31); /* in [-2^31, 2^31) */

        /*@ assert high == tv_high(acc, multiplier); */
        /*@ assert -0x80000000 <= high <= 0x7fffffff; */
        if (rounding == TV_DOUBLE_TIES_UP) {
            result = tv_shift_right(high + (((int64_t)1 << shift) >> 1), shift);
            /*@ ghost tv_lemma_floor(high + (((int64_t)1 << shift) >> 1), result, (int64_t)1 << shift); */
            /*@ assert -0x80000000 <= result <= 0x7fffffff; */
            /*@ assert result == tv_scaled(acc, multiplier, shift, rounding); */
        } else {
            const int64_t unit = (int64_t)1 << shift;
            const int64_t below = tv_shift_right(high, shift);
            const int64_t threshold = ((unit - 1) >> 1) + (high < 0 ? 1 : 0);

            /*@ ghost tv_lemma_nearest(high, below, unit); */
            /*@ assert threshold == (unit - 1) / 2 + (high < 0 ? 1 : 0); */
            result = below + (high - below * unit > threshold ? 1 : 0);
            /*@ assert result == tv_nearest_away(high, unit); */
            /*@ assert unit == 1 ==> result == high; */
            /*@ assert unit >= 2 ==> -0x40000000 <= below <= 0x3fffffff; */
            /*@ assert -0x80000000 <= result <= 0x7fffffff; */
        }
    }
    return (int32_t)result; /* |result| <= 2^31 - 1, and -2^31 only for shift 0: fits */
}

/*@ requires lo <= hi;
    assigns \nothing;
    ensures \result == tv_clamped(value, lo, hi); */
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
    requires tv_is_rounding(rounding);
    assigns \nothing;
    ensures \result == tv_requantized(acc, multiplier, shift, zero_point, lo, hi, rounding); */
static inline int8_t tv_requantize_one(int32_t acc, int32_t multiplier, int32_t shift, int32_t zero_point, int32_t lo,
                                       int32_t hi, tv_rounding rounding)
{
    const int32_t scaled = tv_scale_accumulator(acc, multiplier, shift, rounding);

    return (int8_t)(tv_clamp(scaled, lo - zero_point, hi - zero_point) + zero_point);
}

#endif

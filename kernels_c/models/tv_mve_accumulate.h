/* Multiply-accumulate by a scalar, which wraps, and the rounding shift by negative counts. See arm_mve.h. */
#ifndef TV_MVE_ACCUMULATE_H
#define TV_MVE_ACCUMULATE_H

#include "tv_contracts.h"
#include "tv_mve_vectors.h"

/*@ logic integer tv_multiply_added_16(integer a, integer b, integer c) = (int16_t)(a + b * c);
    logic integer tv_multiply_added_32(integer a, integer b, integer c) = (int32_t)(a + b * c);
    logic integer tv_rounded_shift(integer value, integer count) =
        count <= 0 ? value : (value + (1 << (count - 1))) >> count; */

/* Half a unit is added before the shift: ties go up. The shift of a negative value is the arithmetic one, as both
 * compilers document. */
/*@ requires -0x80000000 <= value <= 0x7fffffff && 0 <= count <= 32;
    assigns \nothing;
    ensures \result == tv_rounded_shift(value, count); */
static inline int64_t tv_rounding_shift(int64_t value, int32_t count)
{
    if (count <= 0) {
        return value;
    }
    /*@ ghost tv_lemma_power(count - 1); */
    return (value + ((int64_t)1 << (count - 1))) >> count;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == tv_multiply_added_16(a.lane[k], b.lane[k], c); */
static inline int16x8_t vmlaq_n_s16(int16x8_t a, int16x8_t b, int16_t c)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == tv_multiply_added_16(a.lane[k], b.lane[k], c);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)(a.lane[i] + (int64_t)b.lane[i] * c);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == tv_multiply_added_32(a.lane[k], b.lane[k], c); */
static inline int32x4_t vmlaq_n_s32(int32x4_t a, int32x4_t b, int32_t c)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == tv_multiply_added_32(a.lane[k], b.lane[k], c);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)(a.lane[i] + (int64_t)b.lane[i] * c);
    }
    return r;
}

/* Counts from -16 to 0: shifts to the right. */
/*@ requires \forall integer k; 0 <= k < 8 ==> -16 <= count.lane[k] <= 0;
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==>
        \result.lane[k] == (int16_t)tv_rounded_shift(a.lane[k], -count.lane[k]); */
static inline int16x8_t vrshlq_s16(int16x8_t a, int16x8_t count)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (int16_t)tv_rounded_shift(a.lane[k], -count.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)tv_rounding_shift(a.lane[i], -(int32_t)count.lane[i]);
    }
    return r;
}

/* Counts from -32 to 0: shifts to the right. */
/*@ requires \forall integer k; 0 <= k < 4 ==> -32 <= count.lane[k] <= 0;
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==>
        \result.lane[k] == (int32_t)tv_rounded_shift(a.lane[k], -count.lane[k]); */
static inline int32x4_t vrshlq_s32(int32x4_t a, int32x4_t count)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (int32_t)tv_rounded_shift(a.lane[k], -count.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)tv_rounding_shift(a.lane[i], -(int32_t)count.lane[i]);
    }
    return r;
}

#endif

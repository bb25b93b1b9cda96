/* Saturating sums, products of high halves, and narrowing into the even (b) or odd (t) lanes. See arm_mve.h. */
#ifndef TV_MVE_SATURATING_H
#define TV_MVE_SATURATING_H

#include "tv_mve_vectors.h"

/*@ logic integer tv_saturated(integer value, integer lo, integer hi) =
        value < lo ? lo : (value > hi ? hi : value);
    logic integer tv_doubled_high_16(integer a, integer b) = tv_saturated((a * b) >> 15, -32768, 32767);
    logic integer tv_doubled_high_32(integer a, integer b) = tv_saturated((a * b) >> 31, -2147483648, 2147483647);
    logic integer tv_rounded_doubled_high_16(integer a, integer b) =
        tv_saturated((a * b + 16384) >> 15, -32768, 32767);
    logic integer tv_rounded_doubled_high_32(integer a, integer b) =
        tv_saturated((a * b + 1073741824) >> 31, -2147483648, 2147483647); */

/*@ requires lo <= hi;
    assigns \nothing;
    ensures \result == tv_saturated(value, lo, hi); */
static inline int64_t tv_saturate(int64_t value, int64_t lo, int64_t hi)
{
    return value < lo ? lo : (value > hi ? hi : value);
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==>
        \result.lane[k] == tv_saturated(a.lane[k] + b.lane[k], -32768, 32767); */
static inline int16x8_t vqaddq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == tv_saturated(a.lane[k] + b.lane[k], -32768, 32767);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)tv_saturate((int64_t)a.lane[i] + b.lane[i], INT16_MIN, INT16_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == tv_saturated(a.lane[k] + b, -32768, 32767); */
static inline int16x8_t vqaddq_n_s16(int16x8_t a, int16_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == tv_saturated(a.lane[k] + b, -32768, 32767);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)tv_saturate((int64_t)a.lane[i] + b, INT16_MIN, INT16_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==>
        \result.lane[k] == tv_saturated(a.lane[k] + b.lane[k], -2147483648, 2147483647); */
static inline int32x4_t vqaddq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == tv_saturated(a.lane[k] + b.lane[k], -2147483648, 2147483647);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)tv_saturate((int64_t)a.lane[i] + b.lane[i], INT32_MIN, INT32_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==>
        \result.lane[k] == tv_saturated(a.lane[k] + b, -2147483648, 2147483647); */
static inline int32x4_t vqaddq_n_s32(int32x4_t a, int32_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == tv_saturated(a.lane[k] + b, -2147483648, 2147483647);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)tv_saturate((int64_t)a.lane[i] + b, INT32_MIN, INT32_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == tv_doubled_high_16(a.lane[k], b.lane[k]); */
static inline int16x8_t vqdmulhq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == tv_doubled_high_16(a.lane[k], b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)tv_saturate(((int64_t)a.lane[i] * b.lane[i]) >> 15, INT16_MIN, INT16_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == tv_rounded_doubled_high_16(a.lane[k], b.lane[k]); */
static inline int16x8_t vqrdmulhq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == tv_rounded_doubled_high_16(a.lane[k], b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)tv_saturate(((int64_t)a.lane[i] * b.lane[i] + 16384) >> 15, INT16_MIN, INT16_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == tv_doubled_high_32(a.lane[k], b.lane[k]); */
static inline int32x4_t vqdmulhq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == tv_doubled_high_32(a.lane[k], b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)tv_saturate(((int64_t)a.lane[i] * b.lane[i]) >> 31, INT32_MIN, INT32_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == tv_rounded_doubled_high_32(a.lane[k], b.lane[k]); */
static inline int32x4_t vqrdmulhq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == tv_rounded_doubled_high_32(a.lane[k], b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)tv_saturate(((int64_t)a.lane[i] * b.lane[i] + 1073741824) >> 31, INT32_MIN, INT32_MAX);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==>
        \result.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], -128, 127) : a.lane[k]); */
static inline int8x16_t vqmovnbq_s16(int8x16_t a, int16x8_t b)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], -128, 127) : a.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = i % 2 == 0 ? (int8_t)tv_saturate(b.lane[i / 2], INT8_MIN, INT8_MAX) : a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==>
        \result.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], -128, 127) : a.lane[k]); */
static inline int8x16_t vqmovntq_s16(int8x16_t a, int16x8_t b)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], -128, 127) : a.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = i % 2 == 1 ? (int8_t)tv_saturate(b.lane[i / 2], INT8_MIN, INT8_MAX) : a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==>
        \result.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], -32768, 32767) : a.lane[k]); */
static inline int16x8_t vqmovnbq_s32(int16x8_t a, int32x4_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], -32768, 32767) : a.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = i % 2 == 0 ? (int16_t)tv_saturate(b.lane[i / 2], INT16_MIN, INT16_MAX) : a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==>
        \result.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], -32768, 32767) : a.lane[k]); */
static inline int16x8_t vqmovntq_s32(int16x8_t a, int32x4_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], -32768, 32767) : a.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = i % 2 == 1 ? (int16_t)tv_saturate(b.lane[i / 2], INT16_MIN, INT16_MAX) : a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==>
        \result.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], 0, 255) : a.lane[k]); */
static inline uint8x16_t vqmovunbq_s16(uint8x16_t a, int16x8_t b)
{
    uint8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 0 ? tv_saturated(b.lane[k / 2], 0, 255) : a.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = i % 2 == 0 ? (uint8_t)tv_saturate(b.lane[i / 2], 0, UINT8_MAX) : a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==>
        \result.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], 0, 255) : a.lane[k]); */
static inline uint8x16_t vqmovuntq_s16(uint8x16_t a, int16x8_t b)
{
    uint8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (k % 2 == 1 ? tv_saturated(b.lane[k / 2], 0, 255) : a.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = i % 2 == 1 ? (uint8_t)tv_saturate(b.lane[i / 2], 0, UINT8_MAX) : a.lane[i];
    }
    return r;
}

#endif

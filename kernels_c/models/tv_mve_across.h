/* Across the lanes: extremes, sums and the dot product. See arm_mve.h. */
#ifndef TV_MVE_ACROSS_H
#define TV_MVE_ACROSS_H

#include "tv_mve_vectors.h"

/*@ logic integer tv_largest_active(integer a, int32x4_t b, integer p, integer n) =
        n <= 0 ? a : \let r = tv_largest_active(a, b, p, n - 1);
                     ((p >> (4 * (n - 1))) & 1) != 0 && b.lane[n - 1] > r ? b.lane[n - 1] : r;
    logic integer tv_least(integer a, int32x4_t b, integer n) =
        n <= 0 ? a : \let r = tv_least(a, b, n - 1); b.lane[n - 1] < r ? b.lane[n - 1] : r;
    logic integer tv_least_unsigned(integer a, uint32x4_t b, integer n) =
        n <= 0 ? a : \let r = tv_least_unsigned(a, b, n - 1); b.lane[n - 1] < r ? b.lane[n - 1] : r;
    logic integer tv_least_active(integer a, uint32x4_t b, integer p, integer n) =
        n <= 0 ? a : \let r = tv_least_active(a, b, p, n - 1);
                     ((p >> (4 * (n - 1))) & 1) != 0 && b.lane[n - 1] < r ? b.lane[n - 1] : r;
    logic integer tv_active_sum(uint32x4_t a, integer p, integer n) =
        n <= 0 ? 0 : tv_active_sum(a, p, n - 1) + (((p >> (4 * (n - 1))) & 1) != 0 ? a.lane[n - 1] : 0);
    logic integer tv_dot(int8x16_t a, int8x16_t b, integer n) =
        n <= 0 ? 0 : tv_dot(a, b, n - 1) + a.lane[n - 1] * b.lane[n - 1]; */

/*@ assigns \nothing;
    ensures \result == tv_largest_active(a, b, p, 4); */
static inline int32_t vmaxvq_p_s32(int32_t a, int32x4_t b, mve_pred16_t p)
{
    int32_t r = a;

    /*@ loop invariant 0 <= i <= 4;
        loop invariant r == tv_largest_active(a, b, p, i);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if ((((uint32_t)p >> (4 * i)) & 1u) != 0u && b.lane[i] > r) {
            r = b.lane[i];
        }
    }
    return r;
}

/*@ assigns \nothing;
    ensures \result == tv_least(a, b, 4); */
static inline int32_t vminvq_s32(int32_t a, int32x4_t b)
{
    int32_t r = a;

    /*@ loop invariant 0 <= i <= 4;
        loop invariant r == tv_least(a, b, i);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if (b.lane[i] < r) {
            r = b.lane[i];
        }
    }
    return r;
}

/*@ assigns \nothing;
    ensures \result == tv_least_unsigned(a, b, 4); */
static inline uint32_t vminvq_u32(uint32_t a, uint32x4_t b)
{
    uint32_t r = a;

    /*@ loop invariant 0 <= i <= 4;
        loop invariant r == tv_least_unsigned(a, b, i);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if (b.lane[i] < r) {
            r = b.lane[i];
        }
    }
    return r;
}

/*@ assigns \nothing;
    ensures \result == tv_least_active(a, b, p, 4); */
static inline uint32_t vminvq_p_u32(uint32_t a, uint32x4_t b, mve_pred16_t p)
{
    uint32_t r = a;

    /*@ loop invariant 0 <= i <= 4;
        loop invariant r == tv_least_active(a, b, p, i);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if ((((uint32_t)p >> (4 * i)) & 1u) != 0u && b.lane[i] < r) {
            r = b.lane[i];
        }
    }
    return r;
}

/*@ assigns \nothing;
    ensures \result == (uint32_t)(a + tv_active_sum(b, p, 4)); */
static inline uint32_t vaddvaq_p_u32(uint32_t a, uint32x4_t b, mve_pred16_t p)
{
    uint64_t sum = 0u;

    /*@ loop invariant 0 <= i <= 4;
        loop invariant sum == tv_active_sum(b, p, i);
        loop invariant sum <= i * 4294967295;
        loop assigns i, sum;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        sum += (((uint32_t)p >> (4 * i)) & 1u) != 0u ? b.lane[i] : 0u;
    }
    return (uint32_t)(a + sum);
}

/*@ assigns \nothing;
    ensures \result == (int32_t)(a + tv_dot(b, c, 16)); */
static inline int32_t vmladavaq_s8(int32_t a, int8x16_t b, int8x16_t c)
{
    int64_t sum = 0;

    /*@ loop invariant 0 <= i <= 16;
        loop invariant sum == tv_dot(b, c, i);
        loop invariant -16384 * i <= sum <= 16384 * i;
        loop assigns i, sum;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        sum += b.lane[i] * c.lane[i];
    }
    return (int32_t)(a + sum);
}

#endif

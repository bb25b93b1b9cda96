/* Lane by lane: copies, sums that wrap, logic, extremes, shifts, selection, other readings of the same bits.
 * See arm_mve.h. */
#ifndef TV_MVE_LANES_H
#define TV_MVE_LANES_H

#include "tv_mve_vectors.h"

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == a; */
static inline int8x16_t vdupq_n_s8(int8_t a)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == a;
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = a;
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == a; */
static inline uint8x16_t vdupq_n_u8(uint8_t a)
{
    uint8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == a;
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = a;
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == a; */
static inline int16x8_t vdupq_n_s16(int16_t a)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == a;
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = a;
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == a; */
static inline int32x4_t vdupq_n_s32(int32_t a)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == a;
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = a;
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (uint32_t)(a + k * step); */
static inline uint32x4_t vidupq_n_u32(uint32_t a, uint32_t step)
{
    uint32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (uint32_t)(a + k * step);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (uint32_t)(a + (uint64_t)i * step);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (int32_t)(a.lane[k] + b.lane[k]); */
static inline int32x4_t vaddq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (int32_t)(a.lane[k] + b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)((int64_t)a.lane[i] + b.lane[i]);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (int32_t)(a.lane[k] - b.lane[k]); */
static inline int32x4_t vsubq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (int32_t)(a.lane[k] - b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)((int64_t)a.lane[i] - b.lane[i]);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == (a.lane[k] & b.lane[k]); */
static inline int16x8_t vandq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (a.lane[k] & b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)(a.lane[i] & b.lane[i]);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (a.lane[k] & b.lane[k]); */
static inline int32x4_t vandq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (a.lane[k] & b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)(a.lane[i] & b.lane[i]);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == (a.lane[k] ^ b.lane[k]); */
static inline uint8x16_t veorq_u8(uint8x16_t a, uint8x16_t b)
{
    uint8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (a.lane[k] ^ b.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = (uint8_t)(a.lane[i] ^ b.lane[i]);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]); */
static inline int8x16_t vmaxq_s8(int8x16_t a, int8x16_t b)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = a.lane[i] >= b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]); */
static inline int16x8_t vmaxq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = a.lane[i] >= b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]); */
static inline int32x4_t vmaxq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (a.lane[k] >= b.lane[k] ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = a.lane[i] >= b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == (a.lane[k] <= b.lane[k] ? a.lane[k] : b.lane[k]); */
static inline int16x8_t vminq_s16(int16x8_t a, int16x8_t b)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (a.lane[k] <= b.lane[k] ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = a.lane[i] <= b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (a.lane[k] <= b.lane[k] ? a.lane[k] : b.lane[k]); */
static inline int32x4_t vminq_s32(int32x4_t a, int32x4_t b)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (a.lane[k] <= b.lane[k] ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = a.lane[i] <= b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ requires 0 <= count <= 15;
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == (a.lane[k] >> count); */
static inline int16x8_t vshrq_n_s16(int16x8_t a, int32_t count)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (a.lane[k] >> count);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (int16_t)(a.lane[i] >> count);
    }
    return r;
}

/*@ requires 0 <= count <= 31;
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (a.lane[k] >> count); */
static inline int32x4_t vshrq_n_s32(int32x4_t a, int32_t count)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (a.lane[k] >> count);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)(a.lane[i] >> count);
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==>
        \result.lane[k] == (((p >> (2 * k)) & 1) != 0 ? a.lane[k] : b.lane[k]); */
static inline int16x8_t vpselq_s16(int16x8_t a, int16x8_t b, mve_pred16_t p)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (((p >> (2 * k)) & 1) != 0 ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = (((uint32_t)p >> (2 * i)) & 1u) != 0u ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==>
        \result.lane[k] == (((p >> (4 * k)) & 1) != 0 ? a.lane[k] : b.lane[k]); */
static inline int32x4_t vpselq_s32(int32x4_t a, int32x4_t b, mve_pred16_t p)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (((p >> (4 * k)) & 1) != 0 ? a.lane[k] : b.lane[k]);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (((uint32_t)p >> (4 * i)) & 1u) != 0u ? a.lane[i] : b.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (uint32_t)a.lane[k]; */
static inline uint32x4_t vreinterpretq_u32_s32(int32x4_t a)
{
    uint32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (uint32_t)a.lane[k];
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (uint32_t)a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == (int8_t)a.lane[k]; */
static inline int8x16_t vreinterpretq_s8_u8(uint8x16_t a)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (int8_t)a.lane[k];
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = (int8_t)a.lane[i];
    }
    return r;
}

/*@ assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (int32_t)a.lane[k]; */
static inline int32x4_t vreinterpretq_s32_f32(float32x4_t a)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (int32_t)a.lane[k];
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (int32_t)a.lane[i];
    }
    return r;
}

#endif

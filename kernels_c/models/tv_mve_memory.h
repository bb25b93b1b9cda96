/* Loads, stores and the gather. See arm_mve.h. */
#ifndef TV_MVE_MEMORY_H
#define TV_MVE_MEMORY_H

#include "tv_mve_vectors.h"

/*@ requires \valid_read(from + (0 .. 15));
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == from[k]; */
static inline int8x16_t vld1q_s8(const int8_t *from)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == from[k];
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = from[i];
    }
    return r;
}

/*@ requires \valid_read(from + (0 .. 7));
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == from[k]; */
static inline int16x8_t vld1q_s16(const int16_t *from)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == from[k];
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = from[i];
    }
    return r;
}

/*@ requires \valid_read(from + (0 .. 3));
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == from[k]; */
static inline int32x4_t vld1q_s32(const int32_t *from)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == from[k];
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = from[i];
    }
    return r;
}

/*@ requires \valid_read(from + (0 .. 7));
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 8 ==> \result.lane[k] == from[k]; */
static inline int16x8_t vldrbq_s16(const int8_t *from)
{
    int16x8_t r = {{0}};

    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == from[k];
        loop assigns i, r;
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        r.lane[i] = from[i];
    }
    return r;
}

/*@ requires \valid_read(from + (0 .. 3));
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == from[k]; */
static inline int32x4_t vldrbq_s32(const int8_t *from)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == from[k];
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = from[i];
    }
    return r;
}

/*@ requires \forall integer k; 0 <= k < 16 && ((p >> (k)) & 1) != 0 ==> \valid_read(from + k);
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 16 ==> \result.lane[k] == (((p >> (k)) & 1) != 0 ? from[k] : 0); */
static inline int8x16_t vldrbq_z_s8(const int8_t *from, mve_pred16_t p)
{
    int8x16_t r = {{0}};

    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (((p >> (k)) & 1) != 0 ? from[k] : 0);
        loop assigns i, r;
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        r.lane[i] = (((uint32_t)p >> (i)) & 1u) != 0u ? from[i] : 0;
    }
    return r;
}

/*@ requires \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> \valid_read(from + k);
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==> \result.lane[k] == (((p >> (4 * k)) & 1) != 0 ? from[k] : 0); */
static inline int32x4_t vldrwq_z_s32(const int32_t *from, mve_pred16_t p)
{
    int32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> r.lane[k] == (((p >> (4 * k)) & 1) != 0 ? from[k] : 0);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (((uint32_t)p >> (4 * i)) & 1u) != 0u ? from[i] : 0;
    }
    return r;
}

/*@ requires \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> \valid_read(base + offset.lane[k]);
    assigns \nothing;
    ensures \forall integer k; 0 <= k < 4 ==>
        \result.lane[k] == (((p >> (4 * k)) & 1) != 0 ? base[offset.lane[k]] : 0); */
static inline uint32x4_t vldrbq_gather_offset_z_u32(const uint8_t *base, uint32x4_t offset, mve_pred16_t p)
{
    uint32x4_t r = {{0}};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==>
            r.lane[k] == (((p >> (4 * k)) & 1) != 0 ? base[offset.lane[k]] : 0);
        loop assigns i, r;
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (((uint32_t)p >> (4 * i)) & 1u) != 0u ? base[offset.lane[i]] : 0u;
    }
    return r;
}

/*@ requires \valid(to + (0 .. 15));
    assigns to[0 .. 15];
    ensures \forall integer k; 0 <= k < 16 ==> to[k] == a.lane[k]; */
static inline void vst1q_s8(int8_t *to, int8x16_t a)
{
    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i ==> to[k] == a.lane[k];
        loop assigns i, to[0 .. 15];
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        to[i] = a.lane[i];
    }
}

/*@ requires \valid(to + (0 .. 7));
    assigns to[0 .. 7];
    ensures \forall integer k; 0 <= k < 8 ==> to[k] == (int8_t)a.lane[k]; */
static inline void vstrbq_s16(int8_t *to, int16x8_t a)
{
    /*@ loop invariant 0 <= i <= 8;
        loop invariant \forall integer k; 0 <= k < i ==> to[k] == (int8_t)a.lane[k];
        loop assigns i, to[0 .. 7];
        loop variant 8 - i; */
    for (int32_t i = 0; i < 8; i++) {
        to[i] = (int8_t)a.lane[i];
    }
}

/*@ requires \valid(to + (0 .. 3));
    assigns to[0 .. 3];
    ensures \forall integer k; 0 <= k < 4 ==> to[k] == (int8_t)a.lane[k]; */
static inline void vstrbq_s32(int8_t *to, int32x4_t a)
{
    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i ==> to[k] == (int8_t)a.lane[k];
        loop assigns i, to[0 .. 3];
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        to[i] = (int8_t)a.lane[i];
    }
}

/*@ requires \forall integer k; 0 <= k < 16 && ((p >> (k)) & 1) != 0 ==> \valid(to + k);
    assigns to[0 .. 15];
    ensures \forall integer k; 0 <= k < 16 && ((p >> (k)) & 1) != 0 ==> to[k] == a.lane[k];
    ensures \forall integer k; 0 <= k < 16 && ((p >> (k)) & 1) == 0 ==> to[k] == \old(to[k]); */
static inline void vstrbq_p_s8(int8_t *to, int8x16_t a, mve_pred16_t p)
{
    /*@ loop invariant 0 <= i <= 16;
        loop invariant \forall integer k; 0 <= k < i && ((p >> (k)) & 1) != 0 ==> to[k] == a.lane[k];
        loop invariant \forall integer k; 0 <= k < i && ((p >> (k)) & 1) == 0 ==> to[k] == \at(to[k], Pre);
        loop invariant \forall integer k; i <= k < 16 ==> to[k] == \at(to[k], Pre);
        loop assigns i, to[0 .. 15];
        loop variant 16 - i; */
    for (int32_t i = 0; i < 16; i++) {
        if ((((uint32_t)p >> (i)) & 1u) != 0u) {
            to[i] = a.lane[i];
        }
    }
}

/*@ requires \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> \valid(to + k);
    assigns to[0 .. 3];
    ensures \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> to[k] == (int8_t)a.lane[k];
    ensures \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) == 0 ==> to[k] == \old(to[k]); */
static inline void vstrbq_p_s32(int8_t *to, int32x4_t a, mve_pred16_t p)
{
    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i && ((p >> (4 * k)) & 1) != 0 ==> to[k] == (int8_t)a.lane[k];
        loop invariant \forall integer k; 0 <= k < i && ((p >> (4 * k)) & 1) == 0 ==> to[k] == \at(to[k], Pre);
        loop invariant \forall integer k; i <= k < 4 ==> to[k] == \at(to[k], Pre);
        loop assigns i, to[0 .. 3];
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if ((((uint32_t)p >> (4 * i)) & 1u) != 0u) {
            to[i] = (int8_t)a.lane[i];
        }
    }
}

/*@ requires \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> \valid(to + k);
    assigns to[0 .. 3];
    ensures \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> to[k] == (uint8_t)a.lane[k];
    ensures \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) == 0 ==> to[k] == \old(to[k]); */
static inline void vstrbq_p_u32(uint8_t *to, uint32x4_t a, mve_pred16_t p)
{
    /*@ loop invariant 0 <= i <= 4;
        loop invariant \forall integer k; 0 <= k < i && ((p >> (4 * k)) & 1) != 0 ==> to[k] == (uint8_t)a.lane[k];
        loop invariant \forall integer k; 0 <= k < i && ((p >> (4 * k)) & 1) == 0 ==> to[k] == \at(to[k], Pre);
        loop invariant \forall integer k; i <= k < 4 ==> to[k] == \at(to[k], Pre);
        loop assigns i, to[0 .. 3];
        loop variant 4 - i; */
    for (int32_t i = 0; i < 4; i++) {
        if ((((uint32_t)p >> (4 * i)) & 1u) != 0u) {
            to[i] = (uint8_t)a.lane[i];
        }
    }
}

/*@ requires \forall integer k; 0 <= k < 4 && ((p >> (4 * k)) & 1) != 0 ==> \valid(to + k);
    assigns to[0 .. 3];
    ensures ((p >> 0) & 1) != 0 ? to[0] == a.lane[0] : to[0] == \old(to[0]);
    ensures ((p >> 4) & 1) != 0 ? to[1] == a.lane[1] : to[1] == \old(to[1]);
    ensures ((p >> 8) & 1) != 0 ? to[2] == a.lane[2] : to[2] == \old(to[2]);
    ensures ((p >> 12) & 1) != 0 ? to[3] == a.lane[3] : to[3] == \old(to[3]); */
static inline void vstrwq_p_s32(int32_t *to, int32x4_t a, mve_pred16_t p)
{
    if ((((uint32_t)p >> (4 * 0)) & 1u) != 0u) {
        to[0] = a.lane[0];
    }
    if ((((uint32_t)p >> (4 * 1)) & 1u) != 0u) {
        to[1] = a.lane[1];
    }
    if ((((uint32_t)p >> (4 * 2)) & 1u) != 0u) {
        to[2] = a.lane[2];
    }
    if ((((uint32_t)p >> (4 * 3)) & 1u) != 0u) {
        to[3] = a.lane[3];
    }
}

#endif

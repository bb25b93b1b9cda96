/* Predicates: the first n lanes, and lanes equal to a number. See arm_mve.h. */
#ifndef TV_MVE_PREDICATES_H
#define TV_MVE_PREDICATES_H

#include "tv_contracts.h"
#include "tv_mve_vectors.h"

/*@ assigns \nothing;
    ensures \result == (n >= 16 ? 65535 : (uint16_t)((1 << n) - 1)); */
static inline mve_pred16_t vctp8q(uint32_t n)
{
    if (n >= 16u) {
        return 65535u;
    }
    /*@ ghost tv_lemma_power((int32_t)n); */
    return (mve_pred16_t)(((int64_t)1 << n) - 1);
}

/*@ assigns \nothing;
    ensures \result == (n > 0 ? 15 : 0) + (n > 1 ? 240 : 0) + (n > 2 ? 3840 : 0) + (n > 3 ? 61440 : 0); */
static inline mve_pred16_t vctp32q(uint32_t n)
{
    return (mve_pred16_t)((n > 0u ? 15u : 0u) + (n > 1u ? 240u : 0u) + (n > 2u ? 3840u : 0u) + (n > 3u ? 61440u : 0u));
}

/* 3 for each lane that equals b, at its two bits. */
/*@ assigns \nothing;
    ensures \result == (a.lane[0] == b ? 3 : 0) + (a.lane[1] == b ? 12 : 0) + (a.lane[2] == b ? 48 : 0) +
                       (a.lane[3] == b ? 192 : 0) + (a.lane[4] == b ? 768 : 0) + (a.lane[5] == b ? 3072 : 0) +
                       (a.lane[6] == b ? 12288 : 0) + (a.lane[7] == b ? 49152 : 0); */
static inline mve_pred16_t vcmpeqq_n_s16(int16x8_t a, int16_t b)
{
    return (mve_pred16_t)((a.lane[0] == b ? 3u : 0u) + (a.lane[1] == b ? 12u : 0u) + (a.lane[2] == b ? 48u : 0u) +
                          (a.lane[3] == b ? 192u : 0u) + (a.lane[4] == b ? 768u : 0u) + (a.lane[5] == b ? 3072u : 0u) +
                          (a.lane[6] == b ? 12288u : 0u) + (a.lane[7] == b ? 49152u : 0u));
}

/*@ assigns \nothing;
    ensures \result == (a.lane[0] == b ? 15 : 0) + (a.lane[1] == b ? 240 : 0) + (a.lane[2] == b ? 3840 : 0) +
                       (a.lane[3] == b ? 61440 : 0); */
static inline mve_pred16_t vcmpeqq_n_s32(int32x4_t a, int32_t b)
{
    return (mve_pred16_t)((a.lane[0] == b ? 15u : 0u) + (a.lane[1] == b ? 240u : 0u) + (a.lane[2] == b ? 3840u : 0u) +
                          (a.lane[3] == b ? 61440u : 0u));
}

/* Of the active lanes. */
/*@ assigns \nothing;
    ensures \result == ((p & 1) != 0 && a.lane[0] == b ? 15 : 0) + ((p & 16) != 0 && a.lane[1] == b ? 240 : 0) +
                       ((p & 256) != 0 && a.lane[2] == b ? 3840 : 0) +
                       ((p & 4096) != 0 && a.lane[3] == b ? 61440 : 0); */
static inline mve_pred16_t vcmpeqq_m_n_s32(int32x4_t a, int32_t b, mve_pred16_t p)
{
    return (mve_pred16_t)(((p & 1) != 0 && a.lane[0] == b ? 15u : 0u) + ((p & 16) != 0 && a.lane[1] == b ? 240u : 0u) +
                          ((p & 256) != 0 && a.lane[2] == b ? 3840u : 0u) +
                          ((p & 4096) != 0 && a.lane[3] == b ? 61440u : 0u));
}

#endif

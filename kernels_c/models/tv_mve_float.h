/* Floats: loads, stores, products and conversions, on bits. See arm_mve.h. No contract speaks about the values.
 *
 * MVE works with the standard FPSCR: nearest even, subnormal numbers read and written as zero of their sign, and any
 * NaN as the default NaN. The host must round to nearest even and evaluate float in float (FLT_EVAL_METHOD 0). */
#ifndef TV_MVE_FLOAT_H
#define TV_MVE_FLOAT_H

#include "tv_mve_vectors.h"

#define TV_SIGN_BIT 0x80000000u
#define TV_EXPONENT_BITS 0x7F800000u
#define TV_DEFAULT_NAN 0x7FC00000u
#define TV_LEAST_NORMAL 0x1p-126

typedef union {
    float value;
    uint32_t bits;
} tv_float_bits;

static inline uint32_t tv_bits_of(float value)
{
    const tv_float_bits both = {value};

    return both.bits;
}

/* What an operation reads or writes: a subnormal number is a zero of its sign. */
static inline uint32_t tv_flushed(uint32_t bits)
{
    return (bits & TV_EXPONENT_BITS) == 0u ? bits & TV_SIGN_BIT : bits;
}

static inline float tv_operand(uint32_t bits)
{
    tv_float_bits both;

    both.bits = tv_flushed(bits);
    return both.value;
}

static inline float32x4_t vld1q_f32(const float *from)
{
    float32x4_t r = {{0}};

    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = tv_bits_of(from[i]);
    }
    return r;
}

static inline float32x4_t vldrwq_z_f32(const float *from, mve_pred16_t p)
{
    float32x4_t r = {{0}};

    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = (((uint32_t)p >> (4 * i)) & 1u) != 0u ? tv_bits_of(from[i]) : 0u;
    }
    return r;
}

static inline void vstrwq_p_f32(float *to, float32x4_t a, mve_pred16_t p)
{
    for (int32_t i = 0; i < 4; i++) {
        if ((((uint32_t)p >> (4 * i)) & 1u) != 0u) {
            tv_float_bits both;

            both.bits = a.lane[i];
            to[i] = both.value;
        }
    }
}

static inline float32x4_t vmulq_f32(float32x4_t a, float32x4_t b)
{
    float32x4_t r = {{0}};

    for (int32_t i = 0; i < 4; i++) {
        /* Exact: 24 bits by 24 bits. Tiny is what is below the least normal number before it is rounded. */
        const double product = (double)tv_operand(a.lane[i]) * (double)tv_operand(b.lane[i]);
        const double magnitude = product < 0.0 ? -product : product;
        const uint32_t sign = (a.lane[i] ^ b.lane[i]) & TV_SIGN_BIT;

        if (product != product) {
            r.lane[i] = TV_DEFAULT_NAN;
        } else {
            r.lane[i] = magnitude < TV_LEAST_NORMAL ? sign : tv_bits_of((float)product);
        }
    }
    return r;
}

/* Exact below 2^24; above, the nearest float. */
static inline float32x4_t vcvtq_f32_s32(int32x4_t a)
{
    float32x4_t r = {{0}};

    for (int32_t i = 0; i < 4; i++) {
        r.lane[i] = tv_bits_of((float)a.lane[i]);
    }
    return r;
}

/* To the nearest integer, ties to even, saturated; 0 for NaN. From 2^23 on every float is an integer; below,
 * 2^23 + |a| has its unit in the last place. */
static inline int32x4_t vcvtnq_s32_f32(float32x4_t a)
{
    int32x4_t r = {{0}};

    for (int32_t i = 0; i < 4; i++) {
        const float value = tv_operand(a.lane[i]);
        const float magnitude = value < 0.0f ? -value : value;

        if (value != value) {
            r.lane[i] = 0;
        } else if (value >= 2147483648.0f) {
            r.lane[i] = INT32_MAX;
        } else if (value < -2147483648.0f) {
            r.lane[i] = INT32_MIN;
        } else if (magnitude >= 8388608.0f) {
            r.lane[i] = (int32_t)value;
        } else {
            const int32_t nearest = (int32_t)((magnitude + 8388608.0f) - 8388608.0f);

            r.lane[i] = value < 0.0f ? -nearest : nearest;
        }
    }
    return r;
}

#endif

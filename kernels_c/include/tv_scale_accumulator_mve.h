/* The vector form of tv_scale_accumulator.h: four accumulators at a time, sixteen codes a store.
 * Shifts arrive negated (`minus_shift` in [-31, 0]), because vrshl shifts right by a negative count. */
#ifndef TV_SCALE_ACCUMULATOR_MVE_H
#define TV_SCALE_ACCUMULATOR_MVE_H

#include <arm_mve.h>

#include "tv_types.h"

static inline int32x4_t tv_scale_accumulator_mve(int32x4_t acc, int32x4_t multiplier, int32x4_t minus_shift,
                                                 tv_rounding rounding)
{
    int32x4_t high = vqrdmulhq_s32(acc, multiplier); /* (acc * multiplier + 2^30) >> 31; no saturation: multiplier > 0 */

    if (rounding == TV_DOUBLE_TIES_AWAY) {
        /* -1 where high < 0 and shift > 0: a negative tie then rounds down, away from zero. */
        high = vqaddq_s32(high, vshrq_n_s32(vandq_s32(high, minus_shift), 31));
    } else if (rounding == TV_SINGLE_TIES_UP) {
        /* For shift >= 1, floor((p + 2^(30+s)) / 2^(31+s)) = floor((floor(p / 2^31) + 2^(s-1)) / 2^s): the first
         * rounding is a floor (vqdmulh). For shift 0 the only rounding is that of vqrdmulh. */
        high = vpselq_s32(high, vqdmulhq_s32(acc, multiplier), vcmpeqq_n_s32(minus_shift, 0));
    } else {
        /* TV_DOUBLE_TIES_UP: nothing to correct. */
    }
    return vrshlq_s32(high, minus_shift);
}

/* The same in int16 lanes, for acc of int16 and multiplier = 2^16 * (the lane of `multiplier`): then
 * (acc * 2^16 m + 2^30) >> 31 = (acc * m + 2^14) >> 15, which is vqrdmulh of 16 bits (requantize.int16_form). */
static inline int16x8_t tv_scale_accumulator_int16_mve(int16x8_t acc, int16x8_t multiplier, int16x8_t minus_shift,
                                                       tv_rounding rounding)
{
    int16x8_t high = vqrdmulhq_s16(acc, multiplier);

    if (rounding == TV_DOUBLE_TIES_AWAY) {
        high = vqaddq_s16(high, vshrq_n_s16(vandq_s16(high, minus_shift), 15));
    } else if (rounding == TV_SINGLE_TIES_UP) {
        high = vpselq_s16(high, vqdmulhq_s16(acc, multiplier), vcmpeqq_n_s16(minus_shift, 0));
    } else {
        /* TV_DOUBLE_TIES_UP: nothing to correct. */
    }
    return vrshlq_s16(high, minus_shift);
}

/* Eight scaled accumulators to int16 with saturation: lane 2i is lane i of `even`, lane 2i + 1 of `odd`. */
static inline int16x8_t tv_narrow_pair_mve(int32x4_t even, int32x4_t odd)
{
    return vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), even), odd); /* every lane is overwritten */
}

/* Sixteen narrowed accumulators to sixteen codes max(clamp(scaled + zero_point, -128, 127), lo).
 * With `even` from (s0, s1) and `odd` from (s2, s3), byte 4i is lane i of s0, 4i + 1 of s2, 4i + 2 of s1, 4i + 3 of
 * s3. Tables in "lane order" (tinyverify.emit.tables) undo it, so that the codes come out in the network's order.
 * Saturating to int16, adding the zero point with saturation, and saturating to int8 is one clamp to int8,
 * because |zero_point| <= 128 cannot carry a saturated int16 back into int8. */
static inline int8x16_t tv_narrow_mve(int16x8_t even, int16x8_t odd, int32_t zero_point, int32_t lo)
{
    int8x16_t codes;

    if (zero_point == -128 && lo == -128) {
        /* clamp(scaled, 0, 255) - 128, and taking 128 from an unsigned byte is flipping its top bit. */
        const uint8x16_t low = vqmovunbq_s16(vdupq_n_u8(0), even);
        const uint8x16_t both = vqmovuntq_s16(low, odd);

        codes = vreinterpretq_s8_u8(veorq_u8(both, vdupq_n_u8(0x80)));
    } else {
        even = vqaddq_n_s16(even, (int16_t)zero_point);
        odd = vqaddq_n_s16(odd, (int16_t)zero_point);
        codes = vqmovntq_s16(vqmovnbq_s16(vdupq_n_s8(0), even), odd);
        codes = vmaxq_s8(codes, vdupq_n_s8((int8_t)lo));
    }
    return codes;
}

/* Four scaled accumulators to four codes in int32 lanes, for the rest of a row of outputs that fills no block. */
static inline int32x4_t tv_narrow_four_mve(int32x4_t scaled, int32_t zero_point, int32_t lo)
{
    const int32x4_t codes = vqaddq_n_s32(scaled, zero_point);

    return vminq_s32(vmaxq_s32(codes, vdupq_n_s32(lo)), vdupq_n_s32(127));
}

/* Eight scaled accumulators of int16 to eight codes in int16 lanes, for a rest. */
static inline int16x8_t tv_narrow_eight_mve(int16x8_t scaled, int32_t zero_point, int32_t lo)
{
    const int16x8_t codes = vqaddq_n_s16(scaled, (int16_t)zero_point);

    return vminq_s16(vmaxq_s16(codes, vdupq_n_s16((int16_t)lo)), vdupq_n_s16(127));
}

#endif

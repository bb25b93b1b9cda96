/* Guard of the float border, going in: which features the quantizer cannot represent. No floating-point operation. */
#include "tv_checked.h"
#include "../src/tv_observation_limits.h"

#define TV_ALL_BUT_SIGN 0x7FFFFFFFu
#define TV_INFINITY_BITS 0x7F800000u
#define TV_SMALLEST_NORMAL_BITS 0x00800000u

/* What is wrong with a feature of this magnitude that is subnormal or outside its limits. */
static uint32_t tv_name_magnitude(uint32_t magnitude)
{
    uint32_t fault;

    if (magnitude > TV_INFINITY_BITS) {
        fault = TV_FAULT_NAN;
    } else if (magnitude == TV_INFINITY_BITS) {
        fault = TV_FAULT_INF;
    } else if (magnitude < TV_SMALLEST_NORMAL_BITS) {
        fault = TV_FAULT_UNDERFLOW;
    } else {
        fault = TV_FAULT_OVERFLOW;
    }
    return fault;
}

uint32_t tv_check_observation(const float obs[TV_OBS_DIM])
{
    uint32_t faults = 0u;

    /*@ loop invariant 0 <= i <= TV_OBS_DIM;
        loop assigns i, faults;
        loop variant TV_OBS_DIM - i; */
    for (int32_t i = 0; i < TV_OBS_DIM; i++) {
        const union {
            float value;
            uint32_t bits;
        } pattern = {obs[i]};
        const uint32_t magnitude = pattern.bits & TV_ALL_BUT_SIGN;
        /* Patterns in the order of their numbers: those of negative numbers count backwards, so all but the sign flips. */
        const uint32_t place = pattern.bits ^ (pattern.bits > TV_ALL_BUT_SIGN ? TV_ALL_BUT_SIGN : 0u);

        /* Past either limit, infinities and NaNs included; or subnormal, where 0 wraps and is none. */
        if ((place - tv_observation_limits[i].lowest) > tv_observation_limits[i].span ||
            (magnitude - 1u) < (TV_SMALLEST_NORMAL_BITS - 1u)) {
            faults |= tv_name_magnitude(magnitude);
        }
    }
    return faults;
}

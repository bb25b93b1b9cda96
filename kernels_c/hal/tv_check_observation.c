/* Guard of the float border, going in: which features the quantizer cannot represent. */
#include "tv_checked.h"
#include "../src/tv_policy_tables.h"

#define TV_INFINITY_BITS 0x7F800000u
#define TV_SMALLEST_NORMAL_BITS 0x00800000u

uint32_t tv_check_observation(const float obs[TV_OBS_DIM])
{
    uint32_t faults = 0u;

    for (int32_t i = 0; i < TV_OBS_DIM; i++) {
        const union {
            float value;
            uint32_t bits;
        } pattern = {obs[i]};
        const uint32_t magnitude = pattern.bits & 0x7FFFFFFFu;

        if (magnitude > TV_INFINITY_BITS) {
            faults |= TV_FAULT_NAN;
        } else if (magnitude == TV_INFINITY_BITS) {
            faults |= TV_FAULT_INF;
        } else if (magnitude < TV_SMALLEST_NORMAL_BITS) {
            faults |= magnitude != 0u ? TV_FAULT_UNDERFLOW : 0u;
        } else {
            /* In codes. The limits are multiples of 1/2 below 2^9: exact. An infinite product is beyond both. */
            const float product = obs[i] * tv_input_inv_scale[i];
            const float low = (float)(-128 - tv_input_zero_point[i]) - 0.5f;
            const float high = (float)(127 - tv_input_zero_point[i]) + 0.5f;

            faults |= (product < low || product > high) ? TV_FAULT_OVERFLOW : 0u;
        }
    }
    return faults;
}

/* Guard of the float border, coming out: a result that the policy cannot give shows that memory or core failed. */
#include "tv_checked.h"

/* Whether a float is neither infinite nor NaN, by its exponent bits. */
static uint32_t tv_finite(float value)
{
    const union {
        float value;
        uint32_t bits;
    } pattern = {value};

    return (pattern.bits & 0x7F800000u) != 0x7F800000u ? 1u : 0u;
}

uint32_t tv_check_output(const tv_output *out)
{
    uint32_t sound = 1u;

    /*@ loop invariant 0 <= j <= TV_OUTPUTS;
        loop assigns j, sound;
        loop variant TV_OUTPUTS - j; */
    for (int32_t j = 0; j < TV_OUTPUTS; j++) {
        sound &= tv_finite(out->logits[j]);
    }
#if TV_DISCRETE
    if (out->action < 0 || out->action >= TV_OUTPUTS) {
        return TV_FAULT_OUTPUT;
    }
    /*@ loop invariant 0 <= j <= TV_OUTPUTS;
        loop assigns j, sound;
        loop variant TV_OUTPUTS - j; */
    for (int32_t j = 0; j < TV_OUTPUTS; j++) {
        sound &= out->acc[j] <= out->acc[out->action] ? 1u : 0u;
        sound &= (out->probability[j] <= 32768u && out->weight[j] <= 127u) ? 1u : 0u;
    }
#else
    sound &= tv_finite(out->action);
    sound &= (out->action >= -TV_ACTION_MOST && out->action <= TV_ACTION_MOST) ? 1u : 0u;
#endif
    return sound != 0u ? 0u : TV_FAULT_OUTPUT;
}

/* The generator xorshift32. */
#include "tv_kernels.h"

#define TV_XORSHIFT_SEED 0x9E3779B9u

TV_KERNEL uint32_t tv_xorshift32(uint32_t *state)
{
    uint32_t s = *state != 0u ? *state : TV_XORSHIFT_SEED;

    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    *state = s;
    return s;
}

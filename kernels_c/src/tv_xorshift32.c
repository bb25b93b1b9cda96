/* The generator xorshift32. */
#include "tv_kernels.h"

#define TV_XORSHIFT_SEED 0x9E3779B9u

TV_KERNEL uint32_t tv_xorshift32(uint32_t *state)
{
    uint32_t s = *state != 0u ? *state : TV_XORSHIFT_SEED;

    /*@ ghost uint32_t before = s; */
    s ^= s << 13;
    /*@ assert s == tv_xorshift_left(before, 13); */
    /*@ ghost before = s; */
    s ^= s >> 17;
    /*@ assert s == tv_xorshift_right(before, 17); */
    /*@ ghost before = s; */
    s ^= s << 5;
    /*@ assert s == tv_xorshift_left(before, 5); */
    *state = s;
    return s;
}

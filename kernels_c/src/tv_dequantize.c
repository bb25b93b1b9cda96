/* dequantize, scalar. */
#include "tv_kernels.h"

TV_KERNEL void tv_dequantize(const int32_t *restrict acc, const float *restrict scale, int32_t n,
                             float *restrict logits)
{
    /*@ loop invariant 0 <= j <= n;
        loop assigns j, logits[0 .. n - 1];
        loop variant n - j; */
    for (int32_t j = 0; j < n; j++) {
        logits[j] = (float)acc[j] * scale[j];
    }
}

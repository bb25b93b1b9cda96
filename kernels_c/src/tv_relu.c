/* relu, scalar. */
#include "tv_kernels.h"

TV_KERNEL void tv_relu(int8_t *q, int32_t n, int32_t zero_point)
{
    for (int32_t i = 0; i < n; i++) {
        q[i] = q[i] < zero_point ? (int8_t)zero_point : q[i];
    }
}

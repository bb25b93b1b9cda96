/* relu, scalar. */
#include "tv_kernels.h"

TV_KERNEL void tv_relu(int8_t *q, int32_t n, int32_t zero_point)
{
    /*@ loop invariant 0 <= i <= n;
        loop invariant \forall integer k; 0 <= k < i ==> q[k] == \max(\at(q[k], Pre), zero_point);
        loop invariant \forall integer k; i <= k < n ==> q[k] == \at(q[k], Pre);
        loop assigns i, q[0 .. n - 1];
        loop variant n - i; */
    for (int32_t i = 0; i < n; i++) {
        q[i] = q[i] < zero_point ? (int8_t)zero_point : q[i];
    }
}

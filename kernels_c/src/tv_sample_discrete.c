/* sample, discrete: inversion of the cumulative table weights. Every weight is read, whatever the draw. */
#include "tv_kernels.h"

TV_KERNEL int32_t tv_sample_discrete(const uint8_t *weight, int32_t n, uint32_t random)
{
    uint32_t sum = 0u; /* <= 127 * 4096 */
    uint32_t threshold;
    uint32_t cumulative = 0u;
    int32_t action = 0;

    for (int32_t i = 0; i < n; i++) {
        sum += weight[i];
    }
    threshold = (uint32_t)(((uint64_t)random * sum) >> 32); /* < sum */
    for (int32_t i = 0; i < n; i++) {
        cumulative += weight[i];
        action += cumulative <= threshold ? 1 : 0; /* counts the entries before the first above the threshold */
    }
    return action; /* cumulative ends at sum > threshold, so action < n */
}

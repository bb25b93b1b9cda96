/* softmax_lut, scalar. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL void tv_softmax_lut(const int32_t *restrict acc, int32_t n, int32_t multiplier, int32_t shift,
                              const int8_t *restrict exp_lut, tv_rounding rounding, uint8_t *restrict weight,
                              uint16_t *restrict probability)
{
    int32_t largest = acc[0];
    uint32_t sum = 0u; /* <= 127 * 4096 */

    for (int32_t i = 1; i < n; i++) {
        largest = acc[i] > largest ? acc[i] : largest;
    }
    for (int32_t i = 0; i < n; i++) {
        /* index = clamp(scaled - 128, -128, 127) + 128 = clamp(scaled, 0, 255) */
        const int32_t index = tv_clamp(tv_scale_accumulator(largest - acc[i], multiplier, shift, rounding), 0, 255);

        weight[i] = (uint8_t)exp_lut[index];
        sum += weight[i];
    }
    for (int32_t i = 0; i < n; i++) {
        /* numerator < 127 * 2^15 + 2^18; sum >= 127, the largest's weight */
        probability[i] = (uint16_t)((((uint32_t)weight[i] << 15) + (sum >> 1)) / sum);
    }
}

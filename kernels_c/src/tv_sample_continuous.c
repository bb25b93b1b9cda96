/* sample, continuous: mean and log_std to int8, Gaussian noise by table, squashed by table. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL int32_t tv_sample_continuous(const int32_t *acc, const tv_gaussian *head, int32_t z, tv_rounding rounding)
{
    const int32_t mean =
        tv_requantize_one(acc[0], head->multiplier[0], head->shift[0], head->zero_point[0], -128, 127, rounding);
    const int32_t log_std =
        tv_requantize_one(acc[1], head->multiplier[1], head->shift[1], head->zero_point[1], -128, 127, rounding);
    /*@ assert -128 <= head->std_lut[log_std + 128] <= 127; */
    /*@ ghost tv_lemma_product(head->std_lut[log_std + 128], z); */
    const int32_t spread = head->std_lut[log_std + 128] * z; /* |spread| <= 2^14 */
    const int32_t noise = tv_requantize_one(spread, head->noise_multiplier, head->noise_shift, 0, -128, 127, rounding);

    return head->tanh_lut[tv_clamp(mean + noise, -128, 127) + 128];
}

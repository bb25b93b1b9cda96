/* arg max of int32 accumulators, MVE: the maximum first, then the least index that reaches it. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

TV_KERNEL int32_t tv_arg_max_mve(const int32_t *acc, int32_t n)
{
    int32_t largest = INT32_MIN;
    uint32_t best = UINT32_MAX;

    for (int32_t i = 0; i < n; i += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i));

        largest = vmaxvq_p_s32(largest, vldrwq_z_s32(acc + i, rest), rest);
    }
    for (int32_t i = 0; i < n; i += 4) {
        const mve_pred16_t rest = vctp32q((uint32_t)(n - i));
        const mve_pred16_t equal = vcmpeqq_m_n_s32(vldrwq_z_s32(acc + i, rest), largest, rest);

        best = vminvq_p_u32(best, vidupq_n_u32((uint32_t)i, 1), equal);
    }
    return (int32_t)best; /* some lane equals the maximum, so best < n */
}

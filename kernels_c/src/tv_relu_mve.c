/* relu, MVE: sixteen codes at a time, the last vector predicated. */
#include <arm_mve.h>

#include "tv_kernels_mve.h"

TV_KERNEL void tv_relu_mve(int8_t *q, int32_t n, int32_t zero_point)
{
    const int8x16_t zero = vdupq_n_s8((int8_t)zero_point);

    for (int32_t i = 0; i < n; i += 16) {
        const mve_pred16_t rest = vctp8q((uint32_t)(n - i));

        vstrbq_p_s8(q + i, vmaxq_s8(vldrbq_z_s8(q + i, rest), zero), rest);
    }
    TV_VECTOR_STORES_DONE();
}

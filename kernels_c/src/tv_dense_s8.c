/* dense_s8, scalar. */
#include "tv_kernels.h"

TV_KERNEL void tv_dense_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out, const int8_t *restrict weight,
                           int32_t out_stride, int32_t in_stride, const int32_t *restrict bias, int32_t *restrict acc)
{
    /*@ loop invariant 0 <= j <= n_out;
        loop invariant \forall integer k; 0 <= k < j ==>
            acc[k] == tv_accumulator(x, weight, bias, k, out_stride, in_stride, n_in);
        loop invariant \forall integer k; 0 <= k < j ==> bias[k] - 16384 * n_in <= acc[k] <= bias[k] + 16384 * n_in;
        loop assigns j, acc[0 .. n_out - 1];
        loop variant n_out - j; */
    for (int32_t j = 0; j < n_out; j++) {
        int32_t sum = bias[j];

        /*@ loop invariant 0 <= i <= n_in;
            loop invariant sum == tv_accumulator(x, weight, bias, j, out_stride, in_stride, i);
            loop invariant bias[j] - 16384 * i <= sum <= bias[j] + 16384 * i;
            loop assigns i, sum;
            loop variant n_in - i; */
        for (int32_t i = 0; i < n_in; i++) {
            /*@ ghost tv_lemma_index(j, n_out, out_stride, i, n_in, in_stride); */
            const int32_t at = j * out_stride + i * in_stride;

            /*@ ghost tv_lemma_product(weight[at], x[i]); */
            sum += (int32_t)weight[at] * x[i]; /* |product| <= 2^14 */
        }
        acc[j] = sum;
    }
}

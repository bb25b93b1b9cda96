/* dense_s8 with requantize and relu fused, scalar. */
#include "tv_kernels.h"
#include "tv_scale_accumulator.h"

TV_KERNEL void tv_dense_requantize_s8(const int8_t *restrict x, int32_t n_in, int32_t n_out,
                                      const int8_t *restrict weight, int32_t out_stride, int32_t in_stride,
                                      const int32_t *restrict bias, const int32_t *restrict multiplier,
                                      const int32_t *restrict shift, int32_t zero_point, tv_rounding rounding,
                                      int8_t *restrict y)
{
    /*@ loop invariant 0 <= j <= n_out;
        loop invariant \forall integer k; 0 <= k < j ==>
            y[k] == tv_requantized(tv_accumulator{Pre}(x, weight, bias, k, out_stride, in_stride, n_in), multiplier[k],
                                   shift[k], zero_point, zero_point, 127, rounding);
        loop assigns j, y[0 .. n_out - 1];
        loop variant n_out - j; */
    for (int32_t j = 0; j < n_out; j++) {
        int32_t sum = bias[j];

        /*@ loop invariant 0 <= i <= n_in;
            loop invariant sum == tv_accumulator{Pre}(x, weight, bias, j, out_stride, in_stride, i);
            loop invariant bias[j] - 16384 * i <= sum <= bias[j] + 16384 * i;
            loop assigns i, sum;
            loop variant n_in - i; */
        for (int32_t i = 0; i < n_in; i++) {
            /*@ ghost tv_lemma_index(j, n_out, out_stride, i, n_in, in_stride); */
            const int32_t at = j * out_stride + i * in_stride;

            /*@ ghost tv_lemma_product(weight[at], x[i]); */
            /*@ assert weight[at] == \at(weight[\at(at, Here)], Pre) && x[i] == \at(x[\at(i, Here)], Pre); */
            /*@ assert tv_term(x, weight, at, i) == tv_term{Pre}(x, weight, at, i); */
            /*@ assert tv_dot{Pre}(x, weight, j * out_stride, in_stride, i + 1) ==
                tv_dot{Pre}(x, weight, j * out_stride, in_stride, i) + tv_term{Pre}(x, weight, at, i); */
            sum += (int32_t)weight[at] * x[i]; /* |product| <= 2^14 */
        }
        y[j] = tv_requantize_one(sum, multiplier[j], shift[j], zero_point, zero_point, 127, rounding);
        /*@ assert y[j] == tv_requantized(tv_accumulator{Pre}(x, weight, bias, j, out_stride, in_stride, n_in),
                                          multiplier[j], shift[j], zero_point, zero_point, 127, rounding); */
    }
}

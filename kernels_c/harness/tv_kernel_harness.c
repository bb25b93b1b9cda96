/* The emulator's test program for single kernels: reads cases from "cases.bin", runs the kernel that each names,
 * writes the whole output buffer, poison included, to "kernel-results.bin". Layouts as in tests/kernel_support.py. */
#include <stdint.h>

#include "tv_kernels.h"
#include "tv_semihosting.h"
#if defined(__ARM_FEATURE_MVE)
#include "tv_kernels_mve.h"
#endif

#define TV_LANES 48u
#define TV_POISON 0x5Au

typedef struct {
    int32_t kernel, n, m, zero_point, lo, hi, rounding, multiplier, shift;
    uint32_t word;
    int8_t x[TV_LANES];
    int8_t weight[TV_LANES * TV_LANES];
    union {
        int32_t i[TV_LANES];
        float f[TV_LANES];
        int16_t h[TV_LANES];
    } a, b, c;
} tv_kernel_case;

typedef struct {
    int32_t value;
    uint32_t word;
    union {
        int32_t i[TV_LANES + 4u];
        float f[TV_LANES + 4u];
        int8_t q[4u * (TV_LANES + 4u)];
        uint8_t u[4u * (TV_LANES + 4u)];
    } y;
    uint16_t p[TV_LANES + 4u];
} tv_kernel_result;

static tv_kernel_case tv_case;
static tv_kernel_result tv_result;
static int8_t tv_table[256];

void tv_fault(void);
void tv_fault(void)
{
    tv_exit("tinyverify: processor fault\n", 99u);
}

static void tv_scalar(const tv_kernel_case *c, tv_kernel_result *r)
{
    const tv_rounding rounding = (tv_rounding)c->rounding;
    const tv_gaussian head = {c->a.i, c->b.i, c->c.i, c->multiplier, c->shift, tv_table, tv_table};

    switch (c->kernel) {
    case 0:
        r->value = (int32_t)tv_quantize_f32(c->a.f, c->b.f, c->c.i, c->n, r->y.q);
        break;
    case 1:
        tv_dense_s8(c->x, c->n, c->m, c->weight, c->lo, c->hi, c->a.i, r->y.i);
        break;
    case 2:
        tv_dense_requantize_s8(c->x, c->n, c->m, c->weight, c->lo, c->hi, c->a.i, c->b.i, c->c.i, c->zero_point,
                               rounding, r->y.q);
        break;
    case 3:
        tv_requantize(c->a.i, c->n, c->b.i, c->c.i, c->zero_point, c->lo, c->hi, rounding, r->y.q);
        break;
    case 4:
        for (int32_t i = 0; i < c->n; i++) {
            r->y.q[i] = c->x[i];
        }
        tv_relu(r->y.q, c->n, c->zero_point);
        break;
    case 5:
        tv_dequantize(c->a.i, c->b.f, c->n, r->y.f);
        break;
    case 6:
        r->value = tv_arg_max(c->a.i, c->n);
        break;
    case 7:
        tv_softmax_lut(c->a.i, c->n, c->multiplier, c->shift, tv_table, rounding, r->y.u, r->p);
        break;
    case 8:
        r->value = tv_sample_discrete((const uint8_t *)c->x, c->n, c->word);
        break;
    case 9:
        /* weight holds the two accumulators */
        r->value = tv_sample_continuous((const int32_t *)(const void *)c->weight, &head, c->n, rounding);
        break;
    case 10:
        r->word = c->word;
        r->value = (int32_t)tv_xorshift32(&r->word);
        break;
    default:
        tv_exit("tinyverify: no such kernel\n", 7u);
    }
}

#if defined(__ARM_FEATURE_MVE)
static void tv_vector(const tv_kernel_case *c, tv_kernel_result *r)
{
    const tv_rounding rounding = (tv_rounding)c->rounding;

    switch (c->kernel - 100) {
    case 0:
        r->value = (int32_t)tv_quantize_f32_mve(c->a.f, c->b.f, c->c.i, c->n, r->y.q);
        break;
    case 1:
        tv_dense_s8_mve(c->x, c->n, c->m, c->weight, c->a.i, r->y.i);
        break;
    case 2:
        tv_dense_requantize_s8_rows_mve(c->x, c->n, c->m, c->weight, c->a.i, c->b.i, c->c.i, c->zero_point, rounding,
                                        r->y.q);
        break;
    case 3:
        tv_requantize_mve(c->a.i, c->n, c->b.i, c->c.i, c->zero_point, c->lo, c->hi, rounding, r->y.q);
        break;
    case 4:
        for (int32_t i = 0; i < c->n; i++) {
            r->y.q[i] = c->x[i];
        }
        tv_relu_mve(r->y.q, c->n, c->zero_point);
        break;
    case 5:
        tv_dequantize_mve(c->a.i, c->b.f, c->n, r->y.f);
        break;
    case 6:
        r->value = tv_arg_max_mve(c->a.i, c->n);
        break;
    case 7:
        tv_softmax_lut_mve(c->a.i, c->n, c->multiplier, c->shift, tv_table, rounding, r->y.u, r->p);
        break;
    case 11:
        tv_dense_s8_outer_mve(c->x, c->n, c->m, c->weight, c->a.i, r->y.i);
        break;
    case 12:
        tv_dense_requantize_s8_outer_mve(c->x, c->n, c->m, c->weight, c->a.i, c->b.i, c->c.i, c->zero_point, rounding,
                                         r->y.q);
        break;
    case 13:
        tv_dense_requantize_s8_outer_int16_mve(c->x, c->n, c->m, c->weight, c->a.h, c->b.h, c->c.h, c->zero_point,
                                               rounding, r->y.q);
        break;
    default:
        tv_exit("tinyverify: no such kernel\n", 7u);
    }
}
#endif

int main(void)
{
    const int32_t in = tv_open("cases.bin", TV_MODE_RB);
    const int32_t out = tv_open("kernel-results.bin", TV_MODE_WB);
    uint32_t count;

    tv_read(in, &count, sizeof count);
    tv_read(in, tv_table, sizeof tv_table);
    while (count-- > 0u) {
        uint8_t *poison = (uint8_t *)&tv_result;

        tv_read(in, &tv_case, sizeof tv_case);
        for (uint32_t i = 0u; i < sizeof tv_result; i++) {
            poison[i] = TV_POISON;
        }
        if (tv_case.kernel < 100) {
            tv_scalar(&tv_case, &tv_result);
        } else {
#if defined(__ARM_FEATURE_MVE)
            tv_vector(&tv_case, &tv_result);
#else
            tv_exit("tinyverify: built without MVE\n", 7u);
#endif
        }
        tv_write(out, &tv_result, sizeof tv_result);
    }
    tv_close(out);
    tv_exit("", 0u);
}

/* The test program for single kernels, on the emulated core and on this machine: reads groups of cases from "cases.bin",
 * runs the kernel that each group names on each of its inputs, writes the whole output buffers, poison included, to
 * "kernel-results.bin". Layouts as in tests/kernel_support.py. */
#include <stdint.h>

#include "tv_kernels.h"
#if defined(__arm__)
#include "tv_semihosting.h"
#else
#include "tv_host_files.h"
#endif
#if defined(__ARM_FEATURE_MVE)
#include "tv_kernels_mve.h"
#endif

#define TV_LANES 96
#define TV_WEIGHTS 4096
#define TV_INPUTS 50
#define TV_POISON 0x5A5A5A5Au

typedef union {
    int32_t i[TV_LANES];
    float f[TV_LANES];
    int16_t h[TV_LANES];
} tv_lanes;

/* What differs from input to input. */
typedef struct {
    uint32_t word;
    int8_t x[TV_LANES];
    tv_lanes a;
} tv_kernel_input;

/* What the inputs of a group share. */
typedef struct {
    int32_t kernel, n, m, zero_point, lo, hi, rounding, multiplier, shift;
    int8_t weight[TV_WEIGHTS];
    tv_lanes b, c;
    tv_kernel_input inputs[TV_INPUTS];
} tv_kernel_group;

typedef union {
    struct {
        int32_t value;
        uint32_t word;
        union {
            int32_t i[TV_LANES];
            float f[TV_LANES];
            int8_t q[4 * TV_LANES];
            uint8_t u[4 * TV_LANES];
        } y;
        uint16_t p[TV_LANES];
        uint32_t guard[4];
    } is;
    uint32_t words[2 + TV_LANES + TV_LANES / 2 + 4];
} tv_kernel_result;

static tv_kernel_group tv_group;
static tv_kernel_result tv_results[TV_INPUTS];
static int8_t tv_table[256];

#if defined(__arm__)
void tv_fault(void);
void tv_fault(void)
{
    tv_exit("tinyverify: processor fault\n", 99u);
}
#endif

static void tv_scalar(const tv_kernel_group *c, const tv_kernel_input *in, tv_kernel_result *r)
{
    const tv_rounding rounding = (tv_rounding)c->rounding;
    const int32_t zero_point[2] = {c->lo, c->hi};
    const tv_gaussian head = {c->b.i, c->c.i, zero_point, c->multiplier, c->shift, tv_table, tv_table};

    switch (c->kernel) {
    case 0:
        r->is.value = (int32_t)tv_quantize_f32(in->a.f, c->b.f, c->c.i, c->n, r->is.y.q);
        break;
    case 1:
        tv_dense_s8(in->x, c->n, c->m, c->weight, c->lo, c->hi, in->a.i, r->is.y.i);
        break;
    case 2:
        tv_dense_requantize_s8(in->x, c->n, c->m, c->weight, c->lo, c->hi, in->a.i, c->b.i, c->c.i, c->zero_point,
                               rounding, r->is.y.q);
        break;
    case 3:
        tv_requantize(in->a.i, c->n, c->b.i, c->c.i, c->zero_point, c->lo, c->hi, rounding, r->is.y.q);
        break;
    case 4:
        for (int32_t i = 0; i < c->n; i++) {
            r->is.y.q[i] = in->x[i];
        }
        tv_relu(r->is.y.q, c->n, c->zero_point);
        break;
    case 5:
        tv_dequantize(in->a.i, c->b.f, c->n, r->is.y.f);
        break;
    case 6:
        r->is.value = tv_arg_max(in->a.i, c->n);
        break;
    case 7:
        tv_softmax_lut(in->a.i, c->n, c->multiplier, c->shift, tv_table, rounding, r->is.y.u, r->is.p);
        break;
    case 8:
        r->is.value = tv_sample_discrete((const uint8_t *)in->x, c->n, in->word);
        break;
    case 9:
        r->is.value = tv_sample_continuous(in->a.i, &head, (int32_t)in->word, rounding);
        break;
    case 10:
        r->is.word = in->word;
        r->is.value = (int32_t)tv_xorshift32(&r->is.word);
        break;
    default:
        tv_exit("tinyverify: no such kernel\n", 7u);
    }
}

#if defined(__ARM_FEATURE_MVE)
static void tv_vector(const tv_kernel_group *c, const tv_kernel_input *in, tv_kernel_result *r)
{
    const tv_rounding rounding = (tv_rounding)c->rounding;

    switch (c->kernel - 100) {
    case 0:
        r->is.value = (int32_t)tv_quantize_f32_mve(in->a.f, c->b.f, c->c.i, c->n, r->is.y.q);
        break;
    case 1:
        tv_dense_s8_mve(in->x, c->n, c->m, c->weight, in->a.i, r->is.y.i);
        break;
    case 2:
        tv_dense_requantize_s8_rows_mve(in->x, c->n, c->m, c->weight, in->a.i, c->b.i, c->c.i, c->zero_point, rounding,
                                        r->is.y.q);
        break;
    case 3:
        tv_requantize_mve(in->a.i, c->n, c->b.i, c->c.i, c->zero_point, c->lo, c->hi, rounding, r->is.y.q);
        break;
    case 4:
        for (int32_t i = 0; i < c->n; i++) {
            r->is.y.q[i] = in->x[i];
        }
        tv_relu_mve(r->is.y.q, c->n, c->zero_point);
        break;
    case 5:
        tv_dequantize_mve(in->a.i, c->b.f, c->n, r->is.y.f);
        break;
    case 6:
        r->is.value = tv_arg_max_mve(in->a.i, c->n);
        break;
    case 7:
        tv_softmax_lut_mve(in->a.i, c->n, c->multiplier, c->shift, tv_table, rounding, r->is.y.u, r->is.p);
        break;
    case 11:
        tv_dense_s8_outer_mve(in->x, c->n, c->m, c->weight, in->a.i, r->is.y.i);
        break;
    case 12:
        tv_dense_requantize_s8_outer_mve(in->x, c->n, c->m, c->weight, in->a.i, c->b.i, c->c.i, c->zero_point, rounding,
                                         r->is.y.q);
        break;
    case 13:
        tv_dense_requantize_s8_outer_int16_mve(in->x, c->n, c->m, c->weight, in->a.h, c->b.h, c->c.h, c->zero_point,
                                               rounding, r->is.y.q);
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
        tv_read(in, &tv_group, sizeof tv_group);
        for (uint32_t k = 0u; k < TV_INPUTS; k++) {
            tv_kernel_result *result = &tv_results[k];

            for (uint32_t i = 0u; i < sizeof result->words / sizeof result->words[0]; i++) {
                result->words[i] = TV_POISON;
            }
            if (tv_group.kernel < 100) {
                tv_scalar(&tv_group, &tv_group.inputs[k], result);
            } else {
#if defined(__ARM_FEATURE_MVE)
                tv_vector(&tv_group, &tv_group.inputs[k], result);
#else
                tv_exit("tinyverify: built without MVE\n", 7u);
#endif
            }
        }
        tv_write(out, tv_results, sizeof tv_results);
    }
    tv_close(out);
    tv_exit("", 0u);
}

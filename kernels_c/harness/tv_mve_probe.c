/* Every MVE intrinsic that the kernels use, once, on vectors from "cases.bin", for the core and, over kernels_c/models,
 * for this machine: tests/differential/test_mve_models.py compares the two. */
#include <arm_mve.h>
#include <stdint.h>

#if defined(__arm__)
#include "tv_semihosting.h"
#else
#include "tv_host_files.h"
#endif

#define TV_PROBES 74u
#define TV_STORES 65u /* from here to TV_STORES_END: what a store leaves in memory */
#define TV_STORES_END 73u

/* The sixteen bytes of a vector, as memory. */
typedef union {
    int8_t s8[16];
    uint8_t u8[16];
    int16_t s16[8];
    int32_t s32[4];
    uint32_t u32[4];
    float f32[4];
} tv_bytes;

/* The same as a vector; `word`: a result of the scalar kind. */
typedef union {
    int8x16_t s8;
    uint8x16_t u8;
    int16x8_t s16;
    int32x4_t s32;
    uint32x4_t u32;
    float32x4_t f32;
    uint32_t word;
} tv_vector;

typedef struct {
    tv_bytes a, b;
    int32_t scalar;
    uint32_t count; /* of active lanes */
} tv_probe_case;

static tv_probe_case tv_input;
static tv_bytes tv_output[TV_PROBES];

void tv_fault(void);
void tv_fault(void)
{
    tv_exit("tinyverify: processor fault\n", 99u);
}

static void tv_copy(void *to, const void *from)
{
    for (uint32_t i = 0u; i < 16u; i++) {
        ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    }
}

static void tv_probe(const tv_probe_case *c, tv_bytes to[TV_PROBES])
{
    static tv_vector r[TV_PROBES];
    const mve_pred16_t p = vctp32q(c->count);
    const mve_pred16_t bytes = vctp8q(c->count);
    tv_vector a, b, counts, offsets;
    tv_bytes lanes;

    for (uint32_t i = 0u; i < TV_PROBES; i++) {
        static const tv_bytes zero, poison = {.u32 = {0x5A5A5A5Au, 0x5A5A5A5Au, 0x5A5A5A5Au, 0x5A5A5A5Au}};

        tv_copy(&r[i], &zero);
        tv_copy(&to[i], &poison);
    }
    tv_copy(&a, &c->a);
    tv_copy(&b, &c->b);
    for (uint32_t i = 0u; i < 4u; i++) {
        lanes.u32[i] = c->b.u32[i] % 16u;
    }
    tv_copy(&offsets, &lanes);
    for (uint32_t i = 0u; i < 4u; i++) {
        lanes.s32[i] = -(int32_t)(c->b.u32[i] % 33u);
    }
    tv_copy(&counts, &lanes);
    r[0].s32 = vaddq_s32(a.s32, b.s32);
    r[1].s32 = vsubq_s32(a.s32, b.s32);
    r[2].s16 = vandq_s16(a.s16, b.s16);
    r[3].s32 = vandq_s32(a.s32, b.s32);
    r[4].u8 = veorq_u8(a.u8, b.u8);
    r[5].s8 = vmaxq_s8(a.s8, b.s8);
    r[6].s16 = vmaxq_s16(a.s16, b.s16);
    r[7].s32 = vmaxq_s32(a.s32, b.s32);
    r[8].s16 = vminq_s16(a.s16, b.s16);
    r[9].s32 = vminq_s32(a.s32, b.s32);
    r[10].s8 = vdupq_n_s8((int8_t)c->scalar);
    r[11].u8 = vdupq_n_u8((uint8_t)c->scalar);
    r[12].s16 = vdupq_n_s16((int16_t)c->scalar);
    r[13].s32 = vdupq_n_s32(c->scalar);
    r[14].u32 = vidupq_n_u32((uint32_t)c->scalar, 1);
    r[15].s16 = vshrq_n_s16(a.s16, 15);
    r[16].s32 = vshrq_n_s32(a.s32, 31);
    r[17].s16 = vshrq_n_s16(a.s16, 1);
    r[18].s32 = vshrq_n_s32(a.s32, 7);
    r[19].s16 = vpselq_s16(a.s16, b.s16, p);
    r[20].s32 = vpselq_s32(a.s32, b.s32, p);
    r[21].u32 = vreinterpretq_u32_s32(a.s32);
    r[22].s8 = vreinterpretq_s8_u8(a.u8);
    r[23].s32 = vreinterpretq_s32_f32(a.f32);
    r[24].s16 = vqaddq_s16(a.s16, b.s16);
    r[25].s32 = vqaddq_s32(a.s32, b.s32);
    r[26].s16 = vqaddq_n_s16(a.s16, (int16_t)c->scalar);
    r[27].s32 = vqaddq_n_s32(a.s32, c->scalar);
    r[28].s16 = vqdmulhq_s16(a.s16, b.s16);
    r[29].s32 = vqdmulhq_s32(a.s32, b.s32);
    r[30].s16 = vqrdmulhq_s16(a.s16, b.s16);
    r[31].s32 = vqrdmulhq_s32(a.s32, b.s32);
    r[32].s8 = vqmovnbq_s16(a.s8, b.s16);
    r[33].s8 = vqmovntq_s16(a.s8, b.s16);
    r[34].s16 = vqmovnbq_s32(a.s16, b.s32);
    r[35].s16 = vqmovntq_s32(a.s16, b.s32);
    r[36].u8 = vqmovunbq_s16(a.u8, b.s16);
    r[37].u8 = vqmovuntq_s16(a.u8, b.s16);
    r[38].s16 = vmlaq_n_s16(a.s16, b.s16, (int16_t)c->scalar);
    r[39].s32 = vmlaq_n_s32(a.s32, b.s32, c->scalar);
    r[41].s32 = vrshlq_s32(a.s32, counts.s32);
    r[42].f32 = vmulq_f32(a.f32, b.f32);
    r[43].f32 = vcvtq_f32_s32(a.s32);
    r[44].s32 = vcvtnq_s32_f32(a.f32);
    r[45].s8 = vld1q_s8(c->b.s8);
    r[46].s16 = vld1q_s16(c->b.s16);
    r[47].s32 = vld1q_s32(c->b.s32);
    r[48].f32 = vld1q_f32(c->b.f32);
    r[49].s16 = vldrbq_s16(c->b.s8);
    r[50].s32 = vldrbq_s32(c->b.s8);
    r[51].s8 = vldrbq_z_s8(c->b.s8, bytes);
    r[52].s32 = vldrwq_z_s32(c->b.s32, p);
    r[53].f32 = vldrwq_z_f32(c->b.f32, p);
    r[54].word = (uint32_t)vmaxvq_p_s32(c->scalar, a.s32, p);
    r[55].word = (uint32_t)vminvq_s32(c->scalar, a.s32);
    r[56].word = (uint32_t)vminvq_u32((uint32_t)c->scalar, a.u32);
    r[57].word = (uint32_t)vminvq_p_u32((uint32_t)c->scalar, a.u32, p);
    r[58].word = (uint32_t)vaddvaq_p_u32((uint32_t)c->scalar, a.u32, p);
    r[59].word = (uint32_t)vmladavaq_s8(c->scalar, a.s8, b.s8);
    r[60].word = (uint32_t)vcmpeqq_n_s16(a.s16, (int16_t)c->scalar);
    r[61].word = (uint32_t)vcmpeqq_n_s32(a.s32, c->scalar);
    r[62].word = (uint32_t)vcmpeqq_m_n_s32(a.s32, c->scalar, p);
    r[63].word = (uint32_t)vctp8q(c->count);
    r[64].word = (uint32_t)vctp32q(c->count);
    vst1q_s8(to[65].s8, a.s8);
    vstrbq_s16(to[66].s8, a.s16);
    vstrbq_s32(to[67].s8, a.s32);
    vstrbq_p_s8(to[68].s8, a.s8, bytes);
    vstrbq_p_s32(to[69].s8, a.s32, p);
    vstrbq_p_u32(to[70].u8, a.u32, p);
    vstrwq_p_s32(to[71].s32, a.s32, p);
    vstrwq_p_f32(to[72].f32, a.f32, p);
    r[73].u32 = vldrbq_gather_offset_z_u32(c->b.u8, offsets.u32, p);
    for (uint32_t i = 0u; i < 8u; i++) {
        lanes.s16[i] = (int16_t)-(int32_t)((c->b.u32[i / 2u] >> (16u * (i % 2u))) % 17u);
    }
    tv_copy(&counts, &lanes);
    r[40].s16 = vrshlq_s16(a.s16, counts.s16);
    for (uint32_t i = 0u; i < TV_PROBES; i++) {
        if (i < TV_STORES || i >= TV_STORES_END) {
            tv_copy(&to[i], &r[i]);
        }
    }
}

int main(void)
{
    const int32_t in = tv_open("cases.bin", TV_MODE_RB);
    const int32_t out = tv_open("kernel-results.bin", TV_MODE_WB);
    uint32_t count;

    tv_read(in, &count, sizeof count);
    while (count-- > 0u) {
        tv_read(in, &tv_input, sizeof tv_input);
        tv_probe(&tv_input, tv_output);
        tv_write(out, tv_output, sizeof tv_output);
    }
    tv_close(out);
    tv_exit("", 0u);
}

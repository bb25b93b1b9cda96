/* Every input of one kernel on this machine, scalar C against a reference that shares nothing with it. Reads cases.bin:
 * a word that says which kernel, the number of cases, the cases. Prints how many inputs agreed, or the first that does
 * not. Not part of any firmware. */
#include <stdio.h>

/* Inlined, so that the compiler can turn both sides into vectors. */
#define TV_KERNEL static inline
#include "../src/tv_requantize.c"
#include "../src/tv_quantize_f32.c"

#define BLOCK 4096
#define INPUTS (1ll << 32)
#define CODES 256
#define LARGE (1 << 23) /* beyond every code */

/* A requantizer, and for each code the least accumulator whose code, by the integer reference, is that or a larger one
 * (2^31 if none): requantize is monotone (requantize.monotone), so these 256 numbers say what it gives for all 2^32. */
typedef struct {
    int32_t multiplier, shift, zero_point, lo, hi, rounding;
    int64_t least[CODES];
} requantizer;

/* A feature of the observation: the pattern of its inverse scale, its zero point. */
typedef struct {
    uint32_t inv_scale;
    int32_t zero_point;
} feature;

static int32_t acc[BLOCK], multiplier[BLOCK], shift[BLOCK], zero_point[BLOCK];
static int8_t code[BLOCK], expected[BLOCK];
static union {
    uint32_t bits[BLOCK];
    float value[BLOCK];
} obs, inv_scale;

static int differs(const char *what, uint32_t input, int got, int want)
{
    printf("differs %s %lu %d %d\n", what, (unsigned long)input, got, want);
    return 1;
}

static int check_requantizer(const requantizer *r)
{
    int64_t next = -(1ll << 31);

    for (int i = 0; i < BLOCK; i++) {
        multiplier[i] = r->multiplier;
        shift[i] = r->shift;
    }
    for (int k = 0; k < CODES; k++) {
        const int64_t end = k + 1 < CODES ? r->least[k + 1] : 1ll << 31;
        const int8_t want = (int8_t)(k - 128);

        if (r->least[k] > next) {
            return differs("gap", (uint32_t)next, 0, want);
        }
        while (next < end) {
            const int32_t n = (int32_t)(end - next < BLOCK ? end - next : BLOCK);
            int wrong = 0;

            for (int i = 0; i < n; i++) {
                acc[i] = (int32_t)(next + i);
            }
            if (r->rounding == TV_DOUBLE_TIES_UP) {
                tv_requantize(acc, n, multiplier, shift, r->zero_point, r->lo, r->hi, TV_DOUBLE_TIES_UP, code);
            } else if (r->rounding == TV_DOUBLE_TIES_AWAY) {
                tv_requantize(acc, n, multiplier, shift, r->zero_point, r->lo, r->hi, TV_DOUBLE_TIES_AWAY, code);
            } else {
                tv_requantize(acc, n, multiplier, shift, r->zero_point, r->lo, r->hi, TV_SINGLE_TIES_UP, code);
            }
            for (int i = 0; i < n; i++) {
                wrong |= code[i] != want;
            }
            for (int i = 0; wrong && i < n; i++) {
                if (code[i] != want) {
                    return differs("accumulator", (uint32_t)acc[i], code[i], want);
                }
            }
            next += n;
        }
    }
    return next == 1ll << 31 ? 0 : differs("end", (uint32_t)next, 0, 0);
}

/* value / 2^k to nearest, ties to even; 1 <= k <= 62. */
static uint64_t nearest(uint64_t value, int k)
{
    const uint64_t floor = value >> k;
    const uint64_t rest = value & ((1ull << k) - 1u);
    const uint64_t half = 1ull << (k - 1);

    return floor + (rest > half || (rest == half && (floor & 1u) != 0u) ? 1u : 0u);
}

/* The code of one pattern in integers: product of the significands, rounded to 24 digits, then to an integer. A pattern
 * with exponent 0 lies below 2^-126, its product with a scale of at most 2^40 far below one half. */
static int32_t reference_code(uint32_t bits, const feature *f)
{
    const uint32_t magnitude = bits & 0x7FFFFFFFu;
    const uint64_t product = (uint64_t)((magnitude & 0x7FFFFFu) | 0x800000u) * ((f->inv_scale & 0x7FFFFFu) | 0x800000u);
    const int is_long = (int)(product >> 47);
    const uint64_t kept = nearest(product, 23 + is_long);
    const int down = 150 - ((int)(magnitude >> 23) + (int)(f->inv_scale >> 23) - 127 + is_long); /* kept / 2^down */
    int64_t integer = down <= 0 ? LARGE : down > 40 ? 0 : (int64_t)nearest(kept, down);

    if (magnitude > 0x7F800000u) {
        return f->zero_point;
    }
    integer = magnitude == 0x7F800000u ? LARGE : magnitude < 0x800000u ? 0 : integer;
    integer = f->zero_point + ((bits >> 31) != 0u ? -integer : integer);
    return (int32_t)(integer < -128 ? -128 : integer > 127 ? 127 : integer);
}

static uint32_t reference_fault(uint32_t bits)
{
    const uint32_t magnitude = bits & 0x7FFFFFFFu;

    return magnitude > 0x7F800000u ? TV_FAULT_NAN : magnitude == 0x7F800000u ? TV_FAULT_INF : 0u;
}

static int check_feature(const feature *f)
{
    for (int i = 0; i < BLOCK; i++) {
        inv_scale.bits[i] = f->inv_scale;
        zero_point[i] = f->zero_point;
    }
    for (int64_t next = 0; next < INPUTS; next += BLOCK) {
        uint32_t want = 0u;
        uint32_t got;
        int wrong = 0;

        for (int i = 0; i < BLOCK; i++) {
            obs.bits[i] = (uint32_t)(next + i);
            expected[i] = (int8_t)reference_code(obs.bits[i], f);
            want |= reference_fault(obs.bits[i]);
        }
        got = tv_quantize_f32(obs.value, inv_scale.value, zero_point, BLOCK, code);
        for (int i = 0; i < BLOCK; i++) {
            wrong |= code[i] != expected[i];
        }
        for (int i = 0; wrong && i < BLOCK; i++) {
            if (code[i] != expected[i]) {
                return differs("pattern", obs.bits[i], code[i], expected[i]);
            }
        }
        if (got != want) {
            return differs("faults", (uint32_t)next, (int)got, (int)want);
        }
        for (int i = 0; want != 0u && i < BLOCK; i++) { /* each pattern by itself: in a block they cover one another */
            got = tv_quantize_f32(&obs.value[i], inv_scale.value, zero_point, 1, code);
            if (got != reference_fault(obs.bits[i])) {
                return differs("faults", obs.bits[i], (int)got, (int)reference_fault(obs.bits[i]));
            }
        }
    }
    return 0;
}

int main(void)
{
    FILE *file = fopen("cases.bin", "rb");
    uint32_t head[2];
    int failed = file == NULL || fread(head, sizeof head, 1, file) != 1;

    for (uint32_t i = 0; !failed && i < head[1]; i++) {
        static requantizer r;
        static feature f;

        if (fread(head[0] == 0u ? (void *)&r : (void *)&f, head[0] == 0u ? sizeof r : sizeof f, 1, file) != 1) {
            return 2;
        }
        failed = head[0] == 0u ? check_requantizer(&r) : check_feature(&f);
        if (failed) {
            printf("case %lu\n", (unsigned long)i);
        }
    }
    if (!failed) {
        printf("agreed %lu\n", (unsigned long)head[1]);
    }
    return failed;
}

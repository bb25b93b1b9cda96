/* Small programs of every shape that the flow analysis must bound: each is called on many inputs by main. */
#include <arm_mve.h>

#include "tv_semihosting.h"

#define PROGRAM __attribute__((noinline, used))

static volatile int32_t sink;

/* A counted loop whose count depends on the input, at most 31. */
PROGRAM int32_t counted(const int32_t *a, uint32_t n)
{
    int32_t sum = 0;

    for (uint32_t i = 0; i < (n & 31u); i++) {
        sum += a[i] ^ (int32_t)i;
    }
    return sum;
}

/* Nested, the inner count depends on the outer one. */
PROGRAM int32_t triangular(const int32_t *a)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < 12; i++) {
        for (int32_t j = 0; j < i; j++) {
            sum = (sum << 1) ^ a[j] ^ sink;
        }
    }
    return sum;
}

/* Leaves early where the data says so. */
PROGRAM int32_t early_exit(const int32_t *a, int32_t wanted)
{
    for (int32_t i = 0; i < 20; i++) {
        if (a[i] == wanted) {
            return i;
        }
    }
    return -1;
}

/* A jump table. */
PROGRAM int32_t switched(uint32_t which, int32_t x)
{
    switch (which) {
    case 0: return x / 3;
    case 1: sink = x; return sink + 1;
    case 2: return x * x;
    case 3: sink = x + 3; return x ^ 5;
    case 4: return x - 77;
    case 5: sink = 5; return sink / (x | 1);
    case 6: return x << 3;
    case 7: sink = x; sink = x + 1; return 7;
    default: return 0;
    }
}

static __attribute__((noinline)) int32_t repeat(int32_t x, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        x = x * 5 + sink;
    }
    return x;
}

/* Two calls of one function with other counts: the bound must not take the larger for both. */
PROGRAM int32_t calls(int32_t x)
{
    return repeat(repeat(x, 3), 17);
}

/* A loop that ends by its data, kept under 40 rounds. */
PROGRAM uint32_t gcd(uint32_t a, uint32_t b)
{
    for (int32_t i = 0; i < 40 && b != 0u; i++) {
        const uint32_t r = a % b;

        a = b;
        b = r;
    }
    return a;
}

/* Data-dependent branches inside two loops, on a local array. */
PROGRAM int32_t sorted_middle(const int32_t *a)
{
    volatile int32_t local[8];

    for (int32_t i = 0; i < 8; i++) {
        local[i] = a[i];
    }
    for (int32_t i = 0; i < 7; i++) {
        for (int32_t j = 0; j < 7 - i; j++) {
            if (local[j] > local[j + 1]) {
                const int32_t t = local[j];

                local[j] = local[j + 1];
                local[j + 1] = t;
            }
        }
    }
    return local[4];
}

/* Tail-predicated vectors. */
PROGRAM int32_t vector_dot(const int8_t *a, const int8_t *b, uint32_t n)
{
    int32_t sum = 0;

    for (int32_t left = (int32_t)(n & 127u); left > 0; left -= 16) {
        const mve_pred16_t p = vctp8q((uint32_t)left);

        sum = vmladavaq_p_s8(sum, vldrbq_z_s8(a, p), vldrbq_z_s8(b, p), p);
        a += 16;
        b += 16;
    }
    return sum;
}

/* Three loops, all counts known. */
PROGRAM void matrix(const int32_t *a, const int32_t *b, int32_t *c)
{
    for (int32_t i = 0; i < 4; i++) {
        for (int32_t j = 0; j < 4; j++) {
            int32_t sum = 0;

            for (int32_t k = 0; k < 4; k++) {
                sum += a[4 * i + k] * b[4 * k + j] + sink;
            }
            c[4 * i + j] = sum;
        }
    }
}

/* A branch a bit. */
PROGRAM int32_t bits(uint32_t x)
{
    int32_t count = 0;

    for (int32_t i = 0; i < 32; i++) {
        if ((x >> i & 1u) != 0u) {
            count += sink + i;
        }
    }
    return count;
}

/* Either of two loops, never both. */
PROGRAM int32_t either(int32_t x)
{
    int32_t sum = sink;

    if (x < 0) {
        for (int32_t i = 0; i < 25; i++) {
            sum += x ^ sink;
        }
    } else {
        for (int32_t i = 0; i < 9; i++) {
            sum = sum * x + sink;
        }
    }
    return sum;
}

/* A state machine of bounded length, with a tail call at its end. */
PROGRAM int32_t machine(uint32_t input)
{
    uint32_t state = 0;

    for (int32_t step = 0; step < 16; step++) {
        if (state == 0u) {
            state = (input & 1u) != 0u ? 1u : 2u;
        } else if (state == 1u) {
            sink = (int32_t)input;
            state = (input & 2u) != 0u ? 0u : 2u;
        } else {
            state = (uint32_t)sink % 3u;
        }
        input >>= 1;
    }
    return repeat((int32_t)state, 4);
}

static int32_t words[64];
static int8_t bytes[256] __attribute__((aligned(16)));
static int32_t product[16];

/* Nothing to do for an argument of zero. */
PROGRAM int32_t guarded(uint32_t n)
{
    int32_t sum = 0;

    if (n == 0u) {
        return -1;
    }
    for (uint32_t i = 0; i < 9u; i++) {
        sum += sink ^ (int32_t)(n + i);
    }
    return sum;
}

int main(void)
{
    uint32_t s = 12345u;

    for (uint32_t round = 0; round < 60u; round++) {
        for (int32_t i = 0; i < 64; i++) {
            s = s * 1664525u + 1013904223u;
            words[i] = (int32_t)(s >> (round % 28u));
        }
        for (int32_t i = 0; i < 256; i++) {
            s = s * 1664525u + 1013904223u;
            bytes[i] = (int8_t)(s >> 24);
        }
        sink = (int32_t)round;
        sink = counted(words, round == 0u ? 31u : s >> 8);
        sink = triangular(words);
        sink = early_exit(words, round % 3u == 0u ? words[s >> 28] : -1);
        sink = switched(round % 9u, words[1]);
        sink = calls(words[2]);
        sink = (int32_t)gcd(round == 0u ? 2971215073u : s, round == 0u ? 1836311903u : (uint32_t)words[3]);
        sink = sorted_middle(words);
        sink = vector_dot(bytes, bytes + 128, round == 0u ? 127u : s >> 9);
        matrix(words, words + 16, product);
        sink = bits(round == 0u ? 0xFFFFFFFFu : s);
        sink = either((int32_t)s);
        sink = (int32_t)machine(s);
        sink = guarded(round % 4u);
    }
    tv_exit("", 0u);
}

void tv_fault(void);
void tv_fault(void)
{
    tv_exit("processor fault\n", 99u);
}

/* Runs each encoding of the table `tests` from each state of `states` and writes the state after it to results.bin.
 * A record: q0-q7 (32 words), r0-r12, APSR, P0, 0; then, for a test that may store, the 64 words of the buffer. */
#include <stdint.h>

#define STATE_WORDS 48
#define BUFFER_WORDS 64
#define NONE 255

typedef struct {
    uint32_t code;   /* address of the encoding */
    uint8_t base;    /* register that points into the buffer, or NONE */
    uint8_t index;   /* register that holds a small offset, or NONE */
    uint8_t offsets; /* vector register that holds small offsets, or NONE */
    uint8_t stores;
    uint32_t mask;   /* of the offsets */
} test_case;

extern const test_case tests[];
extern const uint32_t test_count, state_count, states[], buffers[];
uint32_t buffer[BUFFER_WORDS] __attribute__((section(".buffer"), aligned(32)));
uint32_t *current_output;
static volatile uint32_t current_test;
static uint32_t output[1 << 15];
static uint32_t used;
static int32_t file;

void run_one(const uint32_t *state, uint32_t *out, uint32_t code);

static int32_t semihost(int32_t operation, const void *arguments)
{
    register int32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;

    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void leave(uint32_t code)
{
    const uint32_t block[2] = {0x20026u, code};

    (void)semihost(0x20, block);
    for (;;) {
    }
}

static void flush(void)
{
    const uint32_t block[3] = {(uint32_t)file, (uint32_t)output, used * 4u};

    if (used != 0u && semihost(0x05, block) != 0) {
        leave(6);
    }
    used = 0u;
}

static void open_results(void)
{
    static const char name[] = "results.bin";
    const uint32_t block[3] = {(uint32_t)name, 5u, sizeof name - 1u};

    file = semihost(0x01, block);
    if (file < 0) {
        leave(4);
    }
}

static void run_all(void)
{
    for (uint32_t t = 0; t < test_count; t++) {
        const test_case *test = &tests[t];

        current_test = t;
        for (uint32_t s = 0; s < state_count; s++) {
            uint32_t state[STATE_WORDS];

            for (uint32_t i = 0; i < STATE_WORDS; i++) {
                state[i] = states[s * STATE_WORDS + i];
            }
            for (uint32_t i = 0; i < BUFFER_WORDS; i++) {
                buffer[i] = buffers[s * BUFFER_WORDS + i];
            }
            if (test->index != NONE) {
                state[32 + test->index] &= 15u;
            }
            if (test->offsets != NONE) {
                for (uint32_t i = 0; i < 4; i++) {
                    state[4 * test->offsets + i] &= test->mask;
                }
            }
            if (test->base != NONE) {
                state[32 + test->base] = (uint32_t)(buffer + BUFFER_WORDS / 2);
            }
            run_one(state, output + used, test->code);
            output[used + STATE_WORDS - 1] = 0u;
            used += STATE_WORDS;
            if (test->stores) {
                for (uint32_t i = 0; i < BUFFER_WORDS; i++) {
                    output[used + i] = buffer[i];
                }
                used += BUFFER_WORDS;
            }
            if (used > sizeof output / 4u - STATE_WORDS - BUFFER_WORDS) {
                flush();
            }
        }
    }
    flush();
}

__attribute__((used)) static void fault(void)
{
    static const char digits[] = "0123456789abcdef";
    char text[] = "fault in test 00000000\n";

    for (uint32_t i = 0; i < 8; i++) {
        text[14 + i] = digits[current_test >> (28 - 4 * i) & 15u];
    }
    (void)semihost(0x04, text);
    leave(99);
}

__attribute__((used, noreturn)) void start(void)
{
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* the vector registers */
    __asm volatile("dsb\n isb" ::: "memory");
    open_results();
    run_all();
    leave(0);
    for (;;) {
    }
}

extern char stack_top[];
__attribute__((section(".vectors"), used)) const void *const vectors[16] = {
    stack_top, start, fault, fault, fault, fault, fault, fault, 0, 0, 0, fault, fault, 0, fault, fault};

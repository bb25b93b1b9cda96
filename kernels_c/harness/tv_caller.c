/* Calls a function of a linked firmware on the emulated core, and says what it does that it should not.
 *
 * The firmware's read-only sections come from "calls.bin" as they lie in its ELF; nothing of its start-up runs. This
 * program lives in memory that no firmware has. Every register and flag, and the stack below the call, hold noise that
 * changes from case to case, and so do the places of stack, observation and output. A variant is the firmware with the
 * bits `flip` of one byte turned over (0: as it is). Written to "differences.bin": for each variant the first case that
 * ends otherwise than expected: another result or output, a register that should have been preserved, a word beside the
 * objects, an access beside observation, output, stack and firmware (the memory protection unit refuses it), another
 * processor fault, no return within the limit. How a call is entered and left: tv_caller_entry.c. File layouts:
 * engines/emulator/caller.py. */
#include <stdint.h>

#include "tv_semihosting.h"

#define TV_CALLS_MAGIC 0x54564333u
#define TV_GUARD 64u       /* words of noise around each object, and above the stack pointer */
#define TV_BELOW 320u      /* words of noise below the stack pointer */
#define TV_STACK 0x2110C000u
#define TV_STACK_BYTES 4160u /* 4 KB below the lowest of the stack pointers */
#define TV_OBSERVATION 0x21102000u
#define TV_OUTPUT 0x21105000u
#define TV_OUTPUT_WORDS 1024u
#define TV_REGIONS 4u /* the unit has 8 regions at the least */
#define TV_SINGLES 32u
#define TV_NO_TAIL 0x00040000u      /* FPSCR outside of loops with a tail, all else as after reset */
#define TV_CONTROL_BITS 0x07C70000u /* of FPSCR: those that are no flags */
#define TV_SP 13u

#define TV_REG(address) (*(volatile uint32_t *)(address))
#define TV_ICSR TV_REG(0xE000ED04u)
#define TV_VTOR TV_REG(0xE000ED08u)
#define TV_CCR TV_REG(0xE000ED14u)
#define TV_SHCSR TV_REG(0xE000ED24u)
#define TV_CFSR TV_REG(0xE000ED28u)
#define TV_HFSR TV_REG(0xE000ED2Cu)
#define TV_MMFAR TV_REG(0xE000ED34u)
#define TV_BFAR TV_REG(0xE000ED38u)
#define TV_MMARVALID (1u << 7)
#define TV_BFARVALID (1u << 15)
#define TV_FPCCR TV_REG(0xE000EF34u)
#define TV_SYST_CSR TV_REG(0xE000E010u)
#define TV_SYST_RVR TV_REG(0xE000E014u)
#define TV_SYST_CVR TV_REG(0xE000E018u)
#define TV_MPU_CTRL TV_REG(0xE000ED94u)
#define TV_MPU_RNR TV_REG(0xE000ED98u)
#define TV_MPU_RBAR TV_REG(0xE000ED9Cu)
#define TV_MPU_RLAR TV_REG(0xE000EDA0u)
#define TV_MPU_MAIR0 TV_REG(0xE000EDC0u)
#define TV_READ_WRITE (1u << 1 | 1u) /* RBAR: at both privileges, never to execute */
#define TV_READ_ONLY (3u << 1)
#define TV_SVCALL 11u
#define TV_SYSTICK 15u
#define TV_PADDED (1u << 9) /* of a frame's xPSR */

typedef struct {
    uint32_t magic, function, observation_words, output_words, cases, variants, regions, ticks;
} tv_setup;

typedef struct {
    uint32_t address, words;
} tv_region;

typedef struct {
    uint32_t address, flip;
} tv_variant;

/* The registers at the call or after it: s0 to s31, r0 to r12, sp, flags (after it: 0), VPR, FPSCR. */
typedef struct {
    uint32_t s[TV_SINGLES];
    uint32_t r[14];
    uint32_t flags, vpr, fpscr;
} tv_state;

typedef enum { TV_SAME, TV_RESULT, TV_FAULT, TV_LIMIT, TV_REGISTER, TV_MEMORY } tv_kind;

/* `a`, `b`, `c` of RESULT: word of the output or 0xffffffff, got, expected; FAULT: CFSR, pc, exception; LIMIT: 0, pc;
 * REGISTER: r0 to r15, 16 + s, 48 VPR, 49 FPSCR; got, expected; MEMORY: address, got, expected. `touched`: the address of
 * a refused access, or 0. */
typedef struct {
    uint32_t kind, at, a, b, c, touched;
} tv_difference;

extern uint32_t tv_free[];
static tv_setup tv_is;
tv_state tv_before, tv_after;
uint32_t tv_msp, tv_inside;
static tv_difference tv_found;
static uint32_t tv_noise;

void tv_enter(void);
void tv_return_here(void);

__attribute__((used, noreturn)) void tv_lost(void)
{
    tv_exit("tinyverify: processor fault in the calling program\n", 99u);
}

/* What ended the function: exception `number`; its frame lies at `psp`, unless the stack pointer is wild. */
__attribute__((used)) void tv_caught(uint32_t number, uint32_t psp)
{
    const int is_inside = psp >= TV_STACK - TV_STACK_BYTES && psp <= TV_STACK - 32u && psp % 8u == 0u;
    const uint32_t *const frame = (const uint32_t *)psp;
    const uint32_t pc = is_inside ? frame[6] : 0u;

    if (number == TV_SVCALL && pc == ((uint32_t)(uintptr_t)tv_return_here & ~1u) + 2u) {
        tv_found.kind = TV_SAME;
        tv_after.r[0] = frame[0];
        tv_after.r[TV_SP] = psp + 32u + ((frame[7] & TV_PADDED) != 0u ? 4u : 0u);
    } else {
        tv_found.kind = number == TV_SYSTICK ? TV_LIMIT : TV_FAULT;
        tv_found.a = TV_CFSR;
        tv_found.b = pc;
        tv_found.c = number;
        tv_found.touched = (tv_found.a & TV_MMARVALID) != 0u ? TV_MMFAR : (tv_found.a & TV_BFARVALID) != 0u ? TV_BFAR : 0u;
    }
    TV_CFSR = TV_CFSR;
    TV_HFSR = TV_HFSR;
}

static uint32_t tv_random(void)
{
    tv_noise ^= tv_noise << 13;
    tv_noise ^= tv_noise >> 17;
    tv_noise ^= tv_noise << 5;
    return tv_noise;
}

static uint32_t tv_mixed(uint32_t address)
{
    return address * 0x9E3779B9u ^ tv_noise;
}

static void tv_paint(uint32_t *from, uint32_t words)
{
    for (uint32_t *at = from; at < from + words; at++) {
        *at = tv_mixed((uint32_t)(uintptr_t)at);
    }
}

static int tv_differs(tv_kind kind, uint32_t what, uint32_t got, uint32_t expected)
{
    if (got == expected) {
        return 0;
    }
    tv_found.kind = kind;
    tv_found.a = what;
    tv_found.b = got;
    tv_found.c = expected;
    return 1;
}

static int tv_overwritten(const uint32_t *from, uint32_t words)
{
    for (const uint32_t *at = from; at < from + words; at++) {
        if (tv_differs(TV_MEMORY, (uint32_t)(uintptr_t)at, *at, tv_mixed((uint32_t)(uintptr_t)at))) {
            return 1;
        }
    }
    return 0;
}

/* Whether the registers that a caller relies on are as they were. */
static int tv_unpreserved(void)
{
    for (uint32_t i = 4u; i < 12u; i++) {
        if (tv_differs(TV_REGISTER, i, tv_after.r[i], tv_before.r[i])) {
            return 1;
        }
    }
    for (uint32_t i = 16u; i < TV_SINGLES; i++) {
        if (tv_differs(TV_REGISTER, 16u + i, tv_after.s[i], tv_before.s[i])) {
            return 1;
        }
    }
    return tv_differs(TV_REGISTER, TV_SP, tv_after.r[TV_SP], tv_before.r[TV_SP]) ||
           tv_differs(TV_REGISTER, 48u, tv_after.vpr & 0x00FF0000u, 0u) ||
           tv_differs(TV_REGISTER, 49u, tv_after.fpscr & TV_CONTROL_BITS, TV_NO_TAIL);
}

/* The first word of an object of `words` in its region (tv_protect), which it touches at either end in turn. */
static uint32_t tv_place(uint32_t turn, uint32_t words)
{
    return turn % ((words + 7u) / 8u * 8u + 8u - words + 1u);
}

/* One call; whether it ended otherwise than expected. `expected`: the result, then the output. */
static int tv_call(uint32_t at, const uint32_t *given, const uint32_t *expected, const uint32_t *mask, uint32_t *out_to)
{
    uint32_t *const obs = (uint32_t *)TV_OBSERVATION + tv_place(at * 5u, tv_is.observation_words);
    uint32_t *const out = (uint32_t *)TV_OUTPUT + tv_place(at * 3u, tv_is.output_words);
    uint32_t *const sp = (uint32_t *)TV_STACK - 2u * (at % 8u);
    const uint32_t n = tv_is.observation_words, m = tv_is.output_words;
    uint32_t *const frame = sp - 8;

    tv_noise = (at + 1u) * 0x9E3779B9u | 1u;
    tv_found.touched = 0u;
    for (uint32_t i = 0u; i < TV_SINGLES; i++) {
        tv_before.s[i] = tv_random();
    }
    for (uint32_t i = 0u; i < TV_SP; i++) {
        tv_before.r[i] = tv_random();
    }
    tv_before.flags = tv_random();
    tv_before.r[0] = (uint32_t)(uintptr_t)obs;
    tv_before.r[1] = (uint32_t)(uintptr_t)out;
    tv_before.r[TV_SP] = (uint32_t)(uintptr_t)sp;
    tv_before.vpr = tv_random() & 0xFFFFu;
    tv_before.fpscr = TV_NO_TAIL;
    tv_paint(obs - TV_GUARD, n + 2u * TV_GUARD);
    tv_paint(out - TV_GUARD, m + 2u * TV_GUARD);
    tv_paint(sp - TV_BELOW, TV_BELOW + TV_GUARD);
    for (uint32_t i = 0u; i < n; i++) {
        obs[i] = given[i];
    }
    for (uint32_t i = 0u; i < 4u; i++) {
        frame[i] = tv_before.r[i];
    }
    frame[4] = tv_before.r[12];
    frame[5] = (uint32_t)(uintptr_t)tv_return_here | 1u;
    frame[6] = tv_is.function & ~1u;
    frame[7] = (tv_before.flags & 0xF8000000u) | 1u << 24;
    TV_SYST_RVR = tv_is.ticks;
    TV_SYST_CVR = 0u;
    TV_SYST_CSR = 7u;
    tv_enter();
    TV_SYST_CSR = 0u;
    TV_ICSR = 1u << 25;
    for (uint32_t i = 0u; i < m; i++) {
        out_to[i] = out[i];
    }
    if (tv_found.kind != TV_SAME) {
        return 1;
    }
    for (uint32_t i = 0u; i < m; i++) {
        if (tv_differs(TV_RESULT, i, out[i] & mask[i], expected[1u + i])) {
            return 1;
        }
    }
    for (uint32_t i = 0u; i < n; i++) {
        if (tv_differs(TV_MEMORY, (uint32_t)(uintptr_t)&obs[i], obs[i], given[i])) {
            return 1;
        }
    }
    return tv_differs(TV_RESULT, 0xFFFFFFFFu, tv_after.r[0], expected[0]) || tv_unpreserved() ||
           tv_overwritten(obs - TV_GUARD, TV_GUARD) || tv_overwritten(obs + n, TV_GUARD) ||
           tv_overwritten(out - TV_GUARD, TV_GUARD) || tv_overwritten(out + m, TV_GUARD) ||
           tv_overwritten(sp, TV_GUARD);
}

/* The firmware as its file holds it: only what differs is written, so that translated code can stay. */
static void tv_restore(const tv_region *regions, const uint32_t *words)
{
    for (uint32_t i = 0u; i < tv_is.regions; i++) {
        volatile uint32_t *const to = (volatile uint32_t *)regions[i].address;

        for (uint32_t k = 0u; k < regions[i].words; k++, words++) {
            if (to[k] != *words) {
                to[k] = *words;
            }
        }
    }
}

/* Region `number` of the memory protection unit: `bytes` at `from`, as `access` says (TV_READ_WRITE, TV_READ_ONLY). */
static void tv_region_is(uint32_t number, uint32_t from, uint32_t bytes, uint32_t access)
{
    TV_MPU_RNR = number;
    TV_MPU_RBAR = (from & ~31u) | access;
    TV_MPU_RLAR = ((from + bytes - 1u) & ~31u) | 1u;
}

/* What the function may touch: observation, output, stack, the firmware, and where it returns to. */
static void tv_protect(const tv_region *regions)
{
    TV_MPU_MAIR0 = 0xFFu; /* normal memory */
    tv_region_is(0u, TV_OBSERVATION, 4u * ((tv_is.observation_words + 7u) / 8u * 8u + 8u), TV_READ_WRITE);
    tv_region_is(1u, TV_OUTPUT, 4u * ((tv_is.output_words + 7u) / 8u * 8u + 8u), TV_READ_WRITE);
    tv_region_is(2u, TV_STACK - TV_STACK_BYTES, TV_STACK_BYTES, TV_READ_WRITE);
    tv_region_is(3u, (uint32_t)(uintptr_t)tv_return_here, 4u, TV_READ_ONLY);
    for (uint32_t i = 0u; i < tv_is.regions; i++) {
        tv_region_is(4u + i, regions[i].address, 4u * regions[i].words, TV_READ_ONLY);
    }
}

static void tv_protection(uint32_t control)
{
    TV_MPU_CTRL = control;
    __asm volatile("dsb\n\tisb" ::: "memory");
}

static uint32_t *tv_input(int32_t file, uint32_t **next, uint32_t words)
{
    uint32_t *const start = *next;

    if (words != 0u) {
        tv_read(file, start, 4u * words);
    }
    *next = start + words;
    return start;
}

__attribute__((used)) static void tv_all(void)
{
    const int32_t in = tv_open("calls.bin", TV_MODE_RB);
    const int32_t out = tv_open("differences.bin", TV_MODE_WB);
    const uint32_t end = TV_CALLS_MAGIC;
    static uint32_t output[TV_OUTPUT_WORDS];
    uint32_t *next = tv_free;
    const uint32_t *words, *cases, *expected, *mask;
    const tv_region *regions;
    const tv_variant *variants;
    uint32_t size = 0u;

    tv_read(in, &tv_is, sizeof tv_is);
    if (tv_is.magic != TV_CALLS_MAGIC || tv_is.output_words > TV_OUTPUT_WORDS || tv_is.regions > TV_REGIONS) {
        tv_exit("tinyverify: no calls\n", 5u);
    }
    regions = (const tv_region *)tv_input(in, &next, 2u * tv_is.regions);
    for (uint32_t i = 0u; i < tv_is.regions; i++) {
        size += regions[i].words;
    }
    words = tv_input(in, &next, size);
    cases = tv_input(in, &next, tv_is.cases * tv_is.observation_words);
    mask = tv_input(in, &next, tv_is.output_words);
    expected = tv_input(in, &next, tv_is.cases * (1u + tv_is.output_words));
    variants = (const tv_variant *)tv_input(in, &next, 2u * tv_is.variants);
    tv_protect(regions);
    for (uint32_t v = 0u; v < tv_is.variants; v++) {
        uint32_t at = 0u;
        int differs = 0;

        tv_protection(0u);
        tv_restore(regions, words);
        if (variants[v].flip != 0u) {
            *(volatile uint8_t *)variants[v].address ^= (uint8_t)variants[v].flip;
        }
        tv_protection(5u); /* on, and the calling program itself goes where it likes */
        while (at < tv_is.cases && !differs) {
            differs = tv_call(at, cases + at * tv_is.observation_words, expected + at * (1u + tv_is.output_words), mask,
                              output);
            at++;
        }
        tv_found.at = differs ? at - 1u : at;
        tv_found.kind = differs ? tv_found.kind : TV_SAME;
        tv_write(out, &tv_found, sizeof tv_found);
        tv_write(out, output, 4u * tv_is.output_words);
    }
    tv_write(out, &end, sizeof end);
    tv_close(out);
    tv_exit("", 0u);
}

extern char tv_caller_stack_top[];
void tv_exception(void);
void tv_caller_reset(void);

/* The core starts here; the vectors at 0 are the firmware's as soon as its sections are there. */
__attribute__((section(".tv_boot"), used)) void *const tv_boot[2] = {tv_caller_stack_top, tv_caller_reset};
__attribute__((section(".tv_handlers"), used)) void *const tv_handlers[16] = {
    tv_caller_stack_top, tv_caller_reset, tv_exception, tv_exception, tv_exception, tv_exception, tv_exception,
    tv_exception,        tv_exception,    tv_exception, tv_exception, tv_exception, tv_exception, tv_exception,
    tv_exception,        tv_exception};

__attribute__((used)) void tv_caller_start(void)
{
    TV_VTOR = (uint32_t)(uintptr_t)tv_handlers;
    TV_FPCCR &= ~(3u << 30); /* no float state in exception frames */
    TV_SHCSR |= 15u << 16;   /* a fault of each kind by its own number */
    TV_CCR |= 3u << 18;      /* low-overhead loops, branch prediction */
    __asm volatile("dsb\n\tisb" ::: "memory");
    tv_all();
}

__attribute__((naked, noreturn)) void tv_caller_reset(void)
{
    __asm volatile("ldr r0, =0xE000ED88\n\t"
                   "ldr r1, [r0]\n\t"
                   "orr r1, r1, #0xF00000\n\t"
                   "str r1, [r0]\n\t"
                   "dsb\n\t"
                   "isb\n\t"
                   "b tv_caller_start\n\t");
}

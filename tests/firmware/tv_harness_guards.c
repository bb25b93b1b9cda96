/* Provokes what the guards are there for, on the emulated core. "scenario.bin" names one scenario; what the guard said is
 * printed, and the exit code is 0 where the program goes on, 40 and more where a guard stopped it. 1: a check failed. */
#include "tv_checked.h"
#include "tv_critical.h"
#include "tv_faults.h"
#include "tv_flash.h"
#include "tv_heap.h"
#include "../src/tv_policy_tables.h"
#include "tv_resource.h"
#include "tv_semihosting.h"
#include "tv_stack.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            tv_exit("failed: " #condition "\n", 1u);                                                                   \
        }                                                                                                              \
    } while (0)

#define TV_ICSR (*(volatile uint32_t *)0xE000ED04u)
#define TV_ICSR_PENDSVSET (1u << 28)
#define TV_VTOR (*(volatile uint32_t *)0xE000ED08u)
#define PSP_WORDS 64u /* of 8 bytes */

static uint64_t process_stack[PSP_WORDS + 1u];
static volatile uint32_t sink;

static void say(const char *text)
{
    (void)tv_semihost(TV_SYS_WRITE0, text);
}

static void number(const char *text, uint32_t value)
{
    static char digits[] = "........\n";

    for (uint32_t i = 0u; i < 8u; i++) {
        digits[i] = "0123456789abcdef"[(value >> (28u - 4u * i)) & 15u];
    }
    say(text);
    say(digits);
}

/* What the application does when a guard stops it. */
void tv_fault(void)
{
    tv_exit("other fault\n", 40u);
}

void tv_stack_fault(void)
{
    const uint32_t below = process_stack[0] == 0u ? 0u : 1u; /* the word under the process stack's limit */

    tv_exit(below == 0u ? "stack guard\n" : "stack guard, too late\n", 41u);
}

void tv_flash_fault(uint32_t table)
{
    number("flash guard ", table);
    tv_exit("", 42u);
}

static uint32_t refusals;

void tv_heap_refused(tv_heap *heap, tv_heap_result why)
{
    (void)heap;
    refusals++;
    number("heap guard ", (uint32_t)why);
}

static __attribute__((noinline)) uint32_t dig(uint32_t n)
{
    volatile uint32_t kept[16];

    kept[n % 16u] = n;
    return n == 0u ? 0u : dig(n - 1u) + kept[n % 16u];
}

static void thread_on_process_stack(void)
{
    __asm volatile("msr control, %0\n\tisb" ::"r"(TV_CONTROL_SPSEL) : "memory");
}

/* Calls itself until too little is left, then runs the policy. The store keeps every call's frame. */
static __attribute__((noinline)) uint32_t infer_deep(uint32_t n, tv_output *out, tv_monitor *monitor)
{
    static const float zeros[TV_OBS_DIM];
    volatile uint32_t kept[16];
    uint32_t faults;

    if (tv_stack_left() < TV_INFER_STACK) {
        faults = tv_infer_checked(zeros, out, monitor);
    } else {
        faults = infer_deep(n + 1u, out, monitor);
    }
    kept[n % 16u] = faults;
    return kept[n % 16u];
}

static void low_stack(void)
{
    tv_output out;
    tv_monitor monitor = {(tv_action)1, 0u, 0u};

    CHECK(tv_stack_left() > TV_INFER_STACK && tv_stack_left() < 0x1000u);
    out.action = (tv_action)0;
    CHECK(infer_deep(0u, &out, &monitor) == TV_FAULT_STACK);
    CHECK(out.action == (tv_action)1 && out.faults == TV_FAULT_STACK);
    CHECK(monitor.faults == TV_FAULT_STACK && monitor.unsafe == 1u);
    say("stack low\n");
}

/* The process stack has a look at its own limit: 4 words beside the main stack's room must show. */
static void process_stack_left(void)
{
    uint32_t left;

    tv_process_stack(process_stack + 1u, process_stack + PSP_WORDS + 1u);
    thread_on_process_stack();
    left = tv_stack_left();
    CHECK(left > 0u && left <= 8u * PSP_WORDS);
    say("process stack\n");
}

static void heap_requests(void)
{
    tv_heap heap;
    uint8_t *first;
    uint8_t *second;
    const uint32_t room = (uint32_t)(tv_heap_end - tv_heap_start);

    CHECK(room > 1024u && room <= TV_HEAP_BYTES && (uintptr_t)tv_heap_start % TV_HEAP_ALIGN == 0u);
    CHECK(tv_heap_init(&heap, tv_heap_start, TV_HEAP_BYTES + 1u) == TV_HEAP_TOO_LARGE);
    CHECK(tv_heap_take(&heap, 1u) == 0); /* a refused arena gives nothing */
    CHECK(tv_heap_init(&heap, tv_heap_start + 8, 512u) == TV_HEAP_MISALIGNED);
    CHECK(tv_heap_init(&heap, tv_heap_start, 16u) == TV_HEAP_ZERO);
    CHECK(tv_heap_init(&heap, tv_heap_start, 1000u) == TV_HEAP_DONE && heap.size == 992u);
    refusals = 0u;
    CHECK(tv_heap_take(&heap, 0u) == 0 && heap.faults == 1u << TV_HEAP_ZERO);
    CHECK(tv_heap_take(&heap, 993u) == 0 && tv_heap_take(&heap, 0xFFFFFFFFu) == 0);
    CHECK(tv_heap_take(&heap, 973u) == 0); /* header, guard and rounding take it over 992 */
    CHECK((heap.faults & (1u << TV_HEAP_TOO_LARGE)) != 0u && refusals == 4u && heap.used == 0u);
    first = tv_heap_take(&heap, 100u);
    CHECK(tv_heap_take(&heap, 845u) == 0 && heap.used == 128u); /* one more than fits with header and guard */
    second = tv_heap_take(&heap, 844u);
    CHECK(first != 0 && second >= first + 100u && second + 844u <= tv_heap_start + 992u && heap.used == 992u);
    CHECK((uintptr_t)first % 16u == 0u && (uintptr_t)second % 16u == 0u && refusals == 5u);
    CHECK(tv_heap_take(&heap, 1u) == 0 && (heap.faults & (1u << TV_HEAP_EXHAUSTED)) != 0u);
    CHECK(tv_heap_give(&heap, second + 4) == TV_HEAP_MISALIGNED);
    CHECK(tv_heap_give(&heap, second + 16) == TV_HEAP_NOT_HELD);
    CHECK(tv_heap_give(&heap, tv_heap_start + 992) == TV_HEAP_NOT_HELD);
    CHECK(tv_heap_give(&heap, tv_heap_start) == TV_HEAP_NOT_HELD);
    CHECK(tv_heap_give(&heap, 0) == TV_HEAP_NOT_HELD);
    CHECK(tv_heap_give(&heap, first) == TV_HEAP_OUT_OF_ORDER);
    for (uint32_t i = 0u; i < 844u; i++) {
        second[i] = 0xFFu;
    }
    second[844] ^= 1u;
    CHECK(tv_heap_give(&heap, second) == TV_HEAP_OVERRUN && heap.used == 992u);
    second[844] ^= 1u;
    second[-12] ^= 8u; /* the header's size */
    CHECK(tv_heap_give(&heap, second) == TV_HEAP_OVERRUN);
    second[-12] ^= 8u;
    second[-8] ^= 16u; /* the header's link */
    CHECK(tv_heap_give(&heap, second) == TV_HEAP_OVERRUN);
    second[-8] ^= 16u;
    CHECK(tv_heap_give(&heap, second) == TV_HEAP_DONE && tv_heap_give(&heap, second) == TV_HEAP_NOT_HELD);
    CHECK(tv_heap_take(&heap, 1u) == second && tv_heap_give(&heap, second) == TV_HEAP_DONE);
    CHECK(tv_heap_give(&heap, first) == TV_HEAP_DONE && heap.used == 0u && heap.peak == 992u);
    CHECK(tv_heap_give(&heap, first) == TV_HEAP_NOT_HELD);
    CHECK(heap.faults == ((1u << TV_HEAP_ZERO) | (1u << TV_HEAP_TOO_LARGE) | (1u << TV_HEAP_EXHAUSTED) |
                          (1u << TV_HEAP_MISALIGNED) | (1u << TV_HEAP_NOT_HELD) | (1u << TV_HEAP_OUT_OF_ORDER) |
                          (1u << TV_HEAP_OVERRUN)));
    CHECK(tv_heap_init(&heap, tv_heap_start, room) == TV_HEAP_DONE && tv_heap_take(&heap, room - 64u) != 0);
    say("heap\n");
}

static void flash_changes(void)
{
    volatile uint32_t *scale = (volatile uint32_t *)(uintptr_t)tv_head_logit_scale; /* the board's flash is RAM */
    static const float zeros[TV_OBS_DIM];
    tv_output out;
    tv_monitor monitor = {(tv_action)1, 0u, 0u};
    const uint32_t kept = *scale;

    CHECK(tv_crc32((const uint8_t *)"123456789", 9u) == 0xCBF43926u);
    CHECK(tv_flash_guard() == 0u);
    CHECK(tv_infer_checked(zeros, &out, &monitor) == 0u && monitor.faults == 0u);
    for (uint32_t bit = 0u; bit < 32u; bit++) {
        *scale = kept ^ (1u << bit);
        CHECK(tv_flash_guard() != 0u);
    }
    *scale = 0x7FC00000u;
    number("flash guard ", tv_flash_guard() - 1u);
    CHECK(tv_infer_checked(zeros, &out, &monitor) == TV_FAULT_OUTPUT && out.action == (tv_action)1);
    *scale = kept;
    CHECK(tv_infer_checked(zeros, &out, &monitor) == 0u && tv_flash_guard() == 0u);
    CHECK(monitor.faults == TV_FAULT_OUTPUT && monitor.unsafe == 1u); /* sticky */
    CHECK(tv_flash_readable(TV_FLASH_BASE, TV_FLASH_BYTES) == 1u && tv_flash_readable(TV_FLASH_BASE, 0u) == 0u);
    CHECK(tv_flash_readable(TV_FLASH_BASE + 1u, TV_FLASH_BYTES) == 0u);
    CHECK(tv_flash_readable(TV_FLASH_BASE - 1u, 2u) == 0u && tv_flash_readable(TV_FLASH_BASE + 0xFFFFu, 1u) == 1u);
    CHECK(tv_flash_readable(TV_FLASH_BASE + 0x10000u, 1u) == 0u && tv_flash_readable(TV_FLASH_BASE, ~0u) == 0u);
    CHECK(tv_flash_readable(0xFFFFFFFFu, 2u) == 0u && tv_flash_readable(0u, 1u) == 0u);
    say("flash\n");
}

static void outputs(void)
{
    static const float zeros[TV_OBS_DIM];
    tv_output sound;
    tv_output out;

    (void)tv_infer(zeros, &sound);
    CHECK(tv_check_output(&sound) == 0u);
    for (int32_t j = 0; j < TV_OUTPUTS; j++) {
        out = sound;
        out.logits[j] = -__builtin_inff();
        CHECK(tv_check_output(&out) == TV_FAULT_OUTPUT);
    }
#if TV_DISCRETE
    for (int32_t action = -1; action <= TV_OUTPUTS; action++) {
        out = sound;
        out.action = action;
        CHECK((tv_check_output(&out) == 0u) == (action == sound.action));
    }
    out = sound;
    out.probability[TV_OUTPUTS - 1] = 32769u;
    CHECK(tv_check_output(&out) == TV_FAULT_OUTPUT);
    out = sound;
    out.weight[0] = 128u;
    CHECK(tv_check_output(&out) == TV_FAULT_OUTPUT);
#else
    out = sound;
    out.action = __builtin_nanf("");
    CHECK(tv_check_output(&out) == TV_FAULT_OUTPUT);
    out.action = 1.01f * TV_ACTION_MOST;
    CHECK(tv_check_output(&out) == TV_FAULT_OUTPUT);
    out.action = -TV_ACTION_MOST;
    CHECK(tv_check_output(&out) == 0u);
#endif
    say("output\n");
}

static volatile uint32_t interrupts;
static const void *vectors[16] __attribute__((aligned(128)));

static void on_pend(void)
{
    interrupts++;
}

static uint32_t primask(void)
{
    uint32_t mask;

    __asm volatile("mrs %0, primask" : "=r"(mask));
    return mask;
}

static void critical_sections(void)
{
    static const uint8_t base[TV_TASKS] = {1u, 2u, 3u};
    tv_locks locks;
    uint32_t outer;
    uint32_t inner;

    for (uint32_t i = 0u; i < 16u; i++) {
        vectors[i] = ((const void **)TV_VTOR)[i];
    }
    vectors[14] = (const void *)(uintptr_t)on_pend;
    TV_VTOR = (uint32_t)(uintptr_t)vectors;
    __asm volatile("dsb\n\tisb" ::: "memory");
    TV_ICSR = TV_ICSR_PENDSVSET;
    __asm volatile("dsb\n\tisb" ::: "memory");
    CHECK(interrupts == 1u);
    outer = tv_critical_enter();
    TV_ICSR = TV_ICSR_PENDSVSET;
    __asm volatile("dsb\n\tisb" ::: "memory");
    CHECK(interrupts == 1u && primask() == 1u);
    inner = tv_critical_enter();
    tv_critical_leave(inner);
    CHECK(interrupts == 1u && primask() == 1u); /* leaving the inner one leaves the outer one alone */
    tv_locks_init(&locks, base);
    CHECK(tv_resource_take(&locks, 1u, 2u) == TV_LOCK_DONE && primask() == 1u);
    tv_critical_leave(outer);
    CHECK(interrupts == 2u && primask() == 0u);
    CHECK(tv_resource_take(&locks, 3u, 2u) == TV_LOCK_WAITS && primask() == 0u && locks.priority[1] == 3u);
    CHECK(tv_resource_give(&locks, 3u, 2u) == TV_LOCK_REFUSED);
    CHECK(tv_resource_give(&locks, 1u, 2u) == TV_LOCK_DONE && primask() == 0u && locks.priority[1] == 1u);
    CHECK(tv_resource_take(&locks, 3u, 2u) == TV_LOCK_DONE);
    say("critical\n");
}

/* observations.bin (tv_record.h's format) to "checked.bin": faults, action, sticky faults, unsafe count of each case. */
static void observations(void)
{
    uint32_t header[3];
    tv_monitor monitor = {(tv_action)1, 0u, 0u};
    const int32_t in = tv_open("observations.bin", TV_MODE_RB);
    const int32_t to = tv_open("checked.bin", TV_MODE_WB);

    tv_read(in, header, sizeof header);
    CHECK(header[1] == TV_OBS_DIM);
    for (uint32_t n = 0u; n < header[2]; n++) {
        struct {
            float obs[TV_OBS_DIM];
            uint32_t state;
        } input;
        tv_output out;
        union {
            tv_action action;
            uint32_t bits;
        } acted;
        uint32_t record[4];

        tv_read(in, &input, sizeof input);
        record[0] = tv_infer_checked(input.obs, &out, &monitor);
        acted.action = out.action;
        record[1] = acted.bits;
        record[2] = monitor.faults;
        record[3] = monitor.unsafe;
        CHECK(out.faults == record[0]);
        tv_write(to, record, sizeof record);
    }
    tv_close(to);
    say("observations\n");
}

int main(void)
{
    uint32_t scenario;
    const int32_t file = tv_open("scenario.bin", TV_MODE_RB);

    tv_read(file, &scenario, 4u);
    switch (scenario) {
    case 0u:
        say("ready\n");
        break;
    case 1u: /* the main stack runs out */
        sink = dig(500u);
        break;
    case 2u: /* the process stack runs out */
        tv_process_stack(process_stack + 1u, process_stack + PSP_WORDS + 1u);
        thread_on_process_stack();
        sink = dig(500u);
        break;
    case 3u: /* a process stack that nobody named */
        thread_on_process_stack();
        sink = dig(3u);
        break;
    case 4u: /* in a critical section */
        (void)tv_critical_enter();
        sink = dig(500u);
        break;
    case 5u: /* another fault: no instruction */
        __asm volatile("udf #0");
        break;
    case 6u:
        low_stack();
        break;
    case 7u:
        process_stack_left();
        break;
    case 8u:
        heap_requests();
        break;
    case 9u:
        flash_changes();
        break;
    case 10u:
        outputs();
        break;
    case 11u:
        critical_sections();
        break;
    case 12u:
        observations();
        break;
    default:
        tv_exit("no such scenario\n", 1u);
    }
    tv_exit("", 0u);
}

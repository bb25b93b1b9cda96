/* Start-up of a Cortex-M55: vector table, floating point and MVE on, stack limits, .data and .bss, flash guard, main.
 *
 * The stack is the specified 4 KB at 0x20000000 and grows down from 0x20001000. MSPLIM guards its end: an
 * overflow raises a fault before anything below the stack is written. There is no process stack: PSP starts at its
 * limit, so that using it faults until tv_process_stack (tv_stack.h) names one. */
#include <stdint.h>

#include "tv_faults.h"

extern uint32_t tv_stack_top[], tv_stack_limit[];
extern uint32_t tv_data_start[], tv_data_end[], tv_data_load[], tv_bss_start[], tv_bss_end[];

extern int main(void);
void tv_reset_handler(void);
void tv_fault_handler(void);
void tv_name_fault(void);
void tv_start(void);

#define TV_CFSR (*(volatile uint32_t *)0xE000ED28u)
#define TV_CFSR_STKOF (1u << 20) /* a stack pointer went below its limit */
#define TV_CCR (*(volatile uint32_t *)0xE000ED14u)
#define TV_CCR_LOB (1u << 19) /* low-overhead loops */
#define TV_CCR_BP (1u << 18)  /* branch prediction */

/* CPACR bits 20..23: full access to CP10 and CP11; before it, any FP or MVE instruction faults. */
__attribute__((naked, noreturn)) void tv_reset_handler(void)
{
    __asm volatile("ldr r0, =tv_stack_limit\n\t"
                   "msr msplim, r0\n\t"
                   "ldr r0, =tv_stack_top\n\t"
                   "msr psplim, r0\n\t"
                   "msr psp, r0\n\t"
                   "ldr r0, =0xE000ED88\n\t"
                   "ldr r1, [r0]\n\t"
                   "orr r1, r1, #0xF00000\n\t"
                   "str r1, [r0]\n\t"
                   "dsb\n\t"
                   "isb\n\t"
                   "b tv_start\n\t");
}

/* Any fault: on a fresh stack, since the old one may be what failed. */
__attribute__((naked, noreturn)) void tv_fault_handler(void)
{
    __asm volatile("ldr r0, =tv_stack_top\n\t"
                   "msr msp, r0\n\t"
                   "b tv_name_fault\n\t");
}

/* Usage faults are not enabled by themselves: a stack overflow comes as a hard fault, inside critical sections too. */
__attribute__((used, noreturn)) void tv_name_fault(void)
{
    if ((TV_CFSR & TV_CFSR_STKOF) != 0u) {
        tv_stack_fault();
    } else {
        tv_fault();
    }
    for (;;) {
        __asm volatile("wfi");
    }
}

__attribute__((weak)) void tv_fault(void)
{
    for (;;) {
        __asm volatile("wfi");
    }
}

__attribute__((weak)) void tv_stack_fault(void)
{
    tv_fault();
}

__attribute__((weak)) void tv_flash_fault(uint32_t table)
{
    (void)table;
    tv_fault();
}

/* Weak: tv_flash_guard.c replaces it, and policy.ld does not link without that file. Test programs have no tables. */
__attribute__((weak)) uint32_t tv_start_check(void)
{
    return 0u;
}

__attribute__((used, noreturn)) void tv_start(void)
{
    const uint32_t *from = tv_data_load;
    uint32_t failed;

    for (uint32_t *to = tv_data_start; to < tv_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = tv_bss_start; to < tv_bss_end; to++) {
        *to = 0u;
    }
    TV_CCR |= TV_CCR_LOB | TV_CCR_BP;
    __asm volatile("dsb\n\tisb" ::: "memory");
    failed = tv_start_check();
    if (failed == 0u) {
        (void)main();
    } else {
        tv_flash_fault(failed - 1u);
    }
    for (;;) {
        __asm volatile("wfi");
    }
}

/* Sixteen words at address 0: initial stack, reset, system exceptions. No interrupt is enabled. */
__attribute__((section(".tv_vectors"), used)) static const void *const tv_vectors[16] = {
    tv_stack_top,     tv_reset_handler, tv_fault_handler, tv_fault_handler, tv_fault_handler, tv_fault_handler,
    tv_fault_handler, tv_fault_handler, 0,                0,                0,                tv_fault_handler,
    tv_fault_handler, 0,                tv_fault_handler, tv_fault_handler};

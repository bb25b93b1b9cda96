/* The stack guard: limits in hardware (set by tv_startup.c), and a look at what is left before a call. */
#ifndef TV_STACK_H
#define TV_STACK_H

#include <stdint.h>

#define TV_CONTROL_SPSEL 2u /* threads run on the process stack */

/* Bytes between the stack pointer in use and its limit. */
static inline uint32_t tv_stack_left(void)
{
    uint32_t control;
    uint32_t limit;
    uint32_t pointer;

    __asm volatile("mrs %0, control" : "=r"(control));
    if ((control & TV_CONTROL_SPSEL) != 0u) {
        __asm volatile("mrs %0, psplim" : "=r"(limit));
    } else {
        __asm volatile("mrs %0, msplim" : "=r"(limit));
    }
    __asm volatile("mov %0, sp" : "=r"(pointer));
    return pointer - limit; /* the core faults before the pointer gets below its limit */
}

/* Names the process stack: `limit` is its lowest address, `top` one past its highest, both multiples of 8. To be called
 * while the main stack is in use; whoever switches threads calls it for each. */
static inline void tv_process_stack(const uint64_t *limit, const uint64_t *top)
{
    __asm volatile("msr psplim, %0\n\tmsr psp, %1" ::"r"(limit), "r"(top) : "memory");
}

#endif

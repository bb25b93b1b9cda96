/* Critical sections: no interrupt is taken between enter and leave. They nest, since leave restores what enter found.
 *
 *     const uint32_t mask = tv_critical_enter();
 *     ... at most 10 us ...
 *     tv_critical_leave(mask);
 */
#ifndef TV_CRITICAL_H
#define TV_CRITICAL_H

#include <stdint.h>

/* Masks interrupts (PRIMASK) and gives what PRIMASK was. Faults and NMI are still taken. */
static inline uint32_t tv_critical_enter(void)
{
    uint32_t mask;

    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(mask)::"memory");
    return mask;
}

/* Puts PRIMASK back; an interrupt that waited is taken before this returns. */
static inline void tv_critical_leave(uint32_t mask)
{
    __asm volatile("msr primask, %0\n\tisb" ::"r"(mask) : "memory");
}

#endif

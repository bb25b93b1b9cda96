/* What the guards call when they stop the program. Weak: the application defines those that it wants to handle, for
 * instance by bringing the actuator to rest and resetting. By default, and if one returns, the core stops.
 * A fault handler starts on an empty stack: nothing of what the program had there is left. */
#ifndef TV_FAULTS_H
#define TV_FAULTS_H

#include <stdint.h>

/* Any fault that has no handler of its own, and what the others come to by default. */
void tv_fault(void);

/* A stack pointer went below its limit (MSPLIM, PSPLIM). Nothing below the limit was written. */
void tv_stack_fault(void);

/* Table number `table` of tv_flash_tables is not where it should be, or not what was emitted. Called before main. */
void tv_flash_fault(uint32_t table);

/* What start-up asks before main: 0, or 1 + the number of the table that failed. */
uint32_t tv_start_check(void);

#endif

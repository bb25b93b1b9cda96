/* Resources that tasks share: taken in ascending order, so that no deadlock can arise, with priority inheritance, so that
 * a task waits for nothing but the holders of what it wants. The state machine alone: the scheduler is the application's,
 * and calls these functions inside a critical section (tv_critical.h). Obligations: locks.*. */
#ifndef TV_LOCKS_H
#define TV_LOCKS_H

#include <stdint.h>

#define TV_TASKS 3
#define TV_RESOURCES 4

/* Tasks and resources are numbered from 1; 0 is none. Priorities: a larger number is more urgent. */
typedef struct {
    uint8_t owner[TV_RESOURCES + 1]; /* [r]: the task that holds r; [0] unused */
    uint8_t wants[TV_TASKS + 1];     /* [t]: the resource that t waits for; [0] unused */
    uint8_t base[TV_TASKS + 1];      /* [t]: the task's own priority */
    uint8_t priority[TV_TASKS + 1];  /* [t]: what the scheduler goes by: base, raised by who waits for t */
} tv_locks;

typedef enum {
    TV_LOCK_DONE = 0,
    TV_LOCK_WAITS = 1,   /* held by another task: call again when the scheduler runs this task */
    TV_LOCK_REFUSED = 2, /* out of order, not held, or no such task or resource: nothing has changed */
} tv_lock_result;

/* Nothing held, nobody waits; `base[t - 1]` is the priority of task t. */
/*@ requires \valid(locks) && \valid_read(base + (0 .. TV_TASKS - 1)) && \separated(locks, base + (0 .. TV_TASKS - 1));
    assigns *locks; */
void tv_locks_init(tv_locks *locks, const uint8_t base[TV_TASKS]);

/* Task takes a resource, which must lie above all that it holds. Whoever holds it inherits the task's priority, and so
 * does whom that one waits for, and so on. */
/*@ requires \valid(locks);
    requires \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    requires \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    assigns *locks; */
tv_lock_result tv_lock_take(tv_locks *locks, uint32_t task, uint32_t resource);

/* Task gives a resource back, and falls to the priority that its remaining ones lend it. */
/*@ requires \valid(locks);
    requires \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    requires \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    assigns *locks; */
tv_lock_result tv_lock_give(tv_locks *locks, uint32_t task, uint32_t resource);

#endif

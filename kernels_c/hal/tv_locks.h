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

/* What the contracts ask of a state and every call keeps: owners are tasks, what is wanted are resources, and number 0
 * holds and wants nothing.
 *
 * That tasks neither deadlock nor invert priorities is not said here: locks.* prove it of the state machine. */
/*@ predicate tv_owners_kept{K, L}(tv_locks *locks) =
        \forall integer r; 0 <= r <= TV_RESOURCES ==> \at(locks->owner[r], K) == \at(locks->owner[r], L);

    predicate tv_wants_kept{K, L}(tv_locks *locks) =
        \forall integer t; 0 <= t <= TV_TASKS ==> \at(locks->wants[t], K) == \at(locks->wants[t], L);

    predicate tv_priorities_kept{K, L}(tv_locks *locks) =
        \forall integer t; 0 <= t <= TV_TASKS ==> \at(locks->priority[t], K) == \at(locks->priority[t], L);

    predicate tv_in_range(integer task, integer resource) =
        1 <= task <= TV_TASKS && 1 <= resource <= TV_RESOURCES;

    // nothing at or above `resource` is the task's
    predicate tv_in_order{L}(tv_locks *locks, integer task, integer resource) =
        \forall integer r; resource <= r <= TV_RESOURCES ==> locks->owner[r] != task;
*/

/* Nothing held, nobody waits; `base[t - 1]` is the priority of task t. */
/*@ requires \valid(locks) && \valid_read(base + (0 .. TV_TASKS - 1)) && \separated(locks, base + (0 .. TV_TASKS - 1));
    assigns *locks;
    ensures locks->owner[0] == 0 && locks->wants[0] == 0;
    ensures \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] == 0;
    ensures \forall integer t; 1 <= t <= TV_TASKS ==>
        locks->wants[t] == 0 && locks->base[t] == locks->priority[t] == base[t - 1]; */
void tv_locks_init(tv_locks *locks, const uint8_t base[TV_TASKS]);

/* Task takes a resource, which must lie above all that it holds. Whoever holds it inherits the task's priority, and so
 * does whom that one waits for, and so on. */
/*@ requires \valid(locks);
    requires locks->owner[0] == 0 && locks->wants[0] == 0;
    requires \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    requires \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    assigns locks->owner[0 .. TV_RESOURCES], locks->wants[0 .. TV_TASKS], locks->priority[0 .. TV_TASKS];
    ensures locks->owner[0] == 0 && locks->wants[0] == 0;
    ensures \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    ensures \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    ensures \result == TV_LOCK_DONE || \result == TV_LOCK_WAITS || \result == TV_LOCK_REFUSED;
    ensures \result == TV_LOCK_REFUSED <==>
        !(tv_in_range(task, resource) && tv_in_order{Pre}(locks, task, resource));
    ensures \result == TV_LOCK_REFUSED ==> tv_owners_kept{Pre, Post}(locks) && tv_wants_kept{Pre, Post}(locks) &&
        tv_priorities_kept{Pre, Post}(locks);
    ensures \result == TV_LOCK_DONE ==>
        \old(locks->owner[resource]) == 0 && locks->owner[resource] == task && locks->wants[task] == 0;
    ensures \result == TV_LOCK_DONE ==>
        \forall integer r; 0 <= r <= TV_RESOURCES && r != resource ==> locks->owner[r] == \old(locks->owner[r]);
    ensures \result == TV_LOCK_WAITS ==>
        tv_owners_kept{Pre, Post}(locks) && locks->owner[resource] != 0 && locks->wants[task] == resource;
    ensures \forall integer t; 1 <= t <= TV_TASKS && t != task ==> locks->wants[t] == \old(locks->wants[t]);
    ensures \forall integer t; 0 <= t <= TV_TASKS ==> \old(locks->priority[t]) <= locks->priority[t]; */
tv_lock_result tv_lock_take(tv_locks *locks, uint32_t task, uint32_t resource);

/* Task gives a resource back, and falls to the priority that its remaining ones lend it. */
/*@ requires \valid(locks);
    requires locks->owner[0] == 0 && locks->wants[0] == 0;
    requires \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    requires \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    assigns locks->owner[0 .. TV_RESOURCES], locks->priority[0 .. TV_TASKS];
    ensures locks->owner[0] == 0 && locks->wants[0] == 0;
    ensures \forall integer r; 1 <= r <= TV_RESOURCES ==> locks->owner[r] <= TV_TASKS;
    ensures \forall integer t; 1 <= t <= TV_TASKS ==> locks->wants[t] <= TV_RESOURCES;
    ensures \result == TV_LOCK_DONE || \result == TV_LOCK_REFUSED;
    ensures \result == TV_LOCK_DONE <==> tv_in_range(task, resource) && \old(locks->owner[resource]) == task;
    ensures \result == TV_LOCK_REFUSED ==> tv_owners_kept{Pre, Post}(locks) && tv_priorities_kept{Pre, Post}(locks);
    ensures \result == TV_LOCK_DONE ==> locks->owner[resource] == 0 && locks->base[task] <= locks->priority[task];
    ensures \result == TV_LOCK_DONE ==>
        \forall integer t; 1 <= t <= TV_TASKS && locks->wants[t] != 0 && locks->owner[locks->wants[t]] == task &&
            t != task ==> locks->priority[t] <= locks->priority[task];
    ensures \forall integer r; 0 <= r <= TV_RESOURCES && r != resource ==> locks->owner[r] == \old(locks->owner[r]);
    ensures \forall integer t; 0 <= t <= TV_TASKS && t != task ==> locks->priority[t] == \old(locks->priority[t]); */
tv_lock_result tv_lock_give(tv_locks *locks, uint32_t task, uint32_t resource);

#endif

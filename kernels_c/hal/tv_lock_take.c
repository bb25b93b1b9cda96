/* Resources: taking one. */
#include "tv_locks.h"

tv_lock_result tv_lock_take(tv_locks *locks, uint32_t task, uint32_t resource)
{
    if (task < 1u || task > TV_TASKS || resource < 1u || resource > TV_RESOURCES) {
        return TV_LOCK_REFUSED;
    }
    /*@ loop invariant resource <= r <= TV_RESOURCES + 1;
        loop invariant \forall integer k; resource <= k < r ==> locks->owner[k] != task;
        loop assigns r;
        loop variant TV_RESOURCES + 1 - r; */
    for (uint32_t r = resource; r <= TV_RESOURCES; r++) {
        if (locks->owner[r] == task) {
            return TV_LOCK_REFUSED;
        }
    }
    if (locks->owner[resource] == 0u) {
        locks->owner[resource] = (uint8_t)task;
        locks->wants[task] = 0u;
        /*@ loop invariant 1 <= t <= TV_TASKS + 1;
            loop invariant \forall integer k; 0 <= k <= TV_TASKS ==> \at(locks->priority[k], Pre) <= locks->priority[k];
            loop assigns t, locks->priority[task];
            loop variant TV_TASKS + 1 - t; */
        for (uint32_t t = 1u; t <= TV_TASKS; t++) { /* others may still wait for it */
            if (locks->wants[t] == resource && locks->priority[t] > locks->priority[task]) {
                locks->priority[task] = locks->priority[t];
            }
        }
        return TV_LOCK_DONE;
    }
    locks->wants[task] = (uint8_t)resource;
    /*@ loop invariant 1 <= n <= TV_TASKS;
        loop invariant 0 <= task <= TV_TASKS && 0 <= resource <= TV_RESOURCES;
        loop invariant \forall integer k; 0 <= k <= TV_TASKS ==> \at(locks->priority[k], Pre) <= locks->priority[k];
        loop assigns n, task, resource, locks->priority[0 .. TV_TASKS];
        loop variant TV_TASKS - n; */
    for (uint32_t n = 1u; n < TV_TASKS; n++) { /* a chain of waiting tasks visits none twice: see locks.deadlock_free */
        const uint32_t holder = locks->owner[resource];

        if (holder != 0u && locks->priority[holder] < locks->priority[task]) {
            locks->priority[holder] = locks->priority[task];
        }
        task = holder;
        resource = locks->wants[holder];
    }
    return TV_LOCK_WAITS;
}

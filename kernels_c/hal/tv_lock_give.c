/* Resources: giving one back. */
#include "tv_locks.h"

tv_lock_result tv_lock_give(tv_locks *locks, uint32_t task, uint32_t resource)
{
    uint8_t priority;

    if (task < 1u || task > TV_TASKS || resource < 1u || resource > TV_RESOURCES || locks->owner[resource] != task) {
        return TV_LOCK_REFUSED;
    }
    locks->owner[resource] = 0u;
    priority = locks->base[task];
    /*@ loop invariant 1 <= t <= TV_TASKS + 1;
        loop invariant locks->base[task] <= priority;
        loop invariant \forall integer k; 1 <= k < t && locks->wants[k] != 0 && locks->owner[locks->wants[k]] == task ==>
            locks->priority[k] <= priority;
        loop assigns t, priority;
        loop variant TV_TASKS + 1 - t; */
    for (uint32_t t = 1u; t <= TV_TASKS; t++) {
        if (locks->wants[t] != 0u && locks->owner[locks->wants[t]] == task && locks->priority[t] > priority) {
            priority = locks->priority[t];
        }
    }
    locks->priority[task] = priority;
    return TV_LOCK_DONE;
}

/* Resources: the first state. */
#include "tv_locks.h"

void tv_locks_init(tv_locks *locks, const uint8_t base[TV_TASKS])
{
    locks->wants[0] = 0u;
    locks->base[0] = 0u;
    locks->priority[0] = 0u;
    /*@ loop invariant 0 <= r <= TV_RESOURCES + 1;
        loop invariant \forall integer k; 0 <= k < r ==> locks->owner[k] == 0;
        loop assigns r, locks->owner[0 .. TV_RESOURCES];
        loop variant TV_RESOURCES + 1 - r; */
    for (uint32_t r = 0u; r <= TV_RESOURCES; r++) {
        locks->owner[r] = 0u;
    }
    /*@ loop invariant 1 <= t <= TV_TASKS + 1;
        loop invariant \forall integer k; 1 <= k < t ==>
            locks->wants[k] == 0 && locks->base[k] == locks->priority[k] == base[k - 1];
        loop assigns t, locks->wants[1 .. TV_TASKS], locks->base[1 .. TV_TASKS], locks->priority[1 .. TV_TASKS];
        loop variant TV_TASKS + 1 - t; */
    for (uint32_t t = 1u; t <= TV_TASKS; t++) {
        locks->wants[t] = 0u;
        locks->base[t] = base[t - 1u];
        locks->priority[t] = base[t - 1u];
    }
}

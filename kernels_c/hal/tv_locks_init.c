/* Resources: the first state. */
#include "tv_locks.h"

void tv_locks_init(tv_locks *locks, const uint8_t base[TV_TASKS])
{
    locks->wants[0] = 0u;
    locks->base[0] = 0u;
    locks->priority[0] = 0u;
    for (uint32_t r = 0u; r <= TV_RESOURCES; r++) {
        locks->owner[r] = 0u;
    }
    for (uint32_t t = 1u; t <= TV_TASKS; t++) {
        locks->wants[t] = 0u;
        locks->base[t] = base[t - 1u];
        locks->priority[t] = base[t - 1u];
    }
}

/* Resources in a critical section: taking one. */
#include "tv_resource.h"

#include "tv_critical.h"

tv_lock_result tv_resource_take(tv_locks *locks, uint32_t task, uint32_t resource)
{
    const uint32_t mask = tv_critical_enter();
    const tv_lock_result result = tv_lock_take(locks, task, resource);

    tv_critical_leave(mask);
    return result;
}

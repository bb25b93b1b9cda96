/* Resources in a critical section: giving one back. */
#include "tv_resource.h"

#include "tv_critical.h"

tv_lock_result tv_resource_give(tv_locks *locks, uint32_t task, uint32_t resource)
{
    const uint32_t mask = tv_critical_enter();
    const tv_lock_result result = tv_lock_give(locks, task, resource);

    tv_critical_leave(mask);
    return result;
}

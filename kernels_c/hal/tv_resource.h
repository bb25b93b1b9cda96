/* Resources that tasks share, safe to call from tasks and interrupts: tv_lock_take and tv_lock_give in a critical section.
 * The scheduler is the application's:
 *
 *     while (tv_resource_take(&locks, TASK, RESOURCE) == TV_LOCK_WAITS) {
 *         yield();   runs the ready task with the largest locks.priority[...]
 *     }
 *     ... use it ...
 *     (void)tv_resource_give(&locks, TASK, RESOURCE);
 */
#ifndef TV_RESOURCE_H
#define TV_RESOURCE_H

#include "tv_locks.h"

/* As tv_lock_take, with interrupts masked for as long as it takes; the same contract. */
tv_lock_result tv_resource_take(tv_locks *locks, uint32_t task, uint32_t resource);

/* As tv_lock_give, with interrupts masked for as long as it takes; the same contract. */
tv_lock_result tv_resource_give(tv_locks *locks, uint32_t task, uint32_t resource);

#endif

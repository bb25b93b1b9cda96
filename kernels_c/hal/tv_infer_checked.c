/* Inference with every guard: stack before, observation and output, a safe action, a record of what happened. */
#include "tv_checked.h"

#if defined(__arm__)
#include "tv_stack.h"
#endif

uint32_t tv_infer_checked(const float obs[TV_OBS_DIM], tv_output *out, tv_monitor *monitor)
{
    uint32_t faults = 0u;

#if defined(__arm__)
    faults = tv_stack_left() < TV_INFER_STACK ? TV_FAULT_STACK : 0u;
#endif
    if (faults == 0u) {
        faults = tv_check_observation(obs) | tv_infer(obs, out);
        faults |= tv_check_output(out);
    }
    if ((faults & TV_FAULTS_UNSAFE) != 0u) {
        out->action = monitor->safe;
        monitor->unsafe += monitor->unsafe < UINT32_MAX ? 1u : 0u;
    }
    out->faults = faults;
    monitor->faults |= faults;
    return faults;
}

/* The emitted scalar policy as a library for this machine: many observations at once, and whole lattices of codes.
 * Compiled with the emitted tv_policy.c; TV_CONTINUOUS says which kind of action tv_output holds. */
#include <math.h>
#include <stddef.h>

#include "tv_policy.h"

#ifdef TV_CONTINUOUS
typedef float tv_action;
#else
typedef int32_t tv_action;
#endif

/* The deterministic action for each of `count` observations [count][TV_OBS_DIM]; returns how many had a fault. */
int64_t tv_batch_actions(const float *observations, int64_t count, tv_action *actions)
{
    int64_t faults = 0;

    for (int64_t i = 0; i < count; i++) {
        tv_output out;

        faults += tv_infer(observations + i * TV_OBS_DIM, &out) != 0u;
        actions[i] = out.action;
    }
    return faults;
}

/* The float32 network in double; weight [hidden][TV_OBS_DIM], out_weight [TV_OUTPUTS][hidden]. */
typedef struct {
    int32_t hidden;
    const double *weight, *bias, *out_weight, *out_bias;
} tv_float_network;

static void evaluate(const tv_float_network *net, const float *x, double *logits)
{
    for (int32_t k = 0; k < TV_OUTPUTS; k++) {
        logits[k] = net->out_bias[k];
    }
    for (int32_t j = 0; j < net->hidden; j++) {
        double sum = net->bias[j];

        for (int32_t i = 0; i < TV_OBS_DIM; i++) {
            sum += net->weight[j * TV_OBS_DIM + i] * (double)x[i];
        }
        if (sum > 0) {
            for (int32_t k = 0; k < TV_OUTPUTS; k++) {
                logits[k] += net->out_weight[k * net->hidden + j] * sum;
            }
        }
    }
}

/* tv_infer at every point of a grid: axis i takes the values grid[start[i]] to grid[start[i + 1] - 1]. Writes the
 * largest |int8 logit - float logit| of each output, and the largest difference of actions (continuous: of the action,
 * discrete: how often the arg max differs). Returns the number of points, or -1 if any had a fault. */
int64_t tv_batch_lattice(const float *grid, const int32_t *start, const tv_float_network *net, double bound,
                         double *error, double *action)
{
    int32_t at[TV_OBS_DIM];
    int64_t points = 0;

    for (int32_t i = 0; i < TV_OBS_DIM; i++) {
        at[i] = start[i];
    }
    for (;;) {
        float x[TV_OBS_DIM];
        double logits[TV_OUTPUTS];
        tv_output out;
        int32_t axis = 0;

        for (int32_t i = 0; i < TV_OBS_DIM; i++) {
            x[i] = grid[at[i]];
        }
        if (tv_infer(x, &out) != 0u) {
            return -1;
        }
        evaluate(net, x, logits);
        for (int32_t k = 0; k < TV_OUTPUTS; k++) {
            error[k] = fmax(error[k], fabs((double)out.logits[k] - logits[k]));
        }
#ifdef TV_CONTINUOUS
        *action = fmax(*action, fabs((double)out.action - bound * tanh(logits[0])));
#else
        {
            int32_t best = 0;

            for (int32_t k = 1; k < TV_OUTPUTS; k++) {
                best = logits[k] > logits[best] ? k : best;
            }
            *action += best != out.action ? 1 : 0;
        }
        (void)bound;
#endif
        points++;
        while (axis < TV_OBS_DIM && ++at[axis] == start[axis + 1]) {
            at[axis] = start[axis];
            axis++;
        }
        if (axis == TV_OBS_DIM) {
            return points;
        }
    }
}

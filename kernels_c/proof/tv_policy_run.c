/* A policy from any observation and any seed: inference and a draw, in the order that tv_policy.h asks for; inference with
 * guards; the guard of results on memory that something wrote over. WP proves tv_run, so that the calls meet the
 * contracts; Eva runs main over the tables as they are. Nothing here is linked. */
#include "../src/tv_policy.c"

#include "tv_checked.h"

static volatile float tv_any_float;
static volatile uint32_t tv_any_word;

/*@ requires tv_tables_hold;
    requires \valid_read(obs + (0 .. TV_OBS_DIM - 1)) && \valid(out) && \valid(state) && \separated(out, state);
    requires tv_apart(out, obs);
    assigns *out, state->word; */
static void tv_run(const float obs[TV_OBS_DIM], tv_output *out, tv_state *state)
{
    (void)tv_infer(obs, out);
    tv_sample(out, state);
}

int main(void)
{
    float obs[TV_OBS_DIM];
    tv_output out;
    tv_state state;
    tv_monitor monitor;

    /*@ loop invariant 0 <= i <= TV_OBS_DIM;
        loop assigns i, obs[0 .. TV_OBS_DIM - 1];
        loop variant TV_OBS_DIM - i; */
    for (int32_t i = 0; i < TV_OBS_DIM; i++) {
        obs[i] = tv_any_float;
    }
    state.word = tv_any_word;
    tv_run(obs, &out, &state);
#if TV_DISCRETE
    monitor.safe = (int32_t)tv_any_word;
#else
    monitor.safe = tv_any_float;
#endif
    monitor.faults = tv_any_word;
    monitor.unsafe = tv_any_word;
    (void)tv_infer_checked(obs, &out, &monitor);
    /*@ loop invariant 0 <= j <= TV_OUTPUTS;
        loop assigns j, out;
        loop variant TV_OUTPUTS - j; */
    for (int32_t j = 0; j < TV_OUTPUTS; j++) {
        out.acc[j] = (int32_t)tv_any_word;
        out.logits[j] = tv_any_float;
#if TV_DISCRETE
        out.probability[j] = (uint16_t)tv_any_word;
        out.weight[j] = (uint8_t)tv_any_word;
#endif
    }
#if TV_DISCRETE
    out.action = (int32_t)tv_any_word;
#else
    out.action = tv_any_float;
#endif
    (void)tv_check_output(&out);
    return 0;
}

/* A policy from any observation and any seed: inference and a draw, in the order that tv_policy.h asks for. WP proves
 * tv_run, so that the calls meet the contracts; Eva runs main over the tables as they are. Nothing here is linked. */
#include "../src/tv_policy.c"

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

    /*@ loop invariant 0 <= i <= TV_OBS_DIM;
        loop assigns i, obs[0 .. TV_OBS_DIM - 1];
        loop variant TV_OBS_DIM - i; */
    for (int32_t i = 0; i < TV_OBS_DIM; i++) {
        obs[i] = tv_any_float;
    }
    state.word = tv_any_word;
    tv_run(obs, &out, &state);
    return 0;
}

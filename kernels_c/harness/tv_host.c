/* The test program for this machine: the scalar policy on the same files as on the emulated core (tv_record.h).
 * Lets a user compare before flashing, and lets a sanitizer watch every operation. */
#include <stdio.h>
#include <string.h>

#include "tv_record.h"

static void tv_run_case(const tv_case *input, tv_record *record)
{
    float obs[TV_OBS_DIM];
    int8_t codes[TV_CODES];
    int32_t acc[TV_OUTPUTS];
    tv_output out;
    tv_state state = {input->state};
    uint32_t faults;

    memset(record, 0x5A, sizeof *record);
    memset(&out, 0xA5, sizeof out);
    memcpy(obs, input->obs, sizeof obs);
    record->status = 0u;
    faults = tv_infer(obs, &out);
    record->inferred = out;
    record->status |= faults != out.faults ? TV_STATUS_RETURN : 0u;
    tv_sample(&out, &state);
    record->sampled = out;
    record->state = state.word;
    memset(codes, 0x5A, sizeof codes);
    (void)tv_quantize_observation(obs, codes);
    tv_forward(codes, acc);
    record->status |= memcmp(acc, out.acc, sizeof acc) != 0 ? TV_STATUS_STAGE : 0u;
    record->status |= memcmp(obs, input->obs, sizeof obs) != 0 ? TV_STATUS_INPUT : 0u;
}

int main(void)
{
    uint32_t header[4];
    uint32_t tail[2] = {TV_MAGIC, 0u};
    FILE *in = fopen("observations.bin", "rb");
    FILE *out = fopen("results.bin", "wb");

    if (in == NULL || out == NULL) {
        return 4;
    }
    if (fread(header, 4u, 3u, in) != 3u) {
        return 5;
    }
    if (header[0] != TV_MAGIC || header[1] != TV_OBS_DIM) {
        return 3;
    }
    uint32_t count = header[2];

    header[2] = TV_OUTPUTS;
    header[3] = (uint32_t)sizeof(tv_record);
    if (fwrite(header, 4u, 4u, out) != 4u) {
        return 6;
    }
    while (count-- > 0u) {
        tv_case input;
        tv_record record;

        if (fread(&input, sizeof input, 1u, in) != 1u) {
            return 5;
        }
        tv_run_case(&input, &record);
        if (fwrite(&record, sizeof record, 1u, out) != 1u) {
            return 6;
        }
    }
    if (fwrite(tail, 4u, 2u, out) != 2u || fclose(out) != 0) {
        return 6;
    }
    return 0;
}

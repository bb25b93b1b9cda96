/* The emulator's test program: reads observations by semihosting, runs the policy on each, writes what came out.
 *
 * Linked only into policy-test.elf, in a memory region that the product does not have. Input and output are the
 * files of tv_record.h in the emulator's working folder.
 * Every output is poisoned before a call with a pattern that changes from record to record, guard words stand
 * around it, and the free stack below the call is poisoned as well, so that a stale value cannot look right. */
#include <stdint.h>

#include "tv_faults.h"
#include "tv_record.h"
#include "tv_semihosting.h"

#define TV_CHUNK 64u          /* records a transfer */
#define TV_PAINT_BYTES "1024" /* of stack painted below each call */

typedef struct {
    uint32_t before[4];
    tv_output out;
    uint32_t after[4];
} tv_guarded;

static tv_case tv_cases[TV_CHUNK];
static tv_record tv_records[TV_CHUNK];
static tv_guarded tv_first TV_ALIGNED;
static tv_guarded tv_second TV_ALIGNED;

void tv_flash_fault(uint32_t table)
{
    static char message[] = "tinyverify: flash guard, table ..\n";

    message[sizeof message - 4u] = (char)('0' + table / 10u % 10u);
    message[sizeof message - 3u] = (char)('0' + table % 10u);
    tv_exit(message, 98u);
}

void tv_fault(void)
{
    static char message[] = "tinyverify: processor fault, CFSR ........\n";
    const uint32_t status = *(volatile uint32_t *)0xE000ED28u;

    for (uint32_t i = 0u; i < 8u; i++) {
        message[sizeof message - 10u + i] = "0123456789abcdef"[(status >> (28u - 4u * i)) & 15u];
    }
    tv_exit(message, 99u);
}

static void tv_fill(void *to, uint32_t size, uint32_t pattern)
{
    uint32_t *words = to;

    for (uint32_t i = 0u; i < size / 4u; i++) {
        words[i] = pattern;
    }
}

/* tv_paint_stack fills the TV_PAINT_BYTES below the caller's stack with `pattern`; tv_stack_used gives the bytes from the
 * deepest one that no longer holds it up to the caller's stack. Assembly, because a compiled function has a frame of its
 * own there. */
void tv_paint_stack(uint32_t pattern);
uint32_t tv_stack_used(uint32_t pattern);

__asm(".syntax unified\n"
      ".section .text.tv_paint_stack, \"ax\", %progbits\n"
      ".thumb\n"
      ".p2align 2\n"
      ".global tv_paint_stack\n"
      ".type tv_paint_stack, %function\n"
      "tv_paint_stack:\n"
      "    mov r2, sp\n"
      "    sub.w r1, r2, #" TV_PAINT_BYTES "\n"
      "1:  str r0, [r1], #4\n"
      "    cmp r1, r2\n"
      "    blo 1b\n"
      "    bx lr\n"
      ".section .text.tv_stack_used, \"ax\", %progbits\n"
      ".thumb\n"
      ".p2align 2\n"
      ".global tv_stack_used\n"
      ".type tv_stack_used, %function\n"
      "tv_stack_used:\n"
      "    mov r2, sp\n"
      "    sub.w r1, r2, #" TV_PAINT_BYTES "\n"
      "1:  cmp r1, r2\n"
      "    bhs 2f\n"
      "    ldr r3, [r1]\n"
      "    cmp r3, r0\n"
      "    bne 2f\n"
      "    adds r1, #4\n"
      "    b 1b\n"
      "2:  subs r0, r2, r1\n"
      "    bx lr\n"
      ".text\n");

static uint32_t tv_guards_changed(const tv_guarded *guarded, uint32_t pattern)
{
    uint32_t changed = 0u;

    for (uint32_t i = 0u; i < 4u; i++) {
        changed |= guarded->before[i] ^ pattern;
        changed |= guarded->after[i] ^ pattern;
    }
    return changed;
}

/* One case. Returns the stack bytes that tv_infer took. */
static uint32_t tv_run_case(const tv_case *input, tv_record *record, uint32_t pattern)
{
    union {
        uint32_t bits[TV_OBS_DIM];
        float values[TV_OBS_DIM];
    } obs;
    int8_t codes[TV_CODES] TV_ALIGNED;
    int32_t acc[TV_OUTPUTS];
    tv_state state = {input->state};
    uint32_t faults;
    uint32_t used;

    record->status = 0u;
    for (uint32_t i = 0u; i < TV_OBS_DIM; i++) {
        obs.bits[i] = input->obs[i];
    }
    tv_fill(&tv_first, sizeof tv_first, pattern);
    tv_paint_stack(pattern);
    faults = tv_infer(obs.values, &tv_first.out);
    used = tv_stack_used(pattern);
    record->inferred = tv_first.out;
    record->status |= tv_guards_changed(&tv_first, pattern) != 0u ? TV_STATUS_GUARD : 0u;
    record->status |= faults != tv_first.out.faults ? TV_STATUS_RETURN : 0u;

    tv_fill(&tv_second, sizeof tv_second, ~pattern);
    tv_second.out = tv_first.out;
    tv_paint_stack(~pattern);
    tv_sample(&tv_second.out, &state);
    record->sampled = tv_second.out;
    record->state = state.word;
    record->status |= tv_guards_changed(&tv_second, ~pattern) != 0u ? TV_STATUS_GUARD : 0u;

    tv_fill(codes, sizeof codes, pattern);
    tv_fill(acc, sizeof acc, pattern);
    tv_paint_stack(pattern);
    (void)tv_quantize_observation(obs.values, codes);
    tv_forward(codes, acc);
    for (uint32_t j = 0u; j < TV_OUTPUTS; j++) {
        record->status |= acc[j] != tv_first.out.acc[j] ? TV_STATUS_STAGE : 0u;
    }
    for (uint32_t i = 0u; i < TV_OBS_DIM; i++) {
        record->status |= obs.bits[i] != input->obs[i] ? TV_STATUS_INPUT : 0u;
    }
    return used;
}

int main(void)
{
    uint32_t header[4];
    uint32_t stack = 0u;
    uint32_t done = 0u;
    uint32_t count;
    const int32_t in = tv_open("observations.bin", TV_MODE_RB);
    const int32_t out = tv_open("results.bin", TV_MODE_WB);

    tv_read(in, header, 12u);
    if (header[0] != TV_MAGIC || header[1] != TV_OBS_DIM) {
        tv_exit("tinyverify: the observations are of another policy\n", 3u);
    }
    count = header[2];
    header[2] = TV_OUTPUTS;
    header[3] = (uint32_t)sizeof(tv_record);
    tv_write(out, header, 16u);
    while (done < count) {
        const uint32_t left = count - done;
        const uint32_t now = left < TV_CHUNK ? left : TV_CHUNK;

        tv_read(in, tv_cases, now * (uint32_t)sizeof(tv_case));
        for (uint32_t i = 0u; i < now; i++) {
            const uint32_t used = tv_run_case(&tv_cases[i], &tv_records[i], 0xA5A5A5A5u + (done + i) * 0x9E3779B9u);

            stack = used > stack ? used : stack;
        }
        tv_write(out, tv_records, now * (uint32_t)sizeof(tv_record));
        done += now;
    }
    header[1] = stack;
    tv_write(out, header, 8u);
    tv_close(out);
    tv_exit("", 0u);
}

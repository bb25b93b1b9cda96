/* A plugin of the emulator that writes which instructions each call of one function executes.
 *
 * Arguments: fn=ADDR (the function's entry), lo=ADDR, hi=ADDR, out=FILE. A call runs from the entry until control
 * leaves [lo, hi) or comes to the address behind the instruction before the entry, callees included. Each different path is written once, as 32-bit words: its length, its
 * addresses. The file ends with a 0 and the number of calls. A path or a number of paths too large ends the emulator.
 * Debian ships no qemu-plugin.h, so the part of the plugin interface (version 1) that is used is declared here. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TV_EXPORT __attribute__((visibility("default")))
#define TV_MAX_LENGTH (1u << 20)
#define TV_MAX_PATHS 65536u

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*tv_on_block)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*tv_on_execute)(unsigned int, void *);
typedef void (*tv_at_exit)(qemu_plugin_id_t, void *);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tv_on_block);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, tv_on_execute, int flags, void *);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, tv_at_exit, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

TV_EXPORT int qemu_plugin_version = 1;

static uint32_t entry;
static uint32_t lo, hi;
static FILE *out;
static int running;
static uint32_t behind;  /* address behind the instruction before */
static uint32_t back_to; /* where the call returns to */
static uint32_t path[TV_MAX_LENGTH];
static uint32_t length;
static uint64_t digest;
static uint64_t seen[TV_MAX_PATHS];
static uint32_t seen_count;
static uint32_t calls;

static void finish(void)
{
    calls++;
    running = 0;
    for (uint32_t i = 0; i < seen_count; i++) {
        if (seen[i] == digest) {
            return;
        }
    }
    if (seen_count == TV_MAX_PATHS) {
        fprintf(stderr, "tv_trace: too many paths\n");
        exit(97);
    }
    seen[seen_count++] = digest;
    fwrite(&length, sizeof length, 1, out);
    fwrite(path, sizeof path[0], length, out);
}

static void on_execute(unsigned int cpu, void *data)
{
    const uint64_t packed = (uint64_t)(uintptr_t)data;
    const uint32_t address = (uint32_t)packed;

    (void)cpu;
    if (running && (address == back_to || address < lo || address >= hi)) {
        finish();
    }
    if (!running && address == entry) {
        running = 1;
        back_to = behind;
        length = 0;
        digest = 14695981039346656037u; /* FNV-1a */
    }
    if (running) {
        if (length == TV_MAX_LENGTH) {
            fprintf(stderr, "tv_trace: the path is too long\n");
            exit(97);
        }
        path[length++] = address;
        digest = (digest ^ address) * 1099511628211u;
    }
    behind = address + (uint32_t)(packed >> 32);
}

static void on_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(instruction) & 0xffffffffu;
        const uint64_t packed = address | (uint64_t)qemu_plugin_insn_size(instruction) << 32;

        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_execute, 0, (void *)(uintptr_t)packed);
    }
}

static void at_exit(qemu_plugin_id_t id, void *data)
{
    const uint32_t end[2] = {0, calls};

    (void)id;
    (void)data;
    fwrite(end, sizeof end[0], 2, out);
    fclose(out);
}

TV_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "fn=", 3) == 0) {
            entry = (uint32_t)strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "lo=", 3) == 0) {
            lo = (uint32_t)strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "hi=", 3) == 0) {
            hi = (uint32_t)strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "out=", 4) == 0) {
            out = fopen(argv[i] + 4, "wb");
        } else {
            return 1;
        }
    }
    if (out == NULL || entry < lo || entry >= hi) {
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
    qemu_plugin_register_atexit_cb(id, at_exit, NULL);
    return 0;
}

/* A plugin of the emulator that counts executed instructions, exactly, call by call.
 *
 * Arguments: lo=ADDR, hi=ADDR (the code under test), fn=ADDR (repeatable, functions inside it), out=FILE.
 * A count starts when control enters [lo, hi) from outside at one of the functions and ends when it leaves; callees
 * inside the range belong to it. Each line of the file: entry address (hex), instructions, digest of the sequence of
 * addresses (equal digests: the same path, instruction by instruction).
 * Debian ships no qemu-plugin.h, so the part of the plugin interface (version 1) that is used is declared here. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TV_EXPORT __attribute__((visibility("default")))
#define TV_MAX_FUNCTIONS 16

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

TV_EXPORT int qemu_plugin_version = 1;

static uint64_t lo, hi;
static uint64_t functions[TV_MAX_FUNCTIONS];
static size_t function_count;
static FILE *out;
static int inside;       /* control is in [lo, hi) */
static uint64_t counted; /* the function being counted, 0 for none */
static uint64_t instructions, digest;

static void on_inside(unsigned int cpu, void *data)
{
    const uint64_t address = (uint64_t)(uintptr_t)data;

    (void)cpu;
    if (!inside) {
        inside = 1;
        for (size_t i = 0; i < function_count; i++) {
            if (functions[i] == address) {
                counted = address;
                instructions = 0;
                digest = 14695981039346656037u; /* FNV-1a */
            }
        }
    }
    if (counted != 0) {
        instructions++;
        digest = (digest ^ address) * 1099511628211u;
    }
}

static void on_outside(unsigned int cpu, void *data)
{
    (void)cpu;
    (void)data;
    inside = 0;
    if (counted != 0) {
        fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIx64 "\n", counted, instructions, digest);
        counted = 0;
    }
}

static void on_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(instruction);

        if (address >= lo && address < hi) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_inside, 0, (void *)(uintptr_t)address);
        } else if (i == 0) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_outside, 0, NULL);
        }
    }
}

static void at_exit(qemu_plugin_id_t id, void *data)
{
    (void)id;
    (void)data;
    fclose(out);
}

TV_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "lo=", 3) == 0) {
            lo = strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "hi=", 3) == 0) {
            hi = strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "fn=", 3) == 0 && function_count < TV_MAX_FUNCTIONS) {
            functions[function_count++] = strtoull(argv[i] + 3, NULL, 0);
        } else if (strncmp(argv[i], "out=", 4) == 0) {
            out = fopen(argv[i] + 4, "w");
        } else {
            return 1;
        }
    }
    if (out == NULL || lo >= hi || function_count == 0) {
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
    qemu_plugin_register_atexit_cb(id, at_exit, NULL);
    return 0;
}

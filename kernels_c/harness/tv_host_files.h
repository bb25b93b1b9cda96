/* The calls of tv_semihosting.h on this machine, for test programs that run on both. */
#ifndef TV_HOST_FILES_H
#define TV_HOST_FILES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define TV_MODE_RB 0u
#define TV_MODE_WB 1u

static FILE *tv_files[2]; /* by mode: one to read, one to write */

static inline __attribute__((noreturn)) void tv_exit(const char *message, uint32_t code)
{
    (void)fputs(message, stderr);
    exit((int)code);
}

static inline int32_t tv_open(const char *name, uint32_t mode)
{
    tv_files[mode] = fopen(name, mode == TV_MODE_RB ? "rb" : "wb");
    if (tv_files[mode] == NULL) {
        tv_exit("tinyverify: cannot open a file\n", 4u);
    }
    return (int32_t)mode;
}

static inline void tv_read(int32_t handle, void *to, size_t size)
{
    if (fread(to, size, 1u, tv_files[handle]) != 1u) {
        tv_exit("tinyverify: short read\n", 5u);
    }
}

static inline void tv_write(int32_t handle, const void *from, size_t size)
{
    if (fwrite(from, size, 1u, tv_files[handle]) != 1u) {
        tv_exit("tinyverify: short write\n", 6u);
    }
}

static inline void tv_close(int32_t handle)
{
    if (fclose(tv_files[handle]) != 0) {
        tv_exit("tinyverify: short write\n", 6u);
    }
}

#endif

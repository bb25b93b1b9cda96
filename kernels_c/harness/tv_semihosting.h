/* Files and exit by semihosting, for the emulator's test programs. Any failure ends the program with its own code. */
#ifndef TV_SEMIHOSTING_H
#define TV_SEMIHOSTING_H

#include <stdint.h>

#define TV_SYS_OPEN 0x01
#define TV_SYS_CLOSE 0x02
#define TV_SYS_WRITE0 0x04
#define TV_SYS_WRITE 0x05
#define TV_SYS_READ 0x06
#define TV_SYS_EXIT_EXTENDED 0x20
#define TV_STOPPED 0x20026u
#define TV_MODE_RB 1u
#define TV_MODE_WB 5u

static inline int32_t tv_semihost(int32_t operation, const void *arguments)
{
    register int32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;

    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static inline __attribute__((noreturn)) void tv_exit(const char *message, uint32_t code)
{
    const uint32_t block[2] = {TV_STOPPED, code};

    (void)tv_semihost(TV_SYS_WRITE0, message);
    (void)tv_semihost(TV_SYS_EXIT_EXTENDED, block);
    for (;;) {
    }
}

static inline int32_t tv_open(const char *name, uint32_t mode)
{
    uint32_t length = 0u;
    uint32_t block[3];
    int32_t handle;

    while (name[length] != '\0') {
        length++;
    }
    block[0] = (uint32_t)(uintptr_t)name;
    block[1] = mode;
    block[2] = length;
    handle = tv_semihost(TV_SYS_OPEN, block);
    if (handle < 0) {
        tv_exit("tinyverify: cannot open a file\n", 4u);
    }
    return handle;
}

static inline void tv_read(int32_t handle, void *to, uint32_t size)
{
    const uint32_t block[3] = {(uint32_t)handle, (uint32_t)(uintptr_t)to, size};

    if (tv_semihost(TV_SYS_READ, block) != 0) {
        tv_exit("tinyverify: short read\n", 5u);
    }
}

static inline void tv_write(int32_t handle, const void *from, uint32_t size)
{
    const uint32_t block[3] = {(uint32_t)handle, (uint32_t)(uintptr_t)from, size};

    if (tv_semihost(TV_SYS_WRITE, block) != 0) {
        tv_exit("tinyverify: short write\n", 6u);
    }
}

static inline void tv_close(int32_t handle)
{
    const uint32_t block[1] = {(uint32_t)handle};

    (void)tv_semihost(TV_SYS_CLOSE, block);
}

#endif

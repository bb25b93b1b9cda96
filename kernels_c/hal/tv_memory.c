/* memcpy and memset under their C and Arm ABI names: both compilers may call them from freestanding code for
 * buffers of many bytes. Byte by byte: no policy of the specified shapes calls them on the path of an inference. The volatile access keeps a compiler from turning the loop into a call to itself. */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memset(void *to, int value, size_t count);
void __aeabi_memcpy(void *restrict to, const void *restrict from, size_t count);
void __aeabi_memcpy4(void *restrict to, const void *restrict from, size_t count);
void __aeabi_memcpy8(void *restrict to, const void *restrict from, size_t count);
void __aeabi_memclr(void *to, size_t count);
void __aeabi_memclr4(void *to, size_t count);
void __aeabi_memclr8(void *to, size_t count);

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    volatile unsigned char *target = to;
    const unsigned char *source = from;

    while (count-- > 0u) {
        *target++ = *source++;
    }
    return to;
}

void *memset(void *to, int value, size_t count)
{
    volatile unsigned char *target = to;

    while (count-- > 0u) {
        *target++ = (unsigned char)value;
    }
    return to;
}

void __aeabi_memcpy(void *restrict to, const void *restrict from, size_t count)
{
    (void)memcpy(to, from, count);
}

void __aeabi_memcpy4(void *restrict to, const void *restrict from, size_t count)
{
    (void)memcpy(to, from, count);
}

void __aeabi_memcpy8(void *restrict to, const void *restrict from, size_t count)
{
    (void)memcpy(to, from, count);
}

void __aeabi_memclr(void *to, size_t count)
{
    (void)memset(to, 0, count);
}

void __aeabi_memclr4(void *to, size_t count)
{
    (void)memset(to, 0, count);
}

void __aeabi_memclr8(void *to, size_t count)
{
    (void)memset(to, 0, count);
}

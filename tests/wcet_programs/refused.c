/* Programs for which no number may come out: each is refused with its reason, at its address. Never run. */
#include <stdint.h>

#define PROGRAM __attribute__((noinline, used))

static volatile int32_t sink;

/* Ends where the data says so, and only there. */
PROGRAM uint32_t unbounded(const char *text)
{
    uint32_t length = 0;

    while (text[length] != '\0') {
        sink = (int32_t)length;
        length++;
    }
    return length;
}

/* Never ends. */
PROGRAM int32_t endless(int32_t x)
{
    for (;;) {
        sink = x;
    }
}

PROGRAM int32_t recursive(int32_t n)
{
    if (n < 2) {
        return n;
    }
    return recursive(n - 1) + recursive(n - 2) + sink;
}

static int32_t (*volatile chosen)(int32_t);

PROGRAM int32_t indirect(int32_t x)
{
    return chosen(x) + 1;
}

/* An instruction that the timing table does not have. */
PROGRAM int32_t barrier(int32_t x)
{
    sink = x;
    __asm volatile("dsb" ::: "memory");
    return sink;
}

/* An encoding that is no instruction. */
PROGRAM int32_t undefined(int32_t x)
{
    sink = x;
    __asm volatile(".short 0xeac0, 0xffff" ::: "memory");
    return sink;
}

/* A stack that grows with the input. */
PROGRAM int32_t dynamic(uint32_t n)
{
    volatile int32_t local[(n & 63u) + 1u];

    local[n & 63u] = sink;
    return local[n & 63u];
}

int main(void)
{
    chosen = recursive;
    sink = (int32_t)unbounded("abc") + recursive(3) + indirect(1) + barrier(2) + undefined(3) + dynamic(5u);
    return endless(1);
}

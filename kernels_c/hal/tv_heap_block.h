/* Blocks of the heap guard's arena: header, bytes, guard. For tv_heap_take.c and tv_heap_give.c alone. */
#ifndef TV_HEAP_BLOCK_H
#define TV_HEAP_BLOCK_H

#include "tv_heap.h"

#define TV_HEAP_MARK 0x54564842u
#define TV_HEAP_GUARD_BYTE 0xA5u

/* Before every block. `mark` and `check` tell a header that something wrote over. */
typedef struct {
    uint32_t mark;
    uint32_t size;   /* of the block, as asked for */
    uint32_t before; /* header of the block taken before, from the arena's base; its own place if there is none */
    uint32_t check;  /* ~(size ^ before) */
} tv_heap_header;

/* Bytes that a block of `size` takes in all. `size` is at most TV_HEAP_BYTES: no overflow. */
/*@ requires size <= TV_HEAP_BYTES;
    assigns \nothing;
    ensures \result == TV_HEAP_HEADER + (size + TV_HEAP_GUARD + TV_HEAP_ALIGN - 1) / TV_HEAP_ALIGN * TV_HEAP_ALIGN;
    ensures TV_HEAP_HEADER + TV_HEAP_GUARD + size <= \result < TV_HEAP_HEADER + TV_HEAP_GUARD + size + TV_HEAP_ALIGN; */
static inline uint32_t tv_heap_span(uint32_t size)
{
    return TV_HEAP_HEADER + (size + TV_HEAP_GUARD + TV_HEAP_ALIGN - 1u) / TV_HEAP_ALIGN * TV_HEAP_ALIGN;
}

static inline tv_heap_header *tv_heap_header_at(const tv_heap *heap, uint32_t offset)
{
    return (tv_heap_header *)(void *)(heap->base + offset);
}

/* Remembers a refusal and reports it. */
/*@ requires \valid(heap) && 1 <= why <= 7;
    assigns heap->faults;
    ensures \result == why && heap->faults != 0; */
static inline tv_heap_result tv_heap_refuse(tv_heap *heap, tv_heap_result why)
{
    heap->faults |= 1u << (uint32_t)why;
    tv_heap_refused(heap, why);
    return why;
}

#endif

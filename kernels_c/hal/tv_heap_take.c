/* Heap guard: taking a block. */
#include <stddef.h>

#include "tv_heap_block.h"

void *tv_heap_take(tv_heap *heap, uint32_t size)
{
    tv_heap_header *header;
    uint8_t *block;

    if (size == 0u) {
        (void)tv_heap_refuse(heap, TV_HEAP_ZERO);
        return NULL;
    }
    if ((size > heap->size) || (tv_heap_span(size) > heap->size)) {
        (void)tv_heap_refuse(heap, TV_HEAP_TOO_LARGE);
        return NULL;
    }
    if (tv_heap_span(size) > (heap->size - heap->used)) {
        (void)tv_heap_refuse(heap, TV_HEAP_EXHAUSTED);
        return NULL;
    }
    header = tv_heap_header_at(heap, heap->used);
    header->mark = TV_HEAP_MARK;
    header->size = size;
    header->before = heap->latest;
    header->check = ~(size ^ heap->latest);
    block = heap->base + heap->used + TV_HEAP_HEADER;
    for (uint32_t i = 0u; i < TV_HEAP_GUARD; i++) {
        block[size + i] = TV_HEAP_GUARD_BYTE;
    }
    heap->latest = heap->used;
    heap->used += tv_heap_span(size);
    heap->peak = heap->used > heap->peak ? heap->used : heap->peak;
    return block;
}

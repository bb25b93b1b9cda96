/* Heap guard: giving a block back. */
#include "tv_heap_block.h"

/* Whether the block that is `offset` from the base, the latest one, is as tv_heap_take left it. */
static uint32_t tv_heap_intact(const tv_heap *heap, uint32_t offset)
{
    const tv_heap_header *header = tv_heap_header_at(heap, offset);
    const uint8_t *block = heap->base + offset + TV_HEAP_HEADER;

    if (header->mark != TV_HEAP_MARK || header->check != ~(header->size ^ header->before) ||
        header->size > heap->size || offset + tv_heap_span(header->size) != heap->used || header->before > offset) {
        return 0u;
    }
    for (uint32_t i = 0u; i < TV_HEAP_GUARD; i++) {
        if (block[header->size + i] != TV_HEAP_GUARD_BYTE) {
            return 0u;
        }
    }
    return 1u;
}

tv_heap_result tv_heap_give(tv_heap *heap, void *block)
{
    /* A place before the first block wraps to a large number. */
    const uintptr_t address = (uintptr_t)(const uint8_t *)block;
    const uintptr_t place = address - (uintptr_t)heap->base - TV_HEAP_HEADER;

    if ((address % TV_HEAP_ALIGN) != 0u) {
        return tv_heap_refuse(heap, TV_HEAP_MISALIGNED);
    }
    if (place >= heap->used) {
        return tv_heap_refuse(heap, TV_HEAP_NOT_HELD);
    }
    if (place != heap->latest) {
        return tv_heap_refuse(heap, place < heap->latest ? TV_HEAP_OUT_OF_ORDER : TV_HEAP_NOT_HELD);
    }
    if (tv_heap_intact(heap, heap->latest) == 0u) {
        return tv_heap_refuse(heap, TV_HEAP_OVERRUN);
    }
    heap->used = heap->latest;
    heap->latest = tv_heap_header_at(heap, heap->used)->before;
    return TV_HEAP_DONE;
}

/* Heap guard: an empty arena. */
#include <stddef.h>

#include "tv_heap_block.h"

tv_heap_result tv_heap_init(tv_heap *heap, uint8_t *memory, uint32_t size)
{
    heap->base = memory;
    heap->size = 0u;
    heap->used = 0u;
    heap->latest = 0u;
    heap->peak = 0u;
    heap->faults = 0u;
    if (size > TV_HEAP_BYTES) {
        return tv_heap_refuse(heap, TV_HEAP_TOO_LARGE);
    }
    if (((uintptr_t)memory % TV_HEAP_ALIGN) != 0u) {
        return tv_heap_refuse(heap, TV_HEAP_MISALIGNED);
    }
    if (memory == NULL || size < tv_heap_span(1u)) {
        return tv_heap_refuse(heap, TV_HEAP_ZERO);
    }
    heap->size = size / TV_HEAP_ALIGN * TV_HEAP_ALIGN;
    return TV_HEAP_DONE;
}

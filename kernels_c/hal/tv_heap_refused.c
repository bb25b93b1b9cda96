/* Heap guard: what a refusal calls unless the application has its own. */
#include "tv_heap.h"

__attribute__((weak)) void tv_heap_refused(tv_heap *heap, tv_heap_result why)
{
    (void)heap;
    (void)why;
}

/* The heap guard: an arena that validates every request. The policy and its kernels allocate nothing; this is for
 * applications that must, and is linked only by those.
 *
 * Blocks are given back in the opposite order of taking, so memory never fragments and both calls take constant time.
 * A block starts at a multiple of 16 (MVE loads), after its header, and ends in four guard bytes. Not safe to share with
 * interrupts: call inside a critical section (tv_critical.h) if they use it. */
#ifndef TV_HEAP_H
#define TV_HEAP_H

#include <stdint.h>

#define TV_HEAP_BYTES 0x7000u /* the specified 28 KB; an arena may be smaller */
#define TV_HEAP_ALIGN 16u
#define TV_HEAP_HEADER 16u
#define TV_HEAP_GUARD 4u

typedef enum {
    TV_HEAP_DONE = 0,
    TV_HEAP_ZERO = 1,         /* no bytes asked for */
    TV_HEAP_TOO_LARGE = 2,    /* more than the whole arena could ever give, or an arena of more than TV_HEAP_BYTES */
    TV_HEAP_EXHAUSTED = 3,    /* more than is left now */
    TV_HEAP_MISALIGNED = 4,   /* an arena, or a block given back, that does not start at a multiple of 16 */
    TV_HEAP_NOT_HELD = 5,     /* no block of this arena starts there: given back twice, or never taken */
    TV_HEAP_OUT_OF_ORDER = 6, /* it lies before the latest block, which is still held */
    TV_HEAP_OVERRUN = 7,      /* something wrote over the block's header or its guard bytes: the block stays held */
} tv_heap_result;

typedef struct {
    uint8_t *base;   /* the arena's first byte */
    uint32_t size;   /* of the arena */
    uint32_t used;   /* bytes from base that are taken */
    uint32_t latest; /* where the header of the latest block lies, from base; 0 if there is none */
    uint32_t peak;   /* the largest `used` so far */
    uint32_t faults; /* sticky: bit n is set once a call was refused with tv_heap_result n */
} tv_heap;

/* What .data and .bss leave of the 28 KB (policy.ld), for tv_heap_init. */
extern uint8_t tv_heap_start[], tv_heap_end[];

/* An empty arena over `size` bytes at `memory`. A refused arena gives nothing. */
/*@ requires \valid(heap);
    assigns *heap;
    ensures \result == TV_HEAP_DONE ==> TV_HEAP_HEADER + TV_HEAP_ALIGN <= size <= TV_HEAP_BYTES;
    ensures \result == TV_HEAP_DONE ==> memory != \null && (uint32_t)(uintptr_t)memory % TV_HEAP_ALIGN == 0;
    ensures TV_HEAP_HEADER + TV_HEAP_ALIGN <= size <= TV_HEAP_BYTES && memory != \null &&
        (uint32_t)(uintptr_t)memory % TV_HEAP_ALIGN == 0 ==> \result == TV_HEAP_DONE;
    ensures \result == TV_HEAP_DONE ==> heap->size == size / TV_HEAP_ALIGN * TV_HEAP_ALIGN && heap->faults == 0;
    ensures \result != TV_HEAP_DONE ==> heap->size == 0 && heap->faults != 0;
    ensures heap->base == memory && heap->used == heap->latest == heap->peak == 0; */
tv_heap_result tv_heap_init(tv_heap *heap, uint8_t *memory, uint32_t size);

/* `size` bytes that nobody else has, their content undefined, or a null pointer if the request is refused. */
void *tv_heap_take(tv_heap *heap, uint32_t size);

/* Gives back the latest block that is still held. Refused: nothing has changed. */
tv_heap_result tv_heap_give(tv_heap *heap, void *block);

/* Called with every refusal, after the sticky flag is set. Weak, and does nothing by default; it may return. */
/*@ assigns \nothing; */
void tv_heap_refused(tv_heap *heap, tv_heap_result why);

#endif

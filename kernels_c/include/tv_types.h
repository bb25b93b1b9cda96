/* Types and constants that every kernel shares. The arithmetic is docs/semantics.md, one name a operator.
 *
 * Assumed of the compiler (both supported ones document it): two's complement. No negative value is shifted. Nothing
 * else rests on implementation-defined behaviour. */
#ifndef TV_TYPES_H
#define TV_TYPES_H

#include <stdint.h>

/* Fault flags of an observation: OR of these. */
#define TV_FAULT_NAN 1u /* at least one feature was NaN; its code is the zero point */
#define TV_FAULT_INF 2u /* at least one feature was infinite; its code is saturated */

/* Linkage of the kernels. Empty when each kernel is an object of its own (tests, proofs); the generated
 * policy sets it to `static inline` so that the shapes of the network reach the kernels as constants. */
#ifndef TV_KERNEL
#define TV_KERNEL
#endif

/* Buffers of codes. Eight bytes are the width of the core's data bus and the stack's own alignment; more would
 * cost every caller a realignment of its stack and gain nothing. */
#define TV_ALIGNED __attribute__((aligned(8)))

/* Stands after the vector stores of a kernel, before anything reads what they wrote. GCC 12 takes a narrowing
 * store (vstrb.32) for a store of one byte and moves scalar loads of the other bytes above it. Costs no
 * instruction. */
#define TV_VECTOR_STORES_DONE() __asm volatile("" ::: "memory")

/* Rounding modes of requantize. */
typedef enum {
    TV_DOUBLE_TIES_UP = 0,   /* vqrdmulh, then vrshl */
    TV_DOUBLE_TIES_AWAY = 1, /* TFLM, CMSIS-NN */
    TV_SINGLE_TIES_UP = 2    /* CMSIS-NN, single rounding */
} tv_rounding;

#endif

/* Vectors as arrays of lanes, lane 0 first, as the core stores them. See arm_mve.h.
 *
 * A predicate has one bit a byte; a lane is active if its lowest bit is set. The core would let a predicate switch parts
 * of a lane: vctp and comparisons of whole lanes, which are all that the kernels use, never do. */
#ifndef TV_MVE_VECTORS_H
#define TV_MVE_VECTORS_H

#include <stdint.h>

typedef struct {
    int8_t lane[16];
} int8x16_t;

typedef struct {
    uint8_t lane[16];
} uint8x16_t;

typedef struct {
    int16_t lane[8];
} int16x8_t;

typedef struct {
    int32_t lane[4];
} int32x4_t;

typedef struct {
    uint32_t lane[4];
} uint32x4_t;

/* The bits of four floats. */
typedef struct {
    uint32_t lane[4];
} float32x4_t;

typedef uint16_t mve_pred16_t;

#endif

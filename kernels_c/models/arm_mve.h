/* Scalar models of the MVE intrinsics that the kernels use, for a machine without MVE: with this folder in front of the
 * search path the vector kernels compile for the host, where a sanitizer and a debugger can watch them.
 *
 * Each has a contract that Frama-C proves (`kernel.mve_models`), but those of tv_mve_float.h. That the models are the
 * instructions is checked, not proved: each is run beside the emulated core on extreme and random lanes. Only what the
 * kernels use is here; immediates are plain arguments. */
#ifndef TV_ARM_MVE_H
#define TV_ARM_MVE_H

#include "tv_mve_accumulate.h"
#include "tv_mve_across.h"
#include "tv_mve_float.h"
#include "tv_mve_lanes.h"
#include "tv_mve_memory.h"
#include "tv_mve_predicates.h"
#include "tv_mve_saturating.h"

#endif

/* Files of the test programs, little-endian. "observations.bin": magic, obs_dim, count, then count tv_case.
 * "results.bin": magic, obs_dim, outputs, size of a record, then count tv_record, then magic and stack bytes. */
#ifndef TV_RECORD_H
#define TV_RECORD_H

#include "tv_policy.h"

#define TV_MAGIC 0x54564831u

#define TV_STATUS_GUARD 1u  /* a guard word around the output changed */
#define TV_STATUS_INPUT 2u  /* the observation changed */
#define TV_STATUS_RETURN 4u /* the returned flags are not the stored ones */
#define TV_STATUS_STAGE 8u  /* the stages called one by one give other accumulators */

typedef struct {
    uint32_t obs[TV_OBS_DIM]; /* float32 patterns */
    uint32_t state;           /* of the generator, before tv_sample */
} tv_case;

typedef struct {
    tv_output inferred; /* after tv_infer */
    tv_output sampled;  /* after tv_sample */
    uint32_t state;     /* of the generator, after tv_sample */
    uint32_t status;    /* 0, or TV_STATUS_... */
} tv_record;

#endif

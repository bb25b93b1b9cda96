/* The flash guard over a list whose length WP knows to end somewhere: tv_flash.h leaves it to the policy, of which none has
 * as many tables. Nothing here is linked. */
#include "../hal/tv_flash.h"

extern const tv_flash_table tv_flash_tables[64];

#include "../hal/tv_flash_guard.c"

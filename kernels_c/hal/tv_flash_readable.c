/* Flash guard: which addresses may be read as flash. */
#include "tv_flash.h"

uint32_t tv_flash_readable(uint32_t address, uint32_t size)
{
    const uint32_t offset = address - TV_FLASH_BASE; /* below the base it wraps to a large number */

    return (size > 0u && size <= TV_FLASH_BYTES && offset <= TV_FLASH_BYTES - size) ? 1u : 0u;
}

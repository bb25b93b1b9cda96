/* Flash guard: which addresses may be read as flash. */
#include "tv_flash.h"

uint32_t tv_flash_readable(uint32_t address, uint32_t size)
{
    uint32_t readable = 0u;

    if ((size > 0u) && (size <= TV_FLASH_BYTES) && (address >= TV_FLASH_BASE)) {
        readable = (address - TV_FLASH_BASE) <= (TV_FLASH_BYTES - size) ? 1u : 0u;
    }
    return readable;
}

/* The flash guard: at start-up every table of the policy is where the memory map says, with the bytes that were emitted.
 * tv_flash_guard may be called again at any time, for instance by a background task. */
#ifndef TV_FLASH_H
#define TV_FLASH_H

#include <stdint.h>

/* Where the flash of the memory map starts. Compile with another value together with a linker script of your own. */
#ifndef TV_FLASH_BASE
#define TV_FLASH_BASE 0x01000000u
#endif
#define TV_FLASH_BYTES 0x10000u

typedef struct {
    const void *at;  /* where the linker put the table */
    uint32_t offset; /* where the memory map says it lies, from TV_FLASH_BASE */
    uint32_t size;   /* bytes */
    uint32_t crc;    /* CRC-32 of its bytes, computed when the policy was emitted */
} tv_flash_table;

extern const tv_flash_table tv_flash_tables[];
extern const uint32_t tv_flash_table_count;

/* 0 if every table is right, else 1 + the number of the first that is not. No byte outside the flash is read. */
uint32_t tv_flash_guard(void);

/* 1 if bytes address .. address + size - 1 lie in the flash of the memory map and there is at least one, else 0. */
/*@ assigns \nothing;
    ensures \result == 1 || \result == 0;
    ensures \result == 1 <==> size > 0 && TV_FLASH_BASE <= address && address + size <= TV_FLASH_BASE + TV_FLASH_BYTES; */
uint32_t tv_flash_readable(uint32_t address, uint32_t size);

/*@ requires \valid_read(data + (0 .. size - 1));
    assigns \nothing; */
/* CRC-32 (IEEE 802.3, reflected, initial value and final exclusive-or of all ones), as zlib's crc32. */
uint32_t tv_crc32(const uint8_t *data, uint32_t size);

#endif

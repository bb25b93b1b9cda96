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
    const uint8_t *at; /* where the linker put the table */
    uint32_t offset; /* where the memory map says it lies, from TV_FLASH_BASE */
    uint32_t size;   /* bytes */
    uint32_t crc;    /* CRC-32 of its bytes, computed when the policy was emitted */
} tv_flash_table;

extern const tv_flash_table tv_flash_tables[];
extern const uint32_t tv_flash_table_count;

/*@ // whether a table lies in the flash, and there where the memory map says
    predicate tv_placed(tv_flash_table table) =
        0 < table.size && TV_FLASH_BASE <= (uint32_t)(uintptr_t)table.at &&
        (uint32_t)(uintptr_t)table.at == (uint32_t)(TV_FLASH_BASE + table.offset) &&
        (uint32_t)(uintptr_t)table.at + table.size <= TV_FLASH_BASE + TV_FLASH_BYTES;
*/

/* 0 if every table is right, else 1 + the number of the first that is not. No byte outside the flash is read. */
/*@ requires \valid_read(tv_flash_tables + (0 .. tv_flash_table_count - 1)) && tv_flash_table_count < 0xFFFFFFFF;
    requires \forall integer i; 0 <= i < tv_flash_table_count && tv_placed(tv_flash_tables[i]) ==>
        \valid_read(tv_flash_tables[i].at + (0 .. tv_flash_tables[i].size - 1));
    assigns \nothing;
    ensures 0 <= \result <= tv_flash_table_count;
    ensures \result == 0 ==> \forall integer i; 0 <= i < tv_flash_table_count ==> tv_placed(tv_flash_tables[i]);
    ensures 1 < \result ==> \forall integer i; 0 <= i < \result - 1 ==> tv_placed(tv_flash_tables[i]); */
uint32_t tv_flash_guard(void);

/* 1 if bytes address .. address + size - 1 lie in the flash of the memory map and there is at least one, else 0. */
/*@ assigns \nothing;
    ensures \result == 1 || \result == 0;
    ensures \result == 1 <==> size > 0 && TV_FLASH_BASE <= address && address + size <= TV_FLASH_BASE + TV_FLASH_BYTES; */
uint32_t tv_flash_readable(uint32_t address, uint32_t size);

/* CRC-32 (IEEE 802.3, reflected, initial value and final exclusive-or of all ones), as zlib's crc32. */
/*@ requires \valid_read(data + (0 .. size - 1));
    assigns \nothing; */
uint32_t tv_crc32(const uint8_t *data, uint32_t size);

#endif

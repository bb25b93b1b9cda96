/* Flash guard: every table at its address, with its bytes. */
#include "tv_flash.h"

#include "tv_faults.h"

/* Not inlined: policy.ld asks for this symbol, so that no firmware links without the guard. */
__attribute__((noinline)) uint32_t tv_flash_guard(void)
{
    /*@ loop invariant 0 <= i <= tv_flash_table_count;
        loop invariant \forall integer k; 0 <= k < i ==> tv_placed(tv_flash_tables[k]);
        loop assigns i;
        loop variant tv_flash_table_count - i; */
    for (uint32_t i = 0u; i < tv_flash_table_count; i++) {
        const tv_flash_table *table = &tv_flash_tables[i];
        const uint32_t address = (uint32_t)(uintptr_t)table->at;

        if ((address != (TV_FLASH_BASE + table->offset)) || (tv_flash_readable(address, table->size) == 0u)) {
            return i + 1u;
        }
        if (tv_crc32(table->at, table->size) != table->crc) {
            return i + 1u;
        }
    }
    return 0u;
}

/* Replaces the weak one of tv_startup.c: with this file linked, the guard runs before main. */
uint32_t tv_start_check(void)
{
    return tv_flash_guard();
}

/* CRC-32, four bits a step: sixteen table entries instead of 256. */
#include "tv_flash.h"

/* [n]: the remainder that four bits of value n leave, polynomial 0xEDB88320. */
static const uint32_t tv_crc_step[16] = {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
                                         0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
                                         0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};

uint32_t tv_crc32(const uint8_t *data, uint32_t size)
{
    uint32_t crc = 0xFFFFFFFFu;

    /*@ loop invariant 0 <= i <= size;
        loop assigns i, crc;
        loop variant size - i; */
    for (uint32_t i = 0u; i < size; i++) {
        crc ^= data[i];
        crc = (crc >> 4) ^ tv_crc_step[crc & 15u];
        crc = (crc >> 4) ^ tv_crc_step[crc & 15u];
    }
    return ~crc;
}

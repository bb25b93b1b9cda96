"""What the linked firmware holds, by section and by table.

Serves `layout.*` on the linked ELF: every table of the policy lies at its stated offset with its stated bytes, and
nothing allocated lies outside the specified regions. Does not look at instructions.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile

from tinyverify.artifacts.layout import FLASH_REGIONS, HEAP_BYTES, RAM_BASE, STACK_BYTES

SHF_ALLOC = 2


@dataclass(frozen=True)
class Section:
    """One allocated section: name, address, size in bytes, and its bytes (empty for NOBITS)."""

    name: str
    address: int
    size: int
    data: bytes


def sections(elf: Path) -> tuple[Section, ...]:
    """All allocated sections of `elf` with a size, by address."""
    with Path(elf).open("rb") as file:
        found = [
            Section(s.name, s["sh_addr"], s["sh_size"], b"" if s["sh_type"] == "SHT_NOBITS" else s.data())
            for s in ELFFile(file).iter_sections()
            if s["sh_flags"] & SHF_ALLOC and s["sh_size"]
        ]
    return tuple(sorted(found, key=lambda section: section.address))


def functions(elf: Path, *names: str) -> dict[str, tuple[int, int]]:
    """Name to (address, size) of the functions `names`. Raises KeyError naming one that is missing."""
    with Path(elf).open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        found = {}
        for name in names:
            symbols = table.get_symbol_by_name(name) if table else None
            if not symbols:
                raise KeyError(f"{elf}: no function {name}")
            found[name] = (symbols[0]["st_value"] & ~1, symbols[0]["st_size"])
    return found


def sizes(elf: Path, flash_base: int = 0x01000000) -> dict[str, int]:
    """Used bytes of each region of the memory map: policy, scales, lut, hal, ram, and vectors."""
    regions = {region.name: (flash_base + region.offset, region.size) for region in FLASH_REGIONS}
    regions["ram"] = (RAM_BASE + STACK_BYTES, HEAP_BYTES)
    regions["vectors"] = (0, 0x40)
    used = dict.fromkeys(regions, 0)
    for section in sections(elf):
        for name, (start, size) in regions.items():
            if start <= section.address < start + size:
                used[name] += section.size
    return used


def map_faults(elf: Path, expected: dict[str, tuple[int, bytes]], flash_base: int = 0x01000000) -> list[str]:
    """Every way in which `elf` departs from the memory map; empty if none.

    `expected`: table name to (flash offset, bytes), as of tinyverify.emit.tables for the same build.
    """
    faults = []
    allowed = [(flash_base + region.offset, flash_base + region.offset + region.size) for region in FLASH_REGIONS]
    allowed += [(0, 0x40), (RAM_BASE + STACK_BYTES, RAM_BASE + STACK_BYTES + HEAP_BYTES)]
    present = sections(elf)
    for section in present:
        end = section.address + section.size
        if not any(start <= section.address and end <= stop for start, stop in allowed):
            faults.append(f"{section.name} at {section.address:#x}..{end:#x} lies in no region of the memory map")
    for before, after in itertools.pairwise(present):
        if after.address < before.address + before.size:
            faults.append(f"{after.name} at {after.address:#x} overlaps {before.name}")
    by_address = {section.address: section for section in present}
    for name, (offset, data) in expected.items():
        section = by_address.get(flash_base + offset)
        if section is None:
            faults.append(f"{name}: nothing lies at its address {flash_base + offset:#x}")
        elif section.data != data:
            faults.append(f"{name}: the bytes at {section.address:#x} are not the policy's")
    return faults

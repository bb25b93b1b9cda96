"""What must hold of an ELF before and after its code is run symbolically.

Serves `kernel.object_code`. Its sections are what its program headers load (everything else reads sections, a loader
reads segments); its tables have the sizes of the policy's; and the functions that were run hold no code that no input
reaches.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.emit.tables import flash_tables

NOP = b"\x00\xbf"  # what assemblers align with


def check_image(firmware: Firmware) -> None:
    """Raise ArtifactError if allocated sections overlap, or hold other bytes than the segments that load them."""
    sections = sorted((s for s in firmware.sections if s.allocated and s.size), key=lambda s: s.address)
    for before, after in pairwise(sections):
        if after.address < before.end:
            raise ArtifactError(firmware.path, after.name, f"overlaps {before.name} at {after.address:#x}")
    for section in sections:
        if section.data is None:
            continue
        holding = [s for s in firmware.segments if s.address <= section.address < s.address + max(1, s.memory_size)]
        if len(holding) != 1:
            raise ArtifactError(firmware.path, section.name, f"is loaded by {len(holding)} segments, expected one")
        start = section.address - holding[0].address
        if holding[0].data[start : start + section.size] != section.data:
            raise ArtifactError(firmware.path, section.name, "holds other bytes than the segment that loads it")


class Constants:
    """The bytes of `firmware` that never change, `constants(address, size)`: None outside or across an object's border.

    `read`: the names of the objects that were read.
    """

    def __init__(self, firmware: Firmware):
        self.read: set[str] = set()
        self._firmware = firmware
        objects = sorted((s for s in firmware.symbols if s.kind == "object" and s.size), key=lambda s: s.address)
        self._objects, self._starts = objects, [s.address for s in objects]

    def extent(self, address: int, size: int) -> tuple[int, int]:
        """Address and size of the object that holds these bytes; they themselves where there is none."""
        first = bisect_right(self._starts, address) - 1
        if first >= 0 and address + size <= self._objects[first].end:
            return self._starts[first], self._objects[first].size
        return address, size

    def __call__(self, address: int, size: int) -> bytes | None:
        first = bisect_right(self._starts, address) - 1
        inside = first >= 0 and address < self._objects[first].end
        if inside and address + size > self._objects[first].end:
            return None
        if not inside and first + 1 < len(self._starts) and address + size > self._starts[first + 1]:
            return None
        if inside:
            self.read.add(self._objects[first].name)
        return self._firmware.constant(address, size)

    def is_empty(self, address: int, size: int) -> bool:
        """Whether one of the bytes lies in no section."""
        return any(self._firmware.section_at(at) is None for at in range(address, address + size))


def check_tables(policy: Policy, firmware: Firmware) -> None:
    """Raise ArtifactError if a table's symbol has another size than the table of `policy`."""
    wanted = {table.c_name: table.item.size for table in flash_tables(policy, mve=True)}
    for symbol in firmware.symbols:
        if symbol.kind == "object" and symbol.size != wanted.get(symbol.name, symbol.size):
            size = wanted[symbol.name]
            raise ArtifactError(firmware.path, symbol.name, f"has {symbol.size} bytes, the bundle's policy has {size}")


def unreached(firmware: Firmware, addresses: Iterable[int]) -> tuple[str, int] | None:
    """(function, address) of the first code that was not run in a function of which some was.

    `addresses`: of the instructions that were run. Literal pools and alignment are no code.
    """
    done: set[int] = set()
    for at in set(addresses):
        first = int.from_bytes(firmware.read(at, 2) or b"", "little")
        done |= {at, at + 2} if first >> 11 >= 0b11101 else {at}
    marks = firmware.code_marks
    starts = [address for address, _ in marks]
    for function in sorted(firmware.functions.values(), key=lambda symbol: symbol.address):
        inside = range(function.address, function.end, 2)
        if not any(at in done for at in inside):
            continue
        for at in inside:
            mark = bisect_right(starts, at) - 1
            is_code = mark < 0 or marks[mark][1] == "t"
            if is_code and at not in done and firmware.read(at, 2) != NOP:
                return function.name, at
    return None

"""Memory as separate objects, byte by byte; addresses are one object's base plus a constant.

Serves `kernel.object_code`. Bases are unknown integers with a known alignment, so a proof holds wherever the caller
puts its buffers and its stack, as long as they do not overlap. Constant memory is the ELF's own unwritable sections.
Every access is checked: inside its object, aligned where the instruction demands it, never below the stack pointer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.errors import DataDependent, OutsideAccess, Stuck, UnsafeAccess
from tinyverify.engines.machine_code.linear import Linear, Value, add
from tinyverify.engines.machine_code.terms import SIGN, Terms
from tinyverify.engines.machine_code.words import Byte, select_byte

STACK = "stack"


@dataclass
class MemoryObject:
    """One object: its `base` address, the offsets [start, end) it spans, what is known of its bytes."""

    name: str
    base: Value
    start: int
    end: int
    writable: bool
    content: dict[int, Byte] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    generation: int = 0  # counts what was forgotten, so that lost bytes are never equal to earlier ones


class ConstantMemory(Protocol):
    """What never changes: image.py's for a firmware."""

    def __call__(self, address: int, size: int) -> bytes | None:
        """The bytes, or None."""

    def extent(self, address: int, size: int) -> tuple[int, int]:
        """The address and size of the object that holds them."""

    def is_empty(self, address: int, size: int) -> bool:
        """Whether one of the bytes lies in no section of the firmware."""


class Memory:
    """All objects of one run."""

    def __init__(self, terms: Terms, constants: ConstantMemory, pointers: dict[int, MemoryObject]):
        self.terms = terms
        self.constants = constants
        self.objects = pointers  # by the atom of the base

    def locate(self, address: Value, size: int, align: int) -> tuple[MemoryObject | None, int]:
        """(object, offset), or (None, address) for constant memory. Raises DataDependent or UnsafeAccess."""
        if isinstance(address, int):
            if address % align:
                raise UnsafeAccess(f"address {address:#x} is not aligned to {align}")
            return None, address
        for atom in address.terms:
            found = self.objects.get(atom)
            if found is None:
                continue
            offset = add(address, found.base, -1)
            if not isinstance(offset, int):
                raise DataDependent(f"address into {found.name} depends on data")
            remainder = self.terms.mod(address, align.bit_length() - 1)
            if not isinstance(remainder, int) or remainder:
                raise UnsafeAccess(f"{found.name}{offset:+d} is not surely aligned to {align}")
            if offset < found.start or offset + size > found.end:
                raise OutsideAccess(f"{size} bytes at {found.name}{offset:+d} leave [{found.start}, {found.end})")
            return found, offset
        raise DataDependent("address depends on data")

    def load(self, address: Value, size: int, align: int = 1) -> list[Byte]:
        """The `size` bytes at `address`."""
        found, offset = self.locate(address, size, align)
        if found is None:
            data = self.constants(offset, size)
            if data is None:
                kind = OutsideAccess if self.constants.is_empty(offset, size) else UnsafeAccess
                raise kind(f"load of {size} bytes at {offset:#x}, outside constant memory")
            return list(data)
        return [self._byte(found, offset + i) for i in range(size)]

    def store(self, address: Value, parts: list[Byte], align: int = 1) -> None:
        """Write bytes at `address`."""
        found, offset = self.locate(address, len(parts), align)
        if found is None or not found.writable:
            where = f"{offset:#x}" if found is None else f"{found.name}{offset:+d}"
            raise OutsideAccess(f"store of {len(parts)} bytes at {where}, which the function must not write")
        for i, part in enumerate(parts):
            found.content[offset + i] = part
            found.written.add(offset + i)

    def look_up(self, address: Linear) -> Value:
        """The unsigned byte at an address that depends on data but surely lies in constant memory."""
        low, high = self.terms.bounds(address)
        start, size = self.constants.extent(low, high - low + 1)
        data = self.constants(start, size) if high - low < 1 << 16 else None
        if data is None:
            raise DataDependent(f"address depends on data and may be anywhere in [{low:#x}, {high:#x}]")
        return self.terms.lookup(data, add(address, -start))

    def forget_below(self, found: MemoryObject, offset: int) -> None:
        """Bytes below `offset` are lost: an interrupt may overwrite what lies below the stack pointer."""
        found.generation += 1
        for at in [at for at in found.content if at < offset]:
            del found.content[at]

    def snapshot(self) -> dict[int, tuple[dict[int, Byte], set[int], int]]:
        """What `restore` needs to undo every store from here on."""
        return {atom: (dict(o.content), set(o.written), o.generation) for atom, o in self.objects.items()}

    def restore(self, saved: dict[int, tuple[dict[int, Byte], set[int], int]]) -> None:
        """Undo every store since `saved` was taken."""
        for atom, (content, written, generation) in saved.items():
            found = self.objects[atom]
            found.content, found.written, found.generation = dict(content), set(written), generation

    def merge(self, condition: Condition, then: dict, otherwise: dict) -> None:
        """The bytes of snapshot `then` where `condition` holds, those of `otherwise` elsewhere."""
        for atom, found in self.objects.items():
            (first, first_written, first_generation), (second, second_written, second_generation) = (
                then[atom],
                otherwise[atom],
            )
            if first_generation != second_generation:
                raise Stuck("the stack moves on one side of a condition that depends on data")
            found.generation = first_generation
            found.written = first_written | second_written
            found.content = merged = {}
            for offset in first.keys() | second.keys():
                a = first[offset] if offset in first else self._byte_at(found, offset, first_generation)
                b = second[offset] if offset in second else self._byte_at(found, offset, first_generation)
                merged[offset] = a if a is b else select_byte(self.terms, condition, a, b)

    def _byte_at(self, found: MemoryObject, offset: int, generation: int) -> Byte:
        """What a byte that was never read or written holds."""
        name = f"initial {found.name} {generation}"
        return (self.terms.input(name, offset, -SIGN, SIGN - 1), 0)

    def _byte(self, found: MemoryObject, offset: int) -> Byte:
        part = found.content.get(offset)
        if part is None:
            part = found.content[offset] = self._byte_at(found, offset, found.generation)
        return part

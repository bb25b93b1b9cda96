"""The abstract machine state: core registers, tracked memory words, flags, and the loop's vector size.

Serves `wcet.*` and `stack.*`. Assumes what other obligations show: the pointers that a function is given do not point
into its own stack frame, and the stack does not overlap `.data` and `.bss`. A store through an address of which
nothing is known forgets all of memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.flags import Flags
from tinyverify.binary.words import HALF, SIZE, TOP, Word, join, low_bits, number

REGISTERS = (*(f"r{i}" for i in range(13)), "sp", "lr")
_TABLE_LIMIT = 1024  # a constant table is read entry by entry up to this many bytes
_OBJECT_LIMIT = 0x10000  # an absolute address known this well lies in an object, not in the stack


@dataclass(frozen=True)
class StackAlignment:
    """What is known of the stack pointer at the entry: it is `residue` modulo `modulus`."""

    modulus: int = 8
    residue: int = 0


class NeedsAlignment(NotUnderstood):
    """The code aligns its stack pointer to more than is known of it; try every residue modulo `modulus`."""

    def __init__(self, address: int, modulus: int) -> None:
        super().__init__(address, f"the stack is aligned to {modulus} bytes")
        self.modulus = modulus


@dataclass
class State:
    """`memory` maps (base, offset) to (size, value) of words that do not overlap; what is not listed is unknown.

    `elements`: how many elements a tail-predicated loop takes an iteration, 1 outside of one.
    """

    firmware: Firmware
    alignment: StackAlignment
    registers: dict[str, Word]
    memory: dict[tuple[str | None, int], tuple[int, Word]] = field(default_factory=dict)
    flags: Flags | None = None
    elements: int | None = 1

    def copy(self) -> State:
        return replace(self, registers=dict(self.registers), memory=dict(self.memory))

    def same(self, other: State) -> bool:
        """Whether both know the same."""
        return (self.registers, self.memory, self.flags, self.elements) == (
            other.registers,
            other.memory,
            other.flags,
            other.elements,
        )

    def get(self, register: str) -> Word:
        return self.registers[register]

    def set(self, register: str, value: Word) -> None:
        if self.flags is not None:
            self.flags = self.flags.forget(register)
        self.registers[register] = value

    def possible(self, condition: str) -> tuple[bool, bool]:
        """Whether the condition can hold, and can fail, under the flags."""
        return (True, True) if self.flags is None else self.flags.possible(condition)

    def assume(self, condition: str) -> bool:
        """Narrow the state by the condition; False if it cannot hold."""
        return self.flags is None or self.flags.learn(condition, self.registers)

    def load(self, address: Word, size: int, signed: bool = False) -> Word:
        """The value of `size` bytes at `address`, extended to a word."""
        unknown = low_bits(TOP, 8 * size, signed)
        if address.span == 0:
            key = (address.base, _offset(address))
            stored = self.memory.get(key)
            if stored is not None and stored[0] == size:
                return low_bits(stored[1], 8 * size, signed)
            data = self.firmware.constant(address.start, size) if address.base is None else None
            return unknown if data is None else number(int.from_bytes(data, "little", signed=signed))
        if address.base is not None or address.span >= _TABLE_LIMIT or address.start + address.span >= SIZE:
            return unknown
        data = self.firmware.constant(address.start, address.span + size)
        if data is None:
            return unknown
        value: Word | None = None
        for at in range(address.span + 1):
            entry = number(int.from_bytes(data[at : at + size], "little", signed=signed))
            value = entry if value is None else join(value, entry)
        return unknown if value is None else value

    def store(self, address: Word, size: int, value: Word | None) -> None:
        """Write `size` bytes; `value` None where it is not tracked."""
        if address.base is None and address.span >= _OBJECT_LIMIT:
            self.memory.clear()
            return
        start, end = (
            (-HALF, SIZE) if address.span >= HALF else (_offset(address), _offset(address) + address.span + size)
        )
        if self.memory:
            self.memory = {k: v for k, v in self.memory.items() if _disjoint(k, v[0], address.base, start, end)}
        if address.span == 0 and value is not None:
            self.memory[(address.base, start)] = (size, low_bits(value, 8 * size, False))

    def align_down(self, at: int, value: Word, modulus: int) -> Word:
        """`value` with its low bits cleared, for a power of two; a stack address keeps its base."""
        if value.base != "sp":
            return TOP if value.base is not None else Word(value.start & -modulus) if value.span == 0 else TOP
        if value.span:
            return Word(0, SIZE - 1, "sp")
        if modulus > self.alignment.modulus:
            raise NeedsAlignment(at, modulus)
        return Word((value.start - (self.alignment.residue + _offset(value)) % modulus) % SIZE, 0, "sp")


def _disjoint(key: tuple[str | None, int], size: int, base: str | None, start: int, end: int) -> bool:
    """Whether a tracked word survives a store to [start, end) from `base`: bases may alias, but not with the stack."""
    if key[0] == base:
        return key[1] + size <= start or end <= key[1]
    return "sp" in (key[0], base)


def merge(a: State, b: State) -> State:
    """A state that covers both."""
    registers = {r: join(w, b.registers[r]) for r, w in a.registers.items()}
    memory = {}
    for key, (size, word) in a.memory.items():
        other = b.memory.get(key)
        if other is not None and other[0] == size:
            memory[key] = (size, join(word, other[1]))
    return State(
        firmware=a.firmware,
        alignment=a.alignment,
        registers=registers,
        memory=memory,
        flags=_merge_flags(a.flags, b.flags),
        elements=a.elements if a.elements == b.elements else None,
    )


def _merge_flags(a: Flags | None, b: Flags | None) -> Flags | None:
    if a is None or b is None:
        return None
    if a == b:
        return a
    if a.kind != b.kind:
        return None
    kept = [
        x if x == y else None
        for x, y in (
            (a.a_register, b.a_register),
            (a.b_register, b.b_register),
            (a.result_register, b.result_register),
        )
    ]
    return Flags(a.kind, join(a.a, b.a), join(a.b, b.b), *kept)


def entry_state(
    firmware: Firmware, alignment: StackAlignment, arguments: dict[str, tuple[int, int]] | None = None
) -> State:
    """The state at a function's entry: every register is its own base, `arguments` are numbers in a range instead."""
    registers = {name: Word(0, 0, name) for name in REGISTERS}
    for name, (least, largest) in (arguments or {}).items():
        registers[name] = Word(least % SIZE, largest - least)
    return State(firmware, alignment, registers)


def _offset(address: Word) -> int:
    """The start of `address`: signed from a base, unsigned if absolute."""
    return address.start if address.base is None else ((address.start + HALF) % SIZE) - HALF

"""The state of one core, and what every instruction needs of it.

Serves `kernel.object_code`. Registers hold words (words.py); the vector registers are q[0..7], four words each, and
the single-precision register s[n] is word n % 4 of q[n // 4]. P0 is 16 conditions, one a byte. The stack pointer and
the buffers are symbolic pointers; a return address is opaque, so nothing can be computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.errors import DataDependent, Stuck, UnsafeAccess
from tinyverify.engines.machine_code.linear import Linear, Value, add, scale
from tinyverify.engines.machine_code.memory import STACK, Memory
from tinyverify.engines.machine_code.terms import SIGN, Terms
from tinyverify.engines.machine_code.words import Byte, Word

SP, LR, PC = 13, 14, 15
NO_TAIL = 4  # FPSCR.LTPSIZE outside tail-predicated loops


@dataclass
class State:
    """Everything that a data-dependent choice between two paths has to merge."""

    registers: list[Word]
    vectors: list[list[Word]]
    flags: object = None
    predicate: list[Condition] = field(default_factory=lambda: [False] * 16)
    block: int = 0  # VPR.MASK: what remains of a VPT block, 0 outside
    tail: int = NO_TAIL
    stored_predicates: dict = field(default_factory=dict)
    float_flags: object = None  # FPSCR.NZCV


class Machine:
    """One core running on `memory`. `return_addresses` maps the opaque atom of each return address to its target."""

    def __init__(self, terms: Terms, memory: Memory, state: State):
        self.terms = terms
        self.memory = memory
        self.state = state
        self.pc = 0
        self.next_pc = 0
        self.in_it = False
        self.lowest_sp: Value | None = None
        self.return_addresses: dict[int, int] = {}
        self.open_branch: tuple[Condition, int] | None = None  # a branch on data: its condition, where it goes

    # Core registers

    def get(self, register: int) -> Word:
        """The word in r0 to r14."""
        if register == PC:
            raise Stuck("pc as an operand")
        return self.state.registers[register]

    def get_signed(self, register: int) -> Value:
        return words.signed(self.terms, self.get(register))

    def get_unsigned(self, register: int) -> Value:
        return words.unsigned(self.terms, self.get(register))

    def get_raw(self, register: int) -> Value:
        """Some integer equal to the register modulo 2^32."""
        return words.raw(self.terms, self.get(register))

    def get_constant(self, register: int, what: str) -> int:
        """The register as an int in [0, 2^32). Raises DataDependent."""
        value = words.constant(self.terms, self.get(register))
        if value is None:
            raise DataDependent(f"{what} depends on data")
        return value

    def put(self, register: int, value: Value) -> None:
        """Write `value` modulo 2^32."""
        self.put_word(register, words.word_of(value))

    def put_word(self, register: int, word: Word) -> None:
        if register == PC:
            raise Stuck("write to pc")
        if register == SP:
            self._move_stack(words.raw(self.terms, word))
        self.state.registers[register] = word

    def _move_stack(self, value: Value) -> None:
        found, offset = self.memory.locate(value, 0, 4)
        if found is None or found.name != STACK:
            raise UnsafeAccess("the stack pointer leaves the stack")
        _, before = self.memory.locate(self.get_raw(SP), 0, 4)
        if offset > before:
            self.memory.forget_below(found, offset)
        if self.lowest_sp is None or offset < self.lowest_sp:
            self.lowest_sp = offset

    def put_pair(self, low: int, high: int, value: Value) -> None:
        """Write a 64-bit value into two registers."""
        self.put(low, value)
        self.put(high, self.terms.floor(self.terms.signed(value, 64), 32))

    def get_pair(self, low: int, high: int) -> Value:
        """The signed 64-bit value of two registers."""
        return self.terms.join(self.get_raw(low), self.get_signed(high))

    # Memory

    def load(self, address: Value, size: int, align: int = 1) -> list[Byte]:
        self._check_stack(address)
        return self.memory.load(address, size, align)

    def store(self, address: Value, parts: list[Byte], align: int = 1) -> None:
        self._check_stack(address)
        self.memory.store(address, parts, align)

    def load_word(self, address: Value, align: int = 1) -> Word:
        return words.word_from_bytes(self.load(address, 4, align))

    def store_word(self, address: Value, word: Word, align: int = 1) -> None:
        self.store(address, [words.byte(word, k) for k in range(4)], align)

    def _check_stack(self, address: Value) -> None:
        if isinstance(address, int):
            return
        for atom in address.terms:
            found = self.memory.objects.get(atom)
            if found is not None and found.name == STACK:
                below = self.terms.bounds(add(address, self.get_raw(SP), -1))[0]
                if below < 0:
                    raise UnsafeAccess("access below the stack pointer")

    # Vector registers

    def lanes(self, register: int, size: int, is_signed: bool) -> list[Value]:
        """The 16 / size elements of `size` bytes."""
        vector = self.state.vectors[register]
        if size == 4:
            read = words.signed if is_signed else words.unsigned
            return [read(self.terms, word) for word in vector]
        parts = [words.byte(word, k) for word in vector for k in range(4)]
        return [words.join_bytes(self.terms, parts[i : i + size], is_signed) for i in range(0, 16, size)]

    def raw_lanes(self, register: int, size: int = 4) -> list[Value]:
        """16 / size integers that equal the elements modulo 2^(8 size)."""
        vector = self.state.vectors[register]
        if size == 4:
            return [words.raw(self.terms, word) for word in vector]
        parts = [words.byte(word, k) for word in vector for k in range(4)]
        return [words.raw_bytes(self.terms, parts[i : i + size]) for i in range(0, 16, size)]

    def put_lanes(self, register: int, values: list[Value], size: int, mask: list[Condition]) -> None:
        """Write elements of `size` bytes where `mask` (one condition a byte) holds."""
        if size == 4:
            new = [words.word_of(value) for value in values]
        else:
            parts = [part for value in values for part in words.bytes_of(value, size)]
            new = [words.word_from_bytes(parts[i : i + 4]) for i in range(0, 16, 4)]
        self.put_vector(register, new, mask)

    def put_vector(self, register: int, new: list[Word], mask: list[Condition]) -> None:
        """Write four words where `mask` holds."""
        old = self.state.vectors[register]
        merged = []
        for i in range(4):
            part = mask[4 * i : 4 * i + 4]
            if all(condition == part[0] for condition in part):
                merged.append(words.select_word(self.terms, part[0], new[i], old[i]))
            else:
                chosen = [
                    words.select_byte(self.terms, part[k], words.byte(new[i], k), words.byte(old[i], k))
                    for k in range(4)
                ]
                merged.append(words.word_from_bytes(chosen))
        self.state.vectors[register] = merged

    def get_single(self, register: int) -> Word:
        return self.state.vectors[register // 4][register % 4]

    def put_single(self, register: int, word: Word) -> None:
        vector = list(self.state.vectors[register // 4])
        vector[register % 4] = word
        self.state.vectors[register // 4] = vector

    # Predication

    def mask(self) -> list[Condition]:
        """Which bytes an MVE instruction acts on: VPR.P0 inside a VPT block, and the loop's tail."""
        mask = list(self.state.predicate) if self.state.block else [True] * 16
        if self.state.tail != NO_TAIL:
            active = self.get_constant(LR, "the count of a tail-predicated loop") << self.state.tail
            mask = [mask[i] if i < active else False for i in range(16)]
        return mask

    def active(self, mask: list[Condition], size: int) -> list[Condition]:
        """One condition an element of `size` bytes: that of its lowest byte."""
        return mask[::size]

    def advance_block(self) -> None:
        """What an MVE instruction inside a VPT block does to it: count down, and turn P0 round for an else."""
        state = self.state
        if state.block == 0:
            return
        if state.block == 8:
            state.block = 0
            return
        if state.block & 8:
            state.predicate = [self.terms.negate(p) for p in state.predicate]
        state.block = state.block << 1 & 15

    # Conditions

    def require_known(self, condition: Condition, what: str) -> bool:
        """`condition` as a bool. Raises DataDependent."""
        if not isinstance(condition, bool):
            raise DataDependent(f"{what} depends on data")
        return condition


def opaque_word(terms: Terms, name: str, index: int) -> Value:
    """A word that nothing is known of."""
    return terms.input(name, index, -SIGN, SIGN - 1)


def pointer(terms: Terms, name: str, multiple: int, remainder: int, low: int, high: int) -> tuple[Linear, int]:
    """An address in [low, high) that is `remainder` modulo `multiple`, and the atom behind it."""
    unit = terms.atom("pointer", (name, multiple), -(-low // multiple), (high - multiple) // multiple)
    assert isinstance(unit, Linear)
    return add(scale(unit, multiple), remainder), next(iter(unit.terms))

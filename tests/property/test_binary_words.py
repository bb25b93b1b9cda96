"""Every operation on sets of words holds what the machine does to each of their members."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinyverify.binary import words
from tinyverify.binary.flags import Flags
from tinyverify.binary.words import MASK, SIZE, Word

VALUES = st.one_of(
    st.integers(0, 40), st.integers(SIZE - 40, MASK), st.integers((1 << 31) - 20, (1 << 31) + 20), st.integers(0, MASK)
)
SPANS = st.one_of(st.integers(0, 12), st.integers(0, MASK))


# Values at the entry: of these nothing is known, except that objects lie in the middle of memory.
BASES = {"r1": st.integers(0, MASK), "sp": st.integers(0x20000000, 0x30000000)}
OFFSETS = st.one_of(st.integers(-2, 2), st.integers(-(1 << 20), 1 << 20))


def holds(word: Word, value: int, entry: dict[str, int] | None = None) -> bool:
    base = entry[word.base] if word.base is not None else 0
    return ((value - base - word.start) & MASK) <= word.span


def signed(value: int) -> int:
    return value - SIZE if value & 0x80000000 else value


@st.composite
def member(draw):
    start, span = draw(VALUES), draw(SPANS)
    return Word(start, span), (start + draw(st.integers(0, span))) & MASK


BINARY = {
    "add": (words.add, lambda a, b: a + b),
    "sub": (words.sub, lambda a, b: a - b),
    "and": (words.bit_and, lambda a, b: a & b),
    "or": (words.bit_or, lambda a, b: a | b),
    "xor": (words.bit_xor, lambda a, b: a ^ b),
    "multiply": (words.multiply, lambda a, b: a * b),
    "udiv": (words.divide_unsigned, lambda a, b: a // b if b else 0),
    "sdiv": (words.divide_signed, lambda a, b: sdiv(signed(a), signed(b))),
}


def sdiv(a: int, b: int) -> int:
    if b == 0:
        return 0
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


@pytest.mark.parametrize("name", BINARY)
@settings(max_examples=120, deadline=None)
@given(x=member(), y=member())
def test_binary_operations(name, x, y):
    operation, exact = BINARY[name]
    assert holds(operation(x[0], y[0]), exact(x[1], y[1]) & MASK)


@settings(max_examples=250, deadline=None)
@given(x=member(), amount=st.integers(0, 32), bits=st.integers(1, 32), sign=st.booleans())
def test_unary_operations(x, amount, bits, sign):
    word, value = x
    assert holds(words.negate(word), -value & MASK)
    assert holds(words.invert(word), ~value & MASK)
    assert holds(words.shift_left(word, amount), (value << amount) & MASK)
    assert holds(words.shift_right(word, amount), value >> amount)
    assert holds(words.shift_right_signed(word, amount), (signed(value) >> amount) & MASK)
    low = value % (1 << bits)
    low -= (1 << bits) if sign and low >> (bits - 1) else 0
    assert holds(words.low_bits(word, bits, sign), low & MASK)
    assert holds(words.clamp(word, -128, 127), min(max(signed(value), -128), 127) & MASK)


@settings(max_examples=250, deadline=None)
@given(x=member(), y=member())
def test_join_covers_both(x, y):
    joined = words.join(x[0], y[0])
    assert holds(joined, x[1])
    assert holds(joined, y[1])


def flags_of(kind: str, a: int, b: int) -> tuple[bool, bool, bool, bool]:
    """N, Z, C, V of the machine."""
    if kind == "logic":
        return bool(a >> 31), a == 0, False, False
    wide = a + b if kind == "add" else a + (~b & MASK) + 1
    result = wide & MASK
    other = b if kind == "add" else ~b & MASK
    overflow = (a >> 31) == (other >> 31) != (result >> 31)
    return bool(result >> 31), result == 0, wide > MASK, overflow


HOLDS = {
    "eq": lambda n, z, c, v: z,
    "ne": lambda n, z, c, v: not z,
    "hs": lambda n, z, c, v: c,
    "lo": lambda n, z, c, v: not c,
    "mi": lambda n, z, c, v: n,
    "pl": lambda n, z, c, v: not n,
    "vs": lambda n, z, c, v: v,
    "vc": lambda n, z, c, v: not v,
    "hi": lambda n, z, c, v: c and not z,
    "ls": lambda n, z, c, v: not c or z,
    "ge": lambda n, z, c, v: n == v,
    "lt": lambda n, z, c, v: n != v,
    "gt": lambda n, z, c, v: not z and n == v,
    "le": lambda n, z, c, v: z or n != v,
}


@pytest.mark.parametrize("kind", ["sub", "add", "logic"])
@settings(max_examples=250, deadline=None)
@given(x=member(), y=member(), condition=st.sampled_from(sorted(HOLDS)))
def test_flags_decide_and_teach_only_what_is_true(kind, x, y, condition):
    (a, p), (b, q) = x, (y if kind != "logic" else (Word(0), 0))
    unknown = kind == "logic" and condition in ("hs", "lo", "hi", "ls", "vs", "vc", "ge", "lt", "gt", "le")
    flags = Flags(kind, a, b, "r0", "r1" if kind != "logic" else None, "r2")
    result = {"sub": p - q, "add": p + q, "logic": p}[kind] & MASK
    registers = {"r0": a, "r1": b, "r2": flags.result()}
    can_hold, can_fail = flags.possible(condition)
    if unknown:
        assert can_hold and can_fail
        return
    if HOLDS[condition](*flags_of(kind, p, q)):
        assert can_hold
        assert flags.learn(condition, registers)
        assert holds(registers["r2"], result)
        if kind != "logic":
            assert holds(registers["r0"], p)
            assert holds(registers["r1"], q)
    else:
        assert can_fail


@st.composite
def based_member(draw):
    """A set that may be relative to an entry value, and a way to its member: (base, number)."""
    base = draw(st.sampled_from([None, "r1", "sp"]))
    offset, span = draw(OFFSETS if base else st.one_of(st.integers(-2, 2), VALUES)), draw(st.integers(0, 2))
    return Word(offset & MASK, span, base), (base, (offset + draw(st.integers(0, span))) & MASK)


def at(entry: dict[str, int], way: tuple[str | None, int]) -> int:
    base, value = way
    return (value + (entry[base] if base is not None else 0)) & MASK


ENTRIES = st.fixed_dictionaries(BASES)


@pytest.mark.parametrize("name", ["add", "sub"])
@settings(max_examples=300, deadline=None)
@given(x=based_member(), y=based_member(), entry=ENTRIES)
def test_sums_and_joins_of_entry_values(name, x, y, entry):
    operation, exact = BINARY[name]
    a, b = at(entry, x[1]), at(entry, y[1])
    assert holds(operation(x[0], y[0]), exact(a, b) & MASK, entry)
    joined = words.join(x[0], y[0])
    assert holds(joined, a, entry) and holds(joined, b, entry)


@settings(max_examples=1500, deadline=None)
@example((Word(0, 0, "r1"), ("r1", 0)), (Word(0), (None, 0)), {"r1": 5, "sp": 0x20001000}, "ne")
@given(based_member(), based_member(), ENTRIES, st.sampled_from(sorted(HOLDS)))
def test_comparisons_of_entry_values(x, y, entry, condition):
    """`cmp r1, #0` of an argument can go both ways, whatever set stands for the argument."""
    (a, first), (b, second) = x, y
    if a.base == b.base == "r1":
        entry = {**entry, "r1": entry["r1"] % 0x10000000 + 0x20000000}  # two places in one object, which does not wrap
    p, q = at(entry, first), at(entry, second)
    flags = Flags("sub", a, b, "r0", "r1", "r2")
    registers = {"r0": a, "r1": b, "r2": flags.result()}
    can_hold, can_fail = flags.possible(condition)
    if not HOLDS[condition](*flags_of("sub", p, q)):
        assert can_fail
        return
    assert can_hold
    assert flags.learn(condition, registers)
    assert holds(registers["r0"], p, entry)
    assert holds(registers["r1"], q, entry)
    assert holds(registers["r2"], (p - q) & MASK, entry)

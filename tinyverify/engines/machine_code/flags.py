"""The condition flags, kept as what set them, so that `ge` after a subtraction is one comparison.

Serves `kernel.object_code`. Arm ARM (DDI 0553), "Conditional execution". A condition that the kept facts do not give
exactly is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinyverify.engines.machine_code import floats
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.terms import SIGN, WORD, Terms
from tinyverify.engines.machine_code.words import Word, raw, signed, unsigned

CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al")
CARRY, OVERFLOW = 2, 6


@dataclass(frozen=True)
class Added:
    """Flags of the sum of two words and a constant carry."""

    a: Word
    b: Word
    carry: int = 0


@dataclass(frozen=True)
class Subtracted:
    """Flags of `a - b` of two words."""

    a: Word
    b: Word


@dataclass(frozen=True)
class Chained:
    """Flags of the high words' step of a 64-bit sum (`sign` 1) or difference (-1); Z and N are not kept."""

    low_a: Word
    low_b: Word
    high_a: Word
    high_b: Word
    sign: int


@dataclass(frozen=True)
class Logical:
    """Flags of a result; the carry out by a function, or as before where that is None; V is as before."""

    result: Word
    carry: Callable[[], Condition] | None
    before: object


@dataclass(frozen=True)
class Known:
    """Flags as conditions of their own, for a machine that starts with any."""

    negative: Condition
    zero: Condition
    carry: Condition
    overflow: Condition


@dataclass(frozen=True)
class Compared:
    """Flags of comparing two floats."""

    a: Word
    b: Word


@dataclass(frozen=True)
class Merged:
    """Flags of either side of a data-dependent condition."""

    condition: Condition
    then: object
    otherwise: object


def holds(terms: Terms, flags: object, code: int) -> Condition:
    """Whether condition `code` (0 to 14) holds. Raises Stuck where the flags are not known."""
    if code == 14:
        return True
    if code & 1:
        return terms.negate(holds(terms, flags, code & ~1))
    name = CONDITIONS[code]
    if isinstance(flags, Merged):
        then, otherwise = holds(terms, flags.then, code), holds(terms, flags.otherwise, code)
        chosen = terms.select(flags.condition, terms.bit(then), terms.bit(otherwise))
        return terms.ge(add(chosen, -1))
    if isinstance(flags, Subtracted):
        return _subtracted(terms, flags, name)
    if isinstance(flags, Added):
        return _added(terms, flags, name)
    if isinstance(flags, Chained):
        return _chained(terms, flags, name)
    if isinstance(flags, Logical):
        return _logical(terms, flags, name)
    if isinstance(flags, Known):
        return _known(terms, flags, name)
    if isinstance(flags, Compared):
        return _compared(terms, flags, name)
    raise Stuck(f"condition {name} of flags that are not known")


def _subtracted(terms: Terms, flags: Subtracted, name: str) -> Condition:
    difference = add(signed(terms, flags.a), signed(terms, flags.b), -1)
    if name == "eq":
        return terms.eq(difference)
    if name in ("hs", "hi"):
        unsigned_difference = add(unsigned(terms, flags.a), unsigned(terms, flags.b), -1)
        return terms.ge(add(unsigned_difference, -1) if name == "hi" else unsigned_difference)
    if name == "ge":
        return terms.ge(difference)
    if name == "gt":
        return terms.ge(add(difference, -1))
    return _result(terms, difference, name)


def _added(terms: Terms, flags: Added, name: str) -> Condition:
    total = add(add(signed(terms, flags.a), signed(terms, flags.b)), flags.carry)
    if name == "eq":
        return terms.eq(terms.signed(total))
    if name in ("hs", "hi"):
        unsigned_total = add(add(unsigned(terms, flags.a), unsigned(terms, flags.b)), flags.carry)
        carried = terms.ge(add(unsigned_total, -(1 << WORD)))
        if name == "hs":
            return carried
        return terms.all_of([carried, terms.negate(terms.eq(terms.signed(total)))])
    if name == "ge":
        return terms.ge(total)
    if name == "gt":
        return terms.ge(add(total, -1))
    return _result(terms, total, name)


def _chained(terms: Terms, flags: Chained, name: str) -> Condition:
    if name == "ge":
        a = terms.join(raw(terms, flags.low_a), signed(terms, flags.high_a))
        b = terms.join(raw(terms, flags.low_b), signed(terms, flags.high_b))
        return terms.ge(add(a, b, flags.sign))
    if name == "hs":
        a = add(unsigned(terms, flags.low_a), unsigned(terms, flags.high_a), 1 << WORD)
        b = add(unsigned(terms, flags.low_b), unsigned(terms, flags.high_b), 1 << WORD)
        return terms.ge(add(add(a, b, flags.sign), -(1 << 64) if flags.sign > 0 else 0))
    raise Stuck(f"condition {name} after a 64-bit operation")


def _logical(terms: Terms, flags: Logical, name: str) -> Condition:
    result = signed(terms, flags.result)
    zero, negative = terms.eq(result), terms.negate(terms.ge(result))
    if name == "eq":
        return zero
    if name == "mi":
        return negative
    if name == "vs":
        return holds(terms, flags.before, OVERFLOW)
    if name in ("hs", "hi"):
        carry = holds(terms, flags.before, CARRY) if flags.carry is None else flags.carry()
        return carry if name == "hs" else terms.all_of([carry, terms.negate(zero)])
    overflow = holds(terms, flags.before, OVERFLOW)
    if not isinstance(overflow, bool):
        raise Stuck(f"condition {name} after a logical operation")
    greater_equal = negative if overflow else terms.negate(negative)
    return greater_equal if name == "ge" else terms.all_of([greater_equal, terms.negate(zero)])


def _known(terms: Terms, flags: Known, name: str) -> Condition:
    negative, zero, carry, overflow = flags.negative, flags.zero, flags.carry, flags.overflow
    simple = {"eq": zero, "hs": carry, "mi": negative, "vs": overflow}
    if name in simple:
        return simple[name]
    if name == "hi":
        return terms.all_of([carry, terms.negate(zero)])
    both = terms.all_of([negative, overflow])
    neither = terms.all_of([terms.negate(negative), terms.negate(overflow)])
    greater_equal = terms.any_of([both, neither])
    return greater_equal if name == "ge" else terms.all_of([greater_equal, terms.negate(zero)])


def _compared(terms: Terms, flags: Compared, name: str) -> Condition:
    """N: less; Z: equal; C: not less; V: unordered, and then only C besides."""
    a, b = signed(terms, flags.a), signed(terms, flags.b)
    unordered = terms.any_of([floats.is_nan(terms, a), floats.is_nan(terms, b)])
    difference = add(floats.order(terms, a), floats.order(terms, b), -1)
    if name == "vs":
        return unordered
    at_least, more = terms.ge(difference), terms.ge(add(difference, -1))
    if name in ("hs", "hi"):
        return terms.any_of([unordered, at_least if name == "hs" else more])
    ordered = {"eq": terms.eq(difference), "mi": terms.negate(at_least), "ge": at_least, "gt": more}
    return terms.all_of([terms.negate(unordered), ordered[name]])


def _result(terms: Terms, exact: Value, name: str) -> Condition:
    """mi and vs of the exact sum or difference."""
    if name == "mi":
        return terms.negate(terms.ge(terms.signed(exact)))
    inside = [terms.ge(add(exact, SIGN)), terms.ge(add(SIGN - 1, exact, -1))]
    return terms.negate(terms.all_of(inside))


def carry_value(terms: Terms, flags: object) -> Value:
    """C as 0 or 1; after an addition as the floor that 64-bit sums recombine from."""
    if isinstance(flags, Added):
        total = add(add(unsigned(terms, flags.a), unsigned(terms, flags.b)), flags.carry)
        return terms.floor(total, WORD)
    if isinstance(flags, Subtracted):
        return add(terms.floor(add(unsigned(terms, flags.a), unsigned(terms, flags.b), -1), WORD), 1)
    return terms.bit(holds(terms, flags, CARRY))

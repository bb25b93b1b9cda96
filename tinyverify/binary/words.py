"""Sets of 32-bit words: the abstract values of the flow analysis.

Serves `wcet.*` and `stack.*`. A `Word` is `base + {start, start + 1, ..., start + span} mod 2^32`. Without a base it
is a set of numbers; the bases are the register values at the entry of the analysed function ("sp", "r0", ...), of which
nothing else is known. Every operation returns a superset of the exact result.
"""

from __future__ import annotations

from dataclasses import dataclass

SIZE = 1 << 32
MASK = SIZE - 1
HALF = 1 << 31
_SMALL = 1 << 16


@dataclass(frozen=True, slots=True)
class Word:
    """`base` + [start, start + span] modulo 2^32, 0 <= start, span < 2^32."""

    start: int
    span: int = 0
    base: str | None = None

    @property
    def constant(self) -> int | None:
        """The one number that it is, or None."""
        return self.start if self.span == 0 and self.base is None else None

    def unsigned(self) -> tuple[int, int]:
        """Least and largest value read as unsigned; of an address with a base, those of any word."""
        if self.base is not None or self.start + self.span >= SIZE:
            return 0, MASK
        return self.start, self.start + self.span

    def signed(self) -> tuple[int, int]:
        """Least and largest value read as two's complement."""
        return (-HALF, HALF - 1) if self.base is not None else self.offset()

    def offset(self) -> tuple[int, int]:
        """Like `signed`, for the distance from the base."""
        least = ((self.start + HALF) & MASK) - HALF
        return (-HALF, HALF - 1) if least + self.span >= HALF else (least, least + self.span)


TOP = Word(0, MASK)


def number(value: int) -> Word:
    """The set of one number, modulo 2^32."""
    return Word(value & MASK)


def between(least: int, largest: int, base: str | None = None) -> Word:
    """All of least .. largest (as signed or as unsigned numbers), modulo 2^32."""
    return Word(0, MASK, base) if largest - least >= MASK else Word(least & MASK, largest - least, base)


def join(a: Word, b: Word) -> Word:
    """The smallest set of this form that holds both; of addresses with different bases nothing is known."""
    if a == b:
        return a
    if a.base != b.base:
        return TOP
    spans = [max(x.span, ((y.start - x.start) & MASK) + y.span) for x, y in ((a, b), (b, a))]
    best = 0 if spans[0] <= spans[1] else 1
    return Word(0, MASK, a.base) if spans[best] >= MASK else Word((a, b)[best].start, spans[best], a.base)


def add(a: Word, b: Word) -> Word:
    if a.base is not None and b.base is not None:
        return TOP
    base, span = a.base or b.base, a.span + b.span
    return Word(0, MASK, base) if span >= MASK else Word((a.start + b.start) & MASK, span, base)


def negate(a: Word) -> Word:
    return TOP if a.base is not None or a.span == MASK else Word(-(a.start + a.span) & MASK, a.span)


def sub(a: Word, b: Word) -> Word:
    if b.base is None:
        return add(a, negate(b)) if b.span < MASK else Word(0, MASK, a.base)
    if a.base != b.base:
        return TOP
    return sub(Word(a.start, a.span), Word(b.start, b.span))


def invert(a: Word) -> Word:
    """Bitwise complement: -1 - a."""
    return add(number(-1), negate(a)) if a.base is None else TOP


def shift_left(a: Word, amount: int) -> Word:
    low, high = a.unsigned()
    if amount >= 32:
        return number(0)
    return between(low << amount, high << amount) if high << amount < SIZE else _exact(a, lambda v: v << amount)


def shift_right(a: Word, amount: int) -> Word:
    """Logical shift right by 0 .. 32."""
    low, high = a.unsigned()
    return between(low >> amount, high >> amount)


def shift_right_signed(a: Word, amount: int) -> Word:
    """Arithmetic shift right by 0 .. 32."""
    low, high = a.signed()
    return between(low >> amount, high >> amount)


def bit_and(a: Word, b: Word) -> Word:
    if a.constant is not None and b.constant is not None:
        return number(a.constant & b.constant)
    limits = [w.unsigned()[1] for w in (a, b)]
    for value, other in ((a, b), (b, a)):
        mask = other.constant
        if mask is not None and mask & (mask + 1) == 0 and value.unsigned()[1] <= mask:
            return value  # the mask keeps all bits that can be set
    return between(0, min(limits))


def bit_or(a: Word, b: Word) -> Word:
    if a.constant is not None and b.constant is not None:
        return number(a.constant | b.constant)
    (low, high), (low2, high2) = a.unsigned(), b.unsigned()
    return between(max(low, low2), (1 << max(high, high2).bit_length()) - 1)


def bit_xor(a: Word, b: Word) -> Word:
    if a.constant is not None and b.constant is not None:
        return number(a.constant ^ b.constant)
    return between(0, (1 << max(a.unsigned()[1], b.unsigned()[1]).bit_length()) - 1)


def multiply(a: Word, b: Word) -> Word:
    """The low 32 bits of the product."""
    (low, high), (low2, high2) = a.signed(), b.signed()
    products = [x * y for x in (low, high) for y in (low2, high2)]
    return between(min(products), max(products))


def divide_unsigned(a: Word, b: Word) -> Word:
    """UDIV; division by zero gives zero."""
    (low, high), (low2, high2) = a.unsigned(), b.unsigned()
    return between(low // high2 if low2 else 0, high // max(1, low2)) if high2 else number(0)


def divide_signed(a: Word, b: Word) -> Word:
    """SDIV, rounding towards zero; division by zero gives zero."""
    if a.constant is None or b.constant is None:
        bound = max(abs(v) for v in a.signed())
        return between(-bound, bound)
    dividend, divisor = a.signed()[0], b.signed()[0]
    if divisor == 0:
        return number(0)
    quotient = abs(dividend) // abs(divisor)
    return number(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def clamp(a: Word, least: int, largest: int) -> Word:
    """min(max(a, least), largest) of the signed value."""
    low, high = a.signed()
    return between(min(max(low, least), largest), min(max(high, least), largest))


def low_bits(a: Word, count: int, signed: bool) -> Word:
    """The low `count` bits (1 .. 32), extended by zeros or by the sign."""
    if count == 32:
        return a
    top = 1 << count
    low, high = (-top // 2, top // 2 - 1) if signed else (0, top - 1)
    least, largest = a.signed() if signed else a.unsigned()
    if low <= least and largest <= high:
        return a
    if a.constant is not None:
        value = a.constant % top
        return number(value - top if signed and value > high else value)
    return between(low, high)


def meet_signed(a: Word, least: int, largest: int) -> Word | None:
    """The part of `a` whose signed value lies in least .. largest; None if there is none."""
    if a.base is not None:
        return _no_address(a, least, largest)
    low, high = a.signed()
    low, high = max(low, least), min(high, largest)
    return None if low > high else between(low, high)


def meet_unsigned(a: Word, least: int, largest: int) -> Word | None:
    """The part of `a` whose unsigned value lies in least .. largest; None if there is none."""
    if a.base is not None:
        return _no_address(a, least, largest)
    low, high = a.unsigned()
    low, high = max(low, least), min(high, largest)
    return None if low > high else between(low, high)


def _no_address(a: Word, least: int, largest: int) -> Word:
    """An entry value that turns out to lie in a small range is taken as a number from then on."""
    return between(least, largest) if 0 <= largest - least < _SMALL else a


def without(a: Word, value: int) -> Word | None:
    """`a` less one number where that number is one of its ends; None if nothing is left."""
    if a.base is not None:
        return a
    if a.span == 0:
        return None if a.start == value & MASK else a
    if a.start == value & MASK:
        return Word((a.start + 1) & MASK, a.span - 1)
    if (a.start + a.span) & MASK == value & MASK:
        return Word(a.start, a.span - 1)
    return a


def _exact(a: Word, function) -> Word:
    return number(function(a.constant)) if a.constant is not None else TOP

"""Machine words and bytes over terms.

Serves `kernel.object_code`. A word (32 bits) is an int in [0, 2^32), a linear form that equals it modulo 2^32, or a
tuple of four bytes. A byte is an int in [0, 256) or (value, k): byte k of the two's complement of `value`. Stores and
reloads of parts stay exact: four consecutive bytes of one value are that value again.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.linear import Linear, Value, add, combine
from tinyverify.engines.machine_code.terms import WORD_MASK, Terms

Byte = int | tuple[Linear, int]
Word = int | Linear | tuple[Byte, Byte, Byte, Byte]
OPPOSITE_SIGN = 0x80
MAX_BITWISE = 16  # words below are combined bit by bit
_SPLIT_MASKS = (0xFF00FFFF, 0xFFFF00FF, 0xFF0000FF, 0x00FF00FF, 0xFF00FF00)  # whole bytes, in two runs


def word_of(value: Value) -> Word:
    """The word that holds `value` modulo 2^32."""
    return value & WORD_MASK if isinstance(value, int) else value


def raw(terms: Terms, word: Word) -> Value:
    """Some integer that equals `word` modulo 2^32; signed if the word is constant."""
    if isinstance(word, int):
        return word - (1 << 32) if word >> 31 else word
    if isinstance(word, tuple):
        return join_bytes(terms, word, True)
    return word


def signed(terms: Terms, word: Word) -> Value:
    """The two's complement reading of `word`."""
    return terms.signed(raw(terms, word))


def unsigned(terms: Terms, word: Word) -> Value:
    """The unsigned reading of `word`."""
    return word if isinstance(word, int) else terms.unsigned(raw(terms, word))


def constant(terms: Terms, word: Word) -> int | None:
    """`word` as an int in [0, 2^32) if it does not depend on anything unknown."""
    value = unsigned(terms, word)
    return value if isinstance(value, int) else None


def byte(word: Word, k: int) -> Byte:
    """Byte k (0 the least significant) of `word`."""
    if isinstance(word, int):
        return word >> 8 * k & 255
    return word[k] if isinstance(word, tuple) else (word, k)


def bytes_of(value: Value, count: int) -> list[Byte]:
    """The `count` low bytes of `value`."""
    return [value >> 8 * k & 255 if isinstance(value, int) else (value, k) for k in range(count)]


def join_bytes(terms: Terms, parts: list[Byte] | tuple[Byte, ...], is_signed: bool) -> Value:
    """The integer whose little-endian bytes are `parts`."""
    size = 8 * len(parts)
    if all(isinstance(part, int) for part in parts):
        value = sum(part << 8 * i for i, part in enumerate(parts))
        return value - (1 << size) if is_signed and value >> (size - 1) else value
    first = parts[0]
    if isinstance(first, tuple) and all(
        isinstance(part, tuple) and part[0] is first[0] and part[1] == first[1] + i for i, part in enumerate(parts)
    ):
        value = terms.floor(terms.signed(first[0]) if first[1] else first[0], 8 * first[1])
        return terms.signed(value, size) if is_signed else terms.unsigned(value, size)
    total: Value = 0
    for i, part in enumerate(parts):
        reading = join_bytes(terms, (part,), is_signed and i == len(parts) - 1)
        total = add(total, reading, 1 << 8 * i)
    return total


def raw_bytes(terms: Terms, parts: list[Byte]) -> Value:
    """Some integer whose low bytes are `parts`: the one that they were taken from, if they are its lowest."""
    first = parts[0]
    if isinstance(first, tuple) and all(
        isinstance(p, tuple) and p[0] is first[0] and p[1] == i for i, p in enumerate(parts)
    ):
        return first[0]
    return join_bytes(terms, parts, True)


def word_from_bytes(parts: list[Byte]) -> Word:
    """The word with these four bytes."""
    if all(isinstance(part, int) for part in parts):
        return parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24
    first = parts[0]
    if isinstance(first, tuple) and all(
        isinstance(p, tuple) and p[0] is first[0] and p[1] == i for i, p in enumerate(parts)
    ):
        return first[0]
    return tuple(parts)


def same_word(terms: Terms, a: Word, b: Word) -> bool:
    """Whether two words are the same term modulo 2^32."""
    if a is b:
        return True
    if isinstance(a, tuple) and isinstance(b, tuple) and all(same_byte(terms, x, y) for x, y in zip(a, b, strict=True)):
        return True
    return terms.same(signed(terms, a), signed(terms, b))


def same_byte(terms: Terms, a: Byte, b: Byte) -> bool:
    """Whether two bytes are the same term."""
    if isinstance(a, tuple) and isinstance(b, tuple) and a[0] is b[0] and a[1] == b[1]:
        return True
    return terms.same(join_bytes(terms, (a,), False), join_bytes(terms, (b,), False))


def select_word(terms: Terms, condition: Condition, a: Word, b: Word) -> Word:
    """`a` where `condition` holds, else `b`."""
    if isinstance(condition, bool):
        return a if condition else b
    if same_word(terms, a, b):
        return a
    return word_of(terms.select(condition, signed(terms, a), signed(terms, b)))


def select_byte(terms: Terms, condition: Condition, a: Byte, b: Byte) -> Byte:
    """`a` where `condition` holds, else `b`."""
    if isinstance(condition, bool):
        return a if condition else b
    if same_byte(terms, a, b):
        return a
    chosen = terms.select(condition, join_bytes(terms, (a,), False), join_bytes(terms, (b,), False))
    return chosen & 255 if isinstance(chosen, int) else (chosen, 0)


def and_words(terms: Terms, a: Word, b: Word) -> Word:
    """Bitwise and; at least one side constant."""
    if isinstance(a, int) and isinstance(b, int):
        return a & b
    if isinstance(a, int):
        a, b = b, a
    mask = constant(terms, b)
    if mask is None:
        known = constant(terms, a)
        if known is None:
            raise Stuck("bitwise and of two unknown words")
        a, mask = b, known
    whole_bytes = all(mask >> 8 * k & 255 in (0, 255) for k in range(4))
    if whole_bytes and (isinstance(a, tuple) or mask in _SPLIT_MASKS):
        return word_from_bytes([byte(a, k) if mask >> 8 * k & 255 else 0 for k in range(4)])
    if isinstance(a, tuple) and _is_part(a[:2]) and _is_part(a[2:]):
        return word_from_bytes([part for k in (0, 1) for part in _and_half(terms, a, mask, k)])
    return word_of(terms.and_mask(raw(terms, a), mask))


def _is_part(parts: tuple[Byte, ...]) -> bool:
    """Whether two bytes are both constant, or neighbours in one value."""
    first, second = parts
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first[0] is second[0] and second[1] == first[1] + 1
    return isinstance(first, int) and isinstance(second, int)


def _and_half(terms: Terms, word: tuple[Byte, ...], mask: int, k: int) -> list[Byte]:
    """Half `k` of `word & mask`: the mask's half, its sign extended, on the signed half."""
    half = mask >> 16 * k & 0xFFFF
    extended = half | (WORD_MASK & ~0xFFFF if half >> 15 else 0)
    return bytes_of(terms.and_mask(join_bytes(terms, word[2 * k : 2 * k + 2], True), extended), 2)


def or_words(terms: Terms, a: Word, b: Word) -> Word:
    """Bitwise or; constant, or of words without a common bit."""
    if isinstance(a, int) and isinstance(b, int):
        return a | b
    first, second = unsigned(terms, a), unsigned(terms, b)
    if not _possible_bits(terms, first) & _possible_bits(terms, second):
        return word_of(add(first, second))
    for known, other in ((first, b), (second, a)):
        if isinstance(known, int):  # x | c = (x & ~c) + c
            return word_of(add(raw(terms, and_words(terms, other, ~known & WORD_MASK)), known))
    bits = _possible_bits(terms, first) | _possible_bits(terms, second)
    if bits < MAX_BITWISE:
        return word_of(combine(0, [(1 << i, _either(terms, first, second, i)) for i in range(bits.bit_length())]))
    raise Stuck("bitwise or of two unknown words that may share bits")


def _either(terms: Terms, a: Value, b: Value, i: int) -> Value:
    """Whether bit `i` is set in one of both, as 0 or 1."""
    return terms.bit(terms.any_of([terms.is_odd(terms.floor(value, i)) for value in (a, b)]))


def xor_words(terms: Terms, a: Word, b: Word) -> Word:
    """Bitwise exclusive or; one side constant with bytes 0x00, 0x80 or 0xff, or words without a common bit."""
    if isinstance(a, int) and isinstance(b, int):
        return a ^ b
    if isinstance(a, int):
        a, b = b, a
    if not isinstance(b, int):
        first, second = unsigned(terms, a), unsigned(terms, b)
        if not _possible_bits(terms, first) & _possible_bits(terms, second):
            return word_of(add(first, second))
        raise Stuck("exclusive or of two unknown words")
    if b == 0:
        return a
    if b == WORD_MASK:
        return word_of(add(-1, raw(terms, a), -1))
    if b == 1 << 31:
        return word_of(add(raw(terms, a), b))
    top = (1 << 32) - b  # b = -top: for a signed a in [-top, top) all bits above are its sign, and all of them flip
    if top & (top - 1) == 0:
        low, high = terms.bounds(signed(terms, a))
        if low >= -top and high < top:
            return word_of(terms.signed(add(signed(terms, a), top), top.bit_length()))
    parts = []
    for k in range(4):
        flip, part = b >> 8 * k & 255, byte(a, k)
        if isinstance(part, int):
            parts.append(part ^ flip)
        elif flip == 0:
            parts.append(part)
        elif flip in (OPPOSITE_SIGN, 255):
            reading = join_bytes(terms, (part,), False)
            flipped = add(reading, OPPOSITE_SIGN) if flip == OPPOSITE_SIGN else add(255, reading, -1)
            parts.append(flipped & 255 if isinstance(flipped, int) else (flipped, 0))
        else:
            raise Stuck(f"exclusive or of an unknown byte with {flip:#x}")
    return word_from_bytes(parts)


def _possible_bits(terms: Terms, value: Value) -> int:
    """A mask of the bits that the unsigned word `value` can have."""
    if isinstance(value, int):
        return value
    high = (1 << terms.bounds(value)[1].bit_length()) - 1
    step = _step(terms, value)
    return high & WORD_MASK & ~((step & -step) - 1)


def _step(terms: Terms, value: Value) -> int:
    """A number whose lowest bit is no higher than any bit of `value`; 0 for 0."""
    if isinstance(value, int):
        return value
    step = value.constant
    for atom, k in value.terms.items():
        operation, arguments, _, _ = terms.atoms[atom]
        step |= k * (_step(terms, terms.value(arguments[0])) or 1) if operation in ("mod", "unsigned") else k
    return step

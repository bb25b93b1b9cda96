"""Recorded programs evaluated with Python's integers: what lean/TinyVerify/ObjectCode says, said again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyverify.engines.lean_bundle.packing import unpack
from tinyverify.engines.lean_object_code.program import Distribution, Expr, Program, Selection
from tinyverify.engines.machine_code.floats import OPERATIONS

UNKNOWNS = (1234567,) * 8  # addresses and registers of the caller, of which no result may depend


def signed(value: int, bits: int) -> int:
    half = 1 << bits >> 1
    return (value + half) % (1 << bits) - half


def expression(e: Expr, x: Sequence[int]) -> int:
    """The value of a layer's expression or of a word, over the values `x` that it is computed from."""
    name, *parts = e
    if name == "value":
        return x[parts[0]]
    if name == "dot":
        return sum(w * v for w, v in zip(unpack(*parts), x, strict=True))
    if name == "const":
        return parts[0]
    first = expression(parts[0], x)
    if name == "add":
        return first + (expression(parts[1], x) if isinstance(parts[1], tuple) else parts[1])
    if name == "mul":
        return first * parts[1]
    if name == "floor":
        return first >> parts[1]
    if name == "signed":
        return signed(first, parts[1])
    if name == "unsigned":
        return first % (1 << parts[1])
    if name == "clamp":
        return max(parts[1], min(parts[2], first))
    if name in ("max", "min"):
        return max(first, parts[1]) if name == "max" else min(first, parts[1])
    if name == "select":
        return expression(parts[3] if first * parts[1] + parts[2] >= 0 else parts[4], x)
    if name == "join":
        return signed(first % (1 << 32) + (expression(parts[1], x) << 32), 64)
    if name == "plus":
        return first + expression(parts[1], x)
    assert name == "carry", name
    return first + (expression(parts[1], x) % (1 << 32) + parts[2] >> 32)


def selection(s: Selection, x: Sequence[int], unknowns: Sequence[int]) -> int:
    """The value of a selection among the accumulators `x`; `unknowns`: numbers that nothing is known of."""
    done: list[int] = []

    def source(e: Expr) -> int:
        name, number = e
        if name == "step":
            return done[-1 - number] if number < len(done) else 0
        listed = x if name == "acc" else unknowns
        return number if name == "const" else listed[number] if number < len(listed) else 0

    for name, a, *parts in s.steps:
        first = source(a)
        if name == "ite":
            b, k, then, otherwise = parts
            value = source(then if first - source(b) + k >= 0 else otherwise)
        elif name in ("max", "min"):
            value = max(first, source(parts[0])) if name == "max" else min(first, source(parts[0]))
        elif name == "add":
            value = first + source(parts[0])
        else:
            value = expression((name, ("const", first), *parts), ())
        done.append(value)
    return source(s.result)


ONE, INFINITE = 1 << 149, 1 << 277  # units of 2^-149


def scalar(e: Expr, pattern: int) -> int | None:
    """The float of `Scalar` in units of 2^-149, None for a NaN, for one float32 pattern."""
    name, *parts = e
    if name == "product":
        magnitude, nan = pattern & 0x7FFFFFFF, (pattern & 0x7FFFFFFF) > 0x7F800000
        if nan:
            return None
        product = INFINITE if magnitude == 0x7F800000 else rounded(units(magnitude) * units(parts[0]), 149)
        return -product if pattern >> 31 else product
    first = scalar(parts[0], pattern)
    if name == "orZeroInput":
        return 0 if (pattern & 0x7FFFFFFF) > 0x7F800000 else first
    if name == "orZero":
        return 0 if first is None else first
    if first is None:
        return None
    constant = parts[1] * ONE
    if name in ("atLeast", "atMost"):
        return max(first, constant) if name == "atLeast" else min(first, constant)
    assert name == "add", name
    total = first + constant
    return first if abs(first) >= INFINITE else rounded(total, 0) if total >= 0 else -rounded(-total, 0)


def units(pattern: int) -> int:
    """A finite positive pattern in units of 2^-149."""
    exponent, fraction = pattern >> 23, pattern & 0x7FFFFF
    return fraction if exponent == 0 else (fraction | 1 << 23) << (exponent - 1)


def rounded(exact: int, below: int) -> int:
    """`exact / 2^below` to 24 digits or to an integer, whichever is coarser; ties to even."""
    drop = max(exact.bit_length() - 24, below)
    quotient, rest = divmod(exact, 1 << drop)
    quotient += 2 * rest > 1 << drop or (2 * rest == 1 << drop and quotient % 2)
    return quotient << (drop - below)


def converted(border: Expr, pattern: int) -> int:
    """The int32 that an observation becomes."""
    name, part = border
    if name == "scalar":
        z = scalar(part, pattern) or 0
        return max(-(1 << 31), min((1 << 31) - 1, (abs(z) // ONE) * (1 if z >= 0 else -1)))
    sides = (np.array([bits], np.uint32).view(np.int32).astype(np.int64) for bits in (pattern, part))
    return int(OPERATIONS["to_int32"](OPERATIONS["multiply"](*sides))[0])


def floated(value: int, factor: int) -> int:
    """The pattern of the integer's float times that of `factor`, as the vector unit computes both."""
    scale = np.array([factor], np.uint32).view(np.int32).astype(np.int64)
    product = OPERATIONS["multiply"](OPERATIONS["from_int32"](np.array([value], np.int64)), scale)
    return int(product[0]) & 0xFFFFFFFF


def flags(e: Expr, observation: Sequence[int]) -> int:
    """The value of `Flags`, or of a minimum in them, for float32 patterns."""
    name, *parts = e
    if name == "const":
        return parts[0]
    if name == "margin":
        return 0x7F800000 - (observation[parts[0]] & 0x7FFFFFFF)
    if name == "magnitude":
        return observation[parts[0]] & 0x7FFFFFFF
    first = flags(parts[0], observation)
    if name == "low":
        return first
    if name == "zeros":
        return 32 - first.bit_length()
    if name == "floor":
        return first >> parts[1]
    if name == "mul":
        return first * parts[1]
    if name == "signed":
        return signed(first, 32)
    if name == "unsigned":
        return first % (1 << 32)
    if name == "cut":
        return first % (1 << parts[1])
    if name in ("ite", "ifZero", "ifNatural"):
        return flags(parts[1] if (first >= 0 if name == "ifNatural" else first == 0) else parts[2], observation)
    second = flags(parts[1], observation)
    return min(first, second) if name == "min" else first + second


def quotient(numerator: Expr, denominator: Expr, x: Sequence[int]) -> int:
    """The quotient of two words, rounded down; by zero it is zero."""
    divisor = expression(denominator, x)
    return expression(numerator, x) // divisor if divisor else 0


def shares(d: Distribution | None, values: Sequence[int], accumulators: Sequence[int]) -> tuple[list[int], list[int]]:
    """Weights and probabilities; none for a continuous policy."""
    if d is None:
        return [], []
    largest = selection(d.largest, accumulators, UNKNOWNS)
    differences = [signed(largest - expression(e, values), 32) for e in d.subtracted]
    table = unpack(256, d.table)
    read = [table[expression(e, differences)] % 256 for e in d.indices]
    quotients = [quotient(*parts, read) for parts in d.quotients]
    return [expression(e, read) for e in d.weights], [expression(e, quotients) for e in d.probabilities]


def run(
    program: Program, observation: Sequence[int]
) -> tuple[list[int], list[int], int, list[int], list[int], list[int]]:
    """Accumulators, logits (patterns), action (index or code), a continuous one's pattern, weights, probabilities.

    `observation`: float32 patterns.
    """
    x = [converted(border, bits) for border, bits in zip(program.borders, observation, strict=True)]
    for layer in (program.codes, *program.hidden):
        x = [expression(e, x) for e in layer]
    values, x = x, [expression(e, x) for e in program.last]
    logits = [floated(expression(e, x), factor) for e, factor in program.logits]
    if isinstance(program.action, Selection):
        action = selection(program.action, x, UNKNOWNS)
    else:
        _, index, table = program.action
        action = unpack(256, table)[expression(index, x)]
    floats = [floated(action, factor) for factor in program.action_factors]
    return x, logits, action, floats, *shares(program.distribution, values, x)

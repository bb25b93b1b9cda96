"""The kernel's big-number operations against Python's, on random and extreme numbers of up to 200 bits."""

from __future__ import annotations

import math
import random

import pytest

from tinyverify.engines.lean import check_file

PAIRS = 40
OPERATIONS = {
    "Nat.add": lambda a, b: a + b,
    "Nat.sub": lambda a, b: max(0, a - b),
    "Nat.mul": lambda a, b: a * b,
    "Nat.div": lambda a, b: a // b if b else 0,
    "Nat.mod": lambda a, b: a % b if b else a,
    "Nat.gcd": math.gcd,
    "Nat.land": lambda a, b: a & b,
    "Nat.lor": lambda a, b: a | b,
    "Nat.xor": lambda a, b: a ^ b,
    "Nat.shiftLeft": lambda a, b: a << (b % 300),
    "Nat.shiftRight": lambda a, b: a >> (b % 300),
    "Nat.pow": lambda a, b: (a % 1000) ** (b % 30),
    "Nat.log2": lambda a, _: max(a.bit_length() - 1, 0),
    "Nat.beq": lambda a, b: a == b,
    "Nat.ble": lambda a, b: a <= b,
}
INTEGER_OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: 0 if b == 0 else (a // abs(b) if b > 0 else -(a // abs(b))),
    "%": lambda a, b: a % abs(b) if b else a,
}


def numbers(rng: random.Random) -> list[int]:
    edges = [0, 1, 2, 127, 128, 255, 256, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**128]
    return edges + [rng.getrandbits(rng.choice([8, 32, 63, 64, 65, 200])) for _ in range(40)]


def term(name: str, a: int, b: int) -> str:
    if name in ("Nat.shiftLeft", "Nat.shiftRight"):
        return f"{name} {a} {b % 300}"
    if name == "Nat.pow":
        return f"{name} {a % 1000} {b % 30}"
    return f"{name} {a}" if name == "Nat.log2" else f"{name} {a} {b}"


@pytest.mark.parametrize("wrong", [False, True])
def test_natural_operations(wrong: bool) -> None:
    rng = random.Random(1)
    lines = []
    for name, operation in OPERATIONS.items():
        for _ in range(PAIRS):
            a, b = rng.choice(numbers(rng)), rng.choice(numbers(rng))
            value = operation(a, b)
            if wrong:
                value = not value if isinstance(value, bool) else value + 1
            expected = str(value).lower()
            lines.append(f"example : {term(name, a, b)} = {expected} := by decide +kernel")
    result = check_file("\n".join(lines) + "\n", options=["-DmaxErrors=100000"])
    assert len(result.errors) == (len(lines) if wrong else 0), result.errors[:3]
    assert result.accepted is not wrong


def test_integer_operations() -> None:
    rng = random.Random(2)
    lines = []
    for symbol, operation in INTEGER_OPERATIONS.items():
        for _ in range(PAIRS):
            a = rng.choice(numbers(rng)) * rng.choice([1, -1])
            b = rng.choice(numbers(rng)) * rng.choice([1, -1])
            lines.append(f"example : (({a}) {symbol} ({b}) : Int) = {operation(a, b)} := by decide +kernel")
    result = check_file("\n".join(lines) + "\n")
    assert result.accepted, result.errors[:3]

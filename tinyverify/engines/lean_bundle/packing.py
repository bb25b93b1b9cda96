"""Numbers, rows and lists as Lean text. Deterministic; no policy in here.

Mirrors `lean/TinyVerify/Packed/Spec.lean`: a row is the number whose base-256 digits, least significant
first, are `weight + 128`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Longest list literal in a generated file; longer lists are joined from blocks, so that no elaborator depth
# limit is met however large the network is.
BLOCK = 16


def pack(values: Iterable[int]) -> int:
    """The packed number of int8 `values`. Raises ValueError for a value outside int8."""
    digits = bytearray()
    for value in values:
        if not -128 <= value <= 127:
            raise ValueError(f"{value} is not an int8")
        digits.append(int(value) + 128)
    return int.from_bytes(digits, "little")


def unpack(count: int, packed: int) -> list[int]:
    """The first `count` int8 values of a packed number: `unpack` of the Lean library."""
    return [(packed >> (8 * i) & 0xFF) - 128 for i in range(count)]


def packed_literal(values: Sequence[int]) -> str:
    """A packed row as a hexadecimal literal, two digits a value."""
    return f"0x{pack(values):0{2 * len(values)}x}" if len(values) else "0"


def list_literal(items: Sequence[str]) -> str:
    """A list literal of at most `BLOCK` items on one line."""
    if len(items) > BLOCK:
        raise ValueError(f"{len(items)} items in one literal, at most {BLOCK}")
    return "[" + ", ".join(items) + "]"


def list_definitions(name: str, lean_type: str, items: Sequence[str], comment: str) -> tuple[list[str], str]:
    """Definitions that hold `items` in blocks, and the term (a name) that puts them together.

    Blocks of `BLOCK` items are joined, joined again, and so on, until one term holds all.
    """
    lines: list[str] = []
    level = 0
    terms = list(items)
    while True:
        last = len(terms) <= BLOCK
        blocks = [terms[i : i + BLOCK] for i in range(0, len(terms), BLOCK)] or [[]]
        names = []
        for index, block in enumerate(blocks):
            block_name = name if last else f"{name}_{level}_{index}"
            body = ",\n  ".join(block)
            value = f"[{body}]" if level == 0 else f"join [{', '.join(block)}]"
            if last:
                lines.append(f"/-- {comment} -/")
            lines.append(f"def {block_name} : List {lean_type} :=\n  {value}")
            names.append(block_name)
        if last:
            return lines, name
        terms, level = names, level + 1

"""Cells of a box on the sides of a plane: the kernel's count by one product is the count cell by cell, and the numbers
that wide boxes with large coefficients need stay within its reach."""

from __future__ import annotations

import random
from itertools import product

import numpy as np

from tinyverify.engines.lean.check import ALLOWED_AXIOMS, check_file

THEOREMS = ("tailCount_eq", "aboveCount_eq", "belowCount_eq", "sidesCount_eq")


def lean_ints(values) -> str:
    return "[" + ", ".join(f"({v})" if v < 0 else str(v) for v in values) + "]"


def small_case(rng: random.Random) -> tuple:
    """Coefficients, box, limits: up to three axes, some of one value, some without any."""
    axes = rng.choice((0, 1, 2, 3, 3, 3))
    c = [rng.choice((0, 1, -1, 3, -7, 12, -40)) for _ in range(axes)]
    lo = [rng.randrange(1, 6) for _ in range(axes)]
    hi = [low + max(rng.randrange(-1, 5), rng.randrange(-1, 5)) for low in lo]
    below = sum(a * rng.randint(low, max(low, high)) for a, low, high in zip(c, lo, hi, strict=True))
    return c, lo, hi, below, below + rng.randrange(1, 12)


def sides(c, lo, hi, below, above) -> tuple[int, int]:
    cells = product(*(range(low, high + 1) for low, high in zip(lo, hi, strict=True)))
    values = [sum(a * n for a, n in zip(c, cell, strict=True)) for cell in cells]
    return sum(v <= below for v in values), sum(v >= above for v in values)


def claims(cases: list[tuple]) -> str:
    """One equation for each count, fast and cell by cell; the values are Python's."""
    lines = ["import TinyVerify", "namespace TinyVerify"]
    for i, (c, lo, hi, below, above) in enumerate(cases):
        low, high = sides(c, lo, hi, below, above)
        plane, box = lean_ints(c), f"{lean_ints(lo)} {lean_ints(hi)}"
        cells = f"countCells (fun n => aboveTest {plane} ({above}) n || belowTest {plane} ({below}) n) {box}"
        lines.append(
            f"theorem case{i} : (aboveCount {plane} {box} ({above}), belowCount {plane} {box} ({below}),\n"
            f"  sidesCount {plane} {box} ({below}) ({above}), {cells}) =\n"
            f"    ({high}, {low}, {low + high}, {low + high}) := by decide +kernel"
        )
    return "\n".join([*lines, "end TinyVerify", ""])


def test_counts_are_those_of_the_cells():
    rng = random.Random(20)
    cases = [small_case(rng) for _ in range(30)]
    answers = {sides(*case) for case in cases}
    assert len(answers) > 15 and any(0 in pair for pair in answers)
    text = claims(cases) + (
        "theorem TinyVerify.tail : (tailCount 6 [2, 0, 5] [3, 4, 2] 5,\n"
        "  TinyVerify.countCells (tailTest [2, 0, 5] 5) [0, 0, 0] [2, 3, 1]) = (12, 12) := by decide +kernel\n"
    )
    result = check_file(text, theorems=[f"TinyVerify.{name}" for name in (*THEOREMS, "tail")])
    assert result.accepted, result.messages
    assert all(set(axioms) <= ALLOWED_AXIOMS for axioms in result.axioms.values())


def test_a_count_that_is_one_off_is_refused():
    case = ([3, -7], [1, 2], [4, 6], -12, -3)
    low, high = sides(*case)
    text = claims([case])
    assert text.count(f"({high}, {low},") == 1
    for wrong in (f"({high + 1}, {low},", f"({high}, {low - 1},"):
        assert check_file(text.replace(f"({high}, {low},", wrong)).outcome == "rejected"


def test_numbers_of_a_hundred_million_bits_are_within_reach():
    """Four axes of 255 codes; the distribution of `c . n` by convolution, in counts below 2^33, exact in int64."""
    c, lo, hi, above = [-3917, 2805, 4000, -3999], [0, 1, 2, 3], [254, 255, 256, 257], 123456
    counts = np.ones(1, dtype=np.int64)
    for weight in map(abs, c):
        rows = -(-len(counts) // weight) + 254
        wide = np.zeros((rows, weight), dtype=np.int64)
        wide.ravel()[: len(counts)] = counts
        sums = wide.cumsum(axis=0)
        sums[255:] -= sums[:-255].copy()
        counts = sums.ravel()
    least = sum(a * (low if a > 0 else high) for a, low, high in zip(c, lo, hi, strict=True))
    high = int(counts[above - least :].sum())
    assert 0 < high < int(counts.sum()) == 255**4
    claim = f"Nat.beq (aboveCount {lean_ints(c)} {lean_ints(lo)} {lean_ints(hi)} {above})"
    text = f"import TinyVerify\ntheorem TinyVerify.big : {claim} {high} = true := by decide +kernel\n"
    result = check_file(text)
    assert result.accepted, result.messages

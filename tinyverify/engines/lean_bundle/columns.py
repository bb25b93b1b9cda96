"""Packed columns of a plan as Lean text: all hidden units side by side in one number (`TinyVerify.Columns`).

Serves `policy.logit_error`, `policy.action_agreement`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.plan import Plan, Tables


@dataclass(frozen=True)
class Lanes:
    """One lane of `bits + 1` bits a unit, and what bounds lanes: `TinyVerify.Columns` names them."""

    bits: int
    lift: int
    t_max: int
    d_max: int
    change: int
    size: int
    rounding: int
    twice: int

    @staticmethod
    def of(plan: Plan, table: Tables, lift: int, change: int, size: int) -> Lanes:
        """Lanes wide enough for sums over all units; `lift` is added to columns that may be negative."""
        x_most = np.array([(plan.rho * 510 + a.low + 2 * a.err) // a.inv + 1 for a in plan.axes], object)
        t_max = max(max(np.abs(table.t_base) + (np.abs(table.t_code) * 510).sum(axis=1)), plan.cap)
        d_max = max(np.abs(table.d_base) + table.d_error + np.abs(table.d_slope) @ x_most)
        rounding, twice = table.rounding.max(), table.twice.max()
        fit = max(4 * lift, 2, (t_max + 2 * d_max) * change, 2 * d_max * size, rounding, t_max * twice)
        bits = max((4 * t_max + 4 * d_max + 4).bit_length(), (len(plan.units) * fit + 1).bit_length())
        return Lanes(bits, lift, t_max, d_max, change, size, rounding, twice)

    def pack(self, values: np.ndarray) -> str:
        """One value a lane, the first lowest. Raises ValueError if the number is negative."""
        number = sum(int(v) << ((self.bits + 1) * j) for j, v in enumerate(values))
        if number < 0:
            raise ValueError("a column is negative")
        return f"{number:#x}"

    def reverse(self, values: np.ndarray) -> str:
        """One value a lane, the last lowest."""
        return self.pack(values[::-1])

    def each(self, rows: np.ndarray, how: Callable[[np.ndarray], str] | None = None) -> str:
        """A list of columns, reversed ones by default."""
        return "[" + ",\n   ".join((how or self.reverse)(row) for row in rows) + "]"


def unit_columns(plan: Plan, table: Tables, lanes: Lanes, outs: str) -> list[str]:
    """`columns`, with the term `outs` for those of the outputs."""
    count, half = len(plan.units), 1 << lanes.bits
    one = np.array([1] * count, object)
    numbers = [
        str(lanes.bits), f"{half:#x}", f"{2 * half:#x}", str((lanes.bits + 1) * (count - 1)),
        lanes.pack(half * one), lanes.pack(one), lanes.reverse(one), lanes.pack(plan.cap * one),
        lanes.pack(table.t_base + half), lanes.pack(-table.t_base + half),
        lanes.pack(table.d_base + table.d_error + half), lanes.pack(-table.d_base + table.d_error + half),
        *(
            lanes.each(np.maximum(sign * slope, 0).T, lanes.pack)
            for slope in (table.t_code, table.d_slope) for sign in (1, -1)
        ),
        *map(str, (lanes.lift, lanes.t_max, lanes.d_max, lanes.change, lanes.size, lanes.rounding, lanes.twice)),
        outs,
    ]  # fmt: skip
    return [
        "/-- Packed columns, one lane a hidden unit. -/",
        "def columns : Columns :=\n  ⟨" + ",\n   ".join(numbers) + "⟩",
    ]


def limit_pair(value: int) -> str:
    """A limit as two natural numbers, the second less the first."""
    return f"{max(0, -value)}, {max(0, value)}"


def lean_int(value: int) -> str:
    """An integer as a Lean term that binds tightly."""
    return str(int(value)) if value >= 0 else f"({int(value)})"


def lean_ints(values: Sequence[int]) -> str:
    """A list of integers."""
    return "[" + ", ".join(map(lean_int, values)) + "]"

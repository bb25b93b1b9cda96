"""Training memory, measured, beside the specification's budget.

Counts the bytes of the arrays that training holds: parameters (target networks included), gradients, optimizer
state, experience buffer. Not counted: the interpreter, the libraries, activations of one batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyverify.artifacts.training import MemoryUse

# The specification's table in bytes, K and M read as powers of ten (the stricter reading).
BUDGET = {"parameters": 50_000, "gradients": 50_000, "optimizer": 100_000, "buffer": 10_000_000, "total": 10_200_000}


@dataclass(frozen=True)
class MemoryRow:
    """One line of the table: measured bytes, budgeted bytes, and whether the first fit into the second."""

    name: str
    bytes: int
    budget: int
    within: bool


def memory_table(use: MemoryUse) -> tuple[MemoryRow, ...]:
    """Rows parameters, gradients, optimizer, buffer, total."""
    measured = {name: getattr(use, name) for name in BUDGET if name != "total"}
    measured["total"] = sum(measured.values())
    return tuple(MemoryRow(name, size, BUDGET[name], size <= BUDGET[name]) for name, size in measured.items())


def measure(parameters: Iterable[Any], optimizers: Iterable[Any], buffers: Iterable[Any]) -> MemoryUse:
    """Bytes held by torch `parameters` (each counted once), their gradients, `optimizers` and array `buffers`."""
    unique = {id(parameter): parameter for parameter in parameters}.values()
    state = [value for optimizer in optimizers for slot in optimizer.state.values() for value in slot.values()]
    return MemoryUse(
        parameters=sum(map(_size, unique)),
        gradients=sum(_size(parameter.grad) for parameter in unique if parameter.grad is not None),
        optimizer=sum(_size(value) for value in state if hasattr(value, "nelement")),
        buffer=sum(map(_size, buffers)),
    )


def _size(array: Any) -> int:
    return array.nbytes if isinstance(array, np.ndarray) else array.nelement() * array.element_size()

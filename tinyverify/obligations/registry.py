"""The one list of obligations. Everything else that lists them is generated from it.

Order is the order of reports.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from tinyverify.artifacts.policy import Policy
from tinyverify.obligations import (
    c_hal,
    c_kernels,
    c_policy,
    critical_sections,
    dense_s8,
    elf_budget,
    elf_layout,
    exhaustive,
    flash_guard,
    float_edge,
    heads,
    integrity,
    interrupt_latency,
    layout,
    locks,
    mve_models,
    object_code,
    policy_error,
    requantize,
    slowest_memory,
    stack,
    table_errors,
    wcet,
)
from tinyverify.obligations.obligation import Obligation


class NoSuchObligation(ValueError):
    """A pattern that selects nothing; never reads as success."""


def all_obligations() -> tuple[Obligation, ...]:
    """Every obligation, each ID once."""
    times = (wcet, slowest_memory, interrupt_latency, critical_sections)
    binary = (elf_layout, elf_budget, flash_guard, stack, *times, object_code)
    kernels = (c_kernels, mve_models, c_policy, c_hal, exhaustive)
    families = (
        integrity,
        float_edge,
        dense_s8,
        requantize,
        heads,
        table_errors,
        layout,
        *binary,
        *kernels,
        locks,
        policy_error,
    )
    found = tuple(obligation for family in families for obligation in family.OBLIGATIONS)
    assert len({o.id for o in found}) == len(found), "an obligation ID appears twice"
    return found


def select(policy: Policy | None = None, pattern: str | None = None, everything: bool = False) -> list[Obligation]:
    """The obligations of `prove` that apply to `policy` (all, if None) and whose ID matches the shell `pattern`.

    Those that take long are among them if `everything`, or if a pattern asks for them by ID. Raises NoSuchObligation if
    there is none.
    """
    chosen = [
        obligation
        for obligation in all_obligations()
        if (obligation.stage == "prove" or (obligation.stage == "all" and (everything or pattern is not None)))
        and (policy is None or obligation.applies(policy))
        and (pattern is None or fnmatchcase(obligation.id, pattern))
    ]
    if not chosen:
        raise NoSuchObligation(f"no obligation matches {pattern!r}; `tinyverify list` shows all")
    return chosen

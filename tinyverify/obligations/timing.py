"""What the obligations about time share: the name of their engine, and how far its word reaches.

Serves `wcet.*`. States nothing itself.
"""

from __future__ import annotations

from importlib import metadata

from tinyverify.engines.wcet.analyse import CLOCK_HZ, microseconds
from tinyverify.obligations.question import Question

MODEL_BOUND = "model bound, no hardware measurement"


def time_question(identity: str, statement: str) -> Question:
    """A question that abstract execution, linear programming and the exact check of a certificate answer."""
    return Question(
        identity, statement, f"wcet (abstract execution, HiGHS of scipy {metadata.version('scipy')}, exact check)"
    )


def waiting_row(what: str, cycles: int, most: float, note: str) -> dict:
    """A row of the time table beside those of the operations: `cycles` of at most `most` microseconds."""
    return {
        "operation": what,
        "cycles": cycles,
        "microseconds": round(microseconds(cycles), 3),
        "budget_cycles": round(most * CLOCK_HZ / 1e6),
        "within_budget": microseconds(cycles) <= most,
        "note": note,
    }

"""What the obligations about time share: the name of their engine, and how far its word reaches.

Serves `wcet.*`. States nothing itself.
"""

from __future__ import annotations

from importlib import metadata

from tinyverify.obligations.question import Question

MODEL_BOUND = "model bound, no hardware measurement"


def time_question(identity: str, statement: str) -> Question:
    """A question that abstract execution, linear programming and the exact check of a certificate answer."""
    return Question(
        identity, statement, f"wcet (abstract execution, HiGHS of scipy {metadata.version('scipy')}, exact check)"
    )

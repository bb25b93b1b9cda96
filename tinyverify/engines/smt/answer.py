"""What a solver said about a query. `unknown` is never a bool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tinyverify.results import Status

Verdict = Literal["unsat", "sat", "unknown", "timeout", "error", "missing"]

_STATUS = {
    "unsat": Status.PROVED,
    "sat": Status.REFUTED,
    "unknown": Status.UNKNOWN,
    "timeout": Status.TIMEOUT,
    "error": Status.ERROR,
    "missing": Status.UNCHECKED,
}


@dataclass(frozen=True)
class Answer:
    """`verdict` over all checks of a query: unsat only if every one is; else the first that is not.

    `check`: index of that one. `model`: variable to value text, for sat. `checks`: how many were answered unsat.
    """

    solver: str
    verdict: Verdict
    seconds: float
    checks: int = 0
    check: int | None = None
    model: dict[str, str] = field(default_factory=dict)
    detail: str = ""

    @property
    def status(self) -> Status:
        return _STATUS[self.verdict]

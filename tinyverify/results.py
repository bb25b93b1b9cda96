"""The ten statuses of an obligation and the one result model that every renderer reads.

Serves every obligation. Holds no engine and no rendering: a status says what was shown
and how strongly, and `verdict` alone turns a list of them into an exit code.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

RESULTS_SCHEMA = "tinyverify.results/1"


class Status(StrEnum):
    """What is known about one obligation. The first four hold; the other six do not, or we do not know."""

    PROVED = "PROVED"  # a checker accepted a proof
    CHECKED = "CHECKED"  # exhaustive or differential
    MEASURED = "MEASURED"  # statistics, with a stated confidence
    ASSUMED = "ASSUMED"  # taken on trust, listed
    REFUTED = "REFUTED"  # with a counterexample
    UNKNOWN = "UNKNOWN"
    TIMEOUT = "TIMEOUT"
    STALE = "STALE"  # a stored proof speaks about something else
    ERROR = "ERROR"
    UNCHECKED = "UNCHECKED"  # a tool is missing

    @property
    def holds(self) -> bool:
        """True for the four statuses under which the obligation holds."""
        return self in HOLDING


HOLDING = frozenset({Status.PROVED, Status.CHECKED, Status.MEASURED, Status.ASSUMED})

# From strongest to weakest: the weakest status among the engines a claim rests on decides.
_STRENGTH = [
    Status.PROVED,
    Status.CHECKED,
    Status.MEASURED,
    Status.ASSUMED,
    Status.UNCHECKED,
    Status.STALE,
    Status.TIMEOUT,
    Status.UNKNOWN,
    Status.ERROR,
    Status.REFUTED,
]


def weakest(statuses: list[Status]) -> Status:
    """The status of a claim that rests on all of `statuses`; UNCHECKED for an empty list."""
    return max(statuses, key=_STRENGTH.index, default=Status.UNCHECKED)


class EngineRun(BaseModel):
    """One engine's answer to one obligation: its name with version, its status, and its wall time in seconds."""

    model_config = ConfigDict(frozen=True)

    engine: str
    status: Status
    seconds: float = Field(ge=0)
    detail: str = ""


class Result(BaseModel):
    """The outcome of one obligation; `evidence` is JSON (query hashes, a counterexample, figures)."""

    model_config = ConfigDict(frozen=True)

    id: str
    statement: str
    status: Status
    engines: tuple[EngineRun, ...] = ()
    seconds: float = Field(default=0.0, ge=0)
    detail: str = ""
    evidence: dict[str, Any] = Field(default_factory=dict)

    def joined_by(self, runs: list[EngineRun]) -> Result:
        """This result with further engines behind it: the weakest decides, and says what it lacks."""
        status = weakest([self.status, *(run.status for run in runs)])
        missing = {run.detail: None for run in runs if run.status is status and not status.holds and run.detail}
        update = {
            "status": status,
            "engines": (*self.engines, *runs),
            "seconds": round(self.seconds + sum(run.seconds for run in runs), 4),
            "detail": "; ".join(part for part in (self.detail, *missing) if part),
        }
        return self.model_copy(update=update)


class Summary(BaseModel):
    """Counts over all obligations and the exit code that follows from them."""

    model_config = ConfigDict(frozen=True)

    proved: int
    checked: int
    measured: int
    assumed: int
    refuted: int
    inconclusive: int
    exit_code: int

    def line(self) -> str:
        """The last line of every run: `N proved, M refuted, K inconclusive`, weaker evidence named between."""
        weaker = [
            f"{count} {word}"
            for count, word in ((self.checked, "checked"), (self.measured, "measured"), (self.assumed, "assumed"))
            if count
        ]
        return ", ".join(
            [f"{self.proved} proved", *weaker, f"{self.refuted} refuted", f"{self.inconclusive} inconclusive"]
        )


class Report(BaseModel):
    """Everything that one `prove` found: the versioned model behind `--json` and all renderers."""

    model_config = ConfigDict(frozen=True)

    schema_version: str = RESULTS_SCHEMA
    bundle: str
    policy_hash: str
    tools: dict[str, str]
    obligations: tuple[Result, ...]
    summary: Summary


def summarize(results: list[Result]) -> Summary:
    """Count `results` and derive the exit code.

    0 only if there is at least one obligation and all hold; 1 if one is refuted; 3 otherwise,
    so that nothing proved, a timeout or a missing tool never reads as success.
    """
    count = {status: sum(r.status is status for r in results) for status in Status}
    refuted = count[Status.REFUTED]
    inconclusive = sum(count[s] for s in Status if not s.holds) - refuted
    if refuted:
        exit_code = 1
    elif inconclusive or not results:
        exit_code = 3
    else:
        exit_code = 0
    return Summary(
        proved=count[Status.PROVED],
        checked=count[Status.CHECKED],
        measured=count[Status.MEASURED],
        assumed=count[Status.ASSUMED],
        refuted=refuted,
        inconclusive=inconclusive,
        exit_code=exit_code,
    )

"""The obligation: an ID, a statement, and how it is discharged.

Serves every family. IDs are `<operator>.<property>`, the key that joins theorem, query, reference, C and test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.smt.discharge import SOLVERS, discharge
from tinyverify.engines.smt.query import Query, render, statement
from tinyverify.obligations.linked import BuildChoice
from tinyverify.obligations.question import Stated, settle
from tinyverify.results import Result


@dataclass(frozen=True)
class Settings:
    """How obligations are discharged: solver names, whether Lean takes part, seconds per check, the bundle file.

    `build`: the firmware that obligations about the binary speak of; `timing`: the model of those about time.
    """

    solvers: tuple[str, ...] = ("z3", "cvc5")
    lean: bool = True
    timeout: float = 60.0
    bundle: Path | None = None
    build: BuildChoice = field(default_factory=BuildChoice)
    timing: TimingModel = field(default_factory=TimingModel)

    @property
    def complete(self) -> bool:
        """Whether the outcome may be recorded: every engine takes part, on the binary that `emit` makes, unslowed."""
        engines = self.lean and set(self.solvers) == set(SOLVERS)
        return engines and self.build.is_default and self.timing == TimingModel()

    @property
    def folder(self) -> Path | None:
        """The bundle's folder, where `training.json` and the firmware lie."""
        return None if self.bundle is None else self.bundle.parent


@dataclass(frozen=True)
class Obligation:
    """One statement about a policy.

    `applies(policy)`: whether it is about this kind of policy at all. `discharge(policy, settings)` gives the result;
    None where Lean alone states it. `theorem`: whether the policy's Lean file states it, which `prove` then asks too.
    `query(policy)`: the SMT query, or None for obligations of other engines. `claim`: which boolean of the proof
    bundle rests on it ("memory_bounds", "latency_bounds", "reward_preservation"), if any. `stage`: what
    discharges it: `prove`; `prove --all` (seconds to minutes, needs the training artifact); `run` (needs the emulator).
    `stated(policy, settings)`: of obligations whose facts share a Lean file (the binary, tables), what is found before
    Lean speaks, so that Lean can speak about several at once.
    """

    id: str
    family: str
    statement: str
    engines: tuple[str, ...]
    discharge: Callable[[Policy, Settings], Result] | None
    applies: Callable[[Policy], bool] = field(default=lambda policy: True)
    query: Callable[[Policy], Query] | None = None
    theorem: bool = False
    claim: str | None = None
    stage: Literal["prove", "all", "run"] = "prove"
    stated: Callable[[Policy, Settings], Stated] | None = None


def smt(
    obligation_id: str,
    family: str,
    parameters: Callable[[Policy], dict[str, Any]] = lambda policy: {},
    applies: Callable[[Policy], bool] = lambda policy: True,
    explain: Callable[[Policy, str, dict[str, str]], dict] | None = None,
    claim: str | None = None,
    theorem: bool = True,
) -> Obligation:
    """An obligation that both solvers show by refuting the negation in `smt/<operator>/<property>.smt2`.

    `theorem`: whether a theorem of the same name stands in the policy's Lean file as well.
    """

    def query(policy: Policy) -> Query:
        return render(obligation_id, parameters(policy))

    def run(policy: Policy, settings: Settings) -> Result:
        explained = None if explain is None else (lambda check, model: explain(policy, check, model))
        return discharge(query(policy), settings.solvers, settings.timeout, explained)

    return Obligation(
        id=obligation_id,
        family=family,
        statement=statement(obligation_id),
        engines=("lean", "z3", "cvc5") if theorem else ("z3", "cvc5"),
        discharge=run,
        applies=applies,
        query=query,
        theorem=theorem,
        claim=claim,
    )


def lean(obligation_id: str, family: str, stated: str) -> Obligation:
    """An obligation that only the policy's Lean file states; `stated` says it in words."""
    return Obligation(obligation_id, family, stated, ("lean",), None, theorem=True)


def about_binary(
    obligation_id: str,
    family: str,
    statement: str,
    engines: tuple[str, ...],
    stated: Callable[[Policy, Settings], Stated],
    claim: str | None = None,
) -> Obligation:
    """An obligation about the linked firmware, whose last word is Lean's."""

    def run(policy: Policy, settings: Settings) -> Result:
        return settle([stated(policy, settings)], settings.timeout, settings.lean)[0]

    return Obligation(obligation_id, family, statement, (*engines, "lean"), run, claim=claim, stated=stated)

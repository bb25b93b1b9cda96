"""What Frama-C said about one unit, as numbers and a status.

Serves `kernel.*`. WP never refutes: a goal that no prover settles is UNKNOWN, or TIMEOUT if time was what was missing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from tinyverify.results import Status


@dataclass(frozen=True)
class Outcome:
    """`goals` proved by prover (Qed is WP's own simplifier), `smoke`: tests that a contract is not vacuous, passed;
    `open`: names of goals that nobody settled; `figures`: more numbers for the evidence."""

    status: Status
    detail: str
    goals: dict[str, int] = field(default_factory=dict)
    smoke: int = 0
    open: tuple[str, ...] = ()
    figures: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    cached: bool = False

    def evidence(self) -> dict:
        """For a result: goals in all and by prover, smoke tests, open goals."""
        content = {"goals": sum(self.goals.values()), "goals_by_prover": self.goals, "smoke_tests": self.smoke}
        return {**content, **self.figures, **({"open_goals": list(self.open)} if self.open else {})}

    def record(self) -> dict:
        """What the cache keeps of a proof."""
        content = asdict(self)
        return {name: content[name] for name in ("detail", "goals", "smoke", "figures", "seconds")}

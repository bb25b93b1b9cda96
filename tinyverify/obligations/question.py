"""One question about the linked firmware: the ELF or the reason why there is none, and what is stated about it.

Serves `wcet.*`, `stack.*`, `elf_layout.*`, and of what is stated for Lean `softmax_lut.table_error` and
`sample.table_errors` too. States nothing itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.lean_bundle.facts import Facts, kernel_word, together
from tinyverify.engines.wcet.certificate import CertificateError
from tinyverify.obligations.linked import BuildChoice, Linked, linked_as
from tinyverify.results import EngineRun, Result, Status


@dataclass(frozen=True)
class Stated:
    """`result`: what engines other than Lean say. `facts`: what Lean's kernel is to accept besides, if anything.

    `suffices`: where the kernel's word alone proves what is stated, a CHECKED result becomes PROVED by it, and stays
    CHECKED without it. Else the result rests on all engines, and the weakest decides.
    """

    result: Result
    facts: Facts | None = None
    suffices: bool = False

    def joined_by(self, runs: list[EngineRun]) -> Result:
        """The result with Lean's `runs` behind it."""
        if not self.suffices:
            return self.result.joined_by(runs)
        proved = bool(runs) and all(run.status is Status.PROVED for run in runs)
        lacks = "" if proved else f" (Lean: {', '.join(run.status for run in runs)})"
        update = {
            "status": Status.PROVED if proved else self.result.status,
            "engines": (*self.result.engines, *runs),
            "seconds": round(self.result.seconds + sum(run.seconds for run in runs), 4),
            "detail": self.result.detail + lacks,
        }
        return self.result.model_copy(update=update)


def settle(stated: list[Stated], timeout: float, lean: bool = True) -> list[Result]:
    """The results with the kernel's word on the facts, all in one file. Without `lean` they stay as they are."""
    parts = [s.facts for s in stated if s.facts is not None]
    if not lean or not parts:
        return [s.result for s in stated]
    word = kernel_word(together(parts), timeout)
    if len(parts) > 1 and any(not run.status.holds for run in word.values()):
        # One refused theorem takes no other along.
        word = {name: run for part in parts for name, run in kernel_word(part, timeout).items()}
    return [s.joined_by([word[name] for name in s.facts.wanted]) if s.facts else s.result for s in stated]


class Question:
    """One obligation being answered: its identity, its statement, the first engine's name, when it was begun."""

    def __init__(self, identity: str, statement: str, engine: str) -> None:
        self.identity, self.statement, self.engine = identity, statement, engine
        self._start = time.perf_counter()

    def about(self, policy: Policy, choice: BuildChoice, use: Callable[[Linked], Stated]) -> Stated:
        """`use` of the linked firmware of `policy`; what stands in its way as a result, never as a success."""
        return self.try_to(lambda: use(linked_as(policy, choice)))

    def try_to(self, find: Callable[[], Stated]) -> Stated:
        """What `find` finds, or why it cannot."""
        try:
            return find()
        except CompilerMissing as error:
            return Stated(self.answer(Status.UNCHECKED, str(error)))
        except (NotUnderstood, CertificateError, ArtifactError) as error:
            return Stated(self.answer(Status.UNKNOWN, f"not known: {error}"))
        except BuildError as error:
            return Stated(self.answer(Status.ERROR, f"no firmware: {error}"))

    def answer(
        self, status: Status, detail: str, evidence: dict | None = None, others: tuple[EngineRun, ...] = ()
    ) -> Result:
        """The result: `status` by the first engine, weakened by what the `others` say."""
        seconds = round(time.perf_counter() - self._start, 4)
        run = EngineRun(engine=self.engine, status=status, seconds=seconds, detail=detail)
        result = Result(
            id=self.identity,
            statement=self.statement,
            status=status,
            engines=(run,),
            seconds=seconds,
            detail=detail,
            evidence=evidence or {},
        )
        return result.joined_by(list(others)).model_copy(update={"seconds": seconds})

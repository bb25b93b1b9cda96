"""One question about the linked firmware: the ELF or the reason why there is none, and the answer as a result.

Serves `wcet.*`, `stack.*`, `elf_layout.*`. States nothing itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.wcet.certificate import CertificateError
from tinyverify.obligations.linked import Linked, linked
from tinyverify.results import EngineRun, Result, Status, weakest


class Question:
    """One obligation being answered: its identity, its statement, the first engine's name, when it was begun."""

    def __init__(self, identity: str, statement: str, engine: str) -> None:
        self.identity, self.statement, self.engine = identity, statement, engine
        self._start = time.perf_counter()

    def about(self, policy: Policy, use: Callable[[Linked], Result]) -> Result:
        """`use` of the linked firmware of `policy`; what stands in its way as a result, never as a success."""
        return self.try_to(lambda: use(linked(policy)))

    def try_to(self, find: Callable[[], Result]) -> Result:
        """What `find` finds, or why it cannot."""
        try:
            return find()
        except CompilerMissing as error:
            return self.answer(Status.UNCHECKED, str(error))
        except (NotUnderstood, CertificateError, ArtifactError) as error:
            return self.answer(Status.UNKNOWN, f"not known: {error}")
        except BuildError as error:
            return self.answer(Status.ERROR, f"no firmware: {error}")

    def answer(
        self, status: Status, detail: str, evidence: dict | None = None, others: tuple[EngineRun, ...] = ()
    ) -> Result:
        """The result: `status` by the first engine, weakened by what the `others` say."""
        seconds = round(time.perf_counter() - self._start, 4)
        whole = weakest([status, *(run.status for run in others)])
        missing = [run.detail for run in others if run.status is whole and whole is not Status.PROVED and run.detail]
        return Result(
            id=self.identity,
            statement=self.statement,
            status=whole,
            engines=(EngineRun(engine=self.engine, status=status, seconds=seconds, detail=detail), *others),
            seconds=seconds,
            detail="; ".join([detail, *missing]),
            evidence=evidence or {},
        )

"""What the obligations about time share: the linked firmware or the reason why there is none, and Lean's word.

Serves `wcet.*`. States nothing itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import metadata

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.toolchain import LeanNotFound
from tinyverify.engines.lean_bundle.engine import version
from tinyverify.engines.lean_bundle.flow import flow_statement, prove_flows, theorem_name
from tinyverify.engines.wcet.certificate import Certificate, CertificateError
from tinyverify.obligations.linked import Linked, linked
from tinyverify.results import EngineRun, Result, Status, weakest

MODEL_BOUND = "model bound, no hardware measurement"
ENGINE = "wcet (abstract execution, HiGHS of scipy {scipy}, exact check)"


class Question:
    """One obligation being answered: its identity, its statement, and when the answer was begun."""

    def __init__(self, identity: str, statement: str) -> None:
        self.identity, self.statement = identity, statement
        self._start = time.perf_counter()

    def about(self, policy: Policy, use: Callable[[Linked], Result]) -> Result:
        """`use` of the linked firmware of `policy`; what stands in its way as a result, never as a success."""
        try:
            return use(linked(policy))
        except CompilerMissing as error:
            return self.answer(Status.UNCHECKED, str(error))
        except (NotUnderstood, CertificateError, ArtifactError) as error:
            return self.answer(Status.UNKNOWN, f"no bound: {error}")
        except BuildError as error:
            return self.answer(Status.ERROR, f"no firmware: {error}")

    def answer(
        self, status: Status, detail: str, evidence: dict | None = None, kernel: tuple[EngineRun, ...] = ()
    ) -> Result:
        """The result: `status` by the exact check, weakened by what Lean says of the certificates (`kernel`)."""
        seconds = round(time.perf_counter() - self._start, 4)
        engine = ENGINE.format(scipy=metadata.version("scipy"))
        whole = weakest([status, *(run.status for run in kernel)])
        missing = [run.detail for run in kernel if run.status is whole and whole is not Status.PROVED]
        return Result(
            id=self.identity,
            statement=self.statement,
            status=whole,
            engines=(EngineRun(engine=engine, status=status, seconds=seconds, detail=detail), *kernel),
            seconds=seconds,
            detail="; ".join([detail, *missing]),
            evidence=evidence or {},
        )


def kernel_runs(certificates: Mapping[str, Certificate], timeout: float) -> tuple[EngineRun, ...]:
    """Lean's kernel on each certificate, in one run: the theorem about every path of that flow graph."""
    start = time.perf_counter()
    name = version() or "lean"
    try:
        verdict = prove_flows(certificates, timeout=timeout)
    except LeanNotFound as error:
        return (EngineRun(engine="lean", status=Status.UNCHECKED, seconds=0, detail=str(error)),)
    except LeanBuildError as error:
        return (EngineRun(engine=name, status=Status.ERROR, seconds=0, detail=str(error).splitlines()[0]),)
    seconds = round((time.perf_counter() - start) / len(certificates), 4)
    if any(finding.rule == "timeout" for finding in verdict.findings):
        return (EngineRun(engine=name, status=Status.TIMEOUT, seconds=seconds, detail="Lean did not answer in time"),)
    if not verdict.passed:
        return (EngineRun(engine=name, status=Status.ERROR, seconds=seconds, detail=verdict.findings[0].text),)
    runs = []
    for label, certificate in certificates.items():
        theorem = theorem_name(label)
        axioms = ", ".join(verdict.axioms[theorem]) or "none"
        detail = f"theorem {theorem} : {flow_statement(label, certificate)} (axioms: {axioms})"
        runs.append(EngineRun(engine=name, status=Status.PROVED, seconds=seconds, detail=detail))
    return tuple(runs)

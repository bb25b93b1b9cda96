"""The Lean engine of `kernel.object_code`: record a run, have the kernel judge it, say what came of it.

A run that the language of lean/TinyVerify/ObjectCode/Spec.lean has no words for gives no engine run, and a reason. A
program that the kernel does not accept refutes nothing by itself: its checker is sound, not complete.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.toolchain import LeanNotFound
from tinyverify.engines.lean_bundle.engine import ENGINE, version
from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Program
from tinyverify.engines.lean_object_code.prove import CHECK, STATEMENT, THEOREM, prove_object_code
from tinyverify.engines.lean_object_code.record import record
from tinyverify.results import EngineRun, Status


@dataclass(frozen=True)
class Verdict:
    """`run` is None where Lean was not asked; `evidence` says what the theorem is, or why there is none."""

    run: EngineRun | None
    evidence: dict[str, str]


def covers(policy: Policy) -> str:
    """What the theorem speaks of: all that `tv_infer` writes and returns."""
    common = "fault flags, accumulators, logits"
    return f"{common}, action, softmax weights and probabilities" if policy.discrete else f"{common} and action"


def discharge(policy: Policy, firmware: Firmware, timeout: float) -> Verdict:
    """Lean's answer about `tv_infer` of `firmware`, within `timeout` seconds for each of its steps."""
    try:
        program = record(policy, firmware)
    except NotExpressible as reason:
        return Verdict(None, {"not_stated": str(reason)})
    run = judge(policy, program, timeout)
    about = {"theorem": THEOREM, "statement": STATEMENT, "covers": covers(policy)}
    return Verdict(run, about | {"status": run.status.value})


def judge(policy: Policy, program: Program, timeout: float) -> EngineRun:
    """The kernel's answer to whether `program` computes `policy`."""
    start = time.perf_counter()
    name = version() or ENGINE

    def run(status: Status, detail: str) -> EngineRun:
        return EngineRun(engine=name, status=status, seconds=round(time.perf_counter() - start, 4), detail=detail)

    try:
        verdict = prove_object_code(policy, program, timeout=timeout)
    except LeanNotFound as error:
        return run(Status.UNCHECKED, str(error))
    except LeanBuildError as error:
        return run(Status.ERROR, str(error).splitlines()[0])
    if verdict.passed:
        axioms = ", ".join(verdict.axioms[THEOREM]) or "none"
        return run(Status.PROVED, f"theorem {THEOREM} : {STATEMENT} (axioms: {axioms}); covers {covers(policy)}")
    if any(finding.rule == "timeout" for finding in verdict.findings):
        return run(Status.TIMEOUT, "Lean did not answer in time")
    if any(finding.rule == "lean" and "is false" in finding.text for finding in verdict.findings):
        return run(Status.UNKNOWN, f"the kernel does not accept that the recorded run computes the policy: {CHECK}")
    return run(Status.ERROR, verdict.findings[0].text)

"""Lean's word on facts about the linked firmware: one engine run per theorem, whatever came of asking.

Serves `wcet.*`, `stack.*`, `elf_layout.*`. What the theorems say is flow.py's and elf_layout.py's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.gate import GateResult
from tinyverify.engines.lean.toolchain import LeanNotFound
from tinyverify.engines.lean_bundle.engine import version
from tinyverify.engines.lean_bundle.flow import flow_statement, prove_flows, theorem_name
from tinyverify.engines.wcet.certificate import Certificate
from tinyverify.results import EngineRun, Status


def kernel_word(wanted: Mapping[str, str], ask: Callable[[], GateResult]) -> tuple[EngineRun, ...]:
    """A PROVED run per theorem of `wanted` (full name -> statement) if the gate passes, else one run that says why not.

    `ask` puts them to the gate; the time that it takes is shared among the runs.
    """
    start, name = time.perf_counter(), version() or "lean"
    try:
        verdict = ask()
    except LeanNotFound as error:
        return (EngineRun(engine="lean", status=Status.UNCHECKED, seconds=0, detail=str(error)),)
    except LeanBuildError as error:
        return (EngineRun(engine=name, status=Status.ERROR, seconds=0, detail=str(error).splitlines()[0]),)
    seconds = round((time.perf_counter() - start) / len(wanted), 4)
    if any(finding.rule == "timeout" for finding in verdict.findings):
        return (EngineRun(engine=name, status=Status.TIMEOUT, seconds=seconds, detail="Lean did not answer in time"),)
    if not verdict.passed:
        return (EngineRun(engine=name, status=Status.ERROR, seconds=seconds, detail=verdict.findings[0].text),)
    runs = []
    for theorem, statement in wanted.items():
        axioms = ", ".join(verdict.axioms[theorem]) or "none"
        detail = f"theorem {theorem} : {statement} (axioms: {axioms})"
        runs.append(EngineRun(engine=name, status=Status.PROVED, seconds=seconds, detail=detail))
    return tuple(runs)


def flow_word(certificates: Mapping[str, Certificate], timeout: float) -> tuple[EngineRun, ...]:
    """Lean's kernel on each certificate, in one run: the theorem about every path of that flow graph."""
    wanted = {theorem_name(label): flow_statement(label, c) for label, c in certificates.items()}
    return kernel_word(wanted, lambda: prove_flows(certificates, timeout=timeout))

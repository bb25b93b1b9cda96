"""`wcet.*`: the linked firmware meets its budgets of time on every path: an inference, an interrupt's wait.

PROVED is relative to the timing model: the bound comes from untrusted search (abstract execution, linear programming)
and is accepted by an exact check of its certificate against the flow graph of the binary. No hardware was measured.
Code that is not understood, or a bound above the budget, is UNKNOWN: neither is a counterexample.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.toolchain import LeanNotFound
from tinyverify.engines.lean_bundle.engine import version
from tinyverify.engines.lean_bundle.flow import THEOREM, flow_statement, prove_flow
from tinyverify.engines.wcet.analyse import Analysis, microseconds
from tinyverify.engines.wcet.certificate import CertificateError, to_json
from tinyverify.engines.wcet.interrupts import interrupt_latency
from tinyverify.engines.wcet.report import (
    TOTAL_CYCLES,
    TOTAL_MICROSECONDS,
    InferenceBound,
    inference_bound,
    rows_json,
)
from tinyverify.engines.wcet.worst_path import flame, hottest
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Report, Result, Status, weakest

ID = "wcet.total_cycles"
STATEMENT = (
    f"Under the timing model of docs/timing-model.md, one inference of the linked firmware (tv_infer, then tv_sample) "
    f"takes at most {TOTAL_CYCLES:,} cycles and {TOTAL_MICROSECONDS / 1000:g} ms at 80 MHz, whatever its input."
)
LATENCY_ID = "wcet.interrupt_latency"
LATENCY_MICROSECONDS = 50.0
LATENCY_STATEMENT = (
    "Nothing that main can reach masks interrupts, so that critical sections take none of their 10 us, and under the "
    f"timing model an interrupt waits at most {LATENCY_MICROSECONDS:g} us at 80 MHz for its handler to start."
)
MODEL_BOUND = "model bound, no hardware measurement"


def total_cycles(policy: Policy, settings: Settings, model: TimingModel | None = None) -> Result:
    """Build the firmware of `policy`, bound it, check the certificate, compare with the budget."""
    start = time.perf_counter()

    def bound(firmware: Linked) -> Result:
        found = inference_bound(firmware.product, firmware.holding("tv_sample"), firmware.lines, model)
        return judge(found, firmware, start, kernel=_kernel(found, settings) if settings.lean else ())

    return _guarded(policy, bound, ID, STATEMENT, start)


def certified_cycles(report: Report) -> int | None:
    """The bound on one inference that `report` holds; None without certificates, or if Lean did not accept them.

    A bound above the specification's budget leaves the obligation UNKNOWN, yet it is a bound.
    """
    result = next((result for result in report.obligations if result.id == ID), None)
    if result is None or any(not run.status.holds for run in result.engines if run.engine.startswith("lean")):
        return None
    certificates = result.evidence.get("certificates", [])
    return sum(certificate["cycles"] for certificate in certificates) if certificates else None


def operation_table(policy: Policy, model: TimingModel | None = None) -> InferenceBound:
    """Both calls' bounds and the specification's table (`rows`) of the firmware of `policy`, for the command line.

    Raises CompilerMissing, BuildError, ArtifactError, NotUnderstood, CertificateError.
    """
    firmware = linked(policy)
    return inference_bound(firmware.product, firmware.holding("tv_sample"), firmware.lines, model)


def latency(policy: Policy, settings: Settings) -> Result:
    """Build the firmware of `policy` and bound how long it keeps an interrupt waiting."""
    start = time.perf_counter()
    return _guarded(
        policy, lambda firmware: judge_latency(firmware.product, start), LATENCY_ID, LATENCY_STATEMENT, start
    )


def judge_latency(firmware: Firmware, start: float) -> Result:
    """PROVED if nothing masks interrupts and the wait is within 50 us; UNKNOWN otherwise. Raises NotUnderstood."""
    found = interrupt_latency(firmware)
    wait = microseconds(found.cycles)
    masked = [f"{i.text} at {i.address:#x}" for i in found.masking]
    detail = (
        f"{found.cycles} cycles, {wait:.2f} of {LATENCY_MICROSECONDS:g} us, longest {found.longest.text}: {MODEL_BOUND}"
    )
    if masked:
        detail = f"interrupts are masked by {', '.join(masked)}: how long is not bounded"
    evidence = {
        "elf_sha256": firmware.sha256,
        "cycles": found.cycles,
        "longest_instruction": found.longest.text,
        "masking": masked,
        "functions": list(found.functions),
    }
    status = Status.PROVED if not masked and wait <= LATENCY_MICROSECONDS else Status.UNKNOWN
    return _result(status, start, detail, evidence, LATENCY_ID, LATENCY_STATEMENT)


def _guarded(policy: Policy, use: Callable[[Linked], Result], identity: str, statement: str, start: float) -> Result:
    """`use` of the linked firmware; what stands in its way as a result, never as a success."""
    try:
        return use(linked(policy))
    except CompilerMissing as error:
        return _result(Status.UNCHECKED, start, str(error), None, identity, statement)
    except (NotUnderstood, CertificateError, ArtifactError) as error:
        return _result(Status.UNKNOWN, start, f"no bound: {error}", None, identity, statement)
    except BuildError as error:
        return _result(Status.ERROR, start, f"no firmware: {error}", None, identity, statement)


def judge(
    found: InferenceBound,
    firmware: Linked,
    start: float,
    budget: int = TOTAL_CYCLES,
    kernel: tuple[EngineRun, ...] = (),
) -> Result:
    """The result of a bound: PROVED within `budget` cycles and the millisecond, UNKNOWN above.

    `kernel`: what Lean says about the certificates; the weakest answer of all engines decides.
    """
    total = found.rows[-1]
    within = total.cycles <= budget and total.microseconds <= TOTAL_MICROSECONDS
    detail = f"{total.cycles:,} of {budget:,} cycles, {total.microseconds:.2f} us at 80 MHz: {MODEL_BOUND}"
    if not within:
        detail += "; the bound is above the budget, which does not show that a run is"
    evidence = {
        "elf_sha256": firmware.product.sha256,
        "compiler": firmware.compiler,
        "model": str(found.infer.model),
        "operations": rows_json(found.rows),
        "costliest_abstract_run": found.executed,
        "tightness": round(found.cycles / found.executed, 4),
        "hottest": hottest(found.infer, firmware.lines),
        "worst_path": [
            flame(found.infer, firmware.product, firmware.lines).as_json(),
            flame(found.sample, firmware.holding("tv_sample"), None).as_json(),
        ],
        "certificates": [_certificate(part) for part in (found.infer, found.sample)],
    }
    result = _result(Status.PROVED if within else Status.UNKNOWN, start, detail, evidence)
    status = weakest([result.status, *(run.status for run in kernel)])
    missing = [run.detail for run in kernel if run.status is status and status is not Status.PROVED]
    detail = "; ".join([detail, *missing]) if missing else detail
    return result.model_copy(update={"status": status, "engines": (*result.engines, *kernel), "detail": detail})


def _kernel(found: InferenceBound, settings: Settings) -> tuple[EngineRun, ...]:
    """Lean's kernel on the certificate of each call: the theorem about every path of the flow graph."""
    runs = []
    for part in (found.infer, found.sample):
        start = time.perf_counter()
        try:
            verdict = prove_flow(part.certificate, timeout=settings.timeout)
        except LeanNotFound as error:
            return (EngineRun(engine="lean", status=Status.UNCHECKED, seconds=0, detail=str(error)),)
        except LeanBuildError as error:
            return (EngineRun(engine="lean", status=Status.ERROR, seconds=0, detail=str(error).splitlines()[0]),)
        if verdict.passed:
            axioms = ", ".join(verdict.axioms[THEOREM]) or "none"
            statement = " ".join(flow_statement(part.certificate).split())
            status, detail = Status.PROVED, f"{part.function}: theorem {THEOREM} : {statement} (axioms: {axioms})"
        elif any(finding.rule == "timeout" for finding in verdict.findings):
            status, detail = Status.TIMEOUT, f"{part.function}: Lean did not answer in time"
        else:
            status, detail = Status.ERROR, f"{part.function}: {verdict.findings[0].text}"
        seconds = round(time.perf_counter() - start, 4)
        runs.append(EngineRun(engine=version() or "lean", status=status, seconds=seconds, detail=detail))
    return tuple(runs)


def _certificate(part: Analysis) -> dict:
    loops = {f"{address:#x}": rounds for address, rounds in sorted(part.loops.items())}
    return {
        "function": part.function,
        "cycles": part.certified,
        "lean_theorem": THEOREM,
        "loops": loops,
        **to_json(part.certificate),
    }


def _result(
    status: Status,
    start: float,
    detail: str,
    evidence: dict | None = None,
    identity: str = ID,
    statement: str = STATEMENT,
) -> Result:
    seconds = round(time.perf_counter() - start, 4)
    engine = f"wcet (abstract execution, HiGHS of scipy {metadata.version('scipy')}, exact check)"
    return Result(
        id=identity,
        statement=statement,
        status=status,
        engines=(EngineRun(engine=engine, status=status, seconds=seconds, detail=detail),),
        seconds=seconds,
        detail=detail,
        evidence=evidence or {},
    )


OBLIGATIONS = (
    Obligation(ID, "latency", STATEMENT, ("wcet", "lean"), total_cycles),
    Obligation(LATENCY_ID, "latency", LATENCY_STATEMENT, ("wcet",), latency),
)

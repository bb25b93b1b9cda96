"""`wcet.total_cycles`, `wcet.operation_cycles`: one inference meets its budgets of time on every path.

PROVED is relative to the timing model: the bound comes from untrusted search (abstract execution, linear programming)
and is accepted by an exact check of its certificate against the flow graph of the binary, and by Lean's kernel. No
hardware was measured. Code that is not understood, or a bound above the budget, is UNKNOWN: neither is a
counterexample. Which instruction belongs to which operation is told by its function and, inside `tv_infer`, by its
source line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from types import MappingProxyType

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.pipeline import TimingModel
from tinyverify.emit.firmware import Evidence, firmware_files
from tinyverify.engines.lean_bundle.flow import flow_facts, theorem_name
from tinyverify.engines.wcet.analyse import Analysis
from tinyverify.engines.wcet.certificate import Certificate, to_json
from tinyverify.engines.wcet.report import (
    BUDGETS,
    SAMPLE,
    TOTAL_CYCLES,
    TOTAL_MICROSECONDS,
    InferenceBound,
    inference_bound,
    rows_json,
)
from tinyverify.engines.wcet.worst_path import flame, hottest
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.obligations.timing import MODEL_BOUND, time_question
from tinyverify.results import Report, Result, Status

ID = "wcet.total_cycles"
STATEMENT = (
    f"Under the timing model of docs/timing-model.md, one inference of the linked firmware (tv_infer, then tv_sample) "
    f"takes at most {TOTAL_CYCLES:,} cycles and {TOTAL_MICROSECONDS / 1000:g} ms at 80 MHz, whatever its input."
)
OPERATIONS_ID = "wcet.operation_cycles"
OPERATIONS_STATEMENT = (
    "Under the timing model of docs/timing-model.md, no inference of the linked firmware spends more cycles in an "
    "operation than the specification allows: "
    + ", ".join(f"{operation} {budget:,}" for operation, budget in BUDGETS.items())
    + "."
)


def total_cycles(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy`, bound it, check the certificate, compare with the budget."""
    from tinyverify.engines.wcet.closed_form import describe  # sympy: not for every worker process to import

    question = time_question(ID, STATEMENT)

    def bound(firmware: Linked) -> Stated:
        found = bound_inference(firmware, settings.timing)
        sources = {PurePosixPath(name).name: data for name, data in firmware_files(policy, Evidence()).items()}
        result = judge(found, firmware, question, sources=sources)
        certificates = {part.function: part.certificate for part in (found.infer, found.sample)}
        fitted = settings.build.is_default and settings.timing == TimingModel()
        evidence = {**result.evidence, "closed_form": describe(policy) if fitted else None}
        return Stated(result.model_copy(update={"evidence": evidence}), flow_facts(certificates))

    return question.about(policy, settings.build, bound)


def judge(
    found: InferenceBound,
    firmware: Linked,
    question: Question,
    budget: int = TOTAL_CYCLES,
    sources: Mapping[str, bytes] = MappingProxyType({}),
) -> Result:
    """The result of a bound: PROVED within `budget` cycles and the millisecond, UNKNOWN above.

    `sources`: C files by name, of which the costliest lines are shown.
    """
    total = found.rows[-1]
    within = total.cycles <= budget and total.microseconds <= TOTAL_MICROSECONDS
    detail = f"{total.cycles:,} of {budget:,} cycles, {total.microseconds:.2f} us at 80 MHz: {MODEL_BOUND}"
    if found.infer.model != TimingModel():
        detail += f"; {found.infer.model}"
    if not within:
        detail += "; the bound is above the budget, which does not show that a run is"
    evidence = {
        "elf_sha256": firmware.product.sha256,
        "sample_elf_sha256": firmware.holding(SAMPLE).sha256,
        "compiler": firmware.compiler,
        "model": str(found.infer.model),
        "timing": asdict(found.infer.model),
        "interrupt_cycles": found.infer.model.interrupted,
        "operations": rows_json(found.rows),
        "costliest_abstract_run": found.executed,
        "tightness": round(found.cycles / found.executed, 4),
        "hottest": hottest(found.infer, firmware.lines, sources),
        "worst_path": [
            flame(found.infer, firmware.product, firmware.lines).as_json(),
            flame(found.sample, firmware.holding(SAMPLE), firmware.lines_of(SAMPLE)).as_json(),
        ],
        "certificates": [_certificate(part) for part in (found.infer, found.sample)],
    }
    return question.answer(Status.PROVED if within else Status.UNKNOWN, detail, evidence)


def operation_cycles(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy` and bound each operation by a certificate of its own."""
    question = time_question(OPERATIONS_ID, OPERATIONS_STATEMENT)

    def bound(firmware: Linked) -> Stated:
        found = bound_inference(firmware, settings.timing)
        return Stated(judge_operations(found, firmware, question), flow_facts(operation_certificates(found)))

    return question.about(policy, settings.build, bound)


def operation_certificates(found: InferenceBound) -> dict[str, Certificate]:
    """The certificate of each operation that has a budget, under its name as an identifier."""
    return {re.sub(r"\W+", "_", row.operation): row.certificate for row in found.rows if row.operation in BUDGETS}


def judge_operations(found: InferenceBound, firmware: Linked, question: Question) -> Result:
    """PROVED if every operation meets its budget, UNKNOWN otherwise, or if source lines do not tell them apart."""
    rows = [row for row in found.rows if row.budget is not None]
    over = [f"{row.operation} {row.cycles} of {row.budget}" for row in rows if not row.within]
    closest = max(rows, key=lambda row: row.cycles / row.budget)
    detail = f"closest {closest.operation}, {closest.cycles} of {closest.budget} cycles: {MODEL_BOUND}"
    if over:
        detail = f"above their budgets: {', '.join(over)}, which does not show that a run is: {MODEL_BOUND}"
    if not found.told_apart:
        detail = "the build has no source lines, so that the operations inside tv_infer cannot be told apart"
    status = Status.PROVED if found.told_apart and not over else Status.UNKNOWN
    evidence = {"elf_sha256": firmware.product.sha256, "operations": rows_json(found.rows)}
    return question.answer(status, detail, evidence)


def certified_cycles(report: Report) -> int | None:
    """The bound on one inference that `report` holds; None without certificates, or if Lean did not accept them.

    A bound above the specification's budget leaves the obligation UNKNOWN, yet it is a bound.
    """
    result = next((result for result in report.obligations if result.id == ID), None)
    if result is None or any(not run.status.holds for run in result.engines if run.engine.startswith("lean")):
        return None
    certificates = result.evidence.get("certificates", [])
    if not certificates:
        return None
    return sum(certificate["cycles"] for certificate in certificates) + result.evidence["interrupt_cycles"]


def operation_table(policy: Policy, model: TimingModel | None = None) -> InferenceBound:
    """Both calls' bounds and the specification's table (`rows`) of the firmware of `policy`.

    Raises CompilerMissing, BuildError, ArtifactError, NotUnderstood, CertificateError.
    """
    return bound_inference(linked(policy), model)


def bound_inference(firmware: Linked, model: TimingModel | None = None) -> InferenceBound:
    """`inference_bound` of the ELF files that hold the two calls. Raises as it does."""
    return inference_bound(firmware.product, firmware.holding(SAMPLE), firmware.lines, model)


def _certificate(part: Analysis) -> dict:
    loops = {f"{address:#x}": rounds for address, rounds in sorted(part.loops.items())}
    return {
        "function": part.function,
        "cycles": part.certified,
        "lean_theorem": theorem_name(part.function),
        "loops": loops,
        **to_json(part.certificate),
    }


OBLIGATIONS = (
    about_binary(ID, "latency", STATEMENT, ("wcet",), total_cycles, claim="latency_bounds"),
    about_binary(OPERATIONS_ID, "latency", OPERATIONS_STATEMENT, ("wcet",), operation_cycles, claim="latency_bounds"),
)

"""The kernel's verdict on a policy: which theorems of its generated file hold, with their axioms.

The file that is elaborated is always the one printed here, never one from outside: `first_difference` compares a
stored file with it. Trusted: Lean's kernel, and `render.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean.check import ALLOWED_AXIOMS, LeanResult, check_file
from tinyverify.engines.lean.gate import Finding, GateResult, gate
from tinyverify.engines.lean_bundle.faults import Fault, find_faults
from tinyverify.engines.lean_bundle.render import definitions, render
from tinyverify.engines.lean_bundle.theorems import NAMESPACE, TheoremSpec, expected_theorems


@dataclass(frozen=True)
class AcceptedTheorem:
    """A theorem that the kernel accepted: what it says, what it discharges, and its axioms."""

    name: str
    statement: str
    obligation_id: str
    axioms: tuple[str, ...]


@dataclass(frozen=True)
class RefusedTheorem:
    """A theorem that the kernel did not accept, and the places at fault (empty: none found)."""

    name: str
    obligation_id: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class BundleProof:
    """`outcome`: "accepted" if every theorem holds, "rejected" if some was refused, "timeout" if Lean did not answer.

    `sha256` is that of `source`, the complete generated file. `seconds`: wall time of all runs; `messages`: Lean's.
    """

    outcome: Literal["accepted", "rejected", "timeout"]
    source: str
    sha256: str
    accepted: tuple[AcceptedTheorem, ...]
    refused: tuple[RefusedTheorem, ...]
    seconds: float
    peak_rss_bytes: int
    messages: tuple[str, ...]


def prove(policy: Policy, timeout: float = 300.0) -> BundleProof:
    """Print `policy`, have the kernel check every theorem, and say where the refused ones fail.

    The gate (`engines/lean/gate.py`) judges the file. If some theorem is refused, the file is judged again without
    it, so that what is accepted never stands in a file with an error. Raises LeanNotFound, LeanBuildError.
    """
    specs = expected_theorems(policy)
    source = render(policy)
    result = judge(policy, source, specs, timeout)
    runs, findings = [result.run], result.findings
    refused: tuple[RefusedTheorem, ...] = ()
    if _outcome(findings) == "timeout":
        refused = _refused(policy, specs)
    elif not result.passed:
        refused = diagnose(policy, timeout)
        lost = {theorem.obligation_id for theorem in refused}
        if lost and len(lost) < len(specs):
            specs = [spec for spec in specs if spec.obligation_id not in lost]
            result = judge(policy, render(policy, lost), specs, timeout)
            runs.append(result.run)
        if not result.passed:
            refused = _refused(policy, expected_theorems(policy))
    return BundleProof(
        outcome=_outcome(findings),
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        accepted=tuple(
            AcceptedTheorem(spec.name, spec.statement, spec.obligation_id, result.axioms[spec.name])
            for spec in (specs if result.passed else [])
        ),
        refused=refused,
        seconds=sum(run.seconds for run in runs if run),
        peak_rss_bytes=max((run.peak_rss_bytes for run in runs if run), default=0),
        messages=tuple(f"{finding.rule}: line {finding.line}: {finding.text}" for finding in findings),
    )


def diagnose(policy: Policy, timeout: float = 300.0) -> tuple[RefusedTheorem, ...]:
    """The theorems of `policy` that Lean does not accept, with the places at fault. Accepts nothing: see `prove`."""
    specs = expected_theorems(policy)
    run = check_file(render(policy), theorems=[spec.name for spec in specs], timeout=timeout)
    return () if run.accepted else _refused(policy, [spec for spec in specs if not _clean(run, spec)])


def judge(policy: Policy, source: str, specs: Sequence[TheoremSpec], timeout: float = 300.0) -> GateResult:
    """Put a file that claims `specs` about `policy` through the gate.

    The gate compares the file's definitions, constant by constant, with the ones printed here for `policy`, and each
    theorem's statement with the one expected.
    """
    trusted = definitions(policy) + f"\nopen {NAMESPACE}\n"
    return gate(source, {spec.name: spec.statement for spec in specs}, definitions=trusted, timeout=timeout)


def first_difference(policy: Policy, stored: str) -> tuple[int, str, str] | None:
    """(line, stored, expected) where a stored file first differs from the one printed for `policy`; None if equal."""
    expected = render(policy)
    if stored == expected:
        return None
    left, right = stored.splitlines(), expected.splitlines()
    for number, (a, b) in enumerate(zip(left, right, strict=False), start=1):
        if a != b:
            return number, a, b
    shorter = min(len(left), len(right))
    end = [*left[shorter : shorter + 1], ""][0], [*right[shorter : shorter + 1], ""][0]
    return shorter + 1, *end


def _refused(policy: Policy, specs: Sequence[TheoremSpec]) -> tuple[RefusedTheorem, ...]:
    faults = find_faults(policy)
    return tuple(
        RefusedTheorem(spec.name, spec.obligation_id, tuple(fault for fault in faults if fault.check in spec.checks))
        for spec in specs
    )


def _clean(run: LeanResult, spec: TheoremSpec) -> bool:
    return spec.name in run.axioms and set(run.axioms[spec.name]) <= ALLOWED_AXIOMS


def _outcome(findings: Sequence[Finding]) -> Literal["accepted", "rejected", "timeout"]:
    if any(finding.rule == "timeout" for finding in findings):
        return "timeout"
    return "rejected" if findings else "accepted"

"""The Lean engine: one run of the kernel over a policy's file, one answer per obligation that it states.

Serves every obligation with a theorem in `theorems.py`. The stored file is compared and never elaborated; what the
kernel judges is printed anew from the policy.
"""

from __future__ import annotations

from pathlib import Path

from tinyverify.artifacts.files import read_bytes
from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.toolchain import LeanNotFound, find_lean
from tinyverify.engines.lean_bundle.prove import BundleProof, first_difference, prove
from tinyverify.engines.lean_bundle.theorems import TheoremSpec, expected_theorems
from tinyverify.results import EngineRun, Status

ENGINE = "lean"


def stated(policy: Policy) -> tuple[str, ...]:
    """IDs of the obligations that the Lean file of `policy` states, in its order."""
    return tuple(spec.obligation_id for spec in expected_theorems(policy))


def version() -> str | None:
    """`Lean x.y.z (kind of installation)`, or None if no usable Lean is here."""
    try:
        lean = find_lean()
    except LeanNotFound:
        return None
    return f"lean {lean.version} ({lean.kind})"


def discharge(policy: Policy, stored: Path | None, timeout: float) -> dict[str, EngineRun]:
    """An engine run per obligation ID of `stated(policy)`, within `timeout` seconds altogether.

    `stored`: the bundle's Lean file; one that differs from what is printed for `policy` makes every answer STALE.
    UNCHECKED if Lean cannot be had, with the command that installs it.
    """
    specs, name = expected_theorems(policy), version() or ENGINE
    if stored is not None and (stale := _stale(policy, stored)):
        return _all(specs, name, Status.STALE, stale)
    try:
        proof = prove(policy, timeout)
    except LeanNotFound as error:
        return _all(specs, name, Status.UNCHECKED, str(error))
    except LeanBuildError as error:
        return _all(specs, name, Status.ERROR, str(error).splitlines()[0])
    seconds = round(proof.seconds / len(specs), 4)
    return {spec.obligation_id: _run(spec, proof, name, seconds) for spec in specs}


def _run(spec: TheoremSpec, proof: BundleProof, engine: str, seconds: float) -> EngineRun:
    accepted = {theorem.name: theorem for theorem in proof.accepted}
    if spec.name in accepted:
        axioms = ", ".join(accepted[spec.name].axioms) or "none"
        return EngineRun(
            engine=engine,
            status=Status.PROVED,
            seconds=seconds,
            detail=f"theorem {spec.name} : {spec.statement} (axioms: {axioms})",
        )
    if proof.outcome == "timeout":
        return EngineRun(engine=engine, status=Status.TIMEOUT, seconds=seconds, detail="Lean did not answer in time")
    refused = next((theorem for theorem in proof.refused if theorem.name == spec.name), None)
    faults = [str(fault) for fault in refused.faults] if refused else []
    # A checker may refuse what is true (it rests on sufficient conditions), so a refusal refutes nothing by itself.
    status = Status.UNKNOWN if faults else Status.ERROR
    detail = "; ".join(faults[:3]) or "; ".join(proof.messages[:2]) or "the kernel did not accept the theorem"
    return EngineRun(engine=engine, status=status, seconds=seconds, detail=detail)


def _stale(policy: Policy, stored: Path) -> str:
    try:
        text = read_bytes(stored).decode()
    except UnicodeDecodeError:
        return f"{stored.name} is not UTF-8 text; run `tinyverify bundle` again"
    difference = first_difference(policy, text)
    if difference is None:
        return ""
    return f"{stored.name} line {difference[0]} is not what this policy gives; run `tinyverify bundle` again"


def _all(specs: list[TheoremSpec], engine: str, status: Status, detail: str) -> dict[str, EngineRun]:
    return {spec.obligation_id: EngineRun(engine=engine, status=status, seconds=0.0, detail=detail) for spec in specs}

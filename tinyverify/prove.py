"""Makes a bundle, and discharges it: every obligation that applies, in parallel, into one report.

The order of the house in one place: artifact -> obligation -> engine -> result. Rendering is the report's business.
"""

from __future__ import annotations

import platform
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tinyverify import __version__
from tinyverify.artifacts.bundle import (
    BUNDLE_SCHEMA,
    NOTHING_VERIFIED,
    FormalProofBundle,
    ProofRecord,
    claims,
    file_record,
    load_bundle,
    write_bundle,
)
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import write_atomic
from tinyverify.artifacts.policy import Policy, load_policy
from tinyverify.emit.firmware import Evidence, sources_digest
from tinyverify.engines.lean_bundle import engine
from tinyverify.engines.lean_bundle.render import render
from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.obligations.linked import settled
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.registry import select
from tinyverify.results import Report, Result, Status, summarize
from tinyverify.workers import Progress, discharge_all

LEAN_FILE = "policy.lean"


def make_bundle(policy_path: Path, out: Path, training: Path | None = None) -> FormalProofBundle:
    """Write `out` for the policy at `policy_path`, with its SMT queries under `queries/` and its Lean file beside it.

    Policy and training artifact must lie in `out`'s folder. Nothing is claimed: every boolean is false until `prove`.
    """
    policy = load_policy(policy_path)
    out = Path(out)
    policy_record = file_record(out.parent, Path(policy_path), out, "policy")
    training_record = file_record(out.parent, training, out, "training") if training else None
    queries = [o.query(policy) for o in select(policy) if o.query is not None]
    for query in queries:
        write_atomic(out.parent / "queries" / f"{query.id}.smt2", query.text.encode())
    lean_path = out.parent / LEAN_FILE
    write_atomic(lean_path, render(policy).encode())
    content = {
        "schema_version": BUNDLE_SCHEMA,
        "policy": policy_record.model_dump(),
        "policy_hash": policy.hash,
        "training": training_record.model_dump() if training_record else None,
        "lean_file": file_record(out.parent, lean_path, out, "lean_file").model_dump(),
        "lean_theorems": [],
        "smt_queries": [f"queries/{query.id}.smt2" for query in queries],
        "statement_digests": {query.id: query.digest for query in queries},
        "verification_results": NOTHING_VERIFIED.model_dump(),
        "proof": None,
    }
    return write_bundle(out, content)


def prove(
    bundle_path: Path,
    settings: Settings,
    only: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    record: bool = True,
    everything: bool = False,
    cluster: str | None = None,
) -> Report:
    """Discharge the obligations of `bundle_path` and return the report.

    `only`: shell pattern over IDs. `everything`: those that take long, too. `jobs`: processes (all cores), unless
    `cluster` names the scheduler of a Dask cluster (dask://host:port) to use in their place.
    `progress(done, total, id)` is called as results arrive. `record`: write statuses and the derived booleans into the
    bundle, unless `only` was given or an engine was left out.
    Raises ArtifactError for a bundle that does not meet its contract or an ELF that cannot be read, NoSuchObligation
    for a pattern without a match, ExecutorError for a cluster that cannot be had.
    """
    bundle_path = Path(bundle_path)
    bundle, policy = load_bundle(bundle_path)
    settings = replace(settings, bundle=bundle_path, build=settled(policy, settings.build))
    obligations = select(policy, only, everything)
    stale = {o.id: _stale(o, bundle, policy) for o in obligations}
    fresh = [o for o in obligations if stale[o.id] is None]
    results = discharge_all(fresh, bundle, settings, jobs, progress, cluster)
    ordered = [stale[o.id] or results[o.id] for o in obligations]
    report = report_of(bundle_path, policy, ordered)
    if settings.build.elf is not None:
        firmware = f"{settings.build.elf}, SHA-256 {settings.build.sha256}, not the build that a bundle records"
        report = report.model_copy(update={"tools": {**report.tools, "firmware": firmware}})
    if record and only is None and settings.complete:
        _record(bundle_path, bundle, policy, obligations, report)
    return report


def report_of(bundle_path: Path, policy: Policy, results: list[Result]) -> Report:
    """The report over `results`, with tool versions, counts and exit code."""
    return Report(
        bundle=str(bundle_path),
        policy_hash=policy.hash,
        tools=tools(),
        obligations=tuple(results),
        summary=summarize(results),
    )


def tools() -> dict[str, str]:
    """Versions of what a proof rests on, by name; a missing tool is named as such."""
    return {
        "tinyverify": __version__,
        "python": platform.python_version(),
        "z3": z3_solver.version() or "missing",
        "cvc5": cvc5_solver.version() or "missing",
        "lean": engine.version() or "missing",
    }


def is_proved(bundle: FormalProofBundle, policy: Policy, elf_sha256: str | None = None) -> str | None:
    """None if the bundle's record shows every obligation of `policy` to hold; else why not.

    `elf_sha256`: the ELF that goes with it here, where one was built.

    The record is bound to policy, statements and emitted C by hash. It is a record, not a proof: CI runs `prove`.
    """
    if bundle.proof is None:
        return "it has not been proved; run `tinyverify prove` on it"
    if bundle.proof.policy_hash != policy.hash:
        return "its proof record is about another policy"
    if bundle.proof.firmware_sha256 != _firmware_digest(policy):
        return "its proof record is about other C sources than these (STALE)"
    if elf_sha256 is not None and bundle.proof.elf_sha256 != elf_sha256:
        return "its proof record is about another ELF than the one that is built here (STALE): prove it again"
    for obligation in select(policy):
        status = bundle.proof.statuses.get(obligation.id)
        if status is None:
            return f"{obligation.id} is not in its proof record"
        if not status.holds:
            return f"{obligation.id} is {status}"
        if obligation.query is not None and bundle.proof.digests.get(obligation.id) != obligation.query(policy).digest:
            return f"{obligation.id} was proved for another statement (STALE)"
    return None


def evidence_of(bundle: FormalProofBundle, policy: Policy, elf_sha256: str | None = None) -> Evidence:
    """What the emitted C may say about itself; `elf_sha256` as in `is_proved`."""
    reason = is_proved(bundle, policy, elf_sha256)
    if reason is not None:
        return Evidence(proved=False, bundle_hash=bundle.bundle_hash, summary=reason)
    by_status = Counter(status.value for status in bundle.proof.statuses.values())
    counts = ", ".join(f"{count} {status}" for status, count in by_status.items())
    return Evidence(proved=True, bundle_hash=bundle.bundle_hash, summary=f"{counts}; see the bundle for each statement")


def _stale(obligation: Obligation, bundle: FormalProofBundle, policy: Policy) -> Result | None:
    """STALE if the bundle was made for another statement than this version would prove."""
    if obligation.query is None or bundle.statement_digests.get(obligation.id) == obligation.query(policy).digest:
        return None
    detail = "the bundle was made for another statement; run `tinyverify bundle` again"
    return Result(id=obligation.id, statement=obligation.statement, status=Status.STALE, detail=detail)


def _firmware_digest(policy: Policy) -> str | None:
    """The digest of the C that would be emitted; None for a policy that the kernels refuse, as `emit` then will."""
    try:
        return sources_digest(policy)
    except ArtifactError:
        return None


def _record(
    path: Path, bundle: FormalProofBundle, policy: Policy, obligations: list[Obligation], report: Report
) -> None:
    statuses = {result.id: result.status for result in report.obligations}
    by_claim: dict[str, list[Status]] = {}
    for obligation in obligations:
        if obligation.claim is not None:
            by_claim.setdefault(obligation.claim, []).append(statuses[obligation.id])
    hashes = {result.evidence["elf_sha256"] for result in report.obligations if "elf_sha256" in result.evidence}
    assert len(hashes) <= 1, f"obligations about different binaries: {hashes}"
    proof = ProofRecord(
        policy_hash=policy.hash,
        firmware_sha256=_firmware_digest(policy),
        elf_sha256=next(iter(hashes), None),
        statuses=statuses,
        digests={o.id: o.query(policy).digest for o in obligations if o.query is not None},
        tools=report.tools,
    )
    write_bundle(
        path,
        {
            **bundle.model_dump(mode="json"),
            "lean_theorems": [
                run.detail
                for result in report.obligations
                for run in result.engines
                if run.engine.startswith(engine.ENGINE) and run.status is Status.PROVED
            ],
            "verification_results": claims(by_claim).model_dump(),
            "proof": proof.model_dump(mode="json"),
        },
    )

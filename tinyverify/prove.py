"""Makes a bundle, and discharges it: every obligation that applies, in parallel, into one report.

The order of the house in one place: artifact -> obligation -> engine -> result. Rendering is the report's business.
"""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
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
from tinyverify.executor import executor
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.registry import select
from tinyverify.results import EngineRun, Report, Result, Status, summarize, weakest

Progress = Callable[[int, int, str], None]
LEAN_FILE = "policy.lean"
# The whole file at once, core and library built first where the cache is empty.
LEAN_TIMEOUT_SECONDS = 300.0


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
    Raises ArtifactError for a bundle that does not meet its contract, NoSuchObligation for a pattern without a match,
    ExecutorError for a cluster that cannot be had.
    """
    bundle_path = Path(bundle_path)
    bundle, policy = load_bundle(bundle_path)
    settings = replace(settings, bundle=bundle_path)
    obligations = select(policy, only, everything)
    stale = {o.id: _stale(o, bundle, policy) for o in obligations}
    results = _run([o for o in obligations if stale[o.id] is None], bundle, settings, jobs, progress, cluster)
    ordered = [stale[o.id] or results[o.id] for o in obligations]
    report = report_of(bundle_path, policy, ordered)
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


def is_proved(bundle: FormalProofBundle, policy: Policy) -> str | None:
    """None if the bundle's record shows every obligation of `policy` to hold; else why not.

    The record is bound to policy, statements and emitted C by hash. It is a record, not a proof: CI runs `prove`.
    """
    if bundle.proof is None:
        return "it has not been proved; run `tinyverify prove` on it"
    if bundle.proof.policy_hash != policy.hash:
        return "its proof record is about another policy"
    if bundle.proof.firmware_sha256 != _firmware_digest(policy):
        return "its proof record is about other C sources than these (STALE)"
    for obligation in select(policy):
        status = bundle.proof.statuses.get(obligation.id)
        if status is None:
            return f"{obligation.id} is not in its proof record"
        if not status.holds:
            return f"{obligation.id} is {status}"
        if obligation.query is not None and bundle.proof.digests.get(obligation.id) != obligation.query(policy).digest:
            return f"{obligation.id} was proved for another statement (STALE)"
    return None


def evidence_of(bundle: FormalProofBundle, policy: Policy) -> Evidence:
    """What the emitted C may say about itself."""
    reason = is_proved(bundle, policy)
    if reason is not None:
        return Evidence(proved=False, bundle_hash=bundle.bundle_hash, summary=reason)
    by_status = Counter(status.value for status in bundle.proof.statuses.values())
    counts = ", ".join(f"{count} {status}" for status, count in by_status.items())
    return Evidence(proved=True, bundle_hash=bundle.bundle_hash, summary=f"{counts}; see the bundle for each statement")


def discharge_one(policy_path: str, obligation_id: str, settings: Settings) -> Result:
    """One obligation in a worker process; whatever it raises becomes an ERROR that names it."""
    obligation = next(o for o in select(everything=True) if o.id == obligation_id)
    try:
        return obligation.discharge(load_policy(Path(policy_path)), settings)
    except Exception as error:
        return _failed(obligation, f"{type(error).__name__}: {error}")


def discharge_lean(policy_path: str, stored: str, timeout: float) -> dict[str, EngineRun]:
    """Lean's answers to all obligations that it states, in a worker process."""
    return engine.discharge(load_policy(Path(policy_path)), Path(stored), timeout)


def _speaks_of_the_binary(obligation: Obligation) -> bool:
    return "lean" in obligation.engines and not obligation.theorem


def _run(
    obligations: list[Obligation],
    bundle: FormalProofBundle,
    settings: Settings,
    jobs: int | None,
    progress: Progress | None,
    cluster: str | None,
) -> dict[str, Result]:
    """Every obligation on a worker; Lean answers once, for all that it states."""
    folder = settings.bundle.parent
    policy_path = str(folder / bundle.policy.path)
    with_lean = settings.lean and any(o.theorem for o in obligations)
    solved = [o for o in obligations if o.discharge is not None]
    solved.sort(key=_speaks_of_the_binary, reverse=True)  # they take longest, so they start first
    total = len(solved) + with_lean
    jobs = max(1, min(jobs or os.cpu_count() or 1, total))
    results: dict[str, Result] = {}
    runs: dict[str, EngineRun] = {}
    with executor(cluster, jobs) as pool:
        futures: dict[Future, Obligation | None] = {}
        if with_lean:
            stored = str(folder / bundle.lean_file.path)
            futures[pool.submit(discharge_lean, policy_path, stored, LEAN_TIMEOUT_SECONDS)] = None
        futures |= {pool.submit(discharge_one, policy_path, o.id, settings): o for o in solved}
        for done, future in enumerate(as_completed(futures), start=1):
            obligation = futures[future]
            if obligation is None:
                runs = _lean_runs(future, obligations)
            else:
                results[obligation.id] = _result(future, obligation)
            if progress is not None:
                progress(done, total, obligation.id if obligation else "lean")
    return {o.id: _combine(o, results.get(o.id), runs.get(o.id)) for o in obligations}


def _result(future: Future, obligation: Obligation) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        return _failed(obligation, "the worker process died (out of memory?)")
    except Exception as error:  # of a cluster: a worker lost, or without this bundle
        return _failed(obligation, f"{type(error).__name__}: {error}")


def _lean_runs(future: Future, obligations: list[Obligation]) -> dict[str, EngineRun]:
    try:
        return future.result()
    except Exception as error:
        failed = EngineRun(engine="lean", status=Status.ERROR, seconds=0.0, detail=f"{type(error).__name__}: {error}")
        return {o.id: failed for o in obligations if o.theorem}


def _combine(obligation: Obligation, result: Result | None, run: EngineRun | None) -> Result:
    """One result of what the solvers and Lean said: the weakest status, or ERROR if they contradict one another."""
    if obligation.theorem and run is None and result is None:
        detail = "Lean alone states it, and was left out"
        return Result(id=obligation.id, statement=obligation.statement, status=Status.UNCHECKED, detail=detail)
    if run is None:
        return result
    if result is None:
        result = Result(id=obligation.id, statement=obligation.statement, status=run.status)
    statuses = {result.status, run.status}
    contradict = {Status.PROVED, Status.REFUTED} <= statuses
    status = Status.ERROR if contradict else weakest([result.status, run.status])
    detail = result.detail
    if contradict:
        detail = "Lean and the solvers contradict one another; please report this bundle"
    elif not run.status.holds and not detail:
        detail = f"lean: {run.detail}"
    return result.model_copy(
        update={
            "status": status,
            "engines": (run, *result.engines),
            "seconds": round(result.seconds + run.seconds, 4),
            "detail": detail,
        }
    )


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


def _failed(obligation: Obligation, detail: str) -> Result:
    return Result(id=obligation.id, statement=obligation.statement, status=Status.ERROR, detail=detail)


def _record(
    path: Path, bundle: FormalProofBundle, policy: Policy, obligations: list[Obligation], report: Report
) -> None:
    statuses = {result.id: result.status for result in report.obligations}
    by_claim: dict[str, list[Status]] = {}
    for obligation in obligations:
        if obligation.claim is not None:
            by_claim.setdefault(obligation.claim, []).append(statuses[obligation.id])
    proof = ProofRecord(
        policy_hash=policy.hash,
        firmware_sha256=_firmware_digest(policy),
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

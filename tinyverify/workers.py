"""Obligations spread over worker processes, and what they answer put together.

Serves `prove`. Lean answers once for all that the policy's file states, and once for all facts about the binary.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tinyverify.artifacts.bundle import FormalProofBundle
from tinyverify.artifacts.policy import load_policy
from tinyverify.engines.lean_bundle import engine
from tinyverify.executor import executor
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.question import settle
from tinyverify.obligations.registry import select
from tinyverify.results import EngineRun, Result, Status, weakest

Progress = Callable[[int, int, str], None]
# The whole file at once, core and library built first where the cache is empty.
LEAN_TIMEOUT_SECONDS = 300.0


def discharge_one(policy_path: str, obligation_id: str, settings: Settings) -> dict[str, Result]:
    """One obligation in a worker process; whatever it raises becomes an ERROR that names it."""
    obligation = next(o for o in select(everything=True) if o.id == obligation_id)
    try:
        return {obligation_id: obligation.discharge(load_policy(Path(policy_path)), settings)}
    except Exception as error:
        return {obligation_id: _failed(obligation, error)}


def discharge_together(policy_path: str, obligation_ids: list[str], settings: Settings) -> dict[str, Result]:
    """Obligations whose facts share a Lean file in one worker process: Lean's kernel speaks about all at once."""
    policy = load_policy(Path(policy_path))
    results, stated = {}, {}
    for obligation in select(everything=True):
        if obligation.id in obligation_ids:
            try:
                stated[obligation.id] = obligation.stated(policy, settings)
            except Exception as error:
                results[obligation.id] = _failed(obligation, error)
    settled = settle(list(stated.values()), settings.timeout, settings.lean)
    return results | dict(zip(stated, settled, strict=True))


def discharge_lean(policy_path: str, stored: str, timeout: float) -> dict[str, EngineRun]:
    """Lean's answers to all obligations that it states, in a worker process."""
    return engine.discharge(load_policy(Path(policy_path)), Path(stored), timeout)


def discharge_all(
    obligations: list[Obligation],
    bundle: FormalProofBundle,
    settings: Settings,
    jobs: int | None,
    progress: Progress | None,
    cluster: str | None,
) -> dict[str, Result]:
    """A result for each of `obligations`, by ID; the other arguments are those of `prove`."""
    folder = settings.bundle.parent
    policy_path = str(folder / bundle.policy.path)
    together = [o for o in obligations if o.stated is not None]
    alone = [o for o in obligations if o.stated is None and o.discharge is not None]
    alone.sort(key=_asks_lean_itself, reverse=True)  # they take longest, so they start first
    stating = [o for o in obligations if o.theorem] if settings.lean else []
    total = len(alone) + bool(together) + bool(stating)
    results: dict[str, Result] = {}
    runs: dict[str, EngineRun] = {}
    with executor(cluster, max(1, min(jobs or os.cpu_count() or 1, total))) as pool:
        futures: dict[Future, list[Obligation]] = {}
        lean = None
        if stating:
            lean = pool.submit(discharge_lean, policy_path, str(folder / bundle.lean_file.path), LEAN_TIMEOUT_SECONDS)
            futures[lean] = stating
        if together:
            futures[pool.submit(discharge_together, policy_path, [o.id for o in together], settings)] = together
        futures |= {pool.submit(discharge_one, policy_path, o.id, settings): [o] for o in alone}
        for done, future in enumerate(as_completed(futures), start=1):
            if future is lean:
                runs = _lean_runs(future, stating)
            else:
                results |= _results(future, futures[future])
            if progress is not None:
                progress(done, total, "lean" if future is lean else futures[future][0].id)
    return {o.id: _combine(o, results.get(o.id), runs.get(o.id)) for o in obligations}


def _asks_lean_itself(obligation: Obligation) -> bool:
    return "lean" in obligation.engines and not obligation.theorem


def _results(future: Future, obligations: list[Obligation]) -> dict[str, Result]:
    try:
        return future.result()
    except BrokenProcessPool:
        return {o.id: _failed(o, "the worker process died (out of memory?)") for o in obligations}
    except Exception as error:  # a lost worker of a cluster, or one without this bundle
        return {o.id: _failed(o, error) for o in obligations}


def _lean_runs(future: Future, stating: list[Obligation]) -> dict[str, EngineRun]:
    try:
        return future.result()
    except Exception as error:
        failed = EngineRun(engine="lean", status=Status.ERROR, seconds=0.0, detail=f"{type(error).__name__}: {error}")
        return {o.id: failed for o in stating}


def _failed(obligation: Obligation, reason: Exception | str) -> Result:
    detail = reason if isinstance(reason, str) else f"{type(reason).__name__}: {reason}"
    return Result(id=obligation.id, statement=obligation.statement, status=Status.ERROR, detail=detail)


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

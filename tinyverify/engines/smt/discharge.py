"""One query, all chosen solvers, one result: PROVED only if every one of them answers unsat to every check.

Serves every SMT obligation.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.query import Query, statement
from tinyverify.results import EngineRun, Result, Status, weakest

SOLVERS: dict[str, Callable[[Query, float], Answer]] = {"z3": z3_solver.solve, "cvc5": cvc5_solver.solve}
Explain = Callable[[str, dict[str, str]], dict]


def discharge(query: Query, solvers: tuple[str, ...], timeout: float, explain: Explain | None = None) -> Result:
    """Run `query` in `solvers` (names of SOLVERS), at most `timeout` seconds per check.

    `explain(check name, model)` turns a model into a readable counterexample. Solvers that contradict one another
    give ERROR: one of them is wrong, and nothing is claimed.
    """
    answers = [SOLVERS[name](query, timeout) for name in solvers]
    runs = tuple(
        EngineRun(engine=a.solver, status=a.status, seconds=round(a.seconds, 4), detail=_detail(query, a))
        for a in answers
    )
    evidence: dict = {"query_sha256": query.digest, "checks": len(query.checks)}
    verdicts = {a.verdict for a in answers}
    seconds = round(sum(a.seconds for a in answers), 4)
    if {"sat", "unsat"} <= verdicts:
        status, detail = Status.ERROR, "the solvers contradict one another; please report this query"
    else:
        status = weakest([a.status for a in answers])
        detail = next((r.detail for r in runs if r.status is status and r.detail), "")
    for answer in answers:
        if answer.verdict == "sat":
            check = query.checks[answer.check]
            evidence["counterexample"] = {"check": check, "model": answer.model}
            if explain is not None:
                evidence["counterexample"]["replay"] = explain(check, answer.model)
            break
    return Result(
        id=query.id,
        statement=statement(query.id),
        status=status,
        engines=runs,
        seconds=seconds,
        detail=detail,
        evidence=evidence,
    )


def _detail(query: Query, answer: Answer) -> str:
    if answer.verdict == "unsat":
        return ""
    where = f"{query.checks[answer.check]}: " if answer.check is not None and answer.check < len(query.checks) else ""
    if answer.verdict == "sat":
        values = ", ".join(f"{name} = {value}" for name, value in list(answer.model.items())[:6])
        return f"{where}counterexample {values}"
    return where + answer.detail

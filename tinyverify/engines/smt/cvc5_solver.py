"""cvc5, by SMT-LIB text: the second opinion. It shares neither parser nor encoding with the z3 path.

Serves every SMT query. Time limits are cvc5's own, per check.
"""

from __future__ import annotations

import time

from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.query import Query

# cvc5 slows down with the number of checks that one solver has answered; a fresh one costs about a millisecond.
CHECKS_PER_SOLVER = 32


def version() -> str | None:
    """`cvc5 x.y.z`, or None if it is missing."""
    try:
        import cvc5
    except ImportError:
        return None
    return f"cvc5 {cvc5.__version__}"


def solve(query: Query, timeout: float) -> Answer:
    """Run `query` with at most `timeout` seconds per check."""
    name = version()
    if name is None:
        return Answer("cvc5", "missing", 0.0, detail="pip install cvc5")
    start, done = time.perf_counter(), 0
    for part in query.parts(CHECKS_PER_SOLVER):
        answer = _run(name, query, part, timeout, start, done)
        if answer.verdict != "unsat":
            return answer
        done = answer.checks
    seconds, expected = time.perf_counter() - start, len(query.checks)
    if done != expected:
        return Answer(name, "error", seconds, done, done, detail=f"{done} of {expected} checks were run")
    return Answer(name, "unsat", seconds, done)


def _run(name: str, query: Query, text: str, timeout: float, start: float, done: int) -> Answer:
    """Run one part of `query`, of which `done` checks are answered already."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for option, value in (
        ("incremental", "true"),
        ("produce-models", "true"),
        ("tlimit-per", str(int(timeout * 1000))),
    ):
        solver.setOption(option, value)
    try:
        parser = cvc5.InputParser(solver)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, query.id)
        symbols = parser.getSymbolManager()
        while not (command := parser.nextCommand()).isNull():
            output = str(command.invoke(solver, symbols)).strip()
            if command.getCommandName() != "check-sat":
                if output.startswith("(error"):
                    return Answer(name, "error", time.perf_counter() - start, done, done, detail=output)
                continue
            if output == "sat":
                model = {str(t): str(solver.getValue(t)) for t in symbols.getDeclaredTerms()}
                return Answer(name, "sat", time.perf_counter() - start, done, done, model)
            if output != "unsat":
                return _gave_up(name, output, timeout, start, done)
            done += 1
    except RuntimeError as error:
        return Answer(name, "error", time.perf_counter() - start, done, done, detail=str(error))
    return Answer(name, "unsat", time.perf_counter() - start, done)


def _gave_up(name: str, output: str, timeout: float, start: float, done: int) -> Answer:
    seconds = time.perf_counter() - start
    verdict = "timeout" if seconds >= timeout else "unknown"
    return Answer(name, verdict, seconds, done, done, detail=f"answered {output!r} after {seconds:.1f} s")

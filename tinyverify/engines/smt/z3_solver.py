"""z3, through pysmt; floating point directly, since pysmt has no theory of it.

Serves every SMT query. Time limits are z3's own, per check.
"""

from __future__ import annotations

import io
import time

from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.query import Query


def version() -> str | None:
    """`z3 x.y.z via pysmt a.b.c`, or None if either is missing."""
    try:
        import pysmt
        import z3
    except ImportError:
        return None
    return f"z3 {z3.get_version_string()} via pysmt {pysmt.__version__}"


def solve(query: Query, timeout: float) -> Answer:
    """Run `query` with at most `timeout` seconds per check."""
    name = version()
    if name is None:
        return Answer("z3", "missing", 0.0, detail="pip install z3-solver pysmt")
    run = _direct if query.logic == "QF_BVFP" else _pysmt
    return run(name, query, timeout)


def _pysmt(name: str, query: Query, timeout: float) -> Answer:
    from pysmt.environment import Environment
    from pysmt.exceptions import PysmtException, SolverReturnedUnknownResultError
    from pysmt.factory import Factory
    from pysmt.logics import get_logic_by_name
    from pysmt.smtlib.parser import SmtLibParser
    from pysmt.smtlib.script import evaluate_command

    start, done = time.perf_counter(), 0
    environment = Environment()
    try:
        script = SmtLibParser(environment).get_script(io.StringIO(query.text))
        options = {"timeout": int(timeout * 1000)}
        logic = get_logic_by_name(query.logic)
        with Factory(environment).Solver(name="z3", logic=logic, solver_options=options) as solver:
            for command in script:
                if command.name in ("set-logic", "set-info"):
                    continue
                try:
                    value = evaluate_command(command, solver)
                except SolverReturnedUnknownResultError:
                    return _gave_up(name, timeout, start, done)
                if command.name != "check-sat":
                    continue
                if value:
                    model = {str(s): str(solver.get_value(s)) for s in script.get_declared_symbols()}
                    return Answer(name, "sat", time.perf_counter() - start, done, done, model)
                done += 1
    except PysmtException as error:
        return Answer(name, "error", time.perf_counter() - start, done, done, detail=f"{type(error).__name__}: {error}")
    return _finish(name, query, start, done)


def _direct(name: str, query: Query, timeout: float) -> Answer:
    """z3's own SMT-LIB reader, one check at a time (z3's Python interface reads a script up to its check)."""
    import z3

    start, done = time.perf_counter(), 0
    for text in query.parts(1):
        solver = z3.SolverFor(query.logic)
        solver.set("timeout", int(timeout * 1000))
        try:
            solver.from_string(text.replace("(push 1)\n", "").replace("(pop 1)\n", ""))
            verdict = solver.check()
        except z3.Z3Exception as error:
            return Answer(name, "error", time.perf_counter() - start, done, done, detail=str(error))
        if verdict == z3.sat:
            model = solver.model()
            values = {d.name(): str(model[d]) for d in model.decls()}
            return Answer(name, "sat", time.perf_counter() - start, done, done, values)
        if verdict != z3.unsat:
            return _gave_up(name, timeout, start, done)
        done += 1
    return _finish(name, query, start, done)


def _gave_up(name: str, timeout: float, start: float, done: int) -> Answer:
    seconds = time.perf_counter() - start
    verdict = "timeout" if seconds >= timeout else "unknown"
    return Answer(name, verdict, seconds, done, done, detail=f"no answer within {timeout:g} s")


def _finish(name: str, query: Query, start: float, done: int) -> Answer:
    """unsat only if every named check was answered."""
    seconds, expected = time.perf_counter() - start, len(query.checks)
    if done != expected:
        return Answer(name, "error", seconds, done, done, detail=f"{done} of {expected} checks were run")
    return Answer(name, "unsat", seconds, done)

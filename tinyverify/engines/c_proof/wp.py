"""Frama-C's WP and RTE over a unit: every goal proved, or not PROVED; and smoke tests, that no contract is vacuous.

Serves `kernel.*`: memory safety, no undefined behaviour, `assigns`, the end of loops, and what `ensures` says. The
output is read strictly: a warning, a goal without an answer, a function without goals, a lemma without a proof, counts
that do not add up, and no goals at all each end as UNKNOWN, never as success.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from tinyverify.engines.c_proof.outcome import Outcome
from tinyverify.engines.c_proof.run import cached, frama_c
from tinyverify.engines.c_proof.tools import Tools
from tinyverify.engines.c_proof.unit import Unit
from tinyverify.results import Status

Reader = Callable[[str, Unit], Outcome]

_PROVE = ("-wp", "-wp-rte", "-wp-prover", "cvc4,z3")
_OTHERS = ("lemma", "requires", "assigns", "ensures", "assert", "invariant", "variant", "exits")
_SMOKE = (*_PROVE, "-wp-smoke-tests", f"-wp-prop={','.join(f'-@{kind}' for kind in _OTHERS)}")
_VALID = re.compile(r"^\[wp\] \[([A-Za-z0-9]+)[^\]]*\] Goal (\S+) : Valid", re.MULTILINE)
_PASSED = re.compile(r"^\[wp\] \[Passed\] Smoke-test (\S+)", re.MULTILINE)
_OPEN = re.compile(r"^\[wp\] \[[A-Z][a-z]+\] Goal (\S+)\s*$", re.MULTILINE)
_TOTAL = re.compile(r"^\[wp\] Proved goals:\s+(\d+) / (\d+)$", re.MULTILINE)
_SCHEDULED = re.compile(r"^\[wp\] (\d+) goals? scheduled$", re.MULTILINE)


def prove(unit: Unit, seconds: int = 60, jobs: int = 2) -> Outcome:
    """Prove `unit`: `seconds` for a prover and goal, `jobs` provers at once. Raises UnitError, FramaCMissing.

    With two, both provers work on the same goal, and the one that is late is ended: neither's bad goals cost much.
    """
    return _ask(unit, _PROVE, (f"-wp-timeout={seconds}", f"-wp-par={jobs}"), read)


def smoke(unit: Unit, seconds: int = 1, jobs: int = 2) -> Outcome:
    """Ask the provers for a contradiction behind the contracts and invariants of `unit`, and in each of its branches.

    PROVED says that each of them failed to find one within `seconds`. Raises UnitError, FramaCMissing.
    """
    return _ask(unit, _SMOKE, (f"-wp-smoke-timeout={seconds}", f"-wp-par={jobs}"), read_smoke)


def _ask(unit: Unit, arguments: tuple[str, ...], limits: tuple[str, ...], reader: Reader) -> Outcome:
    only = (f"-wp-fct={','.join(unit.functions)}",) if unit.functions else ()

    def discharge(found: Tools) -> Outcome:
        text = frama_c(unit, (*arguments, *limits, *only), found)
        return Outcome(Status.TIMEOUT, "Frama-C did not end") if text is None else reader(text, unit)

    return cached(unit, arguments, discharge)


def read_smoke(text: str, unit: Unit) -> Outcome:
    """What the output `text` of a run with smoke tests alone amounts to; one for each function at least."""
    passed = set(_PASSED.findall(text))
    doomed = tuple(dict.fromkeys(re.findall(r"^\[wp\] \[(?!Passed)[A-Z][a-z]+\] Smoke-test (\S+)", text, re.MULTILINE)))
    if doomed:
        return Outcome(
            Status.UNKNOWN, f"nothing can reach or meet {', '.join(doomed[:3])}", smoke=len(passed), open=doomed
        )
    without = [name for name in unit.functions if not any(_is_about(test, f"{name}_wp_smoke") for test in passed)]
    totals = _TOTAL.findall(text)
    if without or len(totals) != 1 or not passed or not int(totals[0][0]) == int(totals[0][1]) == len(passed):
        missing = f"no smoke test of {', '.join(without)}" if without else "the smoke tests do not add up"
        return Outcome(Status.UNKNOWN, missing, smoke=len(passed))
    return Outcome(Status.PROVED, f"{len(passed)} smoke tests", smoke=len(passed))


def read(text: str, unit: Unit) -> Outcome:
    """What WP's output `text` about `unit` amounts to."""
    valid = _VALID.findall(text)
    goals = dict(sorted(Counter(prover for prover, _ in valid).items()))
    unsettled = tuple(dict.fromkeys(_OPEN.findall(text)))
    if unsettled:
        shown = ", ".join(unsettled[:3]) + (", ..." if len(unsettled) > 3 else "")
        late = all(_ran_out(text, name) for name in unsettled)
        detail = f"{len(unsettled)} of {len(valid) + len(unsettled)} goals are open: {shown}"
        return Outcome(Status.TIMEOUT if late else Status.UNKNOWN, detail, goals, open=unsettled)
    problem = _problem(text, unit, {name for _, name in valid})
    if problem is not None:
        return Outcome(Status.UNKNOWN, problem, goals)
    counts = ", ".join(f"{count} by {prover}" for prover, count in goals.items())
    return Outcome(Status.PROVED, f"{len(valid)} goals ({counts})", goals)


def _ran_out(text: str, name: str) -> bool:
    """Whether both provers ran out of time on the goal `name`.

    On a busy machine Why3 does not know Z3's answer for one: it expects the limit to be spent as processor time.
    """
    block = text.split(f" Goal {name}\n", 1)[-1].split("[wp]", 1)[0]
    answers = re.findall(r"^  (\S.*?): (.*?)(?: \(.*)?$", block, re.MULTILINE)
    late = [said == "Timeout" or (said == "Failed Unknown error" and "Z3" in prover) for prover, said in answers]
    return any(said == "Timeout" for _, said in answers) and all(late)


def _problem(text: str, unit: Unit, names: set[str]) -> str | None:
    """What stands against reading `text` as a proof, besides open goals."""
    totals, scheduled = _TOTAL.findall(text), _SCHEDULED.findall(text)
    complaint = re.search(r"^.*(Warning|User Error|[Ff]ailure|aborted|\[Failed\]|\[Timeout\]).*$", text, re.MULTILINE)
    if complaint is not None:
        following = text[complaint.end() :].strip().splitlines()[:2]
        return " ".join(" ".join([complaint.group().strip(), *following]).split())[:300]
    if len(totals) != 1 or len(scheduled) != 1:
        return f"Frama-C's output is not understood: {text.strip()[-200:]!r}"
    proved, count = (int(number) for number in totals[0])
    if not names or count == 0:
        return "no goals: nothing was proved"
    if not proved == count == int(scheduled[0]) == len(names):
        return f"{proved} of {count} goals proved, {len(names)} named: they do not add up"
    for function in unit.functions or sorted(unit.lemma_functions()):
        if not any(_is_about(name, function) for name in names):
            return f"no goal about {function}"
    if unit.functions:  # lemmas are then proved by a unit of their own
        return None
    unproved = {lemma for lemma in unit.lemmas() if not any(_is_about(name, f"lemma_{lemma}") for name in names)}
    return f"no proof of the lemma {min(unproved)}" if unproved else None


def _is_about(goal: str, name: str) -> bool:
    """Whether the goal's name is one that WP makes for a function, or for lemma_<name>, under either memory model."""
    return re.fullmatch(rf"typed(_raw)?_{re.escape(name)}(_.*)?", goal) is not None

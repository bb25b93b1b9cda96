"""`kernel.object_code`: the linked machine code of `tv_infer` computes the reference, for every observation.

The compiler, the assembler and the linker are not trusted: what is read is the ELF. Trusted instead are the instruction
semantics in engines/machine_code (co-simulated against the emulator, tests/differential/test_machine_code.py) and the
term rewriting there. Where Lean's language has words for the run, its kernel judges the same run, not rewritten, in a
theorem about all that is written and returned (engines/lean_object_code). Says nothing about `tv_sample`, about time,
or about another build than the one whose hash the evidence names.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import cache

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.emulator.covering import probing
from tinyverify.engines.emulator.replay import first_departure
from tinyverify.engines.emulator.run import EmulatorError, EmulatorMissing
from tinyverify.engines.lean_object_code.engine import Verdict, discharge
from tinyverify.engines.machine_code.border import unsettled
from tinyverify.engines.machine_code.prove import ACCESS, ENTRY, Outcome, prove
from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.discharge import SOLVERS
from tinyverify.engines.smt.query import Query, statement
from tinyverify.obligations import requantize
from tinyverify.obligations.linked import linked_as
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status, weakest
from tinyverify.semantics.requantize import RoundingMode

ID = "kernel.object_code"
ENGINE = "machine_code (symbolic execution of the ELF, term rewriting)"
BORDER_ENGINE = "machine_code (quantize_f32 by intervals of patterns)"
STATEMENT = (
    "For every observation (all float32 bit patterns), wherever observation, output and stack lie, the machine code of "
    "tv_infer in the linked firmware returns the reference's fault flags and writes the reference's faults, "
    "accumulators, logits, action and, for discrete policies, softmax weights and probabilities (each modulo the width "
    "of its field); it preserves the registers that the procedure call standard names, every load and store stays "
    "inside its object, and nothing but the output and its stack is stored to. FPSCR as after reset, CCR.DIV_0_TRP and "
    "CCR.UNALIGN_TRP clear; tv_sample is not covered."
)
MORE_CASES = 32768  # what the core is tried on, besides, where it shows no difference and nothing is proved
REPEATS = 32  # of those that cover the head's table, each time from another state
CASES = 2048  # observations tried for a counterexample when terms differ, besides those that cover the head's table


def object_code(policy: Policy, settings: Settings) -> Result:
    """Build the firmware of `policy` and prove its machine code."""
    start = time.perf_counter()
    try:
        made = linked_as(policy, settings.build)
        own = settings.build.elf is not None  # the user's file: another's `tv_infer` says nothing about it
        firmware = made.product if own else made.holding(ENTRY)
        result = object_code_of(policy, firmware, settings, made.compiler)
        if result.status in (Status.REFUTED, Status.UNKNOWN):
            result = with_replay(result, policy, firmware)
        if settings.lean and result.status is Status.PROVED:
            result = with_lean(result, discharge(policy, firmware, settings.timeout))
        return with_lemmas(result, lemmas(policy, settings))
    except CompilerMissing as error:
        return _result(Status.UNCHECKED, start, str(error), {})
    except BuildError as error:
        return _result(Status.ERROR, start, f"no firmware: {error}", {})
    except ArtifactError as error:
        return _result(Status.UNKNOWN, start, str(error), {})


def with_lean(result: Result, verdict: Verdict) -> Result:
    """`result` with Lean's answer: never stronger than it, and as it was where Lean was not asked."""
    evidence = {**result.evidence, "lean": verdict.evidence}
    if verdict.run is None:
        return result.model_copy(update={"evidence": evidence})
    status = weakest([result.status, verdict.run.status])
    detail = result.detail if status is Status.PROVED else f"{result.detail}; Lean: {verdict.run.detail}"
    seconds = round(result.seconds + verdict.run.seconds, 4)
    changes = {"status": status, "detail": detail, "engines": (*result.engines, verdict.run), "seconds": seconds}
    return result.model_copy(update={**changes, "evidence": evidence})


def with_replay(result: Result, policy: Policy, firmware: Firmware) -> Result:
    """`result` with what the emulated core does on its counterexample; without one, on all observations to be tried.

    A departure on the core refutes what terms left open: another output, a processor fault, no return, a register not
    preserved, an access outside of the objects. A counterexample that the core does not show is an ERROR: then the
    semantics of an instruction are wrong. But an access outside of the objects may be one that the core lets through.
    What cannot be run changes nothing. `firmware`: the very ELF of `result`.
    """
    found = result.evidence.get("counterexample")
    if found is None:
        cases = probing(policy, CASES, 0)
    else:
        cases = np.array([[int(bits, 16) for bits in found["observation_bits"]]], np.uint32)
    try:
        seen = first_departure(policy, firmware, cases)
        tried = len(cases)
        if seen is None and found is None:
            seen = first_departure(policy, firmware, more := probing(policy, MORE_CASES, 1, REPEATS))
            tried += len(more)
    except (EmulatorMissing, EmulatorError, CompilerMissing, BuildError) as error:
        return result.model_copy(update={"evidence": {**result.evidence, "replay": f"not run: {error}"}})
    if seen is None and found is not None and found["output"] == ACCESS:
        shown = "the emulated core does not show it: its protection is 32 bytes coarse, writable sections are not there"
        return result.model_copy(update={"evidence": {**result.evidence, "replay": shown}})
    if seen is None:
        evidence = {**result.evidence, "replay": f"{tried:,} observations on the emulated core: no difference"}
        wrong = {"status": Status.ERROR, "detail": f"{result.detail}: not so on the emulated core"}
        changes = wrong if result.status is Status.REFUTED else {}
        return result.model_copy(update={**changes, "evidence": evidence})
    shown = {
        "observation_bits": [f"0x{bits:08x}" for bits in seen.observation],
        "output": seen.field,
        "difference": seen.text,
    }
    evidence = {**result.evidence, "counterexample": found or shown, "replay": seen.text}
    detail = result.detail if found else f"{seen.text} (emulated core; symbolic run: {result.detail})"
    return result.model_copy(update={"status": Status.REFUTED, "detail": detail, "evidence": evidence})


def lemmas(policy: Policy, settings: Settings) -> list[Result]:
    """The equivalences by which `engines/machine_code/reference.py` differs in form from docs/semantics.md.

    That of the float border is shown here by intervals of patterns, in milliseconds: the solvers' obligation of the
    same name, which takes them seconds, is a second opinion.
    """
    shown = [vector_form(policy)]
    if policy.rounding is RoundingMode.DOUBLE_TIES_AWAY:
        away = next(o for o in requantize.OBLIGATIONS if o.id == "requantize.ties_away_form")
        shown.append(away.discharge(policy, settings))
    return shown


def vector_form(policy: Policy) -> Result:
    """Whether both forms of `quantize_f32` give every float32 pattern one code, for each feature."""
    start = time.perf_counter()
    feature = unsettled(policy)
    status = Status.PROVED if feature is None else Status.UNKNOWN
    detail = "" if feature is None else f"the codes of observation[{feature}] are not shown equal for every pattern"
    seconds = round(time.perf_counter() - start, 4)
    run = EngineRun(engine=BORDER_ENGINE, status=status, seconds=seconds, detail=detail)
    return Result(
        id="quantize_f32.vector_form",
        statement=statement("quantize_f32.vector_form"),
        status=status,
        engines=(run,),
        seconds=seconds,
        detail=detail,
    )


def with_lemmas(result: Result, shown: list[Result]) -> Result:
    """`result` as it stands on `shown`: never stronger than the weakest of them."""
    broken = [lemma for lemma in shown if lemma.status is not Status.PROVED]
    evidence = {**result.evidence, "lemmas": {lemma.id: lemma.status.value for lemma in shown}}
    runs = (*result.engines, *(run for lemma in shown for run in lemma.engines))
    seconds = round(result.seconds + sum(lemma.seconds for lemma in shown), 4)
    changes = {"engines": runs, "evidence": evidence, "seconds": seconds}
    if broken and result.status is Status.PROVED:
        # A refuted lemma says that the reference's form is wrong, not that the machine code is.
        status = weakest([Status.UNKNOWN if lemma.status is Status.REFUTED else lemma.status for lemma in broken])
        changes |= {"status": status, "detail": f"rests on {broken[0].id}: {broken[0].status.value}"}
    return result.model_copy(update=changes)


def object_code_of(policy: Policy, firmware: Firmware, settings: Settings, compiler: str = "") -> Result:
    """Prove the machine code of `firmware` against the reference's terms. Raises ArtifactError if it has no `tv_infer`.

    Says PROVED of the terms alone: what they mean also needs `lemmas`.
    """
    start = time.perf_counter()

    @cache
    def cases() -> np.ndarray:
        return probing(policy, CASES, 0)

    def solve(query: Query) -> list[Answer]:
        return [SOLVERS[name](query, settings.timeout) for name in settings.solvers]

    outcome = prove(policy, firmware, cases, solve)
    evidence = {"elf_sha256": firmware.sha256, "compiler": compiler, "function": ENTRY, **_figures(outcome)}
    status = outcome.status
    if {"sat", "unsat"} <= {verdict for _, verdict, _ in outcome.solver_runs[-len(settings.solvers) :]}:
        status = Status.ERROR
    if outcome.observation is not None:
        evidence["counterexample"] = {
            "observation_bits": [f"0x{bits:08x}" for bits in outcome.observation],
            "output": outcome.difference,
            "difference": outcome.detail,
        }
    return _result(status, start, outcome.detail, evidence, outcome)


def _figures(outcome: Outcome) -> dict:
    return {
        "outputs": outcome.outputs,
        "outputs_by_tabulation": outcome.by_tabulation,
        "outputs_by_solvers": outcome.by_solvers,
        "instructions_executed": [outcome.fewest, outcome.instructions],
        "executed": {f"{at:#x}": times for at, times in sorted(Counter(outcome.addresses).items())},
        "mnemonics": dict(sorted(outcome.mnemonics.items())),
        "branches_on_data": outcome.forks,
        "stack_bytes": outcome.stack,
        "constant_objects_read": outcome.objects,
        "terms": outcome.atoms,
    }


def _result(status: Status, start: float, detail: str, evidence: dict, outcome: Outcome | None = None) -> Result:
    seconds = round(time.perf_counter() - start, 4)
    own = EngineRun(engine=ENGINE, status=status, seconds=seconds, detail=detail)
    solvers = [
        EngineRun(engine=name, status=Status.PROVED if verdict == "unsat" else Status.UNKNOWN, seconds=round(took, 4))
        for name, verdict, took in (outcome.solver_runs if outcome else [])
    ]
    return Result(
        id=ID,
        statement=STATEMENT,
        status=status,
        engines=(own, *solvers),
        seconds=seconds,
        detail=detail,
        evidence=evidence,
    )


OBLIGATIONS = (Obligation(ID, "object code", STATEMENT, ("machine_code", "z3", "cvc5", "lean"), object_code),)

"""One firmware, one policy: run `tv_infer` symbolically, compare every output with the reference, say what was shown.

Serves `kernel.object_code`. PROVED: every output equals the reference for all observations, the calling convention
holds, every access is inside its object. REFUTED: a concrete observation on which the machine code differs, from
evaluating both terms. Anything else is UNKNOWN with its reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from tinyverify.artifacts.layout import STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.entry import STOP, Call, broken_conventions, call
from tinyverify.engines.machine_code.errors import DataDependent, OutsideAccess, UnsafeAccess
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.executor import MAX_STEPS, StuckAt
from tinyverify.engines.machine_code.image import check_image, check_tables, unreached
from tinyverify.engines.machine_code.instructions import decoder as all_instructions
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.reference import Reference, reference
from tinyverify.engines.machine_code.smt_residue import equal_query
from tinyverify.engines.machine_code.tabulate import Merging
from tinyverify.engines.machine_code.terms import WORD, Terms
from tinyverify.engines.machine_code.witness import proposals
from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.query import Query
from tinyverify.results import Status

ENTRY = "tv_infer"
ACCESS = "unsafe access"  # what differs where a load or store is the fault, and not an output
ALIGNMENTS = (8, 16, 32, 64)
Solve = Callable[[Query], list[Answer]]
Cases = Callable[[], np.ndarray]


@dataclass(frozen=True)
class Comparison:
    """One output: its name, both terms, and what showed them equal: "terms", "tabulation", or "".

    Both lie in [0, 2^bits): the unsigned readings of a field of so many bits.
    """

    name: str
    machine: Value
    reference: Value
    bits: int = WORD
    by: str = ""


@dataclass
class Outcome:
    """What one firmware's proof came to.

    `observation`: float32 patterns of a counterexample, with `difference` naming the field, or ACCESS. `instructions`:
    executed at the most, `fewest` at the least over all inputs (equal without `forks`); `stack`: bytes below sp at
    entry;
    `addresses`: executed addresses in order, both sides of each fork; `objects`: constant objects that were read.
    """

    status: Status
    detail: str
    seconds: float = 0.0
    instructions: int = 0
    fewest: int = 0
    forks: int = 0
    stack: int = 0
    atoms: int = 0
    selects: int = 0
    outputs: int = 0
    by_tabulation: int = 0
    by_solvers: int = 0
    mnemonics: dict[str, int] = field(default_factory=dict)
    addresses: list[int] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    observation: list[int] | None = None
    difference: str = ""
    solver_runs: list[tuple[str, str, float]] = field(default_factory=list)


def prove(
    policy: Policy,
    firmware: Firmware,
    cases: Cases,
    solve: Solve,
    decoder: Decoder | None = None,
    max_steps: int = MAX_STEPS,
) -> Outcome:
    """Compare `tv_infer` of `firmware` with the semantics of `policy`.

    `cases()` uint32 [n, obs_dim]: observations tried when terms differ. `solve(query)`: the answers of the solvers that
    settle what rewriting leaves open; all must say unsat. Raises ArtifactError if the firmware has no `tv_infer`, if
    its sections are not what its program headers load, or if a table has another size than the policy's.
    """
    start = time.perf_counter()
    check_image(firmware)
    check_tables(policy, firmware)
    decoder = decoder or all_instructions()
    outcome = None
    for multiple in ALIGNMENTS:  # refine what is known of sp until no address depends on it
        parts = []
        for remainder in range(0, multiple, 8):
            outcome = _prove_aligned(policy, firmware, cases, solve, decoder, max_steps, (multiple, remainder))
            parts.append(outcome)
            if outcome.status is not Status.PROVED:
                break
        if outcome.status is Status.PROVED:
            outcome = max(parts, key=lambda part: part.stack)
            left = unreached(firmware, outcome.addresses)
            if left is not None:
                outcome.status = Status.UNKNOWN
                outcome.detail = f"{left[0]} holds code at {left[1]:#x} that no observation reaches"
        if outcome.status is not Status.UNKNOWN or not _about_alignment(outcome.detail):
            break
    outcome.seconds = time.perf_counter() - start
    return outcome


def _about_alignment(detail: str) -> bool:
    return "address into" in detail or "surely aligned" in detail or "stack pointer" in detail


def _prove_aligned(
    policy: Policy,
    firmware: Firmware,
    cases: Cases,
    solve: Solve,
    decoder: Decoder,
    max_steps: int,
    alignment: tuple[int, int],
) -> Outcome:
    terms = Terms()
    size = reference_size(policy)
    called = call(firmware, decoder, terms, policy.obs_dim, size, STACK_BYTES, alignment)
    try:
        called.executor.run(firmware.function(ENTRY).address, STOP, max_steps)
    except StuckAt as stuck:
        outcome = Outcome(Status.UNKNOWN, str(stuck))
        if isinstance(stuck.reason, (UnsafeAccess, DataDependent)):
            outcome.difference = ACCESS if isinstance(stuck.reason, UnsafeAccess) else "data dependence"
        if isinstance(stuck.reason, OutsideAccess) and called.executor.is_unconditional:
            outcome.status, outcome.observation = Status.REFUTED, [0] * policy.obs_dim  # this one, as any other
        return _with_figures(outcome, called)
    wanted = reference(terms, policy, called.observation)
    broken = broken_conventions(called)
    if broken:
        pairs = [Comparison(item.name, item.after, item.before) for item in broken]
        status = Status.UNKNOWN if difference(evaluation(terms, cases()), pairs) is None else Status.REFUTED
        word = "does not preserve" if status is Status.REFUTED else "is not shown to preserve"
        return _with_figures(Outcome(status, f"{word} {', '.join(item.name for item in broken)}"), called)
    comparisons = [_compared(terms, pair) for pair in output_pairs(called, wanted)]
    sums = [output.value for output in wanted.outputs if output.name.startswith("acc[")]
    outcome = _judge(terms, policy, called, comparisons, sums, cases, solve)
    return _with_figures(outcome, called)


def reference_size(policy: Policy) -> int:
    """`sizeof(tv_output)`."""
    words_count = 2 + 2 * policy.outputs
    return 4 * words_count + ((3 * policy.outputs + 3) // 4 * 4 if policy.discrete else 0)


def output_pairs(called: Call, wanted: Reference) -> list[Comparison]:
    """What the machine left beside what the reference says, of every output."""
    terms, out = called.machine.terms, called.out
    pairs = [Comparison("return value", called.machine.get_unsigned(0), terms.unsigned(wanted.faults))]
    for output in wanted.outputs:
        parts = called.machine.memory.load(add(out.base, output.offset), output.size)
        machine = words.join_bytes(terms, parts, False)
        bits = 8 * output.size
        pairs.append(Comparison(output.name, machine, terms.unsigned(output.value, bits), bits))
    return pairs


def _compared(terms: Terms, pair: Comparison) -> Comparison:
    return replace(pair, by="terms") if terms.same(pair.machine, pair.reference) else pair


def _judge(
    terms: Terms,
    policy: Policy,
    called: Call,
    comparisons: list[Comparison],
    sums: list[Value],
    cases: Cases,
    solve: Solve,
) -> Outcome:
    open_ones = [c for c in comparisons if not c.by]
    outcome = Outcome(Status.PROVED, f"{len(comparisons)} outputs equal the reference for all inputs")
    outcome.outputs = len(comparisons)
    if not open_ones:
        return outcome
    tried = cases()
    samples = evaluation(terms, tried)
    found = difference(samples, open_ones)
    if found is None:
        open_ones = _merged(terms, open_ones, samples)
        outcome.by_tabulation = sum(1 for c in open_ones if c.by)
        open_ones = [c for c in open_ones if not c.by]
    if found is None and open_ones:
        first = open_ones[0]
        evaluated = partial(evaluation, terms)
        tried = proposals(terms, policy, called.observation, first.machine, first.reference, solve, evaluated)
        found = difference(evaluated(tried), open_ones) if len(tried) else None
    if found is not None:
        index, name, machine, wanted = found
        observation = [int(v) for v in tried[index]]
        detail = f"{name} is {machine}, the reference says {wanted}"
        return Outcome(Status.REFUTED, detail, observation=observation, difference=name, outputs=len(comparisons))
    for comparison in open_ones:
        claim = f"{comparison.name} equals the reference"
        query = equal_query(terms, claim, comparison.machine, comparison.reference, sums)
        answers = solve(query)
        outcome.solver_runs += [(a.solver, a.verdict, a.seconds) for a in answers]
        if not answers or any(answer.verdict != "unsat" for answer in answers):
            outcome.status = Status.UNKNOWN
            outcome.detail = f"{comparison.name} is not shown equal to the reference, nor different"
            outcome.difference = comparison.name
            return outcome
        outcome.by_solvers += 1
    return outcome


def _merged(terms: Terms, comparisons: list[Comparison], samples: Evaluation) -> list[Comparison]:
    """`comparisons` with the machine's values rewritten by what tabulation shows equal, if need be in two rounds."""
    for from_codes in (False, True):
        merging = Merging(terms, [c.reference for c in comparisons], samples, from_codes)
        merged = []
        for comparison in comparisons:
            machine = comparison.machine
            if not comparison.by:  # built again, a value may have a wider interval than it was known to have
                machine = terms.unsigned(merging.value(machine), comparison.bits)
            by = comparison.by or ("tabulation" if terms.same(machine, comparison.reference) else "")
            merged.append(replace(comparison, machine=machine, by=by))
        comparisons = merged
        if all(comparison.by for comparison in comparisons):
            break
    return comparisons


def evaluation(terms: Terms, cases: np.ndarray) -> Evaluation:
    """Values of terms on the observations `cases`; the rest of the state at entry is arbitrary."""
    signed = cases.astype(np.uint32).view(np.int32).astype(np.int64)

    def inputs(name: str, index: int) -> np.ndarray:
        if name == "observation":
            return signed[:, index]
        low, high = terms.input_bounds(name, index)
        # A result that still depends on it differs from the reference for almost every value: any will do.
        return np.full(len(cases), low + 5 * (high - low) // 7, np.int64)

    return Evaluation(terms, len(cases), inputs)


def difference(samples: Evaluation, comparisons: list[Comparison]) -> tuple[int, str, int, int] | None:
    """(case, output, machine's value, reference's value) of the first case on which an output differs."""
    for comparison in comparisons:
        machine, wanted = samples.value(comparison.machine), samples.value(comparison.reference)
        differs = np.flatnonzero(machine != wanted)
        if len(differs):
            at = int(differs[0])
            return at, comparison.name, int(machine[at]), int(wanted[at])
    return None


def _with_figures(outcome: Outcome, called: Call) -> Outcome:
    trace = called.executor.trace
    outcome.fewest, outcome.instructions = called.executor.steps
    outcome.forks = trace.forks
    outcome.addresses = trace.addresses
    outcome.mnemonics = trace.mnemonics
    outcome.objects = sorted(called.constants.read)
    outcome.selects = trace.selects
    outcome.stack = -(called.machine.lowest_sp or 0)
    outcome.atoms = len(called.machine.terms.atoms)
    return outcome

"""Terms that share their parts stay small: what a run or an evaluation of them costs is counted, never timed.

A rule that opens a shared part anew at every use costs 2^n for a chain of n: a running maximum of 16 lanes is one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.cosimulation.cases import make_states
from tests.cosimulation.compare import draw
from tests.cosimulation.model import Model, StuckAt
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.instructions import decoder
from tinyverify.engines.machine_code.linear import Linear, Value, add, scale
from tinyverify.engines.machine_code.pieces import Intervals
from tinyverify.engines.machine_code.smt_residue import equal_query
from tinyverify.engines.machine_code.tabulate import rebuild
from tinyverify.engines.machine_code.terms import SIGN, Terms
from tinyverify.engines.smt import cvc5_solver, z3_solver

LANES = 16
MOST_OF_ONE_INSTRUCTION = 3000  # 16 compared bytes of unknown vectors make 1,000
Made = list[Value]


class Counted(Terms):
    """Terms that count how often a comparison, a negation, a conjunction or a selection is asked for."""

    LIMIT = 200_000

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def _count(self) -> None:
        self.asked += 1
        assert self.asked < self.LIMIT, "opened anew at every use"

    def ge(self, value: Value) -> Condition:
        self._count()
        return super().ge(value)

    def eq(self, value: Value) -> Condition:
        self._count()
        return super().eq(value)

    def negate(self, condition: Condition) -> Condition:
        self._count()
        return super().negate(condition)

    def select(self, condition: Condition, a: Value, b: Value) -> Value:
        self._count()
        return super().select(condition, a, b)

    @property
    def size(self) -> int:
        return len(self.atoms) + len(self._values) + self.asked


def _words(terms: Terms, name: str, count: int) -> Made:
    return [terms.input(name, i, -SIGN, SIGN - 1) for i in range(count)]


def _predicate(terms: Terms, count: int) -> list[Condition]:
    return [terms.ge(terms.input("predicate", i, -1, 0)) for i in range(count)]


def _greater(terms: Terms, a: Value, b: Value) -> Condition:
    return terms.ge(add(add(a, b, -1), -1))


def maximum_by_comparison(terms: Terms, n: int) -> Made:
    best: Value = terms.input("start", 0, -SIGN, SIGN - 1)
    for value in _words(terms, "lane", n):
        best = terms.select(_greater(terms, value, best), value, best)
    return [best]


def predicated_maximum(terms: Terms, n: int) -> Made:
    best: Value = terms.input("start", 0, -SIGN, SIGN - 1)
    for on, value in zip(_predicate(terms, n), _words(terms, "lane", n), strict=True):
        best = terms.select(on, terms.maximum([best, value]), best)
    return [best, terms.bit(terms.eq(add(best, -7))), terms.bit(terms.ge(add(best, -7)))]


def predicated_minimum_of_maxima(terms: Terms, n: int) -> Made:
    """VMINV of what a VMAXV left, of magnitudes."""
    best: Value = terms.input("start", 0, -SIGN, SIGN - 1)
    for k, (on, value) in enumerate(zip(_predicate(terms, n), _words(terms, "lane", n), strict=True)):
        magnitude = terms.select(terms.ge(value), value, scale(value, -1))
        choose = terms.minimum if k % 2 else terms.maximum
        best = terms.select(on, choose([best, magnitude]), best)
    return [best, terms.bit(terms.negate(terms.eq(best)))]


def index_of_maximum(terms: Terms, n: int) -> Made:
    best: Value = terms.input("start", 0, -SIGN, SIGN - 1)
    index: Value = 0
    for k, value in enumerate(_words(terms, "lane", n), 1):
        larger = _greater(terms, value, best)
        best, index = terms.select(larger, value, best), terms.select(larger, k, index)
    return [index, terms.bit(terms.eq(add(index, -n))), terms.bit(terms.ge(add(index, -n // 2)))]


def flag_of_a_flag(terms: Terms, n: int) -> Made:
    """Each choice is made by whether the choice before was zero: its condition holds both sides of the one before."""
    condition = terms.ge(terms.input("start", 0, -SIGN, SIGN - 1))
    for a, b in zip(_words(terms, "a", n), _words(terms, "b", n), strict=True):
        condition = terms.eq(terms.select(condition, a, b))
    return [terms.bit(condition), terms.bit(terms.negate(condition))]


def saturated_again(terms: Terms, n: int) -> Made:
    """Both sides of each choice are the choice before, once clamped: asked whether it is zero, both are asked."""
    value: Value = terms.input("start", 0, -SIGN, SIGN - 1)
    for k, on in enumerate(_predicate(terms, n)):
        value = terms.select(on, terms.clamp(value, k - (SIGN >> 1), (SIGN >> 1) - k), value)
    return [terms.bit(terms.eq(value))]


CHAINS = (
    maximum_by_comparison,
    predicated_maximum,
    predicated_minimum_of_maxima,
    index_of_maximum,
    flag_of_a_flag,
    saturated_again,
)
chains = pytest.mark.parametrize("chain", CHAINS)


@chains
def test_a_chain_costs_at_most_the_square_of_its_length(chain: Callable[[Terms, int], Made]) -> None:
    sizes = []
    for n in (LANES // 2, LANES, 2 * LANES):
        terms = Counted()
        chain(terms, n)
        sizes.append(terms.size)
    assert sizes[1] <= 4.5 * sizes[0], sizes
    assert sizes[2] <= 4.5 * sizes[1], sizes


@chains
def test_reading_a_chain_costs_no_more_than_its_terms(chain: Callable[[Terms, int], Made], monkeypatch) -> None:
    """Evaluating it, bounding it, and building it again from other parts: counted in reads of values."""
    terms = Counted()
    made = chain(terms, 2 * LANES)
    reads = 0
    value = Terms.value

    def counted(self: Terms, ref: int) -> Value:
        nonlocal reads
        reads += 1
        assert reads < Counted.LIMIT, "read anew at every use"
        return value(self, ref)

    monkeypatch.setattr(Terms, "value", counted)
    rng = np.random.default_rng(0)
    samples = {"predicate": (-1, 1)}
    evaluation = Evaluation(terms, 8, lambda name, index: rng.integers(*samples.get(name, (-SIGN, SIGN)), 8))
    start = next(iter(terms.input("start", 0, -SIGN, SIGN - 1).terms))
    intervals = Intervals(terms, {start: 1}, np.array([0], np.int64), np.array([9], np.int64))
    for result in made:
        got = evaluation.value(result)
        low, high = terms.bounds(result)
        assert low <= got.min() and got.max() <= high
        intervals.value(result)
        for atom in result.terms:
            assert terms.same(rebuild(terms, atom, lambda v: v), Linear(0, {atom: 1}))


@chains
def test_a_query_about_a_chain_is_as_long_as_its_terms(chain: Callable[[Terms, int], Made]) -> None:
    """What the solvers read about it, in letters."""
    lengths = []
    for n in (LANES // 2, LANES, 2 * LANES):
        terms = Terms()
        lengths.append(len(equal_query(terms, "a chain", chain(terms, n)[-1], 0).text))
    assert lengths[1] <= 4.5 * lengths[0], lengths
    assert lengths[2] <= 4.5 * lengths[1], lengths


def test_both_solvers_read_shared_conditions() -> None:
    terms = Terms()
    flag, negated = flag_of_a_flag(terms, 4)
    query = equal_query(terms, "one of both", flag, add(1, negated, -1))
    assert query.text.count("define-fun c") > 4
    assert [solver.solve(query, 20.0).verdict for solver in (z3_solver, cvc5_solver)] == ["unsat", "unsat"]


def test_every_instruction_on_an_unknown_state_makes_few_terms() -> None:
    """All encodings that can be run alone, under IT and VPST too."""
    decode, rng = decoder(), np.random.default_rng(11)
    states, buffers = make_states(rng, 4)
    after, after_buffer = np.zeros((4, 48), np.uint32), np.zeros((4, 64), np.uint32)
    largest: dict[str, int] = {}
    for case in draw(decode, rng, 2):
        model = Model(case, decode)
        try:
            model.run()
        except StuckAt:
            continue
        model.differences(states, buffers, after, after_buffer)  # read, not compared
        terms = model.terms
        size = len(terms.atoms) + len(terms._values) + len(terms.negations) + len(terms.gathered)
        largest[case.encoding.mnemonic] = max(size, largest.get(case.encoding.mnemonic, 0))
    assert {"vmaxv", "vminv", "vcmp gt", "vqrdmulh"} <= largest.keys()
    assert max(largest.values()) <= MOST_OF_ONE_INSTRUCTION, max(largest, key=largest.get)

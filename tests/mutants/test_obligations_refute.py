"""Every SMT obligation against a fault it must refute: in the policy, or, where no policy holds it, in the statement.

A statement that cannot be refuted proves nothing, so each obligation of the registry must appear here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.smt.discharge import discharge
from tinyverify.engines.smt.query import Query
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.registry import all_obligations
from tinyverify.results import Status


def _layer(policy: Policy, index: int, **changes) -> Policy:
    layers = list(policy.layers)
    layers[index] = replace(layers[index], **changes)
    return replace(policy, layers=tuple(layers))


def _set(array: np.ndarray, index: int, value) -> np.ndarray:
    changed = np.array(array, np.float64 if isinstance(value, float) else np.int64)
    changed[index] = value
    return changed


def _bias(index: int, row: int, value: int):
    return lambda p: _layer(p, index, bias=_set(p.layers[index].bias, row, value))


def _multiplier(row: int, change):
    return lambda p: _layer(
        p, 0, multiplier=_set(p.layers[0].multiplier, row, change(int(p.layers[0].multiplier[row])))
    )


def _overflow_in_rounding(p: Policy) -> Policy:
    p = _bias(0, 2, 2**31 - 10_000)(p)
    layer = p.layers[0]
    return _layer(p, 0, multiplier=_set(layer.multiplier, 2, 2**31 - 1), shift=_set(layer.shift, 2, 31))


def _table(name: str, index: int, value: int):
    return lambda p: replace(p, tables={**p.tables, name: _set(p.tables[name], index, value)})


def _head(**changes):
    return lambda p: replace(p, head=p.head.model_copy(update=changes))


def _object(index: int, **changes):
    def mutate(p: Policy) -> Policy:
        objects = list(p.layout.objects)
        objects[index] = objects[index].model_copy(update=changes)
        return replace(p, layout=p.layout.model_copy(update={"objects": tuple(objects)}))

    return mutate


POLICY_MUTANTS = {
    "quantize_f32.defined": ("cartpole", lambda p: replace(p, inv_scale=_set(p.inv_scale, 1, float("inf")))),
    "dequantize.finite": ("cartpole", lambda p: replace(p, logit_scale=_set(p.logit_scale, 1, 1e38))),
    "dequantize.arg_max": ("cartpole", lambda p: replace(p, logit_scale=-p.logit_scale)),
    "dense_s8.acc_no_overflow": ("cartpole", _bias(0, 17, 2**31 - 1)),
    "requantize.product_fits_int64": ("cartpole", _multiplier(5, lambda m: m * 8)),
    "requantize.rounding_fits_int32": ("cartpole", _overflow_in_rounding),
    "requantize.monotone": ("cartpole", _multiplier(9, lambda m: -m)),
    "requantize.multiplier_exact": ("cartpole", _multiplier(63, lambda m: m + 1)),
    "softmax_lut.difference_no_overflow": ("acrobot", lambda p: _bias(1, 0, 2**30)(_bias(1, 2, -(2**30) - 9)(p))),
    "softmax_lut.table_monotone": ("cartpole", _table("exp", 40, 1)),
    "sample.action_bounded": ("pendulum", _table("tanh", 0, -128)),
    "layout.inside": ("cartpole", _object(0, offset=0x9F80)),
    "layout.disjoint": ("cartpole", _object(1, offset=16)),
    "layout.aligned": ("cartpole", _object(0, offset=8)),
    "layout.sized": ("cartpole", _object(0, size=63)),
}

# (environment, text in the query, what it becomes): faults of arithmetic that no policy file can express.
STATEMENT_MUTANTS = {
    "relu.fused_clamp": (
        "cartpole",
        "(define-fun fused () Int (ite (< v z) z",
        "(define-fun fused () Int (ite (< v z) v",
    ),
    "quantize_f32.vector_form": ("cartpole", "#x7fffffff", "#x80000000"),
    "requantize.ties_away_form": ("cartpole", "(ite (< h 0) (- 1) 0)", "0"),
    "dense_s8.product_fits_int16": ("cartpole", "(bvmul ((_ sign_extend 8) w)", "(bvmul ((_ zero_extend 8) w)"),
    # The bias taken nine times; a rounding constant one too small. A policy without license has no such obligation.
    "dense_s8.acc_fits_int16": ("cartpole", "(<= take_bias 1)", "(<= take_bias 9)"),
    "requantize.int16_form": ("cartpole", "acc) 16384)", "acc) 16383)"),
    "requantize.half_unit": ("cartpole", "1073741824", "0"),
    "requantize.saturates_only_where_must": ("cartpole", "(> r 255)", "(> r 254)"),
    "softmax_lut.index_in_range": ("cartpole", "#x00000080", "#x00000081"),
    "softmax_lut.sum_near_one": ("acrobot", "(+ (* 32768.0 e1)", "(+ (* 32700.0 e1)"),
    "sample.action_in_range": ("cartpole", "(<= random 4294967295)", "(<= random 4294967296)"),
    "sample.table_index_in_range": (
        "pendulum",
        "(bvslt #x0000007f sum) #x0000007f",
        "(bvslt #x0000007f sum) #x00000080",
    ),
    "layout.ram": ("cartpole", "(< address 536875008)", "(< address 536875009)"),
    # Task 1 takes resource 1 though it holds a later one; and nobody inherits what waits at the end of a chain.
    "locks.deadlock_free": ("cartpole", "(or (= owner1 (_ bv1 8)) (= owner2 (_ bv1 8))", "(or (= owner1 (_ bv1 8))"),
    "locks.inversion_bounded": ("cartpole", "(ite waits_take11 chain2_2_take11", "(ite waits_take11 chain2_1_take11"),
}


def _obligation(obligation_id: str):
    return next(o for o in all_obligations() if o.id == obligation_id)


def test_every_query_has_a_mutant():
    stated = {o.id for o in all_obligations() if o.query is not None}
    assert stated == set(POLICY_MUTANTS) | set(STATEMENT_MUTANTS)
    assert not set(POLICY_MUTANTS) & set(STATEMENT_MUTANTS)


@pytest.mark.parametrize("obligation_id", sorted(POLICY_MUTANTS))
def test_fault_in_policy_is_refuted_by_both_solvers(obligation_id, policies):
    environment, mutate = POLICY_MUTANTS[obligation_id]
    obligation = _obligation(obligation_id)
    result = obligation.discharge(mutate(policies[environment]), Settings())
    assert result.status is Status.REFUTED, result.detail
    assert [run.status for run in result.engines] == [Status.REFUTED] * 2
    assert result.evidence["counterexample"]["check"]


@pytest.mark.parametrize("obligation_id", sorted(STATEMENT_MUTANTS))
def test_fault_in_statement_is_refuted_by_both_solvers(obligation_id, policies):
    environment, right, wrong = STATEMENT_MUTANTS[obligation_id]
    query = _obligation(obligation_id).query(policies[environment])
    assert right in query.text
    result = discharge(Query(query.id, query.text.replace(right, wrong)), ("z3", "cvc5"), 60.0)
    assert result.status is Status.REFUTED, result.detail
    assert [run.status for run in result.engines] == [Status.REFUTED] * 2


def test_counterexample_names_the_row_and_replays(policies):
    mutant = _bias(0, 17, 2**31 - 1)(policies["cartpole"])
    result = _obligation("dense_s8.acc_no_overflow").discharge(mutant, Settings())
    replay = result.evidence["counterexample"]["replay"]
    assert (replay["layer"], replay["row"]) == (0, 17)
    row = mutant.layers[0]
    total = sum(int(w) * x for w, x in zip(row.weight[17], replay["x"], strict=True)) + int(row.bias[17])
    assert total == replay["sum"] and not -(2**31) <= total < 2**31


def test_published_single_rounding_fault_is_refuted(policies):
    """A requantize whose product is kept in 32 bits, as one kernel library once did, must not pass."""
    query = _obligation("requantize.product_fits_int64").query(policies["cartpole"])
    narrowed = query.text.replace(str(2**63 - 1), str(2**31 - 1)).replace(str(2**63), str(2**31))
    assert discharge(Query(query.id, narrowed), ("z3", "cvc5"), 60.0).status is Status.REFUTED


def test_solvers_that_contradict_one_another_prove_nothing(policies, monkeypatch):
    from tinyverify.engines.smt import discharge as engine
    from tinyverify.engines.smt.answer import Answer

    monkeypatch.setitem(engine.SOLVERS, "cvc5", lambda query, timeout: Answer("cvc5", "sat", 0.0, 0, 0))
    query = _obligation("relu.fused_clamp").query(policies["cartpole"])
    assert discharge(query, ("z3", "cvc5"), 60.0).status is Status.ERROR


def test_a_check_that_is_not_run_is_an_error(policies):
    query = _obligation("requantize.monotone").query(policies["cartpole"])
    swallowed = Query(
        query.id, query.text.replace("(set-logic QF_LIA)", "(set-logic QF_LIA)\n; check: never\n(check-sat)\n|", 1)
    )
    for run in discharge(swallowed, ("z3", "cvc5"), 60.0).engines:
        assert run.status is not Status.PROVED


def test_time_limit_reads_as_timeout_never_as_proof(policies):
    """Two float32 products in order: too hard for a second, and true."""
    text = """(set-logic QF_BVFP)
(declare-const x (_ FloatingPoint 8 24))
(declare-const y (_ FloatingPoint 8 24))
(define-fun scale () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x41d3aaab))
(assert (fp.leq x y))
(assert (not (fp.leq (fp.mul RNE x scale) (fp.mul RNE y scale))))
; check: order
(check-sat)
"""
    result = discharge(Query("relu.fused_clamp", text), ("z3", "cvc5"), 0.5)
    assert result.status in (Status.TIMEOUT, Status.UNKNOWN)

"""The certified error of small networks, asked of two solvers: no observation exceeds it, and some come near.

The query states both networks anew in integers and rationals (codes, requantization, ReLU), apart from the relaxations
and from numpy: input codes are integers n, the observation any real within half a code of n and inside the box.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.certify_networks import small_network
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.certificate import certify_error, check
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.search import Budget, search_error
from tinyverify.engines.smt import cvc5_solver
from tinyverify.engines.smt.query import Query, integer
from tinyverify.quantize.fixed_point import exact

z3 = pytest.importorskip("z3")


def _real(value: Fraction) -> str:
    text = f"(/ {abs(value.numerator)}.0 {value.denominator}.0)"
    return text if value >= 0 else f"(- {text})"


def _sum(terms: list[str], zero: str) -> str:
    return f"(+ {zero} {' '.join(terms)})" if terms else zero


def exceeds(policy: Policy, training: Training, output: int, sign: int, bound: Fraction) -> Query:
    """Is there an observation of the box with sign * (int8 logit - float logit) above `bound`?"""
    pair, (hidden, last) = make_pair(policy, training), policy.layers
    (weight, bias), (out_weight, out_bias) = training.actor
    box, zero = policy.file.input, policy.input_zero_point.astype(int)
    lines = ["(set-logic QF_LIRA)"]
    for i in range(policy.obs_dim):
        inv = exact(policy.inv_scale[i])
        lines += [f"(declare-const n{i} Int)", f"(declare-const u{i} Real)"]
        lines.append(f"(assert (<= {integer(pair.code_low[i])} n{i} {integer(pair.code_high[i])}))")
        lines.append(f"(assert (<= {_real(exact(box.low[i]) * inv)} u{i} {_real(exact(box.high[i]) * inv)}))")
        # Codes at the ends take what lies beyond them as well.
        if pair.code_low[i] < pair.code_high[i]:
            lines.append(f"(assert (or (= n{i} {integer(pair.code_low[i])}) (>= u{i} (- (to_real n{i}) 0.5))))")
            lines.append(f"(assert (or (= n{i} {integer(pair.code_high[i])}) (<= u{i} (+ (to_real n{i}) 0.5))))")
    program, network = [], []
    for j in range(len(hidden.bias)):
        acc = _sum(
            [f"(* {integer(w)} (+ n{i} {integer(zero[i])}))" for i, w in enumerate(hidden.weight[j])],
            integer(hidden.bias[j]),
        )
        multiplier, shift = int(hidden.multiplier[j]), int(hidden.shift[j])
        for name, value, unit in (
            (f"high{j}", f"(+ (* {multiplier} {acc}) {1 << 30})", 1 << 31),
            (f"r{j}", f"(+ high{j} {(1 << shift) >> 1})", 1 << shift),
        ):  # the floor of value / unit
            lines.append(f"(declare-const {name} Int)")
            lines.append(f"(assert (<= (* {unit} {name}) {value} (+ (* {unit} {name}) {unit - 1})))")
        lines.append(f"(define-fun a{j} () Int (ite (< r{j} 0) 0 (ite (> r{j} 255) 255 r{j})))")
        program.append(f"(* {integer(last.weight[output, j])} (- a{j} 128))")
        inside = [
            f"(* {_real(exact(w) / exact(s))} u{i})"
            for i, (w, s) in enumerate(zip(weight[j], policy.inv_scale, strict=True))
        ]
        lines.append(f"(define-fun g{j} () Real {_sum(inside, _real(exact(bias[j])))})")
        network.append(f"(* {_real(exact(out_weight[output, j]))} (ite (> g{j} 0.0) g{j} 0.0))")
    scale = _real(exact(policy.logit_scale[output]))
    lines.append(f"(define-fun logit () Real (* {scale} (to_real {_sum(program, integer(last.bias[output]))})))")
    lines.append(f"(define-fun real () Real {_sum(network, _real(exact(out_bias[output])))})")
    difference = "(- logit real)" if sign > 0 else "(- real logit)"
    lines += [f"(assert (> {difference} {_real(bound)}))", "; check: exceeds", "(check-sat)"]
    return Query("policy.logit_error", "\n".join(lines) + "\n")


def _z3(query: Query) -> str:
    solver = z3.SolverFor("QF_LIRA")
    solver.set("timeout", 60_000)
    solver.from_string(query.text)
    return str(solver.check())


@pytest.mark.parametrize(
    "shape",
    [{"dim": 1, "hidden": 3, "seed": 1}, {"dim": 2, "hidden": 2, "seed": 51}],
)
def test_two_solvers_agree_that_the_bound_holds_and_is_nearly_attained(shape) -> None:
    policy, training = small_network(**shape)
    certificate = certify_error(policy, training, search_error(make_pair(policy, training), Budget(10, 20_000)))
    bounds = check(policy, training, certificate)
    for output, bound in enumerate(bounds):
        for sign in (1, -1):
            query = exceeds(policy, training, output, sign, bound)
            assert _z3(query) == "unsat"
            assert cvc5_solver.solve(query, 60.0).verdict == "unsat"
        near = [exceeds(policy, training, output, sign, bound * Fraction(8, 10)) for sign in (1, -1)]
        assert "sat" in [_z3(query) for query in near]
        assert "sat" in [cvc5_solver.solve(query, 60.0).verdict for query in near]

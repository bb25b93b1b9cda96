"""What Lean's kernel must refuse in a certificate of the logits' error, and what must change when a weight does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.certify_networks import small_network
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.engines.certify.attack import errors_at
from tinyverify.engines.certify.lean_search import search_halves
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.plan import CODES, leaf_errors, make_plan
from tinyverify.engines.certify.search import Budget
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.lean_bundle.certified import NAMESPACE, THEOREM, certified_facts
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY


@pytest.fixture(scope="module")
def made():
    policy, training = small_network(dim=2, hidden=8, seed=20)
    pair = make_pair(policy, training)
    plan, tree = make_plan(policy, training), search_halves(pair, Budget(5, 16), np.ones(2))
    return (
        policy,
        training,
        pair,
        plan,
        tree,
        certified_facts(policy, training, plan, tree, pair.code_low, pair.code_high),
    )


def edited(facts, old: str, new: str, namespace: str = NAMESPACE):
    """The certificate with its definitions changed; the theorem is to be about them."""
    lines = [line.replace(old, new) for line in facts.terms[namespace]]
    assert lines != list(facts.terms[namespace])
    return dataclasses.replace(facts, terms={**facts.terms, namespace: lines})


def test_the_certificate_is_accepted_on_leans_axioms(made) -> None:
    verdict = prove_facts(made[-1])
    assert verdict.passed, verdict.findings
    assert set(verdict.axioms[THEOREM]) <= {"propext", "Classical.choice", "Quot.sound"}


def test_a_file_edited_by_hand_is_refused(made) -> None:
    facts = made[-1]
    bounds = facts.wanted[THEOREM].rsplit(" [", 1)[1]
    smaller = "[" + ", ".join(str(int(b) - 1) for b in bounds.rstrip("]").split(", ")) + "]"
    assert not prove_facts(facts, facts.text.replace(f"[{bounds}", smaller)).passed


@pytest.mark.parametrize("what", ["limit", "cut", "rounding", "column"])
def test_the_kernel_refuses_a_certificate_that_shows_too_little(made, what) -> None:
    _, _, pair, plan, tree, facts = made
    if what == "limit":  # one unit less than the worst leaf needs
        high, _ = leaf_errors(plan, *(edge + CODES for edge in leaf_boxes(tree, pair.code_low, pair.code_high)))
        rest = high[:, 0].max() - int(sum(2 * abs(u.v[0]) * u.floating for u in plan.units))
        changed = edited(facts, f", {rest}, ", f", {rest - 1}, ")
    elif what == "cut":  # the whole box as one leaf
        changed = edited(facts, facts.terms[NAMESPACE][-1], "def cuts : Cuts :=\n  .leaf")
    elif what == "rounding":
        changed = edited(facts, f", {plan.units[0].rounding}, ", f", {plan.units[0].rounding - 1}, ")
    else:
        line = next(line for line in facts.terms[NAMESPACE] if line.startswith("def columns"))
        tail = line.split(",\n   0x", 2)[2][:24]
        changed = edited(facts, tail, tail[:-1] + ("0" if tail[-1] != "0" else "1"))
    assert not prove_facts(changed).passed


def test_one_weight_by_one_unit_changes_the_bound_or_refutes_the_certificate(made) -> None:
    policy, training, pair, _, tree, facts = made
    weights = [layer.weight.copy() for layer in policy.layers]
    weights[0][3, 1] += 1 if weights[0][3, 1] < 127 else -1
    content = policy.file.model_dump(mode="json")
    content["weights_int8"] = encode(np.concatenate([w.ravel() for w in weights]), "i1")
    other = policy_from_content("policy.json", content)
    own = certified_facts(other, training, make_plan(other, training), tree, pair.code_low, pair.code_high)
    assert own.wanted[THEOREM] != facts.wanted[THEOREM]
    stale = dataclasses.replace(facts, terms={**facts.terms, POLICY: own.terms[POLICY]})
    assert not prove_facts(stale).passed
    bits = next(line for line in facts.terms[NAMESPACE] if line.startswith("def float_hidden_3 "))
    pattern = bits.split("[", 1)[1].split(",\n", 1)[0]
    assert not prove_facts(edited(facts, bits, bits.replace(pattern, f"{int(pattern, 16) ^ 1:#010x}"))).passed


def test_no_observation_exceeds_the_bound(made) -> None:
    """The plan's integers against floats: samples of the box stay inside what the leaves allow."""
    policy, training, _, _, _, facts = made
    bound = np.array([int(b) for b in facts.wanted[THEOREM].rsplit("[", 1)[1].rstrip("]").split(", ")]) / 2**20
    x = np.random.default_rng(0).uniform(-1, 1, (20000, 2)).astype(np.float32)
    error = np.abs(errors_at(policy, training, x))
    assert (error.max(axis=0) <= bound).all() and (error.max(axis=0) >= bound / 8).all()

"""What Lean must refuse in a certificate of the agreement of actions, and what agrees with plain evaluation."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from tests.certify_networks import small_network
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.engines.certify.margins import decided_leaves, search_winners, winner
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.plan import make_plan
from tinyverify.engines.certify.search import Budget
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.lean_bundle.alike import NAMESPACE, THEOREM, alike_facts, decided_share
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY
from tinyverify.semantics.policy import infer
from tinyverify.train.network import actor_from_tensors


def winners_of(policy, training) -> list:
    plan = make_plan(policy, training)
    return [winner(policy, training, plan, action) for action in range(policy.outputs)]


@pytest.fixture(scope="module")
def made():
    policy, training = small_network(dim=2, hidden=8, outputs=3, seed=22)
    pair, winners = make_pair(policy, training), winners_of(policy, training)
    tree, action = search_winners(pair, Budget(5, 200))
    action = decided_leaves(winners, pair, tree, action, 60)
    return policy, training, pair, winners, tree, action, alike_facts(policy, training, pair, winners, tree, action)


def edited(facts, old: str, new: str):
    """The certificate with one of its definitions changed; the theorem is to be about it."""
    lines = [line.replace(old, new, 1) for line in facts.terms[NAMESPACE]]
    assert lines != list(facts.terms[NAMESPACE])
    return dataclasses.replace(facts, terms={**facts.terms, NAMESPACE: lines})


def test_the_certificate_is_accepted_on_leans_axioms(made) -> None:
    verdict = prove_facts(made[-1])
    assert verdict.passed, verdict.findings
    assert set(verdict.axioms[THEOREM]) <= {"propext", "Classical.choice", "Quot.sound"}
    share = decided_share(*(made[i] for i in (2, 4, 5)))
    assert 0.4 < share.cells / share.whole < 1 and len(set(made[5])) == 4  # each action, and undecided leaves


@pytest.mark.parametrize("what", ["cells", "whole"])
def test_a_share_overstated_by_one_cell_is_refused(made, what) -> None:
    share, facts = decided_share(*(made[i] for i in (2, 4, 5))), made[-1]
    true = f"{share.cells} {share.whole}"
    false = f"{share.cells + 1} {share.whole}" if what == "cells" else f"{share.cells} {share.whole - 1}"
    # In the theorem alone, and with everything that leads to it.
    assert not prove_facts(facts, facts.text.replace(true, false)).passed
    number = share.cells if what == "cells" else share.whole
    text = re.sub(rf"\b{number}\b", str(number + 1 if what == "cells" else number - 1), facts.text)
    wanted = {THEOREM: facts.wanted[THEOREM].replace(true, false)}
    assert not prove_facts(dataclasses.replace(facts, wanted=wanted), text).passed


@pytest.mark.parametrize("what", ["action", "undecided", "cut", "axis", "limit", "column", "root"])
def test_the_kernel_refuses_an_edited_certificate(made, what) -> None:
    _, _, _, winners, tree, action, facts = made
    if what == "action":  # a leaf with another action
        changed = edited(facts, f".action {(first := next(a for a in action if a >= 0))}", f".action {(first + 1) % 3}")
    elif what == "undecided":  # a leaf that no bound decides
        changed = edited(facts, "(.undecided)", "(.action 0)")
    elif what == "cut":  # a cut beyond the box, so that cells would count twice
        changed = edited(facts, f".split {tree.axis[0]} {int(tree.cut[0]) + 255} ", f".split {tree.axis[0]} 999 ")
    elif what == "axis":  # an axis that the box does not have
        changed = edited(facts, f".split {tree.axis[0]} ", ".split 2 ")
    elif what == "limit":
        changed = edited(facts, f", {winners[0].limits[1]}, ", f", {winners[0].limits[1] + 1}, ")
    elif what == "column":
        line = next(line for line in facts.terms[NAMESPACE] if line.startswith("def columns_1"))
        tail = line.split(",\n   0x", 2)[2][:24]
        changed = edited(facts, tail, tail[:-1] + ("0" if tail[-1] != "0" else "1"))
    else:  # a box with fewer codes than the observations have
        plan = winners[0].plan
        ends = f"[{', '.join(map(str, plan.root_high))}]⟩"
        fewer = f"[{', '.join(str(v - 1) for v in plan.root_high)}]⟩"
        changed = edited(facts, ends, fewer)
    assert not prove_facts(changed).passed


def test_one_weight_by_one_unit_refutes_the_certificate(made) -> None:
    policy, training, pair, _, tree, action, facts = made
    weights = [layer.weight.copy() for layer in policy.layers]
    weights[1][2, 3] += 1 if weights[1][2, 3] < 127 else -1
    content = policy.file.model_dump(mode="json")
    content["weights_int8"] = encode(np.concatenate([w.ravel() for w in weights]), "i1")
    other = policy_from_content("policy.json", content)
    own = alike_facts(other, training, pair, winners_of(other, training), tree, action)
    assert not prove_facts(dataclasses.replace(facts, terms={**facts.terms, POLICY: own.terms[POLICY]})).passed
    bits = next(line for line in facts.terms[NAMESPACE] if line.startswith("def float_last_1 "))
    pattern = bits.split("[", 1)[1].split(",\n", 1)[0]
    assert not prove_facts(edited(facts, bits, bits.replace(pattern, f"{int(pattern, 16) ^ 1:#010x}"))).passed


def test_both_networks_take_the_leafs_action(made) -> None:
    """Samples of the box against plain evaluation: none contradicts its leaf, and the share is that of the samples."""
    policy, training, pair, _, tree, action, _ = made
    x = np.random.default_rng(0).uniform(-1, 1, (20000, 2)).astype(np.float32)
    got = infer(policy, x.view(np.uint32))
    codes = got.codes - policy.input_zero_point.astype(np.int64)
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    leaf = np.argmax(((low[None] <= codes[:, None]) & (codes[:, None] <= high[None])).all(axis=2), axis=1)
    decided = action[leaf] >= 0
    assert (got.action[decided] == action[leaf][decided]).all()
    assert (np.argmax(actor_from_tensors(training.tensors)(x), axis=1)[decided] == action[leaf][decided]).all()
    share = decided_share(pair, tree, action)
    assert abs(decided.mean() - share.cells / share.whole) < 0.02

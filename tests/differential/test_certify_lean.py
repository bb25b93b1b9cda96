"""Trees of cuts before Lean's kernel: the int8 half of agreement, and a tree with one wrong leaf."""

from __future__ import annotations

import numpy as np
import pytest

from tests.certify_networks import box_samples, small_network
from tinyverify.engines.certify.agreement import leaf_of
from tinyverify.engines.certify.cover import accepted_actions, cover_file, decided_share, leaf_actions, search_cover
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.search import Budget
from tinyverify.engines.lean.check import check_file
from tinyverify.quantize.calibrate import forward
from tinyverify.semantics.policy import infer

THEOREM = "TinyVerify.Bundle.covered"


@pytest.fixture(scope="module")
def covered():
    policy, training = small_network(dim=2, hidden=8, seed=40)
    pair = make_pair(policy, training)
    tree = search_cover(pair, Budget(5, 60))
    return policy, training, pair, tree, accepted_actions(policy, pair, tree)


def test_both_networks_take_the_leafs_action(covered) -> None:
    policy, training, pair, tree, actions = covered
    x = box_samples(policy, 20_000)
    inference = infer(policy, x.view(np.uint32))
    leaf = leaf_of(pair, tree, inference.codes - policy.input_zero_point.astype(np.int64))
    known = leaf_actions(pair, tree)[leaf]
    assert set(known.tolist()) == {-1, 0, 1}
    assert (inference.action == known)[known >= 0].all()
    assert (np.argmax(forward(training.actor, x)[-1], axis=1) == known)[known >= 0].all()
    assert 0.5 < decided_share(pair, tree, actions) <= decided_share(pair, tree, leaf_actions(pair, tree))


def test_lean_accepts_the_tree(covered) -> None:
    policy, _, pair, tree, actions = covered
    assert (actions >= 0).sum() >= 10
    result = check_file(cover_file(policy, pair, tree, actions), theorems=[THEOREM], timeout=300)
    assert result.accepted, result.output


def test_lean_refuses_a_leaf_with_the_other_action(covered) -> None:
    policy, _, pair, tree, actions = covered
    wrong = actions.copy()
    leaf = int(np.flatnonzero(actions >= 0)[-1])
    wrong[leaf] = 1 - wrong[leaf]
    result = check_file(cover_file(policy, pair, tree, wrong), theorems=[THEOREM], timeout=300)
    assert result.outcome == "rejected"
    assert [message.text for message in result.errors if "is false" in message.text]

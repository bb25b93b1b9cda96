"""What Lean must refuse in a certificate of the agreement of actions, and what agrees with plain evaluation."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

import numpy as np
import pytest

from tests.certify_networks import small_network
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.engines.certify.margins import Judge, make_judge
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.plan import make_plan
from tinyverify.engines.certify.plane_search import search_sides
from tinyverify.engines.certify.search import Budget
from tinyverify.engines.certify.sides import Decided, decide_leaves
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.lean_bundle.alike import NAMESPACE, THEOREM, alike_facts
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.engines.lean_bundle.regions import decided_share, largest_leaves
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY
from tinyverify.semantics.policy import infer
from tinyverify.train.network import actor_from_tensors


def judge_of(policy, training) -> Judge:
    return make_judge(policy, training, make_plan(policy, training))


@pytest.fixture(scope="module")
def made():
    policy, training = small_network(dim=2, hidden=8, outputs=3, seed=22)
    pair, judge = make_pair(policy, training), judge_of(policy, training)
    tree = search_sides(pair, Budget(5, 40))
    decided = decide_leaves(judge, *leaf_boxes(tree, pair.code_low, pair.code_high), 2000)
    decided = largest_leaves(pair, decided, Fraction(1), 20)
    return policy, training, pair, judge, tree, decided


@pytest.fixture(scope="module")
def facts(made):
    return alike_facts(*made)


def edited(facts, old: str, new: str):
    """The certificate with one of its definitions changed; the theorem is to be about it."""
    lines = [line.replace(old, new, 1) for line in facts.terms[NAMESPACE]]
    assert lines != list(facts.terms[NAMESPACE])
    return dataclasses.replace(facts, terms={**facts.terms, NAMESPACE: lines})


def changed_half(made, leaf: int, place: int, **change):
    """The certificate with one half of one leaf changed, and the theorem about the cells that this would have."""
    policy, training, pair, judge, tree, decided = made
    halves = list(decided[leaf].halves)
    halves[place] = dataclasses.replace(halves[place], **change)
    others = [*decided]
    others[leaf] = dataclasses.replace(decided[leaf], halves=tuple(halves))
    return alike_facts(policy, training, pair, judge, tree, others)


def two_sided(decided: list[Decided]) -> int:
    return max((n for n, d in enumerate(decided) if len(d.halves) == 2), key=lambda n: decided[n].cells)


def test_the_certificate_is_accepted_on_leans_axioms(made, facts) -> None:
    verdict = prove_facts(facts)
    assert verdict.passed, verdict.findings
    assert set(verdict.axioms[THEOREM]) <= {"propext", "Classical.choice", "Quot.sound"}
    share, halves = decided_share(made[2], made[5]), [d.halves for d in made[5]]
    assert 0.55 < share.cells / share.whole < 1
    assert {len(h) for h in halves} == {0, 1, 2} and {h.action for leaf in halves for h in leaf} == {0, 1, 2}


@pytest.mark.parametrize("what", ["cells", "whole"])
def test_a_share_overstated_by_one_cell_is_refused(made, facts, what) -> None:
    share = decided_share(made[2], made[5])
    true = f"{share.cells} {share.whole}"
    false = f"{share.cells + 1} {share.whole}" if what == "cells" else f"{share.cells} {share.whole - 1}"
    # In the theorem alone, and with everything that leads to it.
    assert not prove_facts(facts, facts.text.replace(true, false)).passed
    number = share.cells if what == "cells" else share.whole
    text = re.sub(rf"\b{number}\b", str(number + 1 if what == "cells" else number - 1), facts.text)
    wanted = {THEOREM: facts.wanted[THEOREM].replace(true, false)}
    assert not prove_facts(dataclasses.replace(facts, wanted=wanted), text).passed


@pytest.mark.parametrize(
    "what", ["limit", "coefficient", "multiplier", "action", "overlap", "no opposite", "unknown action"]
)
def test_the_kernel_refuses_another_half(made, what) -> None:
    """Each change alone: the count stays what it was, and the theorem claims no more."""
    decided = made[5]
    leaf = two_sided(decided)
    first, second = decided[leaf].halves
    if what == "limit":  # one more value of the plane would count, where no bound reaches
        changed = changed_half(made, leaf, 0, limit=first.limit - 1)
    elif what == "coefficient":
        changed = changed_half(made, leaf, 0, c=(first.c[0] + 1, *first.c[1:]))
    elif what == "multiplier":  # all of them: where a limit is the least one, no smaller multiplier suffices
        changed = changed_half(made, leaf, 0, multipliers=tuple((a // 2, b // 2) for a, b in first.multipliers))
    elif what == "action":
        changed = changed_half(made, leaf, 0, action=second.action)
    elif what == "overlap":  # cells on both sides would count twice
        changed = changed_half(made, leaf, 1, limit=-first.limit)
    elif what == "no opposite":
        changed = changed_half(made, leaf, 1, c=first.c)
    else:  # no pair of actions has it, so no bound would have to hold
        changed = changed_half(made, leaf, 0, action=3)
    verdict = prove_facts(changed)
    assert not verdict.passed and verdict.findings[0].rule == "lean"


@pytest.mark.parametrize("what", ["undecided", "cut", "axis", "limit", "column", "root", "pairs"])
def test_the_kernel_refuses_an_edited_certificate(made, facts, what) -> None:
    _, _, _, judge, tree, _ = made
    if what == "undecided":  # a leaf that no bound decides
        changed = edited(facts, "(.undecided)", "(.leaf [⟨[0, 0], 0, 0, []⟩])")
    elif what == "cut":  # a cut beyond the box, so that cells would count twice
        changed = edited(facts, f".split {tree.axis[0]} {int(tree.cut[0]) + 255} ", f".split {tree.axis[0]} 999 ")
    elif what == "axis":  # an axis that the box does not have
        changed = edited(facts, f".split {tree.axis[0]} ", ".split 2 ")
    elif what == "limit":  # of the plan, which the policy's biases give
        changed = edited(facts, f", {judge.highs[1]}, ", f", {judge.highs[1] + 1}, ")
    elif what == "column":
        line = next(line for line in facts.terms[NAMESPACE] if line.startswith("def pair_columns"))
        tail = line.split(",\n   0x", 2)[2][:24]
        changed = edited(facts, tail, tail[:-1] + ("0" if tail[-1] != "0" else "1"))
    elif what == "pairs":  # fewer actions than the policy has, so that one would never be compared
        changed = edited(facts, "⟨plan, columns, pair_columns, 3⟩", "⟨plan, columns, pair_columns, 2⟩")
    else:  # a box with fewer codes than the observations have
        ends = f"[{', '.join(map(str, judge.plan.root_high))}]⟩"
        changed = edited(facts, ends, f"[{', '.join(str(v - 1) for v in judge.plan.root_high)}]⟩")
    assert not prove_facts(changed).passed


def test_one_weight_by_one_unit_refutes_the_certificate(made, facts) -> None:
    policy, training, pair, _, tree, decided = made
    weights = [layer.weight.copy() for layer in policy.layers]
    weights[1][2, 3] += 1 if weights[1][2, 3] < 127 else -1
    content = policy.file.model_dump(mode="json")
    content["weights_int8"] = encode(np.concatenate([w.ravel() for w in weights]), "i1")
    other = policy_from_content("policy.json", content)
    own = alike_facts(other, training, pair, judge_of(other, training), tree, decided)
    assert not prove_facts(dataclasses.replace(facts, terms={**facts.terms, POLICY: own.terms[POLICY]})).passed
    bits = next(line for line in facts.terms[NAMESPACE] if line.startswith("def float_last_1 "))
    pattern = bits.split("[", 1)[1].split(",\n", 1)[0]
    assert not prove_facts(edited(facts, bits, bits.replace(pattern, f"{int(pattern, 16) ^ 1:#010x}"))).passed


def test_both_networks_take_the_halfs_action(made) -> None:
    """Every cell of the lattice by enumeration: the count is exact, and samples of the box contradict no half."""
    policy, training, pair, _, tree, decided = made
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    grid = np.stack(np.meshgrid(*map(np.arange, pair.code_low, pair.code_high + 1), indexing="ij"), -1).reshape(-1, 2)
    assert (_named(grid, low, high, decided) >= 0).sum() == decided_share(pair, decided).cells
    x = np.random.default_rng(0).uniform(-1, 1, (20000, 2)).astype(np.float32)
    got = infer(policy, x.view(np.uint32))
    action = _named(got.codes - policy.input_zero_point.astype(np.int64), low, high, decided)
    assert (got.action[action >= 0] == action[action >= 0]).all()
    assert (np.argmax(actor_from_tensors(training.tensors)(x), axis=1)[action >= 0] == action[action >= 0]).all()


def _named(codes: np.ndarray, low: np.ndarray, high: np.ndarray, decided: list[Decided]) -> np.ndarray:
    """The action [n] of the half that holds each of `codes` [n, d], or -1; never two."""
    found = np.full(len(codes), -1)
    for first, last, leaf in zip(low, high, decided, strict=True):
        inside = ((first <= codes) & (codes <= last)).all(axis=1)
        for half in leaf.halves:
            holds = inside & ((codes + 255) @ np.array(half.c) >= half.limit)
            assert (found[holds] < 0).all()
            found[holds] = half.action
    return found

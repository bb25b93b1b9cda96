"""What Lean must refuse in a certificate of how near a continuous action is, and what agrees with plain evaluation."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

import numpy as np
import pytest

from tests.certify_networks import box_samples, small_network
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.engines.certify.continuous import tanh_bounds
from tinyverify.engines.certify.means import decide_means, mean_plan, mean_table, search_means
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.plan import make_plan
from tinyverify.engines.certify.search import Budget
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle.facts import Facts, prove_facts
from tinyverify.engines.lean_bundle.regions import decided_share, largest_leaves
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY
from tinyverify.engines.lean_bundle.within import NAMESPACE, THEOREM, within_facts
from tinyverify.semantics import float32
from tinyverify.semantics.policy import action_bits, infer
from tinyverify.train.network import actor_from_tensors

TOLERANCE = Fraction(1, 20)


@pytest.fixture(scope="module")
def made():
    policy, training = small_network(dim=2, hidden=4, discrete=False, seed=0)
    pair, plan = make_pair(policy, training), mean_plan(make_plan(policy, training))
    table = mean_table(policy, training, TOLERANCE)
    tree = search_means(pair, table, Budget(5, 60))
    bands, decided = decide_means(plan, table, *leaf_boxes(tree, pair.code_low, pair.code_high))
    decided = largest_leaves(pair, decided, Fraction(1), 20)
    return policy, training, pair, plan, table, bands, tree, decided


@pytest.fixture(scope="module")
def facts(made) -> Facts:
    return within_facts(*made, TOLERANCE)


def accepted(facts: Facts, name: str) -> bool:
    """Whether one theorem of the certificate passes, alone."""
    proofs = re.split(r"(?m)^(?=theorem )", "\n".join(facts.proofs[NAMESPACE]))
    chosen = [proof for proof in proofs if re.match(rf"theorem {name} ", proof)]
    assert len(chosen) == 1
    return check_file(dataclasses.replace(facts, proofs={NAMESPACE: chosen}).text, timeout=300).accepted


def edited(facts: Facts, definition: str, old: str, new: str, namespace: str = NAMESPACE) -> Facts:
    """The certificate with one of its definitions changed in one place."""
    lines = list(facts.terms[namespace])
    place = next(n for n, line in enumerate(lines) if line.startswith(f"def {definition} "))
    assert old in lines[place]
    lines[place] = lines[place].replace(old, new, 1)
    return dataclasses.replace(facts, terms={**facts.terms, namespace: lines})


def literal(facts: Facts, name: str, row: int) -> list[int]:
    """The numbers of one entry of a list of structures."""
    text = "\n".join(line for line in facts.terms[NAMESPACE] if line.startswith(f"def {name}"))
    return [int(number) for number in re.findall(r"-?\d+", re.findall(r"⟨((?:[^⟨⟩]|⟨[^⟩]*⟩)*)⟩", text)[row])]


def test_the_certificate_is_accepted_on_leans_axioms(made, facts) -> None:
    verdict = prove_facts(facts)
    assert verdict.passed, verdict.findings
    assert set(verdict.axioms[THEOREM]) <= {"propext", "Classical.choice", "Quot.sound"}
    share = decided_share(made[2], made[7])
    assert 0.3 < share.cells / share.whole < 1
    assert len({d.halves[0].action for d in made[7] if d.halves}) > 1


@pytest.mark.parametrize("what", ["cells", "whole"])
def test_a_share_overstated_by_one_cell_is_refused(made, facts, what) -> None:
    share = decided_share(made[2], made[7])
    theorem, number, false = {
        "cells": ("count_ok", share.cells, share.cells + 1),
        "whole": ("size_ok", share.whole, share.whole - 1),
    }[what]
    proofs = [re.sub(rf"\b{number}\b", str(false), line) for line in facts.proofs[NAMESPACE]]
    assert accepted(facts, theorem)
    assert not accepted(dataclasses.replace(facts, proofs={NAMESPACE: proofs}), theorem)


@pytest.mark.parametrize("what", ["tolerance", "high", "low", "above", "first", "scale", "bound", "table entry"])
def test_the_kernel_refuses_another_table(made, facts, what) -> None:
    """A smaller tolerance, a mean further out, another code, another action."""
    policy, table = made[0], made[4]
    row = literal(facts, "mean_codes", 3)
    code = table.first.index(row[0] - (1 << 31))
    if what == "tolerance":
        most = int(TOLERANCE * (1 << 149))
        changed = edited(facts, "tolerance", str(most), str(most * 99 // 100))
    elif what == "scale":
        bits = int(np.float32(policy.head.action_scale).view(np.uint32))
        changed = edited(facts, "action_scale", f"{bits:#010x}", f"{bits + (1 << 18):#010x}")
    elif what == "bound":
        changed = edited(facts, "action_bound", str(2 << 149), str(3 << 149))
    elif what == "table entry":  # the int8 program's own
        codes = {name: values.copy() for name, values in policy.tables.items()}
        codes["tanh"][code] += 20 if codes["tanh"][code] < 0 else -20
        other = dataclasses.replace(policy, tables=codes)
        own = within_facts(other, *made[1:], TOLERANCE)
        changed = dataclasses.replace(facts, terms={**facts.terms, POLICY: own.terms[POLICY]})
    else:
        place, by = {"high": (3, 64), "low": (2, -64), "above": (4, 2), "first": (0, -1)}[what]
        other = row.copy()
        other[place] += by
        name = next(line for line in facts.terms[NAMESPACE] if f"⟨{', '.join(map(str, row[:2]))}, " in line)
        shown = [", ".join(str(v) if v >= 0 else f"({v})" for v in numbers) for numbers in (row, other)]
        changed = edited(facts, name.split()[1], *shown)
    assert accepted(changed, "table_ok") is False


@pytest.mark.parametrize(
    "what", ["above", "last", "error limit", "code limit", "column", "root", "weight", "float weight"]
)
def test_the_kernel_refuses_other_bands(made, facts, what) -> None:
    policy, training = made[:2]
    lines = facts.terms[NAMESPACE]
    name = next(line for line in lines if line.startswith("def bands")).split()[1]
    band = literal(facts, name, 0)
    if what == "weight":
        weights = [layer.weight.copy() for layer in policy.layers]
        weights[1][0, 2] += 1 if weights[1][0, 2] < 127 else -1
        content = policy.file.model_dump(mode="json")
        content["weights_int8"] = encode(np.concatenate([w.ravel() for w in weights]), "i1")
        own = within_facts(policy_from_content("policy.json", content), *made[1:], TOLERANCE)
        changed = dataclasses.replace(facts, terms={**facts.terms, POLICY: own.terms[POLICY]})
    elif what == "float weight":
        bits = f"{int(training.actor[1][0][0, 1].view(np.uint32)):#010x}"
        changed = edited(facts, "float_last_0", bits, f"{int(bits, 16) ^ 1:#010x}")
    elif what == "root":  # a box with fewer codes than the observations have
        ends = [int(v) for v in made[3].root_high]
        changed = edited(facts, "plan", str(ends), str([v - 1 for v in ends]))
    elif what == "column":
        line = next(line for line in lines if line.startswith("def error_columns "))
        digit = line.split("0x", 1)[1][:12]
        changed = edited(facts, "error_columns", digit, digit[:-1] + ("0" if digit[-1] != "0" else "1"))
    else:  # the limits are the largest from which the band follows, and its codes allow no more
        place = {"above": 4, "last": 1, "error limit": 7, "code limit": 11}[what]
        other = band.copy()
        other[place] += 1
        changed = edited(facts, name, *map(_shown, (band, other)))
    assert accepted(changed, "bands_ok") is False


def _shown(band: list[int]) -> str:
    ends, error, code = (", ".join(map(str, part)) for part in (band[:6], band[6:10], band[10:]))
    return f"⟨{ends},\n   ⟨{error}⟩,\n   ⟨{code}⟩⟩"


@pytest.mark.parametrize("what", ["another band", "no band", "undecided", "cut"])
def test_the_kernel_refuses_another_leaf(made, facts, what) -> None:
    *_, bands, _, decided = made
    name = next(line for line in facts.terms[NAMESPACE] if re.match(r"def regions_\d+ .*\.leaf", line, re.S)).split()[1]
    text = next(line for line in facts.terms[NAMESPACE] if line.startswith(f"def {name} "))
    leaf = re.search(r"\.leaf \[⟨\[0, 0\], 0, (\d+), \[\]⟩\]", text)
    assert accepted(facts, f"{name}_ok")
    if what == "another band":  # every other one: some say too much of this leaf
        others = [b for b in range(len(bands)) if b != int(leaf[1])]
        changed = [edited(facts, name, leaf[0], leaf[0].replace(f" 0, {leaf[1]},", f" 0, {b},")) for b in others]
        assert not all(accepted(one, f"{name}_ok") for one in changed[:3])
        return
    if what == "no band":  # nothing would have to hold
        changed = edited(facts, name, leaf[0], leaf[0].replace(f" 0, {leaf[1]},", f" 0, {len(bands)},"))
    elif what == "undecided":
        most = max(range(len(bands)), key=lambda b: bands[b].stop - bands[b].start)
        assert any(not d.halves for d in decided)
        whole = edited(facts, "regions", text_of(facts, "regions"), f".leaf [⟨[0, 0], 0, {most}, []⟩]")
        proofs = ["theorem regions_ok : regions.all judge.test root.lo root.hi = true := by decide +kernel"]
        assert not accepted(dataclasses.replace(whole, proofs={NAMESPACE: proofs}), "regions_ok")
        return
    else:
        cut = re.search(r"\.split \d+ (\d+)", text)
        changed = edited(facts, name, cut[0], cut[0].replace(cut[1], "999"))
    assert not accepted(changed, f"{name}_ok")


def text_of(facts: Facts, name: str) -> str:
    """What a definition is."""
    line = next(line for line in facts.terms[NAMESPACE] if line.startswith(f"def {name} "))
    return line.split(":=\n", 1)[1].strip()


def test_tanh_is_bounded_where_it_is_and_nowhere_else() -> None:
    """Against decimal arithmetic, at `t` a little above and below tanh; what is false must not pass."""
    rng, true, false, unit = np.random.default_rng(3), [], [], 10**9
    for y in (*rng.uniform(-2.5, 2.5, 12), 0.0, 2.0**-20, -(2.0**-20)):
        low, high = tanh_bounds(Fraction(float(y)))
        number = int(Fraction(float(y)) * (1 << 149))
        true.append((number, int(high * unit) + 2, unit))
        false.append((number, int(low * unit) - 2, unit))
    true.append((int(1e9) << 149, unit, unit))  # tanh is nowhere above 1

    def claim(name: str, cases: list[tuple[int, int, int]], value: str) -> str:
        each = " ".join(f"(tanhAtMostOk ({y}) ({t}) {d} == {value}) &&" for y, t, d in cases)
        return f"theorem {name} : ({each} true) = true := by decide +kernel"

    text = ["import TinyVerify.Tanh.Thm", "open TinyVerify", claim("yes", true, "true"), claim("no", false, "false")]
    assert check_file("\n".join([*text, ""]), timeout=300).accepted
    assert not check_file("\n".join([*text[:2], claim("lie", true, "false"), ""]), timeout=300).accepted


def test_actions_on_decided_cells_are_within_the_tolerance(made) -> None:
    """Every cell of the lattice by enumeration: the count is exact, and samples of the box contradict no leaf."""
    policy, training, pair, _, _, _, tree, decided = made
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    grid = np.stack(np.meshgrid(*map(np.arange, pair.code_low, pair.code_high + 1), indexing="ij"), -1).reshape(-1, 2)
    assert _named(grid, low, high, decided).sum() == decided_share(pair, decided).cells
    x = box_samples(policy, 40_000)
    got = infer(policy, x.view(np.uint32))
    action = float32.values_of(action_bits(policy, got.action)).astype(np.float64)
    real = 2 * np.tanh(actor_from_tensors(training.tensors)(x)[:, 0].astype(np.float64))
    named = _named(got.codes - policy.input_zero_point.astype(np.int64), low, high, decided)
    assert 0.3 < named.mean() < 1
    assert np.abs(action - real)[named].max() <= float(TOLERANCE)


def _named(codes: np.ndarray, low: np.ndarray, high: np.ndarray, decided: list) -> np.ndarray:
    """Whether each of `codes` [n, d] lies in a decided leaf."""
    found = np.zeros(len(codes), bool)
    for first, last, leaf in zip(low, high, decided, strict=True):
        if leaf.halves:
            found |= ((first <= codes) & (codes <= last)).all(axis=1)
    return found

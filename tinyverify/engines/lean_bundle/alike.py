"""A certificate of the agreement of actions as a Lean file: a plan, columns of all pairs of actions, and a tree.

Serves `policy.action_agreement` of discrete policies. The theorem says on how many cells of the box's codes, of how
many, the int8 program and the float32 network take the same action, whatever the observation in the cell. The tree is
printed in parts, each with a theorem of its own, so that no run of the kernel grows with the tree. Leaves without an
action, and what lies between two halves of a leaf, count for nothing, here and in the theorem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.margins import Judge
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import CODES, tables
from tinyverify.engines.certify.sides import Decided, Half
from tinyverify.engines.certify.tree import Tree
from tinyverify.engines.lean_bundle.certified import float_network, observation_box, plan_lines
from tinyverify.engines.lean_bundle.columns import Lanes, lean_int, lean_ints, unit_columns
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.lean_bundle.render import terms as policy_terms
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY

NAMESPACE = "TinyVerify.Alike"
THEOREM = f"{NAMESPACE}.action_agreement"
FORMS = "Bundle.policy.network Bundle.policy.input float_network box"
PART = 8  # leaves with an action that one theorem decides


@dataclass(frozen=True)
class Share:
    """`cells` of `whole` cells of codes are decided, by `leaves` leaves."""

    cells: int
    whole: int
    leaves: int

    def volume(self, pair: Pair) -> Fraction:
        """The share of the observation box's volume that the decided cells hold, at least.

        The box ends inside its outermost cells, so it holds at least all cells but those; undecided cells count whole,
        and with them observations whose code is not the rounded one.
        """
        inner = 1
        for low, high in zip(pair.code_low, pair.code_high, strict=True):
            inner *= max(1, int(high) - int(low) - 1)
        return max(Fraction(0), 1 - Fraction(self.whole - self.cells, inner) - pair.sliver)


def decided_share(pair: Pair, decided: list[Decided]) -> Share:
    """What `alike_facts` claims for the leaves that have halves."""
    whole = 1
    for low, high in zip(pair.code_low, pair.code_high, strict=True):
        whole *= int(high) - int(low) + 1
    return Share(sum(d.cells for d in decided), whole, sum(bool(d.halves) for d in decided))


def largest_leaves(pair: Pair, decided: list[Decided], wanted: Fraction, most: int) -> list[Decided]:
    """Of the leaves the largest keep their halves: as many as a share `wanted` of the volume takes, at most `most`."""
    kept, order = [Decided()] * len(decided), sorted(range(len(decided)), key=lambda n: -decided[n].cells)
    cells, share = 0, decided_share(pair, kept)
    for count, leaf in enumerate(order[:most]):
        if not decided[leaf].halves or Share(cells, share.whole, count).volume(pair) >= wanted:
            break
        kept[leaf], cells = decided[leaf], cells + decided[leaf].cells
    return kept


def alike_statement(share: Share) -> str:
    """What the theorem says."""
    return f"AlikeOn {FORMS} root {share.cells} {share.whole}"


def alike_facts(
    policy: Policy, training: Training, pair: Pair, judge: Judge, tree: Tree, decided: list[Decided]
) -> Facts:
    """The file about `tree`, whose leaves have the halves of `decided`. Raises ValueError if a column is negative."""
    plan = judge.plan
    shown = [
        *float_network(training),
        *observation_box(policy),
        *plan_lines(plan, [0] * len(judge.highs), judge.highs, judge.lows),
        *_column_lines(judge),
        "/-- The box of codes. -/",
        f"def root : Cell :=\n  ⟨{lean_ints(plan.root_low)}, {lean_ints(plan.root_high)}⟩",
        "/-- What decides a leaf. -/",
        f"def judge : Judge :=\n  ⟨plan, columns, pair_columns, {judge.actions}⟩",
    ]
    parts = _Parts(tree, decided, plan.root_low, plan.root_high)
    share = decided_share(pair, decided)
    proofs = [
        *parts.proofs,
        f"theorem orders_ok : judge.plan.ordersOk {FORMS} judge.actions = true := by decide +kernel",
        "theorem columns_ok : judge.columnsOk = true := by decide +kernel",
        "theorem pairs_ok : judge.pairsHold = true := by decide +kernel",
        f"theorem count_ok : Nat.ble {share.cells} (regions.cells root.lo root.hi) = true := by decide +kernel",
        f"theorem size_ok : Nat.beq (cellsIn root.lo root.hi) {share.whole} = true := by decide +kernel",
        f"theorem action_agreement : {alike_statement(share)} :=",
        f"  AlikeOn.of_ok orders_ok columns_ok pairs_ok {parts.root_proof} count_ok size_ok",
        "",
    ]
    return Facts(
        modules=frozenset({"TinyVerify.Agreement.Thm"}),
        terms={POLICY: policy_terms(policy), NAMESPACE: [*shown, *parts.terms]},
        proofs={NAMESPACE: proofs},
        wanted={THEOREM: alike_statement(share)},
    )


def _column_lines(judge: Judge) -> list[str]:
    """`columns`, and `pair_columns`: those of each pair of actions with its limits."""
    plan, table = judge.plan, tables(judge.plan)
    codes, floats = slice(0, None, 2), slice(1, None, 2)
    lifted = table.e_slope[codes], table.code_constant[codes], table.x_slope[floats], table.constant[floats]
    lift = max(np.abs(part).max() for part in lifted)
    lanes = Lanes.of(plan, table, lift, max(table.change_up.max(), table.change_down.max()), 0)
    pairs = []
    for r, (a, b) in enumerate(judge.pairs):
        k, f = 2 * r, 2 * r + 1
        rest = int(table.floating[f])
        pairs.append(
            f"⟨{a}, {b},\n   {lanes.each(table.e_slope[k] + lift)},\n"
            f"   {lanes.reverse(table.code_constant[k] + lift)},\n"
            f"   {lanes.reverse(table.change_up[k])}, {lanes.reverse(table.change_down[k])},\n"
            f"   {lanes.reverse(table.rounding[k])}, {lanes.reverse(table.twice[k])},\n"
            f"   {lean_int(judge.highs[k])}, {lean_int(judge.lows[k])},\n"
            f"   {lanes.each(table.x_slope[f] + lift)},\n   {lanes.reverse(table.constant[f] + lift)},\n"
            f"   {lanes.reverse(table.change_up[f])}, {lanes.reverse(table.change_down[f])},\n"
            f"   {lean_int(judge.highs[f] - rest)}, {lean_int(judge.lows[f] - rest)}⟩"
        )
    lines, _ = list_definitions(
        "pair_columns", "PairColumns", pairs, "Columns of each pair of actions, and its limits."
    )
    return [*lines, *unit_columns(plan, table, lanes, "[]")]


class _Parts:
    """The tree as definitions and theorems; a node with more than PART decided leaves joins its two parts."""

    def __init__(self, tree: Tree, decided: list[Decided], low: np.ndarray, high: np.ndarray) -> None:
        self.terms: list[str] = []
        self.proofs: list[str] = []
        self._inner = tree.axis >= 0
        self._rank, self._leaf = np.cumsum(self._inner) - 1, np.cumsum(~self._inner) - 1
        self._tree, self._decided = tree, decided
        some = np.array([bool(d.halves) for d in decided])
        self._count = np.where(self._inner, 0, some[np.maximum(self._leaf, 0)].astype(np.int64))
        for node in np.flatnonzero(self._inner)[::-1]:  # children come after their parent
            first = self._first(node)
            self._count[node] = self._count[first] + self._count[first + 1]
        name, self.root_proof = self._node(0, [int(v) for v in low], [int(v) for v in high])
        self.terms += ["/-- The cuts. -/", f"def regions : Regions :=\n  {name}"]

    def _first(self, node: int) -> int:
        return 2 * int(self._rank[node]) + 1

    def _node(self, node: int, low: list[int], high: list[int]) -> tuple[str, str]:
        """The term of a node and the proof that its leaves pass."""
        if self._count[node] == 0:
            return ".undecided", "rfl"
        name = f"regions_{node}"
        proof = f"theorem {name}_ok : {name}.all judge.test {lean_ints(low)} {lean_ints(high)} = true :="
        if self._count[node] <= PART:
            self.terms.append(f"def {name} : Regions :=\n  {self._term(node, 0)}")
            self.proofs.append(f"{proof} by\n  decide +kernel")
            return name, f"{name}_ok"
        first, axis, cut = self._first(node), int(self._tree.axis[node]), int(self._tree.cut[node]) + CODES
        below, above = high.copy(), low.copy()
        below[axis], above[axis] = cut, cut + 1
        one, one_proof = self._node(first, low, below)
        two, two_proof = self._node(first + 1, above, high)
        self.terms.append(f"def {name} : Regions :=\n  .split {axis} {cut} {one} {two}")
        self.proofs.append(f"{proof}\n  Regions.all_split (by decide +kernel) rfl rfl {one_proof} {two_proof}")
        return name, f"{name}_ok"

    def _term(self, node: int, level: int, depth: int = 6) -> str:
        """The term of a part, with a definition of its own for every subtree `depth` levels apart."""
        if self._count[node] == 0:
            return ".undecided"
        if not self._inner[node]:
            halves = self._decided[self._leaf[node]].halves
            return f".leaf [{', '.join(map(_half, halves))}]"
        if level == depth:
            name = f"cuts_{node}"
            self.terms.append(f"def {name} : Regions :=\n  {self._term(node, 0)}")
            return name
        first, axis, cut = self._first(node), int(self._tree.axis[node]), int(self._tree.cut[node]) + CODES
        return f".split {axis} {cut} ({self._term(first, level + 1)}) ({self._term(first + 1, level + 1)})"


def _half(half: Half) -> str:
    nus = ", ".join(f"({code}, {logit})" for code, logit in half.multipliers)
    return f"⟨{lean_ints(half.c)}, {lean_int(half.limit)}, {half.action}, [{nus}]⟩"

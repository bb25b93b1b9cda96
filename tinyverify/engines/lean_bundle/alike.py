"""A certificate of the agreement of actions as a Lean file: a plan for each action, and a tree of cuts with actions.

Serves `policy.action_agreement` of discrete policies. The theorem says on how many cells of the box's codes, of how
many, the int8 program and the float32 network take the same action, whatever the observation in the cell. The tree is
printed in parts, each with a theorem of its own, so that no run of the kernel grows with the tree. Leaves without an
action count for nothing, here and in the theorem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.margins import Winner, cells_of, lower_limits
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import CODES
from tinyverify.engines.certify.tree import Tree, leaf_boxes
from tinyverify.engines.lean_bundle.certified import column_lines, float_network, observation_box, plan_lines
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.render import terms as policy_terms
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY

NAMESPACE = "TinyVerify.Alike"
THEOREM = f"{NAMESPACE}.action_agreement"
FORMS = "Bundle.policy.network Bundle.policy.input float_network box root"
PART = 48  # leaves with an action that one theorem decides


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


def decided_share(pair: Pair, tree: Tree, action: np.ndarray) -> Share:
    """What `alike_facts` claims for the leaves with `action` >= 0."""
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    decided = action >= 0
    return Share(cells_of(low[decided], high[decided]), cells_of(low, high), int(decided.sum()))


def alike_statement(share: Share) -> str:
    """What the theorem says."""
    return f"AlikeOn {FORMS} {share.cells} {share.whole}"


def alike_facts(
    policy: Policy, training: Training, pair: Pair, winners: list[Winner], tree: Tree, action: np.ndarray
) -> Facts:
    """The file about `tree`, whose leaves carry `action` [leaves], -1 for none. Raises ValueError as `column_lines`."""
    plan, names = winners[0].plan, [f"⟨plan_{a}, columns_{a}⟩" for a in range(len(winners))]
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    shown = [*float_network(training), *observation_box(policy)]
    for a, won in enumerate(winners):
        lows = lower_limits(won, low[action == a], high[action == a])
        shown += plan_lines(won.plan, [0] * len(won.limits), won.limits, lows, f"_{a}")
        shown += column_lines(won.plan, won.limits, lows, f"_{a}")
    shown += [
        "/-- The box of codes. -/",
        f"def root : Cell :=\n  ⟨{_list(plan.root_low)}, {_list(plan.root_high)}⟩",
        "/-- The actions' plans. -/",
        f"def winners : List Winner :=\n  [{', '.join(names)}]",
    ]
    parts = _Parts(tree, action, plan.root_low, plan.root_high)
    share = decided_share(pair, tree, action)
    proofs, linked = [*parts.proofs], "rfl"
    for a in reversed(range(len(winners))):
        proofs += [
            f"theorem wins_{a}_ok : plan_{a}.winsOk {FORMS.removesuffix(' root')} {a} = true := by decide +kernel",
            f"theorem columns_{a}_ok : columns_{a}.ok plan_{a} = true := by decide +kernel",
        ]
        linked = f"(winnersOk_cons wins_{a}_ok columns_{a}_ok (by decide +kernel) {linked})"
    proofs += [
        f"theorem linked_ok : winnersOk {FORMS} 0 winners = true :=\n  {linked}",
        f"theorem count_ok : Nat.ble {share.cells} (regions.cells root.lo root.hi) = true := by decide +kernel",
        f"theorem size_ok : Nat.beq (cellsIn root.lo root.hi) {share.whole} = true := by decide +kernel",
        f"theorem action_agreement : {alike_statement(share)} :=",
        f"  AlikeOn.of_ok linked_ok {parts.root_proof} count_ok size_ok",
        "",
    ]
    return Facts(
        modules=frozenset({"TinyVerify.Agreement.Thm"}),
        terms={POLICY: policy_terms(policy), NAMESPACE: [*shown, *parts.terms]},
        proofs={NAMESPACE: proofs},
        wanted={THEOREM: alike_statement(share)},
    )


class _Parts:
    """The tree as definitions and theorems; a node with more than PART decided leaves joins its two parts."""

    def __init__(self, tree: Tree, action: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        self.terms: list[str] = []
        self.proofs: list[str] = []
        self._inner = tree.axis >= 0
        self._rank, self._leaf = np.cumsum(self._inner) - 1, np.cumsum(~self._inner) - 1
        self._tree, self._action = tree, action
        self._count = np.where(self._inner, 0, (action[np.maximum(self._leaf, 0)] >= 0).astype(np.int64))
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
        proof = f"theorem {name}_ok : {name}.all (winnerTest winners) {_list(low)} {_list(high)} = true :="
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
            return f".action {int(self._action[self._leaf[node]])}"
        if level == depth:
            name = f"cuts_{node}"
            self.terms.append(f"def {name} : Regions :=\n  {self._term(node, 0)}")
            return name
        first, axis, cut = self._first(node), int(self._tree.axis[node]), int(self._tree.cut[node]) + CODES
        return f".split {axis} {cut} ({self._term(first, level + 1)}) ({self._term(first + 1, level + 1)})"


def _list(values: np.ndarray | list[int]) -> str:
    return "[" + ", ".join(str(int(v)) for v in values) + "]"

"""A tree of cuts whose leaves name what is sure on them, as Lean text, and the share of the box that they decide.

Serves `policy.action_agreement`. The tree is printed in parts, each with a theorem of its own, so that no run of the
kernel grows with the tree. What no leaf names counts for nothing, here and in the theorem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import CODES
from tinyverify.engines.certify.sides import Decided, Half
from tinyverify.engines.certify.tree import Tree
from tinyverify.engines.lean_bundle.columns import lean_int, lean_ints

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
    """What a certificate claims for the leaves that have halves."""
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


class Parts:
    """The tree as definitions and theorems; a node with more than PART decided leaves joins its two parts.

    `terms`, `proofs`: Lean text; `root_proof`: the proof that all leaves pass.
    """

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

"""A tree of cuts over the lattice of codes: its leaves cover the whole box by construction.

Serves `policy.logit_error`, `policy.action_agreement`. Nodes lie in level order; the children of the k-th inner node
(from 0) are nodes 2k + 1 and 2k + 2, so that no list of cuts can leave a part of the box out or count it twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAF = -1


class TreeError(ValueError):
    """A list of cuts that is not a tree over its box; `node` is the first bad one."""

    def __init__(self, node: int, message: str) -> None:
        self.node = node
        super().__init__(f"node {node} {message}")


@dataclass(frozen=True)
class Tree:
    """`axis` int8 [nodes], -1 for a leaf; `cut` int16 [nodes]: the first child has n <= cut, the second n > cut."""

    axis: np.ndarray
    cut: np.ndarray

    @property
    def leaves(self) -> int:
        return int((self.axis == LEAF).sum())


class Growing:
    """A tree that a search grows: `low`, `high` [nodes, d] of every node, and `child`, its first child or -1."""

    def __init__(self, low: np.ndarray, high: np.ndarray) -> None:
        self.low, self.high = low[None].astype(np.int64), high[None].astype(np.int64)
        self.axis = np.array([LEAF])
        self.cut = np.array([0])
        self.child = np.array([LEAF])

    def split(self, nodes: np.ndarray, axis: np.ndarray) -> np.ndarray:
        """Halve `nodes` along `axis`, where they must be wider than one code; the new nodes, in pairs."""
        rows = np.arange(len(nodes))
        low, high = np.repeat(self.low[nodes], 2, axis=0), np.repeat(self.high[nodes], 2, axis=0)
        cut = (low[::2][rows, axis] + high[::2][rows, axis]) >> 1
        high[2 * rows, axis], low[2 * rows + 1, axis] = cut, cut + 1
        count = len(self.axis)
        self.axis[nodes], self.cut[nodes], self.child[nodes] = axis, cut, count + 2 * rows
        self.low, self.high = np.concatenate([self.low, low]), np.concatenate([self.high, high])
        leaf = np.full(2 * len(nodes), LEAF)
        self.axis, self.child = np.concatenate([self.axis, leaf]), np.concatenate([self.child, leaf])
        self.cut = np.concatenate([self.cut, 0 * leaf])
        return count + np.arange(2 * len(nodes))

    def finish(self) -> tuple[Tree, np.ndarray]:
        """The tree in level order, and the index here of each of its leaves, in that order."""
        order, level = [], np.array([0])
        while len(level):
            order.append(level)
            first = self.child[level][self.child[level] >= 0]
            level = np.stack([first, first + 1], axis=1).reshape(-1)
        nodes = np.concatenate(order)
        tree = Tree(self.axis[nodes].astype(np.int8), self.cut[nodes].astype(np.int16))
        return tree, nodes[tree.axis == LEAF]


def leaf_boxes(tree: Tree, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Boxes [leaves, d] of the leaves in level order, for the root box [low, high]. Raises TreeError."""
    axis, cut = tree.axis.astype(np.int64), tree.cut.astype(np.int64)
    count, dim = len(axis), len(low)
    if axis.shape != cut.shape or count != 2 * int((axis != LEAF).sum()) + 1:
        raise TreeError(count, "ends the list, which holds another number of inner nodes and leaves than a tree")
    bad = np.flatnonzero((axis < LEAF) | (axis >= dim))
    if len(bad):
        raise TreeError(int(bad[0]), f"cuts axis {axis[bad[0]]} of {dim}")
    lows, highs = np.empty((count, dim), np.int64), np.empty((count, dim), np.int64)
    lows[0], highs[0] = low, high
    start, end = 0, 1  # nodes of one level
    while start < end:
        inner = start + np.flatnonzero(axis[start:end] != LEAF)
        rank = int((axis[:start] != LEAF).sum())
        first = 2 * (rank + np.arange(len(inner))) + 1
        along, at = axis[inner], cut[inner]
        bad = np.flatnonzero((at < lows[inner, along]) | (at >= highs[inner, along]))
        if len(bad):
            raise TreeError(int(inner[bad[0]]), f"cuts axis {along[bad[0]]} at {at[bad[0]]}, outside its box")
        for child in (first, first + 1):
            lows[child], highs[child] = lows[inner], highs[inner]
        highs[first, along], lows[first + 1, along] = at, at + 1
        start, end = end, end + 2 * len(inner)
    if start != count:
        raise TreeError(start, "is not reached from the root")
    leaves = axis == LEAF
    return lows[leaves], highs[leaves]

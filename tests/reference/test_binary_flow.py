"""The nest of loops, against strongly connected components found by brute force, and loops with two entries refused."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.flow import _components, _nest


def reachable(graph: dict[int, tuple[int, ...]], start: int) -> set[int]:
    seen, todo = set(), [start]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(graph[node])
    return seen


@pytest.mark.parametrize("seed", range(40))
def test_components_are_those_of_mutual_reachability_in_topological_order(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 12))
    graph = {n: tuple(int(v) for v in np.unique(rng.integers(0, count, rng.integers(0, 4)))) for n in range(count)}
    found = _components(graph, 0)
    whole = reachable(graph, 0)
    assert set().union(*found) == whole and sum(map(len, found)) == len(whole)
    for part in found:
        node = next(iter(part))
        assert part == {n for n in reachable(graph, node) if node in reachable(graph, n)}
    place = {n: k for k, part in enumerate(found) for n in part}
    assert all(place[u] <= place[v] for u in whole for v in graph[u])


def test_nested_loops():
    #  0 -> 1 -> 2 -> 3 -> 2, 3 -> 1, 1 -> 4
    graph = {0: (1,), 1: (2, 4), 2: (3,), 3: (2, 1), 4: ()}
    loops, positions = _nest(graph, 0)
    assert loops == {0: (), 1: (1,), 2: (1, 2), 3: (1, 2), 4: ()}
    assert all(len(positions[n]) == len(loops[n]) + 1 for n in graph)
    assert positions[0] < positions[1] < positions[2] < positions[3] < positions[4]


def test_a_loop_with_two_entries_is_refused():
    with pytest.raises(NotUnderstood, match="two entries"):
        _nest({0: (1, 2), 1: (2,), 2: (1, 3), 3: ()}, 0)

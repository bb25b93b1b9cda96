"""The bound of a small graph against all of its paths, walked one by one; the certificate against edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tinyverify.engines.wcet.certificate import CertificateError, check, check_against, from_json, to_json
from tinyverify.engines.wcet.graph import CostGraph, Limit
from tinyverify.engines.wcet.ipet import bound


def graph(edges: dict[tuple[int, int], int], limits: list[Limit], nodes: int) -> CostGraph:
    names = tuple(((), k, ()) for k in range(nodes))
    counts = dict.fromkeys(edges, 1)
    return CostGraph("test", names, (None,) * nodes, ((),) * nodes, edges, tuple(limits), counts)


def random_loop_graph(rng: np.random.Generator) -> CostGraph:
    """0 -> a loop (1 .. 4, with a branch and an inner loop at 3) -> 5, costs and bounds at random."""
    pairs = [(0, 1), (1, 2), (1, 3), (2, 4), (3, 3), (3, 4), (4, 1), (4, 5), (0, 5)]
    edges = {pair: int(rng.integers(0, 60)) for pair in pairs}
    outer, inner, most = int(rng.integers(0, 4)), int(rng.integers(0, 4)), int(rng.integers(0, 5))
    limits = [
        Limit("loop", ((4, 1, 1), (0, 1, -outer)), 0, "outer"),
        Limit("loop", ((3, 3, 1), (1, 3, -inner)), 0, "inner"),
        Limit("count", ((1, 3, 1),), most, "branch"),
    ]
    return graph(edges, limits, 6)


def costliest(cost: CostGraph) -> int:
    """By walking every path that respects the limits."""
    best, todo = -1, [(0, 0, ())]
    while todo:
        node, spent, taken = todo.pop()
        if node == cost.last:
            if all(
                sum(c * taken.count((s, t)) for s, t, c in limit.coefficients) <= limit.total for limit in cost.limits
            ):
                best = max(best, spent)
            continue
        for (source, target), cycles in cost.edges.items():
            edge = (source, target)
            if source == node and taken.count(edge) < 17 and _may(cost, taken, edge):
                todo.append((target, spent + cycles, (*taken, edge)))
    return best


def _may(cost: CostGraph, taken: tuple, edge: tuple[int, int]) -> bool:
    """Whether no limit is beyond repair after `edge`: entries come before the back edges that they allow."""
    after = (*taken, edge)
    return all(
        sum(c * after.count((s, t)) for s, t, c in limit.coefficients) <= limit.total
        for limit in cost.limits
        if edge in [(s, t) for s, t, c in limit.coefficients if c > 0]
    )


@pytest.mark.parametrize("seed", range(25))
def test_the_bound_is_the_costliest_path(seed):
    cost = random_loop_graph(np.random.default_rng(seed))
    found = bound(cost)
    exact = costliest(cost)
    assert found.cycles >= exact
    assert found.cycles == exact, "this shape of graph has a tight linear program"
    assert check(found.certificate) == found.cycles
    assert from_json(to_json(found.certificate)) == found.certificate


@pytest.fixture
def certified():
    cost = random_loop_graph(np.random.default_rng(3))
    return cost, bound(cost).certificate


def test_edited_certificates_are_refused(certified):
    cost, certificate = certified
    s, t, cycles = certificate.edges[1]
    cheaper = (certificate.edges[0], (s, t, cycles - 1), *certificate.edges[2:])
    with pytest.raises(CertificateError, match="another flow graph"):
        check_against(replace(certificate, edges=cheaper), cost)
    with pytest.raises(CertificateError, match="another flow graph"):
        check_against(replace(certificate, edges=certificate.edges[1:]), cost)
    with pytest.raises(CertificateError, match="another node"):
        check_against(replace(certificate, first=1), cost)
    with pytest.raises(CertificateError, match="the certificate pays"):
        lowered = (certificate.potentials[0] - 1, *certificate.potentials[1:])
        check_against(replace(certificate, potentials=lowered), cost)
    with pytest.raises(CertificateError, match="scale"):
        check(replace(certificate, scale=0))
    with pytest.raises(CertificateError, match="twice"):
        check(replace(certificate, edges=(*certificate.edges, certificate.edges[0])))
    with pytest.raises(CertificateError, match="without a potential"):
        check(replace(certificate, potentials=certificate.potentials[:-1]))


def test_invented_limits_and_multipliers_are_refused(certified):
    cost, certificate = certified
    dual = next(d for d in certificate.duals if d.multiplier)
    rest = tuple(d for d in certificate.duals if d is not dual)
    smaller = replace(dual, limit=replace(dual.limit, total=dual.limit.total - 1))
    with pytest.raises(CertificateError, match="not among those derived"):
        check_against(replace(certificate, duals=(smaller, *rest)), cost)
    with pytest.raises(CertificateError, match="negative"):
        check_against(replace(certificate, duals=(replace(dual, multiplier=-1), *rest)), cost)
    with pytest.raises(CertificateError, match="the certificate pays"):
        check_against(replace(certificate, duals=rest), cost)


@pytest.mark.parametrize(
    "edit",
    [
        {"scale": 1.0},
        {"scale": True},
        {"potentials": ["0"]},
        {"edges": [[0, 1]]},
        {"edges": [[0, 1, 2.5]]},
        {"duals": [{"multiplier": 1}]},
        {"duals": None},
    ],
)
def test_malformed_certificates_are_refused(certified, edit):
    with pytest.raises(CertificateError, match="malformed"):
        from_json({**to_json(certified[1]), **edit})

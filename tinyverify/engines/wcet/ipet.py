"""The longest path that respects all limits, by linear programming (implicit path enumeration).

Serves `wcet.*`. Untrusted: whatever HiGHS says about multipliers is rounded to fractions, the potentials are recomputed
in exact arithmetic, and certificate.py checks the result. A wrong answer here can make the bound loose or missing,
never too low.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from tinyverify.engines.wcet.certificate import Certificate, CertificateError, Dual, check_against
from tinyverify.engines.wcet.graph import CostGraph

if TYPE_CHECKING:
    from scipy.sparse import coo_matrix

_DENOMINATOR = 1000  # multipliers are sums and ratios of edge costs; in practice integers


@dataclass(frozen=True)
class Bound:
    """`cycles`: shown by `certificate`. `flow`: how often the longest path takes each edge, as the solver has it."""

    cycles: int
    certificate: Certificate
    flow: dict[tuple[int, int], float]


def bound(graph: CostGraph) -> Bound:
    """The bound on any run of `graph`, with its checked certificate. Raises CertificateError if none was found."""
    from scipy.optimize import linprog  # half a second to import: not for every worker process

    edges = list(graph.edges)
    at = {edge: k for k, edge in enumerate(edges)}
    ratios = [limit for limit in graph.limits if limit.kind == "loop"]
    counts = [limit for limit in graph.limits if limit.kind == "count"]
    upper = np.full(len(edges), np.inf)
    for limit in counts:
        upper[at[limit.coefficients[0][:2]]] = limit.total
    balance = np.zeros(len(graph.nodes))
    balance[graph.first], balance[graph.last] = 1, -1
    rows = [(node, at[edge], sign) for edge in edges for node, sign in ((edge[0], 1), (edge[1], -1))]
    loop_rows = [(k, at[(s, t)], c) for k, limit in enumerate(ratios) for s, t, c in limit.coefficients]
    solution = linprog(
        c=[-float(graph.edges[edge]) for edge in edges],
        A_eq=_matrix(rows, len(graph.nodes), len(edges)),
        b_eq=balance,
        A_ub=_matrix(loop_rows, len(ratios), len(edges)) if ratios else None,
        b_ub=[limit.total for limit in ratios] if ratios else None,
        bounds=np.column_stack([np.zeros(len(edges)), upper]),
        method="highs",
    )
    if solution.status != 0:
        raise CertificateError(f"the linear program has no solution: {solution.message}")
    prices = [-p for p in solution.ineqlin.marginals] if ratios else []
    multipliers = list(zip(ratios, prices, strict=True))
    multipliers += [(limit, -solution.upper.marginals[at[limit.coefficients[0][:2]]]) for limit in counts]
    exact = [(limit, Fraction(float(value)).limit_denominator(_DENOMINATOR)) for limit, value in multipliers]
    certificate = _certificate(graph, [(limit, value) for limit, value in exact if value > 0])
    flow = {edge: float(solution.x[k]) for k, edge in enumerate(edges)}
    return Bound(check_against(certificate, graph), certificate, flow)


def _matrix(entries: list[tuple[int, int, int]], rows: int, columns: int) -> coo_matrix:
    from scipy.sparse import coo_matrix

    row, column, value = zip(*entries, strict=True)
    return coo_matrix((np.array(value, float), (row, column)), shape=(rows, columns))


def _certificate(graph: CostGraph, multipliers: list[tuple]) -> Certificate:
    """Scale the multipliers to integers and give each node the least potential that they allow."""
    scale = lcm(1, *(value.denominator for _, value in multipliers))
    duals = tuple(Dual(limit, int(value * scale)) for limit, value in multipliers)
    left = {edge: scale * cost for edge, cost in graph.edges.items()}
    for dual in duals:
        for source, target, coefficient in dual.limit.coefficients:
            left[(source, target)] -= dual.multiplier * coefficient
    potentials: list[int | None] = [None] * len(graph.nodes)
    potentials[graph.last] = 0
    for _ in range(len(graph.nodes) + 1):
        changed = False
        for (source, target), weight in left.items():
            beyond = potentials[target]
            if beyond is not None and (potentials[source] is None or potentials[source] < beyond + weight):
                potentials[source] = beyond + weight
                changed = True
        if not changed:
            break
    else:
        raise CertificateError("the rounded multipliers leave a loop that gains")
    if any(p is None for p in potentials):
        raise CertificateError("a node from which the end is not reached")
    edges = tuple((s, t, cost) for (s, t), cost in sorted(graph.edges.items()))
    return Certificate(scale, graph.first, graph.last, edges, tuple(potentials), duals)

"""The certificate of a bound, and its check in exact integers.

Serves `wcet.*`; the same form as `TinyVerify.Certificate` in lean/TinyVerify/Flow, whose theorem
`Certificate.bounds_every_path` says what the check shows: no path from `first` to `last` that respects the limits costs
more than the bound. Nothing here looks for a certificate (ipet.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.engines.wcet.graph import CostGraph, Limit


class CertificateError(Exception):
    """A certificate that does not show its bound, with the first thing that is wrong."""


@dataclass(frozen=True)
class Dual:
    """A limit with its multiplier, a natural number."""

    limit: Limit
    multiplier: int


@dataclass(frozen=True)
class Certificate:
    """`edges`: (source, target, cycles). `potentials[node]` and the multipliers are in units of 1 / `scale`."""

    scale: int
    first: int
    last: int
    edges: tuple[tuple[int, int, int], ...]
    potentials: tuple[int, ...]
    duals: tuple[Dual, ...]


def check(certificate: Certificate) -> int:
    """The bound in whole cycles that `certificate` shows. Raises CertificateError if it shows none.

    For each edge: scale * cost <= potential(source) - potential(target) + sum over duals of multiplier * coefficient.
    The bound is potential(first) - potential(last) + sum of multiplier * total, divided by scale.
    """
    c = certificate
    if c.scale < 1:
        raise CertificateError("the scale is not positive")
    if any(d.multiplier < 0 for d in c.duals):
        raise CertificateError("a multiplier is negative")
    if len({(source, target) for source, target, _ in c.edges}) != len(c.edges):
        raise CertificateError("an edge appears twice")
    if not all(0 <= node < len(c.potentials) for edge in c.edges for node in edge[:2]):
        raise CertificateError("an edge has a node without a potential")
    credit: dict[tuple[int, int], int] = {}
    for dual in c.duals:
        for source, target, coefficient in dual.limit.coefficients:
            credit[(source, target)] = credit.get((source, target), 0) + dual.multiplier * coefficient
    for source, target, cost in c.edges:
        paid = c.potentials[source] - c.potentials[target] + credit.get((source, target), 0)
        if c.scale * cost > paid:
            raise CertificateError(f"the edge {source} -> {target} costs {c.scale * cost}, the certificate pays {paid}")
    bound = c.potentials[c.first] - c.potentials[c.last] + sum(d.multiplier * d.limit.total for d in c.duals)
    return bound // c.scale


def check_against(certificate: Certificate, graph: CostGraph) -> int:
    """`check`, and that the certificate is about `graph`: its edges and costs, and only limits that it has."""
    if sorted(certificate.edges) != sorted((s, t, cost) for (s, t), cost in graph.edges.items()):
        raise CertificateError("the certificate is about another flow graph")
    if (certificate.first, certificate.last) != (graph.first, graph.last):
        raise CertificateError("the certificate starts or ends at another node")
    known = {(limit.coefficients, limit.total) for limit in graph.limits}
    for dual in certificate.duals:
        if (dual.limit.coefficients, dual.limit.total) not in known:
            raise CertificateError(f"a limit is not among those derived from the binary: {dual.limit.reason}")
    return check(certificate)


def to_json(certificate: Certificate) -> dict:
    """Plain data, lists of integers and reasons."""
    return {
        "scale": certificate.scale,
        "first": certificate.first,
        "last": certificate.last,
        "edges": [list(edge) for edge in certificate.edges],
        "potentials": list(certificate.potentials),
        "duals": [
            {
                "kind": d.limit.kind,
                "multiplier": d.multiplier,
                "total": d.limit.total,
                "coefficients": [list(entry) for entry in d.limit.coefficients],
                "reason": d.limit.reason,
            }
            for d in certificate.duals
        ],
    }


def from_json(data: dict) -> Certificate:
    """The certificate that `to_json` wrote. Raises CertificateError for anything that is not of that form."""
    try:
        duals = tuple(
            Dual(
                Limit(
                    str(d["kind"]), tuple(_triple(e) for e in d["coefficients"]), _integer(d["total"]), str(d["reason"])
                ),
                _integer(d["multiplier"]),
            )
            for d in data["duals"]
        )
        return Certificate(
            scale=_integer(data["scale"]),
            first=_integer(data["first"]),
            last=_integer(data["last"]),
            edges=tuple(_triple(e) for e in data["edges"]),
            potentials=tuple(_integer(p) for p in data["potentials"]),
            duals=duals,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CertificateError(f"malformed certificate: {error!r}") from error


def _integer(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not an integer")
    return value


def _triple(value: object) -> tuple[int, int, int]:
    source, target, amount = value
    return _integer(source), _integer(target), _integer(amount)

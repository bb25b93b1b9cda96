"""Certificates of worst-case bounds as facts for Lean's kernel.

Serves `wcet.*` (costs in cycles) and `stack.depth` (bytes). Each theorem speaks about every path of a printed flow
graph that respects the printed limits; that graph, limits and costs are those of the binary is not shown here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.wcet.certificate import Certificate, check

NAMESPACE = "TinyVerify.Flow"


def theorem_name(label: str) -> str:
    """Full name of the theorem about the certificate `label`, a Lean identifier."""
    return f"{NAMESPACE}.{label}.path_bound"


def flow_statement(label: str, certificate: Certificate) -> str:
    """What the file proves: no path that respects the limits takes more than the certificate's whole cycles.

    Raises CertificateError if the certificate shows no bound.
    """
    ends, cycles = f"{certificate.first} {certificate.last}", check(certificate)
    return (
        f"∀ path, Path {label}.graph {ends} path → Respects (dualLimits {label}.certificate.duals) path → "
        f"pathCost path ≤ (({cycles} : Nat) : Int)"
    )


def flow_facts(certificates: Mapping[str, Certificate]) -> Facts:
    """The bounds of `certificates`, each under its label. Raises CertificateError if one shows none."""
    proofs = []
    for label, certificate in certificates.items():
        ends = f"{certificate.first} {certificate.last}"
        shown = f"{label}.certificate.shows {label}.graph {ends} {check(certificate)} = true"
        proofs += [
            f"theorem {label}.shows_ok : {shown} := by decide +kernel",
            f"theorem {label}.path_bound : {flow_statement(label, certificate)} :=",
            f"  {label}.certificate.cycles_of_shows {label}.shows_ok",
            "",
        ]
    return Facts(
        modules=frozenset({"TinyVerify.Flow.Thm"}),
        terms={f"{NAMESPACE}.{label}": _terms(certificate) for label, certificate in certificates.items()},
        proofs={NAMESPACE: proofs},
        wanted={theorem_name(label): flow_statement(label, c) for label, c in certificates.items()},
    )


def _terms(certificate: Certificate) -> list[str]:
    edges = [f"⟨{source}, {target}, {cost}⟩" for source, target, cost in certificate.edges]
    lines, _ = list_definitions("graph", "Edge", edges, "Edges: source, target, cost.")
    for index, dual in enumerate(certificate.duals):
        terms = [f"⟨{source}, {target}, {value}⟩" for source, target, value in dual.limit.coefficients]
        reason = " ".join(dual.limit.reason.replace("-/", "- /").replace("/-", "/ -").split())
        more, _ = list_definitions(f"coefficients{index}", "Edge", terms, f"Coefficients of limit {index}. {reason}.")
        lines += [*more, f"def limit{index} : Limit :=\n  ⟨coefficients coefficients{index}, {dual.limit.total}⟩"]
    duals = [f"⟨limit{index}, {dual.multiplier}⟩" for index, dual in enumerate(certificate.duals)]
    more, _ = list_definitions("duals", "Dual", duals, "Each limit with its multiplier.")
    return [
        *lines,
        *more,
        "/-- Potential of each node. -/",
        f"def potential : PotentialTree :=\n  {_tree(certificate.potentials)}",
        "/-- The certificate. -/",
        f"def certificate : Certificate :=\n  ⟨{certificate.scale}, potential.at, duals⟩",
    ]


def _tree(values: Sequence[int]) -> str:
    """A balanced `PotentialTree` of `values`, broken into lines at every leaf pair."""
    if len(values) <= 1:
        return f".leaf {f'({values[0]})' if values[0] < 0 else values[0]}" if values else ".leaf 0"
    middle = len(values) // 2
    left, right = _tree(values[:middle]), _tree(values[middle:])
    return f".node {middle} ({left})\n  ({right})"

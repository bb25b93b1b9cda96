"""A certificate of a worst-case bound as a Lean file, and the kernel's verdict on it.

Serves `wcet.*`. The theorem speaks about every path of the printed flow graph that respects the printed limits; that
the graph and its limits are those of the binary, and the costs those of the core, is not shown here.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinyverify.engines.lean.gate import GateResult, gate
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.wcet.certificate import Certificate, check

NAMESPACE = "TinyVerify.Flow"
THEOREM = f"{NAMESPACE}.path_bound"


def flow_statement(certificate: Certificate) -> str:
    """What the file proves: no path that respects the limits takes more than the certificate's whole cycles.

    Raises CertificateError if the certificate shows no bound.
    """
    ends, cycles = f"{certificate.first} {certificate.last}", check(certificate)
    return (
        f"∀ path, Path graph {ends} path → Respects (dualLimits certificate.duals) path → "
        f"pathCost path ≤ (({cycles} : Nat) : Int)"
    )


def flow_definitions(certificate: Certificate) -> str:
    """The flow graph, the limits and the certificate as Lean terms."""
    edges = [f"⟨{source}, {target}, {cost}⟩" for source, target, cost in certificate.edges]
    lines, _ = list_definitions("graph", "Edge", edges, "Edges: source, target, cycles.")
    for index, dual in enumerate(certificate.duals):
        terms = [f"⟨{source}, {target}, {value}⟩" for source, target, value in dual.limit.coefficients]
        reason = " ".join(dual.limit.reason.replace("-/", "- /").replace("/-", "/ -").split())
        more, _ = list_definitions(f"coefficients{index}", "Edge", terms, f"Coefficients of limit {index}. {reason}.")
        lines += [*more, f"def limit{index} : Limit :=\n  ⟨coefficients coefficients{index}, {dual.limit.total}⟩"]
    duals = [f"⟨limit{index}, {dual.multiplier}⟩" for index, dual in enumerate(certificate.duals)]
    more, _ = list_definitions("duals", "Dual", duals, "Each limit with its multiplier.")
    lines += [
        *more,
        "/-- Potential of each node. -/",
        f"def potential : PotentialTree :=\n  {_tree(certificate.potentials)}",
        "/-- The certificate. -/",
        f"def certificate : Certificate :=\n  ⟨{certificate.scale}, potential.at, duals⟩",
    ]
    return "\n".join([f"open TinyVerify\n\nnamespace {NAMESPACE}", "", *lines, "", f"end {NAMESPACE}", ""])


def render_flow(certificate: Certificate) -> str:
    """The Lean file that proves the bound of `certificate`. Raises CertificateError if it shows none."""
    shown = f"certificate.shows graph {certificate.first} {certificate.last} {check(certificate)} = true"
    theorem = f"theorem path_bound : {flow_statement(certificate)} :=\n  certificate.cycles_of_shows shows_ok"
    return "\n".join(
        [
            "import TinyVerify.Flow.Thm",
            "",
            "/-! A worst-case bound: every path of a flow graph. -/",
            "",
            flow_definitions(certificate),
            f"namespace {NAMESPACE}",
            "",
            f"theorem shows_ok : {shown} := by decide +kernel",
            "",
            theorem,
            "",
            f"end {NAMESPACE}",
            "",
        ]
    )


def prove_flow(certificate: Certificate, source: str | None = None, timeout: float = 300.0) -> GateResult:
    """The gate's verdict on `source` (default: the file printed here) as a proof of the bound of `certificate`.

    Passed means that Lean's kernel accepted the theorem `THEOREM`. Raises CertificateError, LeanNotFound,
    LeanBuildError.
    """
    trusted = flow_definitions(certificate) + f"\nopen {NAMESPACE}\n"
    text = render_flow(certificate) if source is None else source
    return gate(text, {THEOREM: flow_statement(certificate)}, definitions=trusted, timeout=timeout)


def _tree(values: Sequence[int]) -> str:
    """A balanced `PotentialTree` of `values`, broken into lines at every leaf pair."""
    if len(values) <= 1:
        return f".leaf {f'({values[0]})' if values[0] < 0 else values[0]}" if values else ".leaf 0"
    middle = len(values) // 2
    left, right = _tree(values[:middle]), _tree(values[middle:])
    return f".node {middle} ({left})\n  ({right})"

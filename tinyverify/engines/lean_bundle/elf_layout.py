"""Sections, images and symbols of the linked firmware as a Lean file, and the kernel's verdict on it.

Serves `elf_layout.*`. The theorems are those of a policy's own layout (lean/TinyVerify/Memory), about addresses; that
the numbers are those of the ELF is not shown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinyverify.engines.lean.gate import GateResult, gate
from tinyverify.engines.lean_bundle.packing import list_definitions

NAMESPACE = "TinyVerify.Elf"
ADDRESS_SPACE = 1 << 32
_PROPERTIES = {"inside": ("Contained", "contained"), "disjoint": ("Disjoint", "disjoint")}


@dataclass(frozen=True)
class Extent:
    """Bytes start .. end - 1 under a name; `region`: the name of where they must lie."""

    name: str
    start: int
    end: int
    region: str


@dataclass(frozen=True)
class Placement:
    """Objects, and the regions that they name; both are addresses. `label` is a Lean identifier."""

    label: str
    objects: Sequence[Extent]
    regions: Sequence[Extent]


def statements(prop: str, placements: Sequence[Placement]) -> dict[str, str]:
    """Full theorem name -> statement, of `prop` (inside or disjoint) for each placement."""
    says, _ = _PROPERTIES[prop]
    return {f"{NAMESPACE}.{p.label}.{prop}": f"{p.label}.layout.{says}" for p in placements}


def definitions(placements: Sequence[Placement]) -> str:
    """The placements as Lean terms, each under its label."""
    parts = ["open TinyVerify", ""]
    for placement in placements:
        parts += [f"namespace {NAMESPACE}.{placement.label}", "", *_terms(placement), ""]
        parts += [f"end {NAMESPACE}.{placement.label}", ""]
    return "\n".join(parts)


def render(prop: str, placements: Sequence[Placement]) -> str:
    """The Lean file that proves `prop` of `placements`."""
    _, checker = _PROPERTIES[prop]
    parts = ["import TinyVerify.Memory.Thm", "", "/-! Where the linked firmware lies. -/", "", definitions(placements)]
    parts += [f"namespace {NAMESPACE}", ""]
    for placement, statement in zip(placements, statements(prop, placements).values(), strict=True):
        label = placement.label
        parts += [
            f"theorem {label}.{prop}_ok : {label}.layout.{checker}Ok = true := by decide +kernel",
            f"theorem {label}.{prop} : {statement} :=",
            f"  {label}.layout.{checker}_of_ok {label}.{prop}_ok",
            "",
        ]
    return "\n".join([*parts, f"end {NAMESPACE}", ""])


def prove_placements(
    prop: str, placements: Sequence[Placement], source: str | None = None, timeout: float = 300.0
) -> GateResult:
    """The gate's verdict on `source` (default: the file printed here) as a proof of `statements(prop, placements)`.

    Raises LeanNotFound, LeanBuildError.
    """
    trusted = definitions(placements) + f"\nopen {NAMESPACE}\n"
    text = render(prop, placements) if source is None else source
    return gate(text, statements(prop, placements), definitions=trusted, timeout=timeout)


def _terms(placement: Placement) -> list[str]:
    where = {region.name: region for region in placement.regions}
    objects = [f"⟨{_span(e)}, 1, {_span(where[e.region])}⟩" for e in placement.objects]
    lines, _ = list_definitions("objects", "Placed", objects, "Address, size and region of each object.")
    more, _ = list_definitions("regions", "Span", [_span(r) for r in placement.regions], "The regions.")
    return [*lines, *more, f"def layout : Layout := ⟨⟨0, {ADDRESS_SPACE}⟩, regions, objects⟩"]


def _span(extent: Extent) -> str:
    return f"⟨{extent.start}, {extent.end - extent.start}⟩"

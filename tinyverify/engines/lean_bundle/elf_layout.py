"""Sections, images and symbols of the linked firmware as facts for Lean's kernel.

Serves `elf_layout.*`. The theorems are those of a policy's own layout (lean/TinyVerify/Memory), about addresses; that
the numbers are those of the ELF is not shown here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinyverify.engines.lean_bundle.facts import Facts
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


def layout_facts(prop: str, placements: Sequence[Placement]) -> Facts:
    """`prop` (inside or disjoint) of each placement."""
    says, checker = _PROPERTIES[prop]
    proofs, wanted = [], {}
    for placement in placements:
        label, name = placement.label, f"{placement.label}.{prop}"
        wanted[f"{NAMESPACE}.{name}"] = f"{label}.layout.{says}"
        proofs += [
            f"theorem {name}_ok : {label}.layout.{checker}Ok = true := by decide +kernel",
            f"theorem {name} : {label}.layout.{says} :=",
            f"  {label}.layout.{checker}_of_ok {name}_ok",
            "",
        ]
    terms = {f"{NAMESPACE}.{placement.label}": _terms(placement) for placement in placements}
    return Facts(frozenset({"TinyVerify.Memory.Thm"}), terms, {NAMESPACE: proofs}, wanted)


def budget_facts(sums: Mapping[str, tuple[Sequence[int], int]]) -> Facts:
    """The sizes of each part, under a Lean identifier, add up to at most its budget."""
    proofs, wanted, terms = [], {}, {}
    for label, (sizes, most) in sums.items():
        statement = f"total budget.{label}.sizes ≤ {most}"
        wanted[f"{NAMESPACE}.budget.{label}.holds"] = statement
        proofs.append(f"theorem budget.{label}.holds : {statement} := by decide +kernel")
        lines, _ = list_definitions("sizes", "Nat", [str(size) for size in sizes], "Bytes of each section and image.")
        terms[f"{NAMESPACE}.budget.{label}"] = lines
    return Facts(frozenset({"TinyVerify.Memory.Thm"}), terms, {NAMESPACE: [*proofs, ""]}, wanted)


def _terms(placement: Placement) -> list[str]:
    where = {region.name: region for region in placement.regions}
    objects = [f"⟨{_span(e)}, 1, {_span(where[e.region])}⟩" for e in placement.objects]
    lines, _ = list_definitions("objects", "Placed", objects, "Address, size and region of each object.")
    more, _ = list_definitions("regions", "Span", [_span(r) for r in placement.regions], "The regions.")
    return [*lines, *more, f"def layout : Layout := ⟨⟨0, {ADDRESS_SPACE}⟩, regions, objects⟩"]


def _span(extent: Extent) -> str:
    return f"⟨{extent.start}, {extent.end - extent.start}⟩"

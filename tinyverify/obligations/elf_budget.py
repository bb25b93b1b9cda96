"""`elf_layout.budget`: what the linked firmware takes of flash and RAM, part by part, within the specified budgets.

The budgets (128 KB of flash) are looser than the 64 KB map of `elf_layout.inside`; both hold. RAM counts the whole
region of the stack, whose use `stack.depth` bounds. Sums in exact integers, by both solvers and in Lean.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.artifacts.layout import BUDGETS, STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.lean_bundle.elf_layout import budget_facts
from tinyverify.engines.smt.discharge import SOLVERS
from tinyverify.engines.smt.query import render
from tinyverify.obligations.elf_layout import extents
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.results import EngineRun, Status

ID = "elf_layout.budget"
STATEMENT = (
    "The sections of the linked firmware, and the images that start-up copies, take at most the specified budgets: "
    + ", ".join(f"{name} {most:,}" for name, most in BUDGETS.items())
    + " bytes."
)
_REGIONS = {
    "flash: policy": ("policy", "scales"),
    "flash: tables of the head": ("lut",),
    "flash: code": ("hal", "vectors"),
    "heap": ("heap",),
}


@dataclass(frozen=True)
class Part:
    """A part of memory: the bytes of each thing in it, and the budget."""

    name: str
    sizes: tuple[int, ...]
    most: int

    @property
    def label(self) -> str:
        """The name as an identifier."""
        return "_".join(self.name.replace(":", "").split())

    @property
    def used(self) -> int:
        return sum(self.sizes)


def parts(firmware: Firmware) -> tuple[Part, ...]:
    """Every part with a budget; the stack is its whole region."""
    sizes = {
        name: tuple(e.end - e.start for e in extents(firmware) if e.region in regions)
        for name, regions in _REGIONS.items()
    }
    sizes["flash: total"] = tuple(s for name, found in sizes.items() if name != "heap" for s in found)
    sizes["stack"] = (STACK_BYTES,)
    sizes["RAM: total"] = (STACK_BYTES, *sizes["heap"])
    return tuple(Part(name, sizes[name], most) for name, most in BUDGETS.items())


def budget(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy` and add up what it takes."""
    question = Question(ID, STATEMENT, "exact sums")
    return question.about(policy, settings.build, lambda found: judge(found.product, settings, question))


def judge(firmware: Firmware, settings: Settings, question: Question) -> Stated:
    """PROVED if every part stays within its budget, else REFUTED."""
    found = parts(firmware)
    over = [f"{part.name} {part.used:,} of {part.most:,}" for part in found if part.used > part.most]
    query = render("elf_layout._budget", {"parts": found})
    runs = []
    for name in settings.solvers:
        answer = SOLVERS[name](query, settings.timeout)
        runs.append(EngineRun(engine=answer.solver, status=answer.status, seconds=round(answer.seconds, 4)))
    evidence = {
        "elf_sha256": firmware.sha256,
        "parts": [{"name": p.name, "bytes": p.used, "budget": p.most} for p in found],
    }
    detail = "; ".join(over) or ", ".join(f"{part.name} {part.used:,}" for part in found if part.name.endswith("total"))
    result = question.answer(Status.REFUTED if over else Status.PROVED, detail, evidence, tuple(runs))
    sums = {part.label: (part.sizes, part.most) for part in found}
    return Stated(result, None if over else budget_facts(sums))


OBLIGATIONS = (about_binary(ID, "memory bounds", STATEMENT, ("exact", "z3", "cvc5"), budget, claim="memory_bounds"),)

"""Facts beside a policy's own file: parts of a Lean file that can be put together, and the kernel's word on them.

Serves `wcet.*`, `stack.*`, `elf_layout.*`, `softmax_lut.table_error`, `sample.table_errors`, `policy.*`. What the
theorems say is flow.py's, elf_layout.py's, tables.py's, certified.py's, alike.py's and within.py's. Several facts in
one file cost little more than one: most of the time goes into starting Lean and reading the library.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinyverify.engines.lean.build import LeanBuildError
from tinyverify.engines.lean.gate import GateResult, gate
from tinyverify.engines.lean.toolchain import LeanNotFound
from tinyverify.engines.lean_bundle.engine import version
from tinyverify.results import EngineRun, Status


@dataclass(frozen=True)
class Facts:
    """`modules`: what the file imports. `terms`: namespace -> the definitions in it. `proofs`: theorems, by namespace.

    `wanted`: full name of each theorem -> its statement, as text under which the namespaces of `proofs` are open.
    """

    modules: frozenset[str]
    terms: Mapping[str, Sequence[str]]
    proofs: Mapping[str, Sequence[str]]
    wanted: Mapping[str, str]

    @property
    def definitions(self) -> str:
        """What the theorems speak of, as Lean text."""
        parts = ["open TinyVerify", ""]
        for namespace, lines in self.terms.items():
            parts += [f"namespace {namespace}", "", *lines, "", f"end {namespace}", ""]
        return "\n".join(parts)

    @property
    def text(self) -> str:
        """The whole Lean file."""
        imports = [f"import {module}" for module in sorted(self.modules)]
        parts = [*imports, "", "/-! Facts about a policy or its linked firmware. -/", "", self.definitions]
        for namespace, lines in self.proofs.items():
            parts += [f"namespace {namespace}", "", *lines, "", f"end {namespace}", ""]
        return "\n".join(parts)


def together(parts: Sequence[Facts]) -> Facts:
    """One file with all of `parts`; definitions that several of them have stand in it once."""
    terms: dict[str, Sequence[str]] = {}
    proofs: dict[str, list[str]] = {}
    wanted: dict[str, str] = {}
    for part in parts:
        for namespace, lines in part.terms.items():
            if terms.setdefault(namespace, lines) != lines:
                raise ValueError(f"two different definitions of {namespace}")
        for namespace, lines in part.proofs.items():
            proofs.setdefault(namespace, []).extend(lines)
        wanted |= part.wanted
    return Facts(frozenset().union(*(part.modules for part in parts)), terms, proofs, wanted)


def prove_facts(facts: Facts, source: str | None = None, timeout: float = 300.0) -> GateResult:
    """The gate's verdict on `source` (default: the file of `facts`) as a proof of what `facts` wants.

    Passed means that Lean's kernel accepted every theorem of `facts.wanted`. Raises LeanNotFound, LeanBuildError.
    """
    trusted = facts.definitions + f"\nopen {' '.join(facts.proofs)}\n"
    return gate(facts.text if source is None else source, facts.wanted, definitions=trusted, timeout=timeout)


def kernel_word(facts: Facts, timeout: float) -> dict[str, EngineRun]:
    """For each theorem that `facts` wants a PROVED run if the gate passes, else the run that says why it does not.

    The time that it takes is shared among the theorems.
    """
    start, name = time.perf_counter(), version() or "lean"

    def none(engine: str, status: Status, detail: str) -> dict[str, EngineRun]:
        seconds = round((time.perf_counter() - start) / len(facts.wanted), 4)
        return dict.fromkeys(facts.wanted, EngineRun(engine=engine, status=status, seconds=seconds, detail=detail))

    try:
        verdict = prove_facts(facts, timeout=timeout)
    except LeanNotFound as error:
        return none("lean", Status.UNCHECKED, str(error))
    except LeanBuildError as error:
        return none(name, Status.ERROR, str(error).splitlines()[0])
    if any(finding.rule == "timeout" for finding in verdict.findings):
        return none(name, Status.TIMEOUT, "Lean did not answer in time")
    if not verdict.passed:
        return none(name, Status.ERROR, verdict.findings[0].text)
    seconds = round((time.perf_counter() - start) / len(facts.wanted), 4)
    runs = {}
    for theorem, statement in facts.wanted.items():
        axioms = ", ".join(verdict.axioms[theorem]) or "none"
        detail = f"theorem {theorem} : {statement} (axioms: {axioms})"
        runs[theorem] = EngineRun(engine=name, status=Status.PROVED, seconds=seconds, detail=detail)
    return runs

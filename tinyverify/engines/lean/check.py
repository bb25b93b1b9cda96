"""Checking one file: every message an object, warnings as errors, trust level 0, axioms of each named theorem."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tinyverify.engines.lean.build import LIBRARY, build_core, build_library
from tinyverify.engines.lean.cache import OleanTree
from tinyverify.engines.lean.messages import LeanMessage, errors, parse_messages
from tinyverify.engines.lean.modules import module_file, parse_imports
from tinyverify.engines.lean.paths import library_dir
from tinyverify.engines.lean.process import run_lean
from tinyverify.engines.lean.toolchain import LeanInstallation, find_lean

# Lean's own axioms; anything else in a theorem that is claimed is an error.
ALLOWED_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})
STRICT = ("--json", "--trust=0", "-DwarningAsError=true", "-DmaxErrors=1000")
_AXIOMS = re.compile(r"^'(?P<name>[^']+)' (?:depends on axioms: \[(?P<list>[^\]]*)\]|does not depend on any axioms)$")

Outcome = Literal["accepted", "rejected", "timeout", "crashed"]


@dataclass(frozen=True)
class LeanResult:
    """What Lean said about a file.

    `accepted` needs exit status 0, no error, no warning, and for each theorem asked for an axiom list within
    `ALLOWED_AXIOMS`. `axioms` maps the theorem to its axioms; one that Lean did not report is absent.
    `seconds` is wall time, `peak_rss_bytes` the largest resident set of the process.
    """

    outcome: Outcome
    messages: tuple[LeanMessage, ...]
    axioms: Mapping[str, tuple[str, ...]]
    seconds: float
    peak_rss_bytes: int
    output: str = ""

    @property
    def accepted(self) -> bool:
        """True only if everything asked for was checked and holds."""
        return self.outcome == "accepted"

    @property
    def errors(self) -> tuple[LeanMessage, ...]:
        """Messages of severity error (warnings included, as errors)."""
        return errors(self.messages)


def check_file(
    source: Path | str,
    *,
    theorems: Sequence[str] = (),
    timeout: float = 120.0,
    options: Sequence[str] = (),
    installation: LeanInstallation | None = None,
    search_path: Sequence[OleanTree] | None = None,
) -> LeanResult:
    """Check `source`, a path or the text of a file, and print the axioms of `theorems` (full names).

    Core and, if the file imports it, library are built first. Raises LeanNotFound, LeanBuildError, FileNotFoundError.
    """
    lean = installation or find_lean()
    name = str(source) if isinstance(source, Path) else "<text>"
    text = source.read_text("utf-8") if isinstance(source, Path) else source
    trees = search_path_for(text, lean) if search_path is None else tuple(search_path)
    questions = "".join(f"\n#print axioms _root_.{theorem}" for theorem in theorems)
    with tempfile.TemporaryDirectory(prefix="tinyverify-check-") as folder:
        path = Path(folder) / "Check.lean"
        path.write_text(text + questions + "\n", "utf-8")
        run = run_lean(
            lean,
            [*STRICT, *options, str(path)],
            lean_path=[tree.root for tree in trees],
            cwd=Path(folder),
            timeout=timeout,
        )
    messages, rest = parse_messages(run.stdout)
    messages = tuple(LeanMessage(m.severity, name, m.line, m.column, m.text, m.kind) for m in messages)
    axioms = read_axioms(messages)
    clean = run.returncode == 0 and not any(m.severity != "information" for m in messages)
    allowed = all(theorem in axioms and set(axioms[theorem]) <= ALLOWED_AXIOMS for theorem in theorems)
    outcome: Outcome
    if run.timed_out:
        outcome = "timeout"
    elif run.returncode not in (0, 1):
        outcome = "crashed"
    else:
        outcome = "accepted" if clean and allowed else "rejected"
    return LeanResult(outcome, messages, axioms, run.seconds, run.peak_rss_bytes, rest + run.stderr)


def search_path_for(text: str, installation: LeanInstallation) -> tuple[OleanTree, ...]:
    """The trees that a file with this text needs, built if they are not in the cache.

    Only the modules of the library that the file imports, directly or not: a bundle's first proof waits for no others.
    About an import that the library does not have, Lean complains itself.
    """
    asked = [name for name in parse_imports(text) if name == LIBRARY or name.startswith(LIBRARY + ".")]
    tops = sorted(name for name in asked if (library_dir() / module_file(name, ".lean")).is_file())
    if tops:
        return build_library(installation=installation, tops=tops)
    return (build_core(installation=installation),) if installation.hermetic else ()


def read_axioms(messages: Sequence[LeanMessage]) -> dict[str, tuple[str, ...]]:
    """Axioms by theorem, as `#print axioms` reported them among `messages`."""
    found = {}
    for message in messages:
        match = _AXIOMS.match(message.text.replace("\n", " ")) if message.severity == "information" else None
        if match:
            listed = match["list"] or ""
            found[match["name"]] = tuple(sorted(a.strip() for a in listed.split(",") if a.strip()))
    return found

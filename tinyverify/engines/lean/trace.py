"""Exporting theorems, premises and tactic states of the library through LeanDojo.

LeanDojo runs `lake` and instruments Lean's own sources, so it needs an elan toolchain and the `lean-dojo` package; the
wheel has neither `lake` nor sources. What is missing is said, with the command that installs it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

from tinyverify.artifacts.files import write_atomic
from tinyverify.engines.lean.paths import library_dir
from tinyverify.engines.lean.toolchain import INSTALL_ELAN, LeanNotFound, find_lean


class TraceUnavailable(Exception):
    """Something that tracing needs is not on this machine; the message lists all of it."""


def missing_for_trace() -> tuple[str, ...]:
    """What tracing needs and this machine lacks, each with the command that installs it."""
    missing = []
    try:
        if find_lean("elan").lake is None:
            missing.append(f"lake beside lean: {INSTALL_ELAN}")
    except LeanNotFound:
        missing.append(f"a full Lean toolchain: {INSTALL_ELAN}")
    if importlib.util.find_spec("lean_dojo") is None:
        missing.append("LeanDojo: pip install lean-dojo")
    repository = library_dir().parent
    if not (repository / ".git").exists() or not (repository / "lakefile.lean").is_file():
        missing.append("a git checkout of TinyVerify: LeanDojo traces repositories, not installed packages")
    return tuple(missing)


def trace_library(output: Path) -> int:
    """Write `theorems.json` (name, file, tactic states, premises) into `output`; the number of theorems.

    Raises TraceUnavailable before anything is run if a part is missing.
    """
    missing = missing_for_trace()
    if missing:
        raise TraceUnavailable("tracing needs, and this machine lacks:\n" + "\n".join(f"  {item}" for item in missing))
    from lean_dojo import LeanGitRepo, trace  # optional extra

    repository = library_dir().parent
    commit = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    traced = trace(LeanGitRepo(str(repository), commit))
    theorems = [_theorem(theorem) for theorem in traced.get_traced_theorems() if not theorem.repo.is_lean4]
    write_atomic(output / "theorems.json", json.dumps(theorems, indent=1).encode() + b"\n")
    return len(theorems)


def _theorem(theorem: Any) -> dict[str, Any]:
    tactics = [
        {"tactic": tactic.tactic, "before": tactic.state_before, "after": tactic.state_after}
        for tactic in theorem.get_traced_tactics()
    ]
    return {
        "name": theorem.theorem.full_name,
        "file": str(theorem.file_path),
        "premises": sorted(theorem.get_premise_full_names()),
        "tactics": tactics,
    }

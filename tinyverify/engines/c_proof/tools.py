"""Frama-C and its provers: whether they are there, which versions, and a configuration of Why3 of our own.

Serves `kernel.*`. The user's own configuration of Why3 is neither read nor written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinyverify.engines.emulator.compiler import cache_dir

INSTALL = "apt-get install frama-c-base why3 cvc4 z3"
_ASK = {
    "frama-c": ("frama-c", "-version"),
    "why3": ("why3", "--version"),
    "cvc4": ("cvc4", "--version"),
    "z3": ("z3", "--version"),
    "gcc": ("gcc", "-dumpfullversion"),
}
# Why3's own bound, in megabytes, is what stops a prover that goes astray.
_MEMORY = "memlimit = 2000"


class FramaCMissing(Exception):
    """Frama-C or one of its provers is not installed; the message says how to install it."""


@dataclass(frozen=True)
class Tools:
    """Versions by tool, and the file that Why3 reads."""

    versions: dict[str, str]
    why3_config: Path

    @property
    def name(self) -> str:
        """How a result names this engine."""
        return f"Frama-C {self.versions['frama-c'].split()[0]}"


@cache
def tools() -> Tools:
    """What is installed. Raises FramaCMissing naming what is not."""
    versions = {name: _version(command) for name, command in _ASK.items()}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        raise FramaCMissing(f"no {', '.join(missing)}; install with: {INSTALL}")
    key = hashlib.sha256(repr((sorted(versions.items()), _MEMORY)).encode()).hexdigest()[:16]
    config = cache_dir().absolute() / "c_proof" / f"why3-{key}.conf"
    if not config.exists():
        _configure(config)
    return Tools(versions, config)


def _configure(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        staged = Path(folder) / "why3.conf"
        environment = {**os.environ, "WHY3CONFIG": str(staged)}
        done = subprocess.run(
            ["why3", "config", "detect"], env=environment, cwd=folder, capture_output=True, text=True, timeout=60
        )
        text = staged.read_text() if staged.exists() else ""
        if done.returncode or 'name = "Z3"' not in text or 'name = "CVC4"' not in text:
            raise FramaCMissing(f"why3 does not find cvc4 and z3: {done.stderr.strip()[:300]}")
        staged.write_text(text.replace("memlimit = 1000", _MEMORY))
        os.replace(staged, target)


def _version(command: tuple[str, ...]) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else None

"""Plugins of the emulator: compiled for this machine on first use, kept in the cache under the hash of their source."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tinyverify.engines.emulator.compiler import BuildError, cache_dir, compiler_environment


def compiled(source: Path) -> Path:
    """The shared library of the C file `source`, built if it is not in the cache. Raises BuildError."""
    target = cache_dir() / f"{source.stem}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.so"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_suffix(f".{os.getpid()}.part")
    cc = shutil.which("cc") or shutil.which("gcc")
    command = [cc] if cc else [sys.executable, "-m", "ziglang", "cc"]
    command += ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", str(source), "-o", str(staged)]
    done = subprocess.run(command, env=compiler_environment(), capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise BuildError(f"{source.name} does not compile: {done.stderr.strip()[:500]}")
    os.replace(staged, target)
    return target

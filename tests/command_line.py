"""Runs the command line as a user does, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def tinyverify(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None):
    """`tinyverify ARGUMENTS`, with captured output and exit code."""
    command = [sys.executable, "-m", "tinyverify.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=cwd, timeout=600, check=False)

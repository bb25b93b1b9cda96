"""Lean's language server over stdin and stdout, so that an editor works with nothing but pip.

The server starts one worker process a file through the executable that `LEAN_WORKER_PATH` names; a small shell script
in the cache stands for `lean` there. Sources of core and library are found through `LEAN_SRC_PATH`.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tinyverify.artifacts.files import write_atomic
from tinyverify.engines.lean.build import Progress, build_core, build_library
from tinyverify.engines.lean.cache import OleanTree
from tinyverify.engines.lean.paths import cache_dir, core_dir, library_dir
from tinyverify.engines.lean.process import lean_environment
from tinyverify.engines.lean.toolchain import LeanInstallation, find_lean


def serve(
    progress: Progress | None = None,
    *,
    with_library: bool = True,
    installation: LeanInstallation | None = None,
) -> int:
    """Build what files import, then speak the language server protocol on stdin and stdout until the editor leaves.

    Returns the server's exit status. Raises LeanNotFound, LeanBuildError.
    """
    command, environment = server_command(progress, with_library=with_library, installation=installation)
    return subprocess.run(command, env=environment, check=False).returncode


def server_command(
    progress: Progress | None = None,
    *,
    with_library: bool = True,
    installation: LeanInstallation | None = None,
) -> tuple[list[str], dict[str, str]]:
    """The argument list and environment of the language server. Raises LeanNotFound, LeanBuildError."""
    lean = installation or find_lean()
    trees: Sequence[OleanTree]
    if with_library:
        trees = build_library(progress, installation=lean)
    else:
        trees = (build_core(progress, installation=lean),) if lean.hermetic else ()
    environment = lean_environment(lean, [tree.root for tree in trees])
    environment["LEAN_SRC_PATH"] = os.pathsep.join(str(folder) for folder in (core_dir(), library_dir()))
    if lean.hermetic:
        environment["LEAN_WORKER_PATH"] = str(worker_script(lean, cache_dir()))
    return [*lean.command, "--server"], environment


def worker_script(installation: LeanInstallation, cache: Path) -> Path:
    """An executable that does what `lean` does, written once into the cache."""
    words = " ".join(shlex.quote(word) for word in installation.command)
    text = f'#!/bin/sh\nexec {words} "$@"\n'.encode()
    path = cache / "lean" / "worker" / "lean"
    if not path.exists() or path.read_bytes() != text:
        write_atomic(path, text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path

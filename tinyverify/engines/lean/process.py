"""Running `lean` once: a process group of its own, a time limit that is kept, wall time and peak memory measured."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tinyverify.engines.lean.toolchain import LeanInstallation

# Poll interval while waiting: starts here and doubles up to the cap, in seconds.
POLL_START, POLL_CAP = 0.002, 0.05
# Lean panics print megabytes of backtrace; more than this of either stream is cut.
MAX_STREAM_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class LeanRun:
    """What one `lean` process did.

    `seconds` is wall time, `processor_seconds` user and system time, `peak_rss_bytes` the largest resident set.
    """

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peak_rss_bytes: int
    timed_out: bool
    processor_seconds: float = 0.0


def lean_environment(installation: LeanInstallation, lean_path: Sequence[Path]) -> dict[str, str]:
    """The environment of a `lean` process: the search path is ours alone, nothing of Lean is inherited."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LEAN", "LAKE"))}
    environment["LEAN_PATH"] = os.pathsep.join(str(folder) for folder in lean_path)
    if installation.hermetic:
        # Lean would add `lib/lean` beside the Python interpreter to its search path; this folder does not exist.
        environment["LEAN_SYSROOT"] = str(Path(__file__).with_name("no-sysroot"))
    return environment


def run_lean(
    installation: LeanInstallation,
    arguments: Sequence[str],
    *,
    lean_path: Sequence[Path] = (),
    cwd: Path | None = None,
    timeout: float = 120.0,
    stdin: bytes = b"",
) -> LeanRun:
    """Run `lean ARGUMENTS...` with at most `timeout` seconds of wall time; its whole process group dies then."""
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        tempfile.TemporaryFile() as source,
    ):
        source.write(stdin)
        source.seek(0)
        start = time.monotonic()
        process = subprocess.Popen(
            [*installation.command, *arguments],
            stdin=source,
            stdout=out,
            stderr=err,
            cwd=cwd,
            env=lean_environment(installation, lean_path),
            start_new_session=True,
        )
        try:
            status, usage, timed_out = _wait(process.pid, start + timeout)
        except BaseException:
            _kill(process.pid)
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        used = usage.ru_utime + usage.ru_stime
        return LeanRun(process.returncode, _text(out), _text(err), seconds, usage.ru_maxrss * 1024, timed_out, used)


def _wait(pid: int, deadline: float) -> tuple[int, Any, bool]:
    pause, timed_out = POLL_START, False
    while True:
        done, status, usage = os.wait4(pid, 0 if timed_out else os.WNOHANG)
        if done == pid:
            return status, usage, timed_out
        if time.monotonic() > deadline:
            _kill(pid)
            timed_out = True
        else:
            time.sleep(pause)
            pause = min(2 * pause, POLL_CAP)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read(MAX_STREAM_BYTES).decode("utf-8", "replace")

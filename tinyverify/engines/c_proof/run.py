"""Frama-C over a unit: a folder of its own, one run, its output, and a cache of what was proved.

Serves `kernel.*`. Only proofs are kept, under the hash of everything that went into them: files, arguments, versions of
Frama-C and provers. Another process that proves the same unit is waited for.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tinyverify.engines.c_proof.outcome import Outcome
from tinyverify.engines.c_proof.tools import Tools, tools
from tinyverify.engines.c_proof.unit import Unit
from tinyverify.engines.emulator.compiler import cache_dir
from tinyverify.results import Status

# gcc_x86_32 has the sizes of the Arm's procedure call standard: int, long and pointers of 32 bits, little-endian.
MACHINE = ("-machdep", "gcc_x86_32", "-warn-special-float", "none")
RUN_SECONDS = 900.0
_FORMAT = 2


def cached(unit: Unit, arguments: tuple[str, ...], discharge: Callable[[Tools], Outcome]) -> Outcome:
    """The kept proof of `unit` under `arguments`, else what `discharge` says, kept if it is a proof.

    Raises UnitError for a unit that must not be proved, FramaCMissing.
    """
    unit.check()
    found = tools()
    parts = (_FORMAT, unit.name, unit.sha256, unit.entry, unit.functions, unit.arguments, arguments, found.versions)
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    folder = cache_dir().absolute() / "c_proof"
    with _alone(folder / f"{key[:32]}.lock"):
        kept = folder / f"{key}.json"
        outcome = _load(kept, key)
        if outcome is not None:
            return outcome
        start = time.perf_counter()
        outcome = replace(discharge(found), seconds=round(time.perf_counter() - start, 3))
        if outcome.status is Status.PROVED:
            staged = kept.with_suffix(f".{os.getpid()}.part")
            staged.write_text(json.dumps({"record": outcome.record(), "seal": _seal(key, outcome.record())}))
            os.replace(staged, kept)
        return outcome


def frama_c(unit: Unit, arguments: tuple[str, ...], found: Tools, seconds: float = RUN_SECONDS) -> str | None:
    """What Frama-C prints about `unit`, or None if it did not end within `seconds`; then its provers are ended, too."""
    with tempfile.TemporaryDirectory(prefix="tinyverify-frama-c-") as name:
        folder = Path(name)
        for path, data in unit.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        command = ["frama-c", *MACHINE, "-cpp-extra-args=-Iinclude -Isrc", *unit.arguments, *arguments]
        # `-then` starts another step, so the files stand in front of what follows it.
        step = command.index("-then") if "-then" in command else len(command)
        command[step:step] = unit.entry
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "WHY3CONFIG": str(found.why3_config), "PWD": name},  # it goes by PWD
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            return process.communicate(timeout=seconds)[0]
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                return None
            raise


def _load(path: Path, key: str) -> Outcome | None:
    """What is kept for `key`; None, so that it is proved anew, for a file that is not as it was written for it."""
    try:
        content = json.loads(path.read_text())
        if content["seal"] != _seal(key, content["record"]):
            return None
        return Outcome(Status.PROVED, **content["record"], cached=True)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _seal(key: str, record: dict) -> str:
    return hashlib.sha256(json.dumps([key, record], sort_keys=True).encode()).hexdigest()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

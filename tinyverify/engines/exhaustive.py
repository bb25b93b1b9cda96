"""Every input of one kernel: the scalar C on this machine against integers, all 2^32 of them.

Serves `kernel.requantize_exhaustive` and `kernel.quantize_f32_exhaustive` at the strength CHECKED. Says nothing about
the vector kernels or the Arm compilers: those are the object-code proof's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing, compiler_environment, find_compiler
from tinyverify.engines.host_build import INSTALL, find_host_compiler
from tinyverify.semantics.requantize import INT32_MAX, RoundingMode, least_accumulators

INPUTS = 1 << 32
_KINDS = {"requantize": 0, "quantize_f32": 1}
_SOURCES = ("harness/tv_exhaustive.c", "src/tv_requantize.c", "src/tv_quantize_f32.c")
_FLAGS = ("-std=c99", "-O3", "-march=native", "-ffp-contract=off", "-Wno-unused-function")
_MOST_SECONDS = 3600.0


@dataclass(frozen=True)
class Difference:
    """Case `case` and the `input` (int32 accumulator or float32 pattern) at which C gives `got` and not `wanted`."""

    case: int
    what: str
    input: int
    got: int
    wanted: int


def requantizer_case(multiplier: int, shift: int, zero_point: int, lo: int, hi: int, mode: RoundingMode) -> bytes:
    """One requantizer in the form that tv_exhaustive.c reads."""
    numbers = (multiplier, shift, zero_point, lo, hi, list(RoundingMode).index(mode))
    least = least_accumulators(multiplier, shift, zero_point, lo, hi, mode)
    return np.array(numbers, "<i4").tobytes() + least.astype("<i8").tobytes()


def feature_case(inv_scale_bits: int, zero_point: int) -> bytes:
    """One feature in the form that tv_exhaustive.c reads: a float32 pattern of [2^-40, 2^40], an int8."""
    return np.array([inv_scale_bits], "<u4").tobytes() + np.array([zero_point], "<i4").tobytes()


def run_exhaustive(
    kernel: str, cases: Sequence[bytes], edit: Callable[[str, str], str] | None = None, jobs: int | None = None
) -> Difference | None:
    """Compile `kernel` (requantize, quantize_f32), run every input of each of `cases`; the first difference, or None.

    `edit(name, text)` changes a source first (tests plant faults with it). Raises CompilerMissing, BuildError.
    """
    with tempfile.TemporaryDirectory(prefix="tinyverify-exhaustive-") as name:
        program = _compile(Path(name), edit)
        jobs = min(jobs or os.cpu_count() or 1, len(cases))
        with ThreadPoolExecutor(jobs) as pool:
            found = list(pool.map(lambda case: _run(program, kernel, *case), enumerate(cases)))
    return next((difference for difference in found if difference is not None), None)


def _compile(folder: Path, edit: Callable[[str, str], str] | None) -> Path:
    source = folder / "kernels_c"
    shutil.copytree(data_dir("kernels_c"), source)
    for name in _SOURCES if edit else ():
        text = (source / name).read_text()
        (source / name).write_text(edit(name, text))
    zig = find_compiler("zig")  # its Clang turns both sides into vectors, which Debian's gcc does not
    compiler = zig.command if zig else find_host_compiler()
    if compiler is None:
        raise CompilerMissing(f"no C compiler for this machine; install one with: {INSTALL}")
    command = [*compiler, *_FLAGS, "-Iinclude", _SOURCES[0], "-o", str(folder / "exhaustive")]
    done = subprocess.run(
        command, cwd=source, env=compiler_environment(), capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise BuildError(f"host compiler exit {done.returncode}: {done.stderr.strip()[:2000]}")
    return folder / "exhaustive"


def _run(program: Path, kernel: str, number: int, case: bytes) -> Difference | None:
    with tempfile.TemporaryDirectory(dir=program.parent) as folder:
        Path(folder, "cases.bin").write_bytes(np.array([_KINDS[kernel], 1], "<u4").tobytes() + case)
        done = subprocess.run(
            [str(program)], cwd=folder, capture_output=True, text=True, timeout=_MOST_SECONDS, check=False
        )
    words = done.stdout.split()
    if done.returncode == 0 and words == ["agreed", "1"]:
        return None
    if done.returncode != 1 or words[:1] != ["differs"]:
        raise BuildError(f"{program.name}: exit {done.returncode}: {(done.stdout + done.stderr).strip()[:500]}")
    given = int(words[2])
    if words[1] == "accumulator" and given > INT32_MAX:
        given -= INPUTS
    return Difference(number, words[1], given, int(words[3]), int(words[4]))

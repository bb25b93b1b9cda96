"""The emitted scalar C on this machine: build, run, under a sanitizer that stops at undefined behaviour.

Serves `kernel.*` at the strength CHECKED, beside the emulator: same cases, same records (engines/emulator/compare.py
takes `run_host` as its runner). Says nothing about the MVE kernels or the Arm compilers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing, compiler_environment
from tinyverify.engines.emulator.run import EXIT_MEANING, EmulatorError, EmulatorRun, read_results, write_cases

INSTALL = "apt-get install gcc, or pip install ziglang==0.17.1"
SANITIZE = ("-fsanitize=undefined,float-cast-overflow", "-fno-sanitize-recover=all")


def find_host_compiler() -> tuple[str, ...] | None:
    """Command of a C compiler for this machine: cc, gcc, or the Clang of ziglang; None if there is none."""
    for name in ("cc", "gcc", "clang"):
        if path := shutil.which(name):
            return (path,)
    probe = subprocess.run([sys.executable, "-m", "ziglang", "version"], capture_output=True)
    return (sys.executable, "-m", "ziglang", "cc") if probe.returncode == 0 else None


def build_host(firmware_dir: Path, out_dir: Path | None = None, sanitize: bool = True) -> Path:
    """Compile the scalar policy of a firmware folder into the program `policy-host` in `out_dir` (default: the folder).

    `sanitize`: undefined behaviour ends the program. Raises CompilerMissing or BuildError.
    """
    compiler = find_host_compiler()
    if compiler is None:
        raise CompilerMissing(f"no C compiler for this machine; install one with: {INSTALL}")
    target = (Path(firmware_dir) if out_dir is None else Path(out_dir)) / "policy-host"
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.{os.getpid()}.part")
    command = [*compiler, "-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-Iinclude"]
    command += [*(SANITIZE if sanitize else ()), "src/tv_policy.c", "src/tv_policy_tables.c", "test/tv_host.c"]
    done = subprocess.run(
        [*command, "-o", str(staged.resolve())],
        cwd=firmware_dir,
        env=compiler_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise BuildError(f"host compiler exit {done.returncode}: {done.stderr.strip()[:2000]}")
    os.replace(staged, target)
    return target


def run_host(
    program: Path, observations: np.ndarray, discrete: bool, states: np.ndarray | None = None, seconds: float = 300
) -> EmulatorRun:
    """As `tinyverify.engines.emulator.run.run`, for a program of `build_host`; `stack_bytes` is 0 (not measured)."""
    observations = np.ascontiguousarray(observations, "<u4")
    count, obs_dim = observations.shape
    states = np.ones(count, "<u4") if states is None else np.asarray(states, "<u4")
    with tempfile.TemporaryDirectory(prefix="tinyverify-host-") as name:
        folder = Path(name)
        write_cases(folder, observations, states)
        try:
            done = subprocess.run(
                [str(Path(program).resolve())], cwd=folder, capture_output=True, text=True, timeout=seconds
            )
        except subprocess.TimeoutExpired as error:
            raise EmulatorError(f"{program}: did not end within {seconds:g} s") from error
        if done.returncode:
            meaning = EXIT_MEANING.get(done.returncode, "stopped")
            raise EmulatorError(f"{program}: exit {done.returncode} ({meaning}): {done.stderr.strip()[:500]}")
        return read_results((folder / "results.bin").read_bytes(), obs_dim, count, discrete)

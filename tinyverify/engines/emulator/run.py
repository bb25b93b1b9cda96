"""Run a test ELF on the emulated Cortex-M55 and read back what the policy computed.

Serves the differential runs. QEMU's mps3-an547 machine stands for the hardware: instructions, memory map and faults,
no cycles. The test program reads and writes files in a temporary folder (kernels_c/harness/tv_harness.c).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

QEMU = "qemu-system-arm"
INSTALL_QEMU = "apt-get install qemu-system-arm"
MACHINE = "mps3-an547"

_MAGIC = 0x54564831
EXIT_MEANING = {
    3: "the observations have another width than the policy",
    4: "a file could not be opened",
    5: "the observations end early",
    6: "the results could not be written",
    98: "the flash guard refused a table",
    99: "the processor took a fault",
    134: "the core locked up",
}

# Bits of `status` in a record; 0 is what must come out.
STATUS_MEANING = {
    1: "a guard word around the output was overwritten",
    2: "the observation was overwritten",
    4: "the returned fault flags differ from the stored ones",
    8: "tv_forward called by itself gives other accumulators",
}


class EmulatorMissing(Exception):
    """qemu-system-arm is not installed; the message names the command that installs it."""


class EmulatorError(Exception):
    """The test program did not finish: fault, lock-up, timeout, or an ELF of another policy."""


@dataclass(frozen=True)
class EmulatorRun:
    """`records`: structured array [n] (record_dtype); `stack_bytes`: deepest stack that tv_infer used."""

    records: np.ndarray
    stack_bytes: int


def find_emulator() -> str | None:
    """Path of qemu-system-arm, or None."""
    return shutil.which(QEMU)


def emulator_version() -> str | None:
    """First line of `qemu-system-arm --version`, or None if it is missing."""
    path = find_emulator()
    if path is None:
        return None
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    return (done.stdout.splitlines() or ["unknown"])[0]


def output_dtype(outputs: int, discrete: bool) -> np.dtype:
    """`tv_output` of tv_policy.h as numpy sees it. Floats are uint32 patterns, so that they compare bit by bit."""
    fields = [("faults", "<u4"), ("acc", "<i4", (outputs,)), ("logits", "<u4", (outputs,))]
    if discrete:
        fields += [("action", "<i4"), ("probability", "<u2", (outputs,)), ("weight", "u1", (outputs,))]
    else:
        fields += [("action", "<u4")]
    return np.dtype(fields, align=True)


def record_dtype(outputs: int, discrete: bool) -> np.dtype:
    """One case: `inferred` after tv_infer, `sampled` after tv_sample, the generator's next `state`, `status` bits."""
    output = output_dtype(outputs, discrete)
    return np.dtype([("inferred", output), ("sampled", output), ("state", "<u4"), ("status", "<u4")], align=True)


def run(
    elf: Path, observations: np.ndarray, discrete: bool, states: np.ndarray | None = None, seconds: float = 300
) -> EmulatorRun:
    """Run test program `elf` on float32 patterns `observations` uint32 [n, obs_dim].

    `states` uint32 [n]: the generator's state before each tv_sample (default 1). Raises EmulatorMissing, or
    EmulatorError saying what happened.
    """
    observations = np.ascontiguousarray(observations, "<u4")
    count, obs_dim = observations.shape
    states = np.ones(count, "<u4") if states is None else np.asarray(states, "<u4")
    with tempfile.TemporaryDirectory(prefix="tinyverify-run-") as name:
        folder = Path(name)
        write_cases(folder, observations, states)
        execute(elf, folder, seconds)
        return read_results((folder / "results.bin").read_bytes(), obs_dim, count, discrete)


def write_cases(folder: Path, observations: np.ndarray, states: np.ndarray) -> None:
    """Write the test program's input file into `folder`."""
    count, obs_dim = observations.shape
    header = np.array([_MAGIC, obs_dim, count], "<u4")
    cases = np.concatenate([np.asarray(observations, "<u4"), np.asarray(states, "<u4")[:, None]], axis=1)
    (folder / "observations.bin").write_bytes(header.tobytes() + cases.tobytes())


def execute(elf: Path, folder: Path, seconds: float, plugin: str | None = None, more: Sequence[str] = ()) -> str:
    """Run `elf` to its end in `folder` and return what it and the plugin printed. Raises EmulatorError.

    `more`: options of the emulator.
    """
    path = find_emulator()
    if path is None:
        raise EmulatorMissing(f"{QEMU} is not installed; install it with: {INSTALL_QEMU}")
    command = [path, "-M", MACHINE, "-nographic", "-monitor", "none", "-serial", "none"]
    command += ["-semihosting-config", "enable=on,target=native", "-kernel", str(Path(elf).resolve()), *more]
    if plugin is not None:
        command += ["-plugin", plugin]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise EmulatorError(f"{elf}: did not end within {seconds:g} s") from error
    output = done.stdout + done.stderr
    if done.returncode:
        meaning = EXIT_MEANING.get(done.returncode, "unknown")
        text = " ".join(output.split())[:300]
        raise EmulatorError(f"{elf}: emulator exit {done.returncode} ({meaning}): {text}")
    return output


def read_results(data: bytes, obs_dim: int, count: int, discrete: bool) -> EmulatorRun:
    """The test program's output file. Raises EmulatorError if it is not a whole answer to this input."""
    words = np.frombuffer(data[:16], "<u4")
    if len(words) != 4 or words[0] != _MAGIC or words[1] != obs_dim:
        raise EmulatorError("the results carry no header of this run")
    dtype = record_dtype(int(words[2]), discrete)
    if dtype.itemsize != words[3]:
        raise EmulatorError(f"a record is {words[3]} bytes, expected {dtype.itemsize}: wrong kind of head")
    end = 16 + count * dtype.itemsize
    tail = np.frombuffer(data[end:], "<u4")
    if len(data) < end or len(tail) != 2 or tail[0] != _MAGIC:
        raise EmulatorError(f"the results hold {len(data)} bytes, expected {end + 8}")
    return EmulatorRun(np.frombuffer(data[16:end], dtype), int(tail[1]))

"""`python -m tests.kernel_campaign [EMULATED [HOST]]`: every kernel beside the reference, about a quarter of an hour.

Each runs on HOST (1,000,000) inputs here, the vector kernels over kernels_c/models, and on EMULATED (100,000) on the
emulated core in every build.

Builds: each compiler and level, every kernel with the vector unit, the scalar ones without it as well. Compares whole
output buffers, poison included, with the integer reference (kernel_cases.py). Ends with 1 and the case at the first
difference, with 3 if a compiler or the emulator is missing. tests/differential/test_kernels.py runs a sample in CI.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.kernel_cases import TABLE, make
from tests.kernel_support import GROUP, INPUTS, RESULT, SCALAR, VECTOR, build_host_kernels, build_kernels, run_kernels
from tinyverify.engines.emulator.compiler import CompilerMissing, require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, EmulatorError, EmulatorMissing, find_emulator

HOST = "this machine"
LEVELS = tuple(itertools.product(("zig", "gcc"), ("-O2", "-O3", "-Os")))
CHUNK = 500  # groups in one run of a program: 15 MB of cases


@dataclass(frozen=True)
class Program:
    """A test program: `name` for the report, `scalar`: it lacks the vector kernels, `inputs`: how many it is run on."""

    name: str
    path: Path
    scalar: bool
    inputs: int


def emulated(folder: Path, kind: str, level: str, mve: bool, inputs: int, edits=()) -> Program:
    """One build for the emulated core. Raises CompilerMissing."""
    path = build_kernels(folder, require_compiler(kind), level, mve, edits)
    return Program(f"{kind} {level}, {'vector' if mve else 'no vector'} unit", path, not mve, inputs)


def compare(kernel: str, programs: list[Program], progress=lambda text: None) -> str | None:
    """Run `kernel` in each of `programs`; None if all agree with the reference, else the first difference."""
    programs = [program for program in programs if kernel in SCALAR or not program.scalar]
    total = -(-max(program.inputs for program in programs) // INPUTS)
    for first in range(0, total, CHUNK):
        groups, wanted = make(kernel, first, min(CHUNK, total - first))
        for program in programs:
            count = min(len(groups), max(0, -(-program.inputs // INPUTS) - first))
            if count == 0:
                continue
            where = f"{kernel}, {program.name}"
            try:
                found = run_kernels(program.path, groups[:count], TABLE)
            except EmulatorError as error:
                return f"{where}: does not end well on groups {first} to {first + count - 1}: {error}"
            wrong = np.argwhere(found != wanted[:count])
            if len(wrong):
                g, i = wrong[0]
                text = describe(groups[g], i, found[g, i], wanted[g, i])
                return f"{where}: {len(wrong)} of {count * INPUTS} differ; group {first + g}, input {i}:\n{text}"
        progress(f"{kernel}: {min(total, first + CHUNK) * INPUTS:,} inputs")
    return None


def describe(group: np.ndarray, i: int, found: np.ndarray, wanted: np.ndarray) -> str:
    """Input `i` of a group GROUP, and where the results RESULT differ."""
    n, m = int(group["n"]), int(group["m"])
    lines = [" ".join(f"{name}={group[name]}" for name in GROUP.names[:9])]
    item = group["inputs"][i]
    tables = {"x": item["x"], "a": item["a"].view("<i4"), "b": group["b"].view("<i4"), "c": group["c"].view("<i4")}
    lines.append(f"  word={item['word']}")
    lines += [f"  {name}={values[: max(n, m, 2)].tolist()}" for name, values in tables.items()]
    if m:
        lines.append(f"  weight={group['weight'].tolist()}")
    for name in RESULT.names:
        got, want = np.atleast_1d(found[name]), np.atleast_1d(wanted[name])
        lines += [f"  {name}[{k}] is {got[k]}, expected {want[k]}" for k in np.flatnonzero(got != want)[:4]]
    return "\n".join(lines)


def main(emulated_inputs: int, host_inputs: int) -> int:
    """0 if nothing differs, 1 if something does, 3 if it cannot be told."""
    start = time.monotonic()

    def progress(text: str) -> None:
        print(f"{time.monotonic() - start:.0f} s: {text}", file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="tinyverify-campaign-") as name:
        folder = Path(name)
        try:
            if find_emulator() is None:
                raise EmulatorMissing(f"no emulator; install it with: {INSTALL_QEMU}")
            programs = [Program(HOST, build_host_kernels(folder), False, host_inputs)]
            for (kind, level), mve in itertools.product(LEVELS, (True, False)):
                programs.append(emulated(folder, kind, level, mve, emulated_inputs))
                progress(f"built for {programs[-1].name}")
        except (CompilerMissing, EmulatorMissing) as error:
            print(f"UNCHECKED: {error}")
            return 3
        for kernel in SCALAR | VECTOR:
            difference = compare(kernel, programs, progress)
            if difference is not None:
                print(difference)
                return 1
        compilers = sorted({require_compiler(kind).version for kind, _ in LEVELS})
    print(f"{'kernel':40}{'this machine':>14}{'emulated':>12}  builds  differences")
    for kernel in SCALAR | VECTOR:
        builds = 2 * len(LEVELS) if kernel in SCALAR else len(LEVELS)
        print(f"tv_{kernel:37}{host_inputs:>14,}{emulated_inputs:>12,}{builds:>8}{0:>13}")
    print(f"{' '.join(level for level in dict.fromkeys(level for _, level in LEVELS))} by {'; '.join(compilers)}")
    return 0


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(numbers + [100_000, 1_000_000][len(numbers) :])))

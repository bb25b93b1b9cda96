"""Single kernels, on the emulated core or on this machine: groups of cases in, whole output buffers out
(kernels_c/harness/tv_kernel_harness.c)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import Compiler, CompilerMissing, compile_program, compiler_environment
from tinyverify.engines.emulator.run import EmulatorError, execute
from tinyverify.engines.host_build import INSTALL, SANITIZE, find_host_compiler

LANES = 96  # a row of more than 64 is a long one for dense_requantize_s8_rows_mve
WEIGHTS = 4096
INPUTS = 50  # of a group
POISON = 0x5A
SCALAR = {
    "quantize_f32": 0,
    "dense_s8": 1,
    "dense_requantize_s8": 2,
    "requantize": 3,
    "relu": 4,
    "dequantize": 5,
    "arg_max": 6,
    "softmax_lut": 7,
    "sample_discrete": 8,
    "sample_continuous": 9,
    "xorshift32": 10,
}
VECTOR = {
    "quantize_f32_mve": 100,
    "dense_s8_mve": 101,
    "dense_requantize_s8_rows_mve": 102,
    "requantize_mve": 103,
    "relu_mve": 104,
    "dequantize_mve": 105,
    "arg_max_mve": 106,
    "softmax_lut_mve": 107,
    "dense_s8_outer_mve": 111,
    "dense_requantize_s8_outer_mve": 112,
    "dense_requantize_s8_outer_int16_mve": 113,
}

INPUT = np.dtype([("word", "<u4"), ("x", "i1", LANES), ("a", "<u4", LANES)])
GROUP = np.dtype(
    [(name, "<i4") for name in ("kernel", "n", "m", "zero_point", "lo", "hi", "rounding", "multiplier", "shift")]
    + [("weight", "i1", WEIGHTS), ("b", "<u4", LANES), ("c", "<u4", LANES), ("inputs", INPUT, INPUTS)]
)
RESULT = np.dtype([("value", "<i4"), ("word", "<u4"), ("y", "u1", 4 * LANES), ("p", "<u2", LANES), ("guard", "<u4", 4)])


def build_kernels(out_dir: Path, compiler: Compiler, opt: str = "-O3", mve: bool = True, edits=()) -> Path:
    """The test program for the emulated core. `edits` [(file, old, new)] change sources first; old must be there."""
    elf = out_dir / f"kernels-{compiler.kind}{opt}-{'mve' if mve else 'scalar'}.elf"
    with _sources(edits) as folder:
        shutil.copy(folder / "harness" / "tv_semihosting.h", folder / "include")
        sources = [f"src/tv_{kernel}.c" for kernel in SCALAR]
        sources += [f"src/tv_{kernel}.c" for kernel in VECTOR] if mve else []
        sources += ["harness/tv_kernel_harness.c", "hal/tv_startup.c", "hal/tv_memory.c"]
        compile_program(compiler, folder, sources, Path("harness/kernel.ld"), elf, opt, mve)
    return elf


def build_host_kernels(out_dir: Path, edits=()) -> Path:
    """The test program for this machine, the vector kernels over kernels_c/models; undefined behaviour ends it.

    Raises CompilerMissing.
    """
    compiler = find_host_compiler()
    if compiler is None:
        raise CompilerMissing(f"no C compiler for this machine; install one with: {INSTALL}")
    program = out_dir / "kernels-host"
    with _sources(edits) as folder:
        sources = ["harness/tv_kernel_harness.c", *(f"src/tv_{kernel}.c" for kernel in SCALAR | VECTOR)]
        flags = ["-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", *SANITIZE]
        flags += ["-Imodels", "-Iinclude", "-D__ARM_FEATURE_MVE", "-Wno-missing-braces"]
        command = [*compiler, *flags, *sources, "-o", str(program.resolve())]
        subprocess.run(command, cwd=folder, env=compiler_environment(), check=True)
    return program


def run_kernels(program: Path, groups: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Results RESULT [g, INPUTS] of `groups` GROUP [g]; `table` int8 [256] is that of the softmax and sample kernels.

    `program` is of build_kernels or of build_host_kernels. Raises EmulatorError if it does not end well.
    """
    with tempfile.TemporaryDirectory(prefix="tinyverify-kernels-") as name:
        folder = Path(name)
        with (folder / "cases.bin").open("wb") as file:
            file.write(np.array([len(groups)], "<u4").tobytes() + np.asarray(table, np.int8).tobytes())
            groups.astype(GROUP, copy=False).tofile(file)
        if program.suffix == ".elf":
            execute(program, folder, 300)
        else:
            done = subprocess.run([str(program.resolve())], cwd=folder, capture_output=True, text=True, timeout=300)
            if done.returncode:
                raise EmulatorError(f"{program.name}: exit {done.returncode}: {done.stderr.strip()[:300]}")
        return np.fromfile(folder / "kernel-results.bin", RESULT).reshape(-1, INPUTS)


@contextmanager
def _sources(edits) -> Iterator[Path]:
    """A copy of kernels_c with `edits` made."""
    with tempfile.TemporaryDirectory(prefix="tinyverify-kernels-") as name:
        folder = Path(name) / "kernels_c"
        shutil.copytree(data_dir("kernels_c"), folder)
        for file, old, new in edits:
            text = (folder / file).read_text()
            assert old in text, f"{file} no longer contains {old!r}"
            (folder / file).write_text(text.replace(old, new))
        yield folder

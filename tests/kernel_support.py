"""Single kernels on the emulated core: cases in, whole output buffers out (kernels_c/harness/tv_kernel_harness.c)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import Compiler, compile_program
from tinyverify.engines.emulator.run import execute

LANES = 48
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

CASE = np.dtype(
    [(name, "<i4") for name in ("kernel", "n", "m", "zero_point", "lo", "hi", "rounding", "multiplier", "shift")]
    + [("word", "<u4"), ("x", "i1", LANES), ("weight", "i1", LANES * LANES)]
    + [(name, "<u4", LANES) for name in ("a", "b", "c")]
)
RESULT = np.dtype([("value", "<i4"), ("word", "<u4"), ("y", "u1", 4 * (LANES + 4)), ("p", "<u2", LANES + 4)])


def build_kernels(out_dir: Path, compiler: Compiler, opt: str = "-O3", mve: bool = True, edits=()) -> Path:
    """The kernel test program. `edits` [(file, old, new)] change sources first; old must be there."""
    with tempfile.TemporaryDirectory(prefix="tinyverify-kernels-") as name:
        folder = Path(name) / "kernels_c"
        shutil.copytree(data_dir("kernels_c"), folder)
        for file, old, new in edits:
            text = (folder / file).read_text()
            assert old in text, f"{file} no longer contains {old!r}"
            (folder / file).write_text(text.replace(old, new))
        shutil.copy(folder / "harness" / "tv_semihosting.h", folder / "include")
        sources = [f"src/tv_{kernel}.c" for kernel in SCALAR]
        sources += [f"src/tv_{kernel}.c" for kernel in VECTOR] if mve else []
        sources += ["harness/tv_kernel_harness.c", "hal/tv_startup.c", "hal/tv_memory.c"]
        elf = out_dir / f"kernels-{compiler.kind}{opt}-{'mve' if mve else 'scalar'}.elf"
        compile_program(compiler, folder, sources, Path("harness/kernel.ld"), elf, opt, mve)
    return elf


def run_kernels(elf: Path, cases: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Results (RESULT) of `cases` (CASE); `table` int8 [256] is the table of the softmax and sample kernels."""
    with tempfile.TemporaryDirectory(prefix="tinyverify-kernels-") as name:
        folder = Path(name)
        head = np.array([len(cases)], "<u4").tobytes() + np.asarray(table, np.int8).tobytes()
        (folder / "cases.bin").write_bytes(head + cases.astype(CASE).tobytes())
        execute(elf, folder, 120)
        return np.frombuffer((folder / "kernel-results.bin").read_bytes(), RESULT)

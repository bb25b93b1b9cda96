"""Builds the runner around a list of cases, runs it on the emulated core, reads the states back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from tests.cosimulation.cases import BUFFER_WORDS, STATE_WORDS, Case
from tinyverify.engines.emulator.compiler import Compiler, compiler_environment
from tinyverify.engines.emulator.run import execute

HERE = Path(__file__).parent


def emulate(
    cases: list[Case], states: np.ndarray, buffers: np.ndarray, compiler: Compiler, folder: Path
) -> list[tuple[np.ndarray, np.ndarray | None]]:
    """For each case: states after it uint32 [count, 48], and buffers [count, 64] if it may store."""
    (folder / "tests.S").write_text(_assembly(cases, states, buffers))
    elf = folder / "runner.elf"
    flags = [*compiler.target_flags(True), "-O2", "-ffreestanding", "-fno-builtin", "-nostdlib"]
    sources = [str(HERE / "runner.c"), str(HERE / "run_one.S"), "tests.S"]
    command = [*compiler.command, *flags, f"-Wl,-T,{HERE / 'runner.ld'}", *sources, "-o", str(elf)]
    subprocess.run(command, cwd=folder, env=compiler_environment(), check=True, capture_output=True)
    execute(elf, folder, 300)
    words = np.fromfile(folder / "results.bin", "<u4")
    results, at, count = [], 0, len(states)
    for case in cases:
        width = STATE_WORDS + (BUFFER_WORDS if case.stores else 0)
        block = words[at : at + width * count].reshape(count, width)
        results.append((block[:, :STATE_WORDS], block[:, STATE_WORDS:] if case.stores else None))
        at += width * count
    assert at == len(words)
    return results


def _assembly(cases: list[Case], states: np.ndarray, buffers: np.ndarray) -> str:
    lines = ["    .syntax unified", "    .thumb", "    .text"]
    for number, case in enumerate(cases):
        lines += ["    .balign 4", f"case{number}:"]
        lines += [
            f"    .short {int.from_bytes(case.code[i : i + 2], 'little'):#06x}" for i in range(0, len(case.code), 2)
        ]
        lines.append("    b.w run_one_end")
    lines += ["    .section .rodata", "    .balign 4", "    .global tests", "tests:"]
    for number, case in enumerate(cases):
        lines.append(f"    .word case{number}")
        lines.append(f"    .byte {case.base}, {case.index}, {case.offsets}, {int(case.stores)}")
        lines.append(f"    .word {case.mask:#x}")
    for name, value in (("test_count", len(cases)), ("state_count", len(states))):
        lines += [f"    .global {name}", f"{name}: .word {value}"]
    for name, table in (("states", states), ("buffers", buffers)):
        lines += [f"    .global {name}", f"{name}:"]
        lines += ["    .word " + ", ".join(hex(int(v)) for v in row) for row in table]
    return "\n".join(lines) + "\n"

"""Stack depth from the binary against the emulator's painted stack and against the compiler's own figures."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from tests.wcet_support import PROGRAMS, build_programs
from tinyverify.binary.stack import StackAnalysis
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import find_emulator, run
from tinyverify.obligations.linked import linked


@pytest.mark.skipif(find_emulator() is None, reason="qemu-system-arm is not installed")
@pytest.mark.parametrize(
    ("name", "kind", "mve"),
    [
        ("cartpole", "zig", True),
        ("acrobot", "zig", True),
        ("pendulum", "zig", True),
        ("cartpole", "gcc", True),
        ("cartpole", "zig", False),
        ("cartpole", "gcc", False),
    ],
)
def test_the_emulated_core_uses_no_more(policies, name, kind, mve):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    policy = policies[name]
    firmware = linked(policy, compiler, "-O3", mve).test
    depth = StackAnalysis(firmware).depth(firmware.functions["tv_infer"].address)
    cases, _ = observations(policy, 200, seed=2)
    used = run(firmware.path, cases, policy.discrete).stack_bytes
    assert used <= depth.total
    assert depth.total <= used + 64  # what is reserved and not written: padding, alignment


def test_the_compiler_counts_the_same(tmp_path):
    compiler = find_compiler("gcc")
    if compiler is None:
        pytest.skip("no gcc compiler")
    firmware = build_programs(tmp_path, compiler, "-O2")
    kept = replace(compiler, command=(*compiler.command, "-fstack-usage"))
    flags = ["-std=c99", "-O2", "-ffreestanding", "-fno-builtin", "-ffp-contract=off", "-ffunction-sections"]
    command = [*kept.command, *kept.target_flags(True), *flags, "-Iinclude", "-c", "programs.c", "-o", "programs.o"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    lines = [line.split("\t") for line in (tmp_path / "programs.su").read_text().splitlines()]
    stated = {place.split(":")[-1]: int(size) for place, size, _ in lines}
    analysis = StackAnalysis(firmware)
    compared = 0
    for name in PROGRAMS:
        if name in stated:
            assert analysis.depth(firmware.functions[name].address).own == stated[name], name
            compared += 1
    assert compared >= 10

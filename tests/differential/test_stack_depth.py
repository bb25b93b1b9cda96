"""Stack depth from the binary against the emulator's painted stack and against the compilers' own figures."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.wcet_support import PROGRAMS, build_programs
from tinyverify.binary.elf import Firmware
from tinyverify.binary.stack import StackAnalysis
from tinyverify.emit.firmware import emit
from tinyverify.emit.hal import LINKED
from tinyverify.engines.emulator.compiler import Compiler, find_compiler
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


FLAGS = (
    "-std=c99",
    "-ffreestanding",
    "-fno-builtin",
    "-ffp-contract=off",
    "-ffunction-sections",
    "-fomit-frame-pointer",
)


def stack_usage(compiler: Compiler, folder: Path, sources: list[str], opt: str, scratch: Path) -> dict[str, int]:
    """What the compiler's -fstack-usage says of each function of `sources` in `folder`, bytes."""
    # Clang's driver of ziglang leaves the file in its cache, GCC beside the object.
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(scratch), "ZIG_LOCAL_CACHE_DIR": str(scratch)}
    for source in sources:
        made = str(scratch / f"{Path(source).stem}.o")
        flags = [*compiler.target_flags(True), *FLAGS, opt, "-Iinclude", "-fstack-usage", "-c", source, "-o", made]
        subprocess.run([*compiler.command, *flags], cwd=folder, env=environment, check=True, capture_output=True)
    lines = [line.split("\t") for path in scratch.rglob("*.su") for line in path.read_text().splitlines()]
    assert all(kind == "static" for _, _, kind in lines)
    return {place.split(":")[-1]: int(size) for place, size, _ in lines}


def compare(firmware: Firmware, stated: dict[str, int], names: set[str]) -> None:
    """Each of `names` that is a function of its own in `firmware` has the frame that the compiler states."""
    analysis = StackAnalysis(firmware)
    common = names & set(stated) & set(firmware.functions)
    assert len(common) >= min(10, len(names))
    ours = {name: analysis.depth(firmware.functions[name].address).own for name in common}
    assert ours == {name: stated[name] for name in common}


@pytest.mark.parametrize(("kind", "opt"), [("zig", "-O2"), ("gcc", "-O2"), ("zig", "-Os"), ("gcc", "-Os")])
def test_the_compilers_count_the_same(tmp_path, kind, opt):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    firmware = build_programs(tmp_path, compiler, opt)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    compare(firmware, stack_usage(compiler, tmp_path, ["programs.c"], opt, scratch), set(PROGRAMS))


@pytest.mark.parametrize("name", ["cartpole", "pendulum"])
@pytest.mark.parametrize("kind", ["zig", "gcc"])
def test_the_compilers_count_the_same_for_firmware(policies, tmp_path, kind, name):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    folder, scratch = emit(policies[name], None, tmp_path / "firmware", unproved=True), tmp_path / "scratch"
    scratch.mkdir()
    sources = ["src/tv_policy_mve.c", *(f"hal/{source}" for source in LINKED), "example/main.c"]
    stated = stack_usage(compiler, folder, sources, "-O3", scratch)
    firmware = linked(policies[name], compiler)
    main_reaches = set(stated) - {"tv_fault", "tv_name_fault"}  # these end in a trap, or in the emulator's exit
    compare(firmware.product, stated, main_reaches)
    compare(firmware.test, stated, {"tv_sample", "tv_infer", "tv_forward"})

"""The firmware of a policy with the guards' test program (tv_harness_guards.c) in place of the application."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from elftools.elf.elffile import ELFFile

from tinyverify.artifacts.policy import Policy
from tinyverify.emit.firmware import emit
from tinyverify.emit.hal import LINKED, OPTIONAL
from tinyverify.emit.observation_limits import observation_limits
from tinyverify.engines.emulator.compiler import Compiler, compile_program
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import MACHINE, find_emulator

HARNESS = Path(__file__).with_name("tv_harness_guards.c")
SCENARIOS = {
    "ready": 0,
    "main stack": 1,
    "process stack": 2,
    "no process stack": 3,
    "critical stack": 4,
    "other fault": 5,
    "low stack": 6,
    "process stack left": 7,
    "heap": 8,
    "flash": 9,
    "output": 10,
    "critical": 11,
    "observations": 12,
}


@dataclass(frozen=True)
class Outcome:
    """`code`: exit code of the program, None if it did not end; `text`: what it said."""

    code: int | None
    text: str


def build_guards(policy: Policy, folder: Path, compiler: Compiler, mve: bool = True, edits=()) -> Path:
    """The ELF in `folder`. `edits` [(file, old, new)] change the firmware first."""
    firmware = emit(policy, None, folder / "firmware", unproved=True)
    shutil.copy(HARNESS, firmware / "test")
    for file, old, new in edits:
        text = (firmware / file).read_text()
        assert old in text, f"{file} no longer contains {old!r}"
        (firmware / file).write_text(text.replace(old, new))
    suffix = "_mve" if mve else ""
    sources = [f"test/{HARNESS.name}"]
    sources += [f"src/{name}{suffix}.c" for name in ("tv_policy", "tv_policy_tables", "tv_flash_tables")]
    sources += [f"hal/{name}" for name in (*LINKED, *OPTIONAL)]
    elf = folder / f"guards-{compiler.kind}{suffix}.elf"
    compile_program(compiler, firmware, sources, Path("policy-test.ld"), elf, mve=mve)
    return elf


def provoke(elf: Path, scenario: str, folder: Path, seconds: float = 20, plugin: str | None = None) -> Outcome:
    """Run one scenario in `folder`. Unlike `run`, any exit is an outcome: it is what the guards are asked about."""
    (folder / "scenario.bin").write_bytes(SCENARIOS[scenario].to_bytes(4, "little"))
    command = [find_emulator(), "-M", MACHINE, "-nographic", "-monitor", "none", "-serial", "none"]
    command += ["-semihosting-config", "enable=on,target=native", "-kernel", str(elf.resolve())]
    command += [] if plugin is None else ["-plugin", plugin]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return Outcome(None, "")
    return Outcome(done.returncode, (done.stdout + done.stderr).decode(errors="replace"))


def guard_cases(policy: Policy, count: int, seed: int) -> np.ndarray:
    """`count` observations uint32 [count, obs_dim], at first the limits of each feature and a step beside."""
    cases, _ = observations(policy, count, seed)
    for feature, (lowest, span) in enumerate(observation_limits(policy)):
        for row, step in enumerate((-1, 0, 1)):
            low, high = (lowest + step) & 0xFFFFFFFF, (lowest + span + step) & 0xFFFFFFFF
            ends = np.zeros((2, policy.obs_dim), np.uint32)
            ends[:, feature] = low ^ 0x7FFFFFFF, high  # from a place to a pattern; the least is negative
            cases[6 * feature + 2 * row : 6 * feature + 2 * row + 2] = ends
    return cases


def file_offset(elf: Path, address: int) -> int:
    """Where the ELF file holds the byte at `address`."""
    with elf.open("rb") as file:
        for section in ELFFile(file).iter_sections("SHT_PROGBITS"):
            start = section["sh_addr"]
            if start <= address < start + section["sh_size"]:
                return section["sh_offset"] + address - start
    raise KeyError(f"{elf}: nothing at {address:#x}")

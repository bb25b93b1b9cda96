"""The scalar models of MVE intrinsics (kernels_c/models) against the emulated instructions, and one planted fault.

Every intrinsic that a kernel uses runs once a case; lanes are all pairs of extreme words and random ones, predicates
all counts of active lanes. The models run here under a sanitizer. What the models say in theory is `kernel.mve_models`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import compile_program, compiler_environment, require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, execute, find_emulator
from tinyverify.engines.host_build import SANITIZE, find_host_compiler

PROBE = "harness/tv_mve_probe.c"
CASE = np.dtype([("a", "<u4", 4), ("b", "<u4", 4), ("scalar", "<i4"), ("count", "<u4")])
WORDS = (
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0x8001,
    0xFFFF,
    0x10000,
    0x7FFFFFFF,
    0x80000000,
    0x80000001,
    0xFFFFFFFF,
)
WORDS += (0x7FFF7FFF, 0x80008000, 0x80808080, 0x7F7F7F7F, 0x40000000, 0xC0000000, 0x3FFFFFFF)
FLOATS = (
    0x3F800000,
    0x3F000000,
    0x3FC00000,
    0xBF000000,
    0xC0200000,
    0x4B000001,
    0x4B7FFFFF,
    0x4F000000,
    0xCF000000,
    0xCF000001,
)
FLOATS += (0x7F800000, 0xFF800000, 0x7FC00001, 0x7F800001, 0x00800000, 0x007FFFFF, 0x80000001, 0x3F7FFFFF, 0x1F800000)
RANDOM = 20_000

pytestmark = [
    pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}"),
    pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine"),
]


def calls() -> list[str]:
    """The call behind each result of the probe, in order of the results."""
    text = (data_dir("kernels_c") / PROBE).read_text()
    found = re.findall(r"r\[(\d+)\]\.\w+ = (?:\(uint32_t\))?(\w+)\(", text)
    found += [(index, name) for name, index in re.findall(r"^    (\w+)\(to\[(\d+)\]", text, re.MULTILINE)]
    assert sorted(int(index) for index, _ in found) == list(range(len(found)))
    return [name for _, name in sorted(found, key=lambda pair: int(pair[0]))]


def cases() -> np.ndarray:
    """CASE [n]: every pair of extreme words in some lane, then random ones, some of them near each other."""
    rng = np.random.default_rng(7)
    extreme = np.array(WORDS + FLOATS, np.uint32)
    pairs = np.array(np.meshgrid(extreme, extreme)).reshape(2, -1)
    made = np.zeros(pairs.shape[1] + RANDOM, CASE)
    for lane in range(4):
        made["a"][: pairs.shape[1], lane], made["b"][: pairs.shape[1], lane] = np.roll(pairs, 11 * lane, axis=1)
    rest = made[pairs.shape[1] :]
    for name in ("a", "b"):
        rest[name] = rng.integers(0, 1 << 32, (RANDOM, 4), np.uint32)
        some = rng.random((RANDOM, 4)) < 0.3
        rest[name][some] = rng.choice(extreme, int(some.sum()))
    made["scalar"] = rng.integers(-(1 << 31), 1 << 31, len(made))
    equal = rng.random(len(made)) < 0.5  # comparisons find something
    made["scalar"][equal] = made["a"][equal, 0].view(np.int32)
    made["count"] = np.arange(len(made)) % 19
    return made


def outputs(made: np.ndarray, folder: Path, program: Path) -> np.ndarray:
    """What the probe answers, uint8 [n, results, 16]."""
    (folder / "cases.bin").write_bytes(np.array([len(made)], "<u4").tobytes() + made.tobytes())
    if program.suffix == ".elf":
        execute(program, folder, 300)
    else:
        subprocess.run([str(program)], cwd=folder, check=True)
    return np.fromfile(folder / "kernel-results.bin", np.uint8).reshape(len(made), -1, 16)


def on_the_core(folder: Path) -> Path:
    sources = folder / "kernels_c"
    shutil.copytree(data_dir("kernels_c"), sources)
    shutil.copy(sources / "harness" / "tv_semihosting.h", sources / "include")
    elf = folder / "probe.elf"
    files = [PROBE, "hal/tv_startup.c", "hal/tv_memory.c"]
    compile_program(require_compiler(), sources, files, Path("harness/kernel.ld"), elf, "-O2", True)
    return elf


def on_this_machine(folder: Path, old: str = "", new: str = "") -> Path:
    sources = folder / "kernels_c"
    shutil.copytree(data_dir("kernels_c"), sources)
    for header in (sources / "models").glob("*.h"):
        header.write_text(header.read_text().replace(old, new) if old else header.read_text())
    flags = ["-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", *SANITIZE]
    command = [*find_host_compiler(), *flags, "-Imodels", "-Iinclude", "-Iharness", PROBE, "-o", "probe"]
    subprocess.run(command, cwd=sources, env=compiler_environment(), check=True)
    return sources / "probe"


def test_every_intrinsic_of_the_kernels_is_probed() -> None:
    folder = data_dir("kernels_c")
    used = set()
    for path in [*folder.glob("src/*_mve.c"), *folder.glob("include/*_mve.h")]:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        used |= set(re.findall(r"\b(v[a-z0-9]+q(?:_[a-z0-9_]+)?)\(", text))
    assert used == set(calls())


def test_models_are_the_instructions(tmp_path) -> None:
    made = cases()
    (tmp_path / "core").mkdir()
    (tmp_path / "here").mkdir()
    core = outputs(made, tmp_path, on_the_core(tmp_path / "core"))
    here = outputs(made, tmp_path, on_this_machine(tmp_path / "here"))
    for index, name in enumerate(calls()):
        wrong = np.flatnonzero((core[:, index] != here[:, index]).any(axis=1))
        assert len(wrong) == 0, f"{name}: {made[wrong[0]]}: {core[wrong[0], index]} != {here[wrong[0], index]}"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("vqrdmulhq_s32", "+ 1073741824) >> 31, INT32", "+ 1073741823) >> 31, INT32"),
        ("vqmovntq_s16", "i % 2 == 1", "i % 2 == 0"),
        ("vcvtnq_s32_f32", "(magnitude + 8388608.0f) - 8388608.0f", "magnitude + 0.5f"),
        ("vmulq_f32", "TV_LEAST_NORMAL 0x1p-126", "TV_LEAST_NORMAL 0x1p-149"),
    ],
)
def test_a_wrong_model_is_found(name, old, new, tmp_path) -> None:
    made = cases()
    for folder in ("core", "here"):
        (tmp_path / folder).mkdir()
    core = outputs(made, tmp_path, on_the_core(tmp_path / "core"))
    here = outputs(made, tmp_path, on_this_machine(tmp_path / "here", old, new))
    index = calls().index(name)
    assert (core[:, index] != here[:, index]).any()

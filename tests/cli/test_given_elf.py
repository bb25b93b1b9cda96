"""`prove --elf` and `report --elf`: an ELF that a user hands over. What is refused gives one message and no number."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.command_line import tinyverify
from tests.wcet_support import patched
from tinyverify.artifacts.bundle import load_bundle
from tinyverify.binary.elf import read_elf
from tinyverify.binary.flow import flow_graph
from tinyverify.engines.emulator.compiler import compiler_environment, find_compiler
from tinyverify.obligations.linked import BuildChoice, linked, settled

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")
TIME = ("--only", "wcet.total_cycles", "--no-lean")
CYCLES = re.compile(r"\d+ (of \S+ )?cycles|within|over")


@pytest.fixture
def bundle(bundle_folder) -> Path:
    return bundle_folder("cartpole") / "bundle.json"


@pytest.fixture
def elf(bundle) -> Path:
    """The firmware of `bundle`, as a user would have it on disk."""
    return Path(shutil.copy(linked(load_bundle(bundle)[1]).product.path, bundle.with_name("app.elf")))


def infer_loop(elf: Path):
    """The last instruction of a low-overhead loop of the inference, and the bytes of a branch that always goes back."""
    firmware = read_elf(elf)
    graphs = [flow_graph(firmware, firmware.function(name).address) for name in ("tv_infer", "tv_forward")]
    end = next(b.last for g in graphs for b in g.blocks.values() if b.last.name in ("le", "letp"))
    offset = end.operands[-1] - (end.address + 4)
    assert -2048 <= offset < 0
    return end, struct.pack("<HH", 0xE000 | offset >> 1 & 0x7FF, 0xBF00)


def broken(elf: Path, kind: str) -> Path:
    """A file made of `elf` that must be refused."""
    bad = elf.with_name(f"{kind}.elf")
    data = elf.read_bytes()
    if kind == "truncated":
        bad.write_bytes(data[: len(data) * 9 // 10])
    elif kind == "no ELF":
        bad.write_bytes(b"S019000068656C6C6F")
    elif kind == "stripped":
        strip = shutil.which("arm-none-eabi-strip") or shutil.which("llvm-strip-19")
        if strip is None:
            pytest.skip("no strip for Arm")
        subprocess.run([strip, "-o", str(bad), str(elf)], check=True)
    else:
        (elf.parent / "m4.c").write_text("int main(void) { return 3; }\n")
        flags = [
            "-target",
            "thumb-freestanding-eabihf",
            "-mcpu=cortex_m4",
            "-nostdlib",
            "-ffreestanding",
            "-Wl,-e,main",
        ]
        command = [*find_compiler("zig").command, *flags, "m4.c", "-o", str(bad)]
        subprocess.run(command, cwd=elf.parent, env=compiler_environment(), check=True, capture_output=True)
    return bad


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("truncated", "truncated"),
        ("no ELF", "is not an ELF file"),
        ("stripped", "the file is stripped"),
        ("wrong architecture", "is built for v7E-M, expected v8.1-M"),
    ],
)
def test_files_that_no_analysis_can_read(bundle, elf, kind, message):
    before = bundle.read_bytes()
    bad = broken(elf, kind)
    done = tinyverify("prove", bundle, "--elf", bad)
    assert done.returncode == 2
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert str(bad) in done.stderr and message in done.stderr
    assert bundle.read_bytes() == before


def test_a_loop_without_a_bound_gives_no_number(bundle, elf):
    end, code = infer_loop(elf)
    endless = patched(read_elf(elf), end.address, code, elf.with_name("endless.elf"))
    done = tinyverify("prove", bundle, *TIME, "--elf", endless.path, "--fail-over-max-cycles", 8_548)
    assert done.returncode == 3
    assert "no bound derived for the loop" in done.stdout.replace("\n", " ")
    assert "no certified bound" in done.stderr
    assert not re.search(CYCLES, done.stdout.split("not known:")[1])


def test_the_very_build_is_recognized(bundle, elf):
    policy = load_bundle(bundle)[1]
    assert settled(policy, BuildChoice(elf=elf)) == BuildChoice()
    done = tinyverify("prove", bundle, *TIME, "--elf", elf)
    assert done.returncode == 0 and "not recorded" not in done.stderr


def test_another_file_is_proved_and_not_recorded(bundle, elf):
    """A byte that nobody executes: the bound is the same, about that file, and the bundle stays as it was."""
    before = bundle.read_bytes()
    firmware = read_elf(elf)
    table = next(s for s in firmware.sections if s.name.startswith(".lut"))
    other = patched(firmware, table.address, bytes([table.data[0] ^ 1]), elf.with_name("other.elf"))
    results = bundle.with_name("results.json")
    done = tinyverify("prove", bundle, "--only", "[fw]*.t*", "--no-lean", "--elf", other.path, "--json", results)
    assert "not recorded" in done.stderr and other.sha256 in done.stderr
    found = {o["id"]: o for o in json.loads(results.read_text())["obligations"]}
    assert found["wcet.total_cycles"]["status"] == "PROVED"
    assert found["wcet.total_cycles"]["evidence"]["elf_sha256"] == other.sha256
    assert found["flash_guard.tables"]["status"] == "REFUTED" and done.returncode == 1
    assert bundle.read_bytes() == before


def test_code_changed_after_the_proof_is_refused(bundle, elf):
    results = bundle.with_name("results.json")
    assert tinyverify("prove", bundle, *TIME, "--json", results).returncode == 0
    same = tinyverify("report", results, "--elf", elf)
    assert same.returncode == 0 and "tv_infer: the certificate shows" in same.stderr
    end, code = infer_loop(elf)
    changed = patched(read_elf(elf), end.address, code, elf.with_name("changed.elf"))
    done = tinyverify("report", results, "--elf", changed.path, "--html", bundle.with_name("page.html"))
    assert done.returncode == 2 and done.stdout == ""
    assert "changed after the proof" in done.stderr and "changed.elf" in done.stderr
    assert not bundle.with_name("page.html").exists()


def edited(certificate: dict, kind: str) -> dict:
    s, t, cost = certificate["edges"][0]
    if kind == "costlier edge":
        return {**certificate, "edges": [[s, t, cost + 1], *certificate["edges"][1:]]}
    if kind == "lower bound":
        return {**certificate, "cycles": certificate["cycles"] - 1}
    if kind == "no number":
        return {**certificate, "potentials": ["0", *certificate["potentials"][1:]]}
    costs = [[s, t, 0] for s, t, _ in certificate["edges"]]  # a certificate that holds, of other code
    nothing = {"potentials": [0] * len(certificate["potentials"]), "duals": []}
    return {**certificate, "edges": costs, "cycles": 0, **nothing}


def test_a_changed_certificate_is_refused(bundle, elf):
    results = bundle.with_name("results.json")
    assert tinyverify("prove", bundle, *TIME, "--json", results).returncode == 0
    text = results.read_text()
    for kind in ("costlier edge", "lower bound", "no number", "other code"):
        content = json.loads(text)
        evidence = content["obligations"][0]["evidence"]
        first, second = evidence["certificates"]
        evidence["certificates"] = [edited(first, kind), second]
        if kind == "other code":
            evidence["operations"][-1]["cycles"] = second["cycles"]
        results.write_text(json.dumps(content))
        done = tinyverify("report", results, *(("--elf", elf) if kind == "other code" else ()))
        assert done.returncode == 2 and done.stdout == "", kind
        assert "wcet.total_cycles.evidence.certificates.0" in done.stderr, done.stderr

"""ELF files that must be refused: one clear message each, never a number."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.wcet_support import build_programs
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.binary.elf import read_elf
from tinyverify.engines.emulator.compiler import compiler_environment, find_compiler

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def elf(tmp_path_factory) -> Path:
    return build_programs(tmp_path_factory.mktemp("elf"), find_compiler("zig"), "-O2").path


def refused(path: Path) -> ArtifactError:
    with pytest.raises(ArtifactError) as caught:
        read_elf(path)
    assert str(path) in str(caught.value)
    return caught.value


def test_the_file_itself_is_accepted(elf):
    assert "calls" in read_elf(elf).functions


def test_missing_and_foreign_files(tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.elf").message
    (tmp_path / "text.elf").write_text("not an ELF file")
    assert "not an ELF" in refused(tmp_path / "text.elf").message


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_truncated(elf, tmp_path, share):
    data = elf.read_bytes()
    path = tmp_path / "short.elf"
    path.write_bytes(data[: int(len(data) * share)])
    assert any(word in refused(path).message for word in ("truncated", "not an ELF", "stripped"))


def test_stripped(elf, tmp_path):
    strip = shutil.which("arm-none-eabi-strip") or shutil.which("llvm-strip")
    if strip is None:
        pytest.skip("no strip for Arm")
    path = tmp_path / "stripped.elf"
    subprocess.run([strip, "-o", str(path), str(elf)], check=True)
    assert "stripped" in refused(path).message


def test_wrong_machine_and_type(elf, tmp_path):
    data = bytearray(elf.read_bytes())
    for offset, value, field in ((18, 62, "e_machine"), (16, 1, "e_type")):
        changed = bytearray(data)
        struct.pack_into("<H", changed, offset, value)
        path = tmp_path / f"{field}.elf"
        path.write_bytes(changed)
        assert refused(path).field == field


def test_another_core(tmp_path):
    """A Cortex-M4 program is Arm code all the same; its timing is not this table's."""
    (tmp_path / "m4.c").write_text("int main(void) { return 3; }\n")
    flags = ["-target", "thumb-freestanding-eabihf", "-mcpu=cortex_m4", "-nostdlib", "-ffreestanding", "-Wl,-e,main"]
    command = [*find_compiler("zig").command, *flags, "m4.c", "-o", "m4.elf"]
    subprocess.run(command, cwd=tmp_path, env=compiler_environment(), check=True, capture_output=True)
    error = refused(tmp_path / "m4.elf")
    assert error.field == ".ARM.attributes"
    assert "v7E-M" in error.message


def test_unknown_function(elf):
    with pytest.raises(ArtifactError, match="no function of this name"):
        read_elf(elf).function("tv_nothing")

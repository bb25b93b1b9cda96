"""Small programs for the analyses of the binary: build them, patch them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import Compiler, compile_program

PROGRAMS = (
    "counted",
    "triangular",
    "early_exit",
    "switched",
    "calls",
    "gcd",
    "sorted_middle",
    "vector_dot",
    "matrix",
    "bits",
    "either",
    "machine",
    "guarded",
)


def build_programs(folder: Path, compiler: Compiler, opt: str, source: str = "programs.c") -> Firmware:
    """Compile tests/wcet_programs/`source` with start-up code into `folder`/program.elf."""
    kernels = data_dir("kernels_c")
    (folder / "include").mkdir(parents=True, exist_ok=True)
    shutil.copy(kernels / "harness" / "tv_semihosting.h", folder / "include")
    for name in ("hal/tv_startup.c", "hal/tv_faults.h", "hal/tv_memory.c", "harness/kernel.ld"):
        shutil.copy(kernels / name, folder)
    shutil.copy(Path(__file__).parent / "wcet_programs" / source, folder)
    elf = folder / "program.elf"
    compile_program(compiler, folder, [source, "tv_startup.c", "tv_memory.c"], Path("kernel.ld"), elf, opt)
    return read_elf(elf)


def patched(firmware: Firmware, address: int, code: bytes, path: Path) -> Firmware:
    """A copy of the ELF at `path` whose bytes at `address` are `code`."""
    section = firmware.section_at(address)
    old = firmware.read(address, len(code))
    data = bytearray(firmware.path.read_bytes())
    start = data.find(section.data)
    assert start >= 0 and data.count(bytes(section.data)) == 1, "the section's bytes are not unique in the file"
    at = start + address - section.address
    assert data[at : at + len(code)] == old
    data[at : at + len(code)] = code
    path.write_bytes(data)
    return read_elf(path)

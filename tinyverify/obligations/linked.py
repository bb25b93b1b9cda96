"""The firmware of a policy, emitted, built and read: what the obligations about the linked ELF speak of.

Serves `wcet.*`, `stack.*`, `elf_layout.*`. The build is reproducible, so one is kept in the cache under the hash of all
that goes into it; a kept file whose hash differs is built again. Whether a user flashes this very file is for the hash
in the evidence to tell.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.source_lines import SourceLines, read_lines
from tinyverify.data import data_dir
from tinyverify.emit.firmware import Evidence, emit, firmware_files
from tinyverify.emit.hal import OPTIONAL, hal_files
from tinyverify.engines.emulator.compiler import (
    Compiler,
    CompilerKind,
    build,
    cache_dir,
    compile_program,
    require_compiler,
)

_NAMES = ("policy.elf", "policy-test.elf")
_HAL_NAME, _HAL_SCRIPT = "hal.elf", "kernel.ld"
_DEBUG = ("-Xclang", "-debug-info-kind=line-tables-only", "-Xclang", "-dwarf-version=4")


@dataclass(frozen=True)
class Linked:
    """`product`: the example application's ELF. `test`: the emulator's program, linked from the same objects.

    `lines`: source lines of `product`, None if the compiler gave none or gave other code with them.
    """

    product: Firmware
    test: Firmware
    lines: SourceLines | None
    compiler: str

    def holding(self, function: str) -> Firmware:
        """The ELF that holds `function`: the product, or the test program if the linker dropped it from the product."""
        return self.product if function in self.product.functions else self.test


@dataclass(frozen=True)
class BuildChoice:
    """Which build obligations about the binary speak of. `compiler` None: whichever is there, Clang first."""

    compiler: CompilerKind | None = None
    level: str = "-O3"

    @property
    def is_default(self) -> bool:
        """Whether this is the build that `pipeline` and `run` make where Clang is there."""
        return self.compiler in (None, "zig") and self.level == "-O3"


def linked_as(policy: Policy, choice: BuildChoice) -> Linked:
    """`linked` with the chosen compiler and level."""
    return linked(policy, require_compiler(choice.compiler), choice.level)


def linked(policy: Policy, compiler: Compiler | None = None, opt: str = "-O3", mve: bool = True) -> Linked:
    """Emit and build `policy`, or take the build kept in the cache.

    Raises CompilerMissing with the command that installs one, BuildError, ArtifactError.
    """
    compiler = compiler or require_compiler()
    files = firmware_files(policy, Evidence())
    parts = [compiler.kind, compiler.version, opt, str(mve), *(f"{n} {_hash(files[n])}" for n in sorted(files))]
    folder = cache_dir() / "linked" / _hash("\n".join(parts).encode())[:32]
    if not _intact(folder, _NAMES):
        _make(policy, compiler, opt, mve, folder)
    product = read_elf(folder / _NAMES[0])
    lines = read_lines(folder / "lines.elf") if (folder / "lines.elf").exists() else None
    return Linked(product, read_elf(folder / _NAMES[1]), lines, f"{compiler.version} {opt}")


def linked_hal(roots: tuple[str, ...], compiler: Compiler | None = None, opt: str = "-O3") -> Firmware:
    """The parts of the HAL that applications link when they call `roots`, linked by themselves; no start-up, no main.

    Raises as `linked` does.
    """
    compiler = compiler or require_compiler()
    files = {target: source.read_bytes() for target, source in hal_files().items()}
    files[_HAL_SCRIPT] = (data_dir("kernels_c") / "harness" / _HAL_SCRIPT).read_bytes()
    parts = [compiler.kind, compiler.version, opt, *roots, *(f"{n} {_hash(files[n])}" for n in sorted(files))]
    target = cache_dir() / "linked" / _hash("\n".join(parts).encode())[:32]
    if not _intact(target, (_HAL_NAME,)):
        with _made(target) as made:
            source = made.parent / "source"
            for name, data in files.items():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_bytes(data)
            sources = [f"hal/{name}" for name in OPTIONAL]
            compile_program(compiler, source, sources, Path(_HAL_SCRIPT), made / _HAL_NAME, opt, keep=roots)
    return read_elf(target / _HAL_NAME)


def _make(policy: Policy, compiler: Compiler, opt: str, mve: bool, target: Path) -> None:
    with _made(target) as made:
        folder = made.parent
        source = emit(policy, None, folder / "firmware", unproved=True)
        built = build(source, compiler, opt, mve, made)
        if compiler.kind == "zig":
            debug = replace(compiler, command=(*compiler.command, *_DEBUG))
            twin = build(source, debug, opt, mve, folder / "debug")
            if _image(read_elf(twin.product)) == _image(read_elf(built.product)):
                shutil.copy(twin.product, made / "lines.elf")


@contextmanager
def _made(target: Path) -> Iterator[Path]:
    """A folder to build in, which takes the place of `target` with the hashes of its ELF files once it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as name:
        made = Path(name) / "made"
        made.mkdir()
        yield made
        hashes = {path.name: _hash(path.read_bytes()) for path in sorted(made.glob("*.elf"))}
        (made / "hashes.json").write_text(json.dumps(hashes))
        shutil.rmtree(target, ignore_errors=True)
        try:
            os.replace(made, target)
        except OSError:  # somebody else was quicker with the same build
            if not _intact(target, tuple(hashes)):
                raise


def _intact(folder: Path, names: tuple[str, ...]) -> bool:
    """Whether the kept build is there, with `names`, as it was made."""
    try:
        hashes = json.loads((folder / "hashes.json").read_bytes())
        return set(names) <= set(hashes) and all(_hash((folder / n).read_bytes()) == h for n, h in hashes.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _image(firmware: Firmware) -> list[tuple[str, int, bytes | None]]:
    """What the core will see: allocated sections with their bytes."""
    return [(s.name, s.address, s.data) for s in firmware.sections if s.allocated]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

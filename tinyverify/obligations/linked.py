"""The firmware of a policy, emitted, built and read: what the obligations about the linked ELF speak of.

Serves `wcet.*`, `stack.*`, `elf_layout.*`. The build is reproducible, so one is kept in the cache under the hash of all
that goes into it; a kept file whose hash differs is built again. Whether a user flashes this very file is for the hash
in the evidence to tell. A user may also hand over an ELF of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.source_lines import SourceLines, read_lines
from tinyverify.data import data_dir
from tinyverify.emit.firmware import Evidence, emit, firmware_files
from tinyverify.emit.hal import OPTIONAL, hal_files
from tinyverify.engines.emulator.compiler import (
    Compiler,
    CompilerKind,
    CompilerMissing,
    build,
    cache_dir,
    compile_program,
    require_compiler,
)

_NAMES = ("policy.elf", "policy-test.elf")
_TWINS = ("lines.elf", "lines-test.elf")  # the same code with a line table
PUBLIC = ("tv_infer", "tv_sample")  # the calls that make an inference
_HAL_NAME, _HAL_SCRIPT = "hal.elf", "kernel.ld"
_DEBUG = {
    "zig": ("-Xclang", "-debug-info-kind=line-tables-only", "-Xclang", "-dwarf-version=4"),
    "gcc": ("-g1", "-gdwarf-4"),
}


@dataclass(frozen=True)
class Linked:
    """`product`: the example application's ELF, or the user's. `test`: the emulator's program, of the same objects.

    `lines`, `test_lines`: their source lines, None if the compiler gave none or gave other code with them.
    """

    product: Firmware
    test: Firmware
    lines: SourceLines | None
    test_lines: SourceLines | None
    compiler: str

    def holding(self, function: str) -> Firmware:
        """The ELF that holds `function`: the product, or the test program if the linker dropped it from the product."""
        return self.product if function in self.product.functions else self.test

    def lines_of(self, function: str) -> SourceLines | None:
        """Source lines of the ELF that holds `function`."""
        return self.lines if function in self.product.functions else self.test_lines


@dataclass(frozen=True)
class BuildChoice:
    """Which build obligations about the binary speak of. `compiler` None: whichever is there, Clang first.

    `elf`: the user's own file in place of the build, and its `sha256`.
    """

    compiler: CompilerKind | None = None
    level: str = "-O3"
    elf: Path | None = None
    sha256: str = ""

    @property
    def is_default(self) -> bool:
        """Whether this is the build that `pipeline` and `run` make where Clang is there."""
        return self.compiler in (None, "zig") and self.level == "-O3" and self.elf is None


def settled(policy: Policy, choice: BuildChoice) -> BuildChoice:
    """`choice` with the hash of its ELF, or without that ELF if the build is this very file.

    Raises ArtifactError for a file that is no readable Cortex-M55 executable, BuildError.
    """
    if choice.elf is None:
        return choice
    built, given = replace(choice, elf=None), read_elf(choice.elf).sha256
    with suppress(CompilerMissing):
        if given == linked_as(policy, built).product.sha256:
            return built
    return replace(choice, sha256=given)


def linked_as(policy: Policy, choice: BuildChoice) -> Linked:
    """`linked` with the chosen compiler and level, or the user's ELF, with a `test` of that build if it needs one.

    Raises as `linked` does, and ArtifactError if the user's ELF has changed since its hash was taken.
    """
    if choice.elf is None:
        return linked(policy, require_compiler(choice.compiler), choice.level)
    product, lines = read_elf(choice.elf), read_lines(choice.elf)
    if product.sha256 != choice.sha256:
        raise ArtifactError(choice.elf, "", "was changed while it was being proved")
    own = lines if lines.addresses else None
    given = Linked(product, product, own, own, f"{choice.elf.name}, built elsewhere")
    if set(PUBLIC) <= set(product.functions):
        return given
    made = linked(policy, require_compiler(choice.compiler), choice.level)
    return replace(given, test=made.test, test_lines=made.test_lines)


def linked(policy: Policy, compiler: Compiler | None = None, opt: str = "-O3", mve: bool = True) -> Linked:
    """Emit and build `policy`, or take the build kept in the cache.

    Raises CompilerMissing with the command that installs one, BuildError, ArtifactError.
    """
    compiler = compiler or require_compiler()
    files = firmware_files(policy, Evidence())
    parts = [compiler.kind, compiler.version, opt, str(mve), *_TWINS]
    parts += [f"{n} {_hash(files[n])}" for n in sorted(files)]
    folder = cache_dir() / "linked" / _hash("\n".join(parts).encode())[:32]
    if not _intact(folder, _NAMES):
        _make(policy, compiler, opt, mve, folder)
    product, test = (read_elf(folder / name) for name in _NAMES)
    lines = [read_lines(folder / name) if (folder / name).exists() else None for name in _TWINS]
    return Linked(product, test, *lines, f"{compiler.version} {opt}")


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
        twin = build(source, compiler, opt, mve, folder / "debug", _DEBUG[compiler.kind])
        pairs = ((built.product, twin.product), (built.test, twin.test))
        for name, (plain, debug) in zip(_TWINS, pairs, strict=True):
            if _image(read_elf(plain)) == _image(read_elf(debug)):
                shutil.copy(debug, made / name)


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

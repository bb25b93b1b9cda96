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
from dataclasses import dataclass, replace
from pathlib import Path

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.source_lines import SourceLines, read_lines
from tinyverify.emit.firmware import Evidence, emit, firmware_files
from tinyverify.engines.emulator.compiler import Compiler, build, cache_dir, require_compiler

_NAMES = ("policy.elf", "policy-test.elf")
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


def linked(policy: Policy, compiler: Compiler | None = None, opt: str = "-O3", mve: bool = True) -> Linked:
    """Emit and build `policy`, or take the build kept in the cache.

    Raises CompilerMissing with the command that installs one, BuildError, ArtifactError.
    """
    compiler = compiler or require_compiler()
    files = firmware_files(policy, Evidence())
    parts = [compiler.kind, compiler.version, opt, str(mve), *(f"{n} {_hash(files[n])}" for n in sorted(files))]
    folder = cache_dir() / "linked" / _hash("\n".join(parts).encode())[:32]
    if not _intact(folder):
        _make(policy, compiler, opt, mve, folder)
    product = read_elf(folder / _NAMES[0])
    lines = read_lines(folder / "lines.elf") if (folder / "lines.elf").exists() else None
    return Linked(product, read_elf(folder / _NAMES[1]), lines, f"{compiler.version} {opt}")


def _make(policy: Policy, compiler: Compiler, opt: str, mve: bool, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as name:
        folder = Path(name)
        source = emit(policy, None, folder / "firmware", unproved=True)
        made = folder / "made"
        built = build(source, compiler, opt, mve, made)
        if compiler.kind == "zig":
            debug = replace(compiler, command=(*compiler.command, *_DEBUG))
            twin = build(source, debug, opt, mve, folder / "debug")
            if _image(read_elf(twin.product)) == _image(read_elf(built.product)):
                shutil.copy(twin.product, made / "lines.elf")
        hashes = {path.name: _hash(path.read_bytes()) for path in sorted(made.glob("*.elf"))}
        (made / "hashes.json").write_text(json.dumps(hashes))
        shutil.rmtree(target, ignore_errors=True)
        try:
            os.replace(made, target)
        except OSError:  # somebody else was quicker with the same build
            if not _intact(target):
                raise


def _intact(folder: Path) -> bool:
    """Whether the kept build is there with the hashes that it was made with."""
    try:
        hashes = json.loads((folder / "hashes.json").read_bytes())
        return set(_NAMES) <= set(hashes) and all(_hash((folder / n).read_bytes()) == h for n, h in hashes.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _image(firmware: Firmware) -> list[tuple[str, int, bytes | None]]:
    """What the core will see: allocated sections with their bytes."""
    return [(s.name, s.address, s.data) for s in firmware.sections if s.allocated]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

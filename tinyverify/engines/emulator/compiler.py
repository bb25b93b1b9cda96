"""Find a cross compiler, and build a firmware folder into ELF files.

Serves the differential runs and everything that reads the linked ELF. The build is reproducible: same folder and
compiler, same bytes. Does not run anything (run.py) and does not judge the ELF beyond table addresses (layout.py).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tinyverify.emit.hal import LINKED

CompilerKind = Literal["zig", "gcc"]
INSTALL_ZIG = "pip install ziglang==0.17.1"
INSTALL_GCC = "apt-get install gcc-arm-none-eabi"

_TIMEOUT_SECONDS = 300
# GCC 12's first scheduler hoists loads until the eight vector registers spill: a third more instructions without this.
_GCC_IN_ORDER = "-fno-schedule-insns"
_COMMON = (
    "-std=c99",
    "-g0",
    "-ffreestanding",
    "-fno-builtin",
    "-ffp-contract=off",
    "-ffunction-sections",
    "-fomit-frame-pointer",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Iinclude",
)
_LINK = ("-nostdlib", "-Wl,--gc-sections", "-Wl,--build-id=none")


class BuildError(Exception):
    """The compiler or linker refused the firmware; the message holds its first lines."""


class CompilerMissing(Exception):
    """No compiler of the kind asked for; the message names the command that installs it."""


@dataclass(frozen=True)
class Compiler:
    """A cross compiler: `command` to start it, `version` as it reports it."""

    kind: CompilerKind
    command: tuple[str, ...]
    version: str

    def target_flags(self, mve: bool) -> tuple[str, ...]:
        """Flags for the core, with or without its vector extension."""
        if self.kind == "zig":
            cpu = "cortex_m55+mve+mve_fp" if mve else "cortex_m55+fp_armv8d16sp"
            return ("-target", "thumb-freestanding-eabihf", f"-mcpu={cpu}", "-fno-sanitize=all", "-fno-stack-protector")
        return (f"-mcpu=cortex-m55{'' if mve else '+nomve'}", "-mthumb", "-mfloat-abi=hard", _GCC_IN_ORDER)


@dataclass(frozen=True)
class Build:
    """What `build` made: `product` (example application) and `test` (the emulator's test program)."""

    product: Path
    test: Path
    compiler: Compiler
    opt: str
    mve: bool


def find_compiler(prefer: CompilerKind | None = None) -> Compiler | None:
    """The compiler of kind `prefer`, or else the first of zig, gcc that is installed; None if there is none."""
    for kind in (prefer,) if prefer else ("zig", "gcc"):
        if kind == "zig" and importlib.util.find_spec("ziglang") is not None:
            command = (sys.executable, "-m", "ziglang")
            return Compiler("zig", (*command, "cc"), "ziglang " + _first_line((*command, "version")))
        if kind == "gcc" and (path := shutil.which("arm-none-eabi-gcc")) is not None:
            return Compiler("gcc", (path,), _first_line((path, "--version")))
    return None


def require_compiler(prefer: CompilerKind | None = None) -> Compiler:
    """`find_compiler`, but raises CompilerMissing with the command that installs one."""
    compiler = find_compiler(prefer)
    if compiler is None:
        command = INSTALL_GCC if prefer == "gcc" else INSTALL_ZIG
        raise CompilerMissing(f"no {prefer or 'cross'} compiler for the Cortex-M55; install one with: {command}")
    return compiler


def cache_dir() -> Path:
    """Where compilers keep their caches: $TINYVERIFY_CACHE, or tinyverify under the user's cache folder."""
    named = os.environ.get("TINYVERIFY_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinyverify"


def build(
    firmware_dir: Path,
    compiler: Compiler,
    opt: str = "-O3",
    mve: bool = True,
    out_dir: Path | None = None,
    more: Sequence[str] = (),
) -> Build:
    """Compile and link the firmware into `policy.elf` and `policy-test.elf` in `out_dir` (default: the folder itself).

    Both link the same objects of policy, tables and start-up. `more`: flags for the compiler. The ELF files appear
    whole or not at all. Raises BuildError with the compiler's message.
    """
    firmware_dir = Path(firmware_dir).resolve()
    out_dir = firmware_dir if out_dir is None else Path(out_dir)
    suffix = "_mve" if mve else ""
    shared = [f"src/{name}{suffix}.c" for name in ("tv_policy", "tv_policy_tables", "tv_flash_tables")]
    shared += [f"hal/{name}" for name in LINKED]
    out_dir.mkdir(parents=True, exist_ok=True)
    made = {}
    for program, own in (("policy", "example/main.c"), ("policy-test", "test/tv_harness.c")):
        made[program] = out_dir / f"{program}.elf"
        compile_program(
            compiler, firmware_dir, [own, *shared], Path(f"{program}.ld"), made[program], opt, mve, more=more
        )
    return Build(made["policy"], made["policy-test"], compiler, opt, mve)


def compile_program(
    compiler: Compiler,
    folder: Path,
    sources: list[str],
    script: Path,
    elf: Path,
    opt: str = "-O3",
    mve: bool = True,
    keep: Sequence[str] = (),
    more: Sequence[str] = (),
) -> None:
    """Compile `sources` and link them by `script`, all relative to `folder`, into `elf`, which appears whole or not.

    Objects are named after their sources. `keep`: functions that stay although nothing calls them; `more`: flags for
    the compiler. Raises BuildError with the compiler's message.
    """
    folder = folder.resolve()
    target = compiler.target_flags(mve)
    with tempfile.TemporaryDirectory(prefix="tinyverify-build-") as name:
        objects = Path(name)
        for source in sources:
            made = objects / (Path(source).stem + ".o")
            _invoke(compiler, folder, [*target, opt, *_COMMON, *more, "-c", source, "-o", str(made)])
        names = [Path(source).stem + ".o" for source in sources]
        kept = [f"-Wl,-u,{function}" for function in keep]
        _invoke(compiler, objects, [*target, *_LINK, *kept, f"-Wl,-T,{folder / script}", *names, "-o", "program.elf"])
        staged = elf.with_name(f".{elf.name}.{os.getpid()}.part")
        shutil.copyfile(objects / "program.elf", staged)
        os.replace(staged, elf)


def compiler_environment() -> dict[str, str]:
    """The process environment with zig's caches under `cache_dir`, and nothing left in the working folder."""
    cache = cache_dir() / "zig"
    return {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache / "global"), "ZIG_LOCAL_CACHE_DIR": str(cache / "local")}


def _invoke(compiler: Compiler, folder: Path, arguments: list[str]) -> None:
    command = [*compiler.command, *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, env=compiler_environment(), capture_output=True, text=True, timeout=_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{compiler.kind}: no answer within {_TIMEOUT_SECONDS} s") from error
    except OSError as error:
        raise BuildError(f"{compiler.kind}: cannot be started: {error.strerror}") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise BuildError(f"{compiler.kind} exit {done.returncode}: " + "\n".join(lines[:20]))


def _first_line(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return (done.stdout.strip().splitlines() or ["unknown"])[0]

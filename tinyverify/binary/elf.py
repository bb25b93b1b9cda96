"""The linked firmware as it lies in its ELF file: sections, segments, symbols, bytes.

Serves `wcet.*`, `stack.*`, `elf_layout.*` and the object-code obligations. Refuses whatever is not a complete,
unstripped, little-endian Armv8.1-M executable. Decodes no instruction; DWARF is in `source_lines.py`.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.construct.core import ConstructError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import ARMAttributesSection, SymbolTableSection

from tinyverify.artifacts.errors import ArtifactError

# Tag_CPU_arch of the Arm ABI's build attributes: the one we analyse, and names for the ones users meet.
ARMV81M_MAINLINE = 21
CPU_ARCH = {11: "v6-M", 10: "v7", 13: "v7E-M", 14: "v8-A", 16: "v8-M.baseline", 17: "v8-M.mainline", 21: "v8.1-M"}


# What pyelftools raises on files whose tables contradict themselves.
MALFORMED = (
    ELFError,
    ConstructError,
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    MemoryError,
)


@dataclass(frozen=True)
class Section:
    """One section; addresses and sizes in bytes. `data` is None where the file holds no bytes (`.bss`)."""

    name: str
    address: int
    size: int
    align: int
    allocated: bool
    writable: bool
    executable: bool
    data: bytes | None

    @property
    def end(self) -> int:
        return self.address + self.size


@dataclass(frozen=True)
class Segment:
    """One loadable program header: where it runs, where it is stored in flash, its bytes."""

    address: int
    load_address: int
    memory_size: int
    data: bytes


@dataclass(frozen=True)
class Symbol:
    """One symbol. `kind` is "function", "object" or "other"; `address` has the Thumb bit cleared (see `thumb`)."""

    name: str
    address: int
    size: int
    kind: str
    thumb: bool
    section: str

    @property
    def end(self) -> int:
        return self.address + self.size


@dataclass(frozen=True)
class Firmware:
    """A linked executable. `sha256` is over the whole file; `entry` has the Thumb bit cleared."""

    path: Path
    sha256: str
    entry: int
    sections: tuple[Section, ...]
    segments: tuple[Segment, ...]
    symbols: tuple[Symbol, ...]

    @cached_property
    def functions(self) -> dict[str, Symbol]:
        """Function symbols by name; of several names at one address all are listed."""
        return {s.name: s for s in self.symbols if s.kind == "function"}

    @cached_property
    def function_names(self) -> dict[int, str]:
        """Function names by address, the first in the alphabet among aliases."""
        return {s.address: s.name for s in sorted(self.functions.values(), key=lambda s: s.name, reverse=True)}

    @cached_property
    def code_marks(self) -> tuple[tuple[int, str], ...]:
        """Mapping symbols in order of address: (address, "t" for Thumb, "d" for data, "a" for Arm)."""
        marks = {s.address: s.name[1] for s in self.symbols if _is_mark(s.name)}
        return tuple(sorted(marks.items()))

    def function(self, name: str) -> Symbol:
        """The function `name`. Raises ArtifactError if the symbol table has none."""
        if name not in self.functions:
            raise ArtifactError(self.path, name, "no function of this name in the symbol table")
        return self.functions[name]

    def section_at(self, address: int) -> Section | None:
        """The allocated section that holds `address`."""
        return next((s for s in self.sections if s.allocated and s.address <= address < s.end), None)

    def read(self, address: int, size: int) -> bytes | None:
        """`size` bytes at `address` as the file holds them, or None where it does not hold all of them."""
        section = self.section_at(address)
        if section is None or section.data is None or address + size > section.end:
            return None
        start = address - section.address
        return section.data[start : start + size]

    def constant(self, address: int, size: int) -> bytes | None:
        """Like `read`, but only from sections that are not writable: these bytes never change at run time."""
        section = self.section_at(address)
        return None if section is None or section.writable else self.read(address, size)


def read_elf(path: Path | str) -> Firmware:
    """Read a linked Cortex-M55 executable.

    Raises ArtifactError: unreadable, truncated, not ELF, wrong architecture, not linked, or stripped of its symbols.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(path, "", f"cannot be read: {error.strerror}") from error
    if content[:4] != b"\x7fELF":
        raise ArtifactError(path, "", "is not an ELF file")
    try:
        return _parse(path, content)
    except MALFORMED as error:
        raise ArtifactError(path, "", f"is truncated or malformed ({type(error).__name__}: {error})") from error


def _parse(path: Path, content: bytes) -> Firmware:
    elf = ELFFile(BytesIO(content))
    _check_header(path, elf, len(content))
    _check_attributes(path, elf)
    sections = tuple(_sections(path, elf, len(content)))
    symbols = tuple(_symbols(elf))
    if not any(s.kind == "function" and s.size for s in symbols):
        raise ArtifactError(path, ".symtab", "has no function symbols: the file is stripped; link without --strip")
    segments = []
    for segment in elf.iter_segments("PT_LOAD"):
        if segment["p_offset"] + segment["p_filesz"] > len(content):
            raise ArtifactError(path, "program headers", "is truncated: a segment ends behind the end of the file")
        segments.append(Segment(segment["p_vaddr"], segment["p_paddr"], segment["p_memsz"], segment.data()))
    return Firmware(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        entry=elf["e_entry"] & ~1,
        sections=sections,
        segments=tuple(segments),
        symbols=symbols,
    )


def _check_header(path: Path, elf: ELFFile, size: int) -> None:
    machine = elf["e_machine"]
    if elf.elfclass != 32 or not elf.little_endian or machine != "EM_ARM":
        raise ArtifactError(path, "e_machine", f"is {machine} with {elf.elfclass} bits, expected a 32-bit EM_ARM file")
    if elf["e_type"] != "ET_EXEC":
        raise ArtifactError(path, "e_type", f"is {elf['e_type']}, expected a linked executable (ET_EXEC)")
    if elf["e_shoff"] + elf["e_shnum"] * elf["e_shentsize"] > size:
        raise ArtifactError(path, "section headers", "is truncated: the table ends behind the end of the file")
    if elf["e_shnum"] == 0 or elf.get_section_by_name(".symtab") is None:
        raise ArtifactError(path, ".symtab", "is missing: the file is stripped; link without --strip")


def _check_attributes(path: Path, elf: ELFFile) -> None:
    section = elf.get_section_by_name(".ARM.attributes")
    if not isinstance(section, ARMAttributesSection):
        raise ArtifactError(path, ".ARM.attributes", "is missing: built for an unknown architecture")
    tags = {
        attribute.tag: attribute.value
        for part in section.iter_subsections()
        for scope in part.iter_subsubsections()
        for attribute in scope.iter_attributes()
    }
    arch = tags.get("TAG_CPU_ARCH")
    if arch != ARMV81M_MAINLINE:
        name = CPU_ARCH.get(arch, f"Tag_CPU_arch {arch}")
        raise ArtifactError(path, ".ARM.attributes", f"is built for {name}, expected v8.1-M (cortex-m55)")


def _sections(path: Path, elf: ELFFile, size: int):
    for section in elf.iter_sections():
        header = section.header
        if header["sh_type"] == "SHT_NULL":
            continue
        stored = header["sh_type"] != "SHT_NOBITS"
        if stored and header["sh_offset"] + header["sh_size"] > size:
            raise ArtifactError(path, section.name, "is truncated: the section ends behind the end of the file")
        flags = header["sh_flags"]
        yield Section(
            name=section.name,
            address=header["sh_addr"],
            size=header["sh_size"],
            align=max(1, header["sh_addralign"]),
            allocated=bool(flags & 2),
            writable=bool(flags & 1),
            executable=bool(flags & 4),
            data=section.data() if stored else None,
        )


def _symbols(elf: ELFFile):
    table = elf.get_section_by_name(".symtab")
    if not isinstance(table, SymbolTableSection):
        return
    kinds = {"STT_FUNC": "function", "STT_OBJECT": "object"}
    for symbol in table.iter_symbols():
        index, name = symbol["st_shndx"], symbol.name
        if not name or index == "SHN_UNDEF" or symbol["st_info"]["type"] in ("STT_FILE", "STT_SECTION"):
            continue
        kind = kinds.get(symbol["st_info"]["type"], "other")
        value = symbol["st_value"]
        thumb = kind == "function" and bool(value & 1)
        section = elf.get_section(index).name if isinstance(index, int) else str(index)
        yield Symbol(name, value & ~1 if thumb else value, symbol["st_size"], kind, thumb, section)


def _is_mark(name: str) -> bool:
    return len(name) >= 2 and name[0] == "$" and name[1] in "tda" and (len(name) == 2 or name[2] == ".")

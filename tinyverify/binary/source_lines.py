"""Source file and line of an address, from the DWARF line table.

Serves the reports of `wcet.*`. For attribution only: no bound rests on it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.binary.elf import MALFORMED


@dataclass(frozen=True)
class SourceLines:
    """Rows of the line table by address; a row holds up to the next one."""

    addresses: tuple[int, ...]
    places: tuple[tuple[str, int] | None, ...]  # (file name, line), None where a sequence ends

    def at(self, address: int) -> tuple[str, int] | None:
        """File name and line of `address`, or None if the table does not say."""
        index = bisect_right(self.addresses, address) - 1
        return self.places[index] if index >= 0 else None


def read_lines(path: Path | str) -> SourceLines:
    """The line table of an ELF file; empty without DWARF. Raises ArtifactError if it is malformed."""
    rows: dict[int, tuple[str, int] | None] = {}
    try:
        with Path(path).open("rb") as file:
            elf = ELFFile(file)
            if elf.has_dwarf_info():
                dwarf = elf.get_dwarf_info()
                for unit in dwarf.iter_CUs():
                    _unit_rows(dwarf.line_program_for_CU(unit), rows)
    except MALFORMED as error:
        raise ArtifactError(path, ".debug_line", f"is malformed ({type(error).__name__}: {error})") from error
    addresses = tuple(sorted(rows))
    return SourceLines(addresses, tuple(rows[a] for a in addresses))


def _unit_rows(program, rows: dict[int, tuple[str, int] | None]) -> None:
    if program is None:
        return
    first = 1 if program["version"] < 5 else 0  # file numbers start at 1 before DWARF 5
    names = [entry.name.decode("utf-8", "replace") for entry in program["file_entry"]]
    for entry in program.get_entries():
        state = entry.state
        if state is None:
            continue
        if state.end_sequence:
            rows.setdefault(state.address, None)
        elif 0 <= state.file - first < len(names):
            rows[state.address] = (Path(names[state.file - first]).name, state.line)

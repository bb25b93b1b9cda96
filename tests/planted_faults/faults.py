"""Every change of one bit of the instructions of `tv_infer` and of its tables, with what each concerns."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from elftools.elf.elffile import ELFFile

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.emit.tables import flash_tables
from tinyverify.engines.machine_code.encoding import Decoder

IMMEDIATES = "ijk"
ENTRY_BYTES = 16  # of tv_flash_table: at, offset, size, crc


@dataclass(frozen=True)
class Fault:
    """The bits `flip` of the byte at `address`; `part` is what they belong to, `place` says where that is."""

    address: int
    flip: int
    part: str
    place: str


def code_faults(firmware: Firmware, addresses: list[int], decoder: Decoder) -> Iterator[Fault]:
    """Every bit of the instructions at `addresses`: its opcode, its registers and its immediate."""
    for start in sorted(set(addresses)):
        data = firmware.read(start, 4) or firmware.read(start, 2) or b""
        if data[1] == 0xBF and data[0] & 15:
            mnemonic, letters = "it", "0" * 8 + "i" * 8
        else:
            encoding = decoder.decode(data).encoding
            mnemonic, letters = encoding.mnemonic, encoding.pattern.replace(" ", "")
        for position, letter in enumerate(letters):  # from the most significant bit of the first halfword
            half, bit = divmod(position, 16)
            byte = start + 2 * half + (bit < 8)
            part = "opcode" if letter in "01" else "immediate" if letter in IMMEDIATES else "register"
            yield Fault(byte, 0x80 >> bit % 8, part, mnemonic)


def table_faults(policy: Policy, firmware: Firmware, bits: int) -> Iterator[Fault]:
    """Every byte of every table of the policy that `tv_infer` may read: `bits` of its bits in turn."""
    symbols = {s.name: s for s in firmware.symbols if s.kind == "object"}
    for table in flash_tables(policy, mve=True):
        symbol = symbols.get(table.c_name)
        if symbol is None or "gauss" in table.c_name:  # the table of tv_sample's noise
            continue
        for at in range(symbol.size):
            for k in range(bits):
                yield Fault(symbol.address + at, 1 << (at + 3 * k) % 8, "table", f"{table.c_name}+{at}")


def faulty(firmware: Firmware, fault: Fault) -> Firmware:
    """`firmware` with the fault in its section and in the segment that loads it: what the prover reads of `plant`."""

    def changed(start: int, data: bytes | None) -> bytes | None:
        at = fault.address - start
        if data is None or not 0 <= at < len(data):
            return data
        return data[:at] + bytes([data[at] ^ fault.flip]) + data[at + 1 :]

    sections = tuple(replace(s, data=changed(s.address, s.data)) if s.allocated else s for s in firmware.sections)
    segments = tuple(replace(s, data=changed(s.address, s.data)) for s in firmware.segments)
    return replace(firmware, sections=sections, segments=segments)


def plant(elf: Path, firmware: Firmware, fault: Fault, target: Path) -> Path:
    """A copy of `elf` with the fault, whose flash guard expects the bytes that are there.

    So the firmware starts, and `tv_infer` can be compared; what the guard would have found is another gate's matter.
    """
    content = bytearray(elf.read_bytes())
    sections = [s.header for s in ELFFile(BytesIO(bytes(content))).iter_sections() if s.header["sh_flags"] & 2]

    def offset(address: int) -> int:
        header = next(h for h in sections if h["sh_addr"] <= address < h["sh_addr"] + h["sh_size"])
        return header["sh_offset"] + address - header["sh_addr"]

    content[offset(fault.address)] ^= fault.flip
    guard = next(s for s in firmware.symbols if s.name == "tv_flash_tables")
    for entry in range(offset(guard.address), offset(guard.address) + guard.size, ENTRY_BYTES):
        at, _, size, _ = (int.from_bytes(content[entry + k : entry + k + 4], "little") for k in (0, 4, 8, 12))
        start = offset(at)
        content[entry + 12 : entry + 16] = zlib.crc32(content[start : start + size]).to_bytes(4, "little")
    target.write_bytes(content)
    return target

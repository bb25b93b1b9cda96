"""Every change of one bit of the instructions of `tv_infer` and of its tables, with what each concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.emit.tables import flash_tables
from tinyverify.engines.machine_code.encoding import Decoder

IMMEDIATES = "ijk"


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
    """`firmware` with the fault in its section and in the segment that loads it."""

    def changed(start: int, data: bytes | None) -> bytes | None:
        at = fault.address - start
        if data is None or not 0 <= at < len(data):
            return data
        return data[:at] + bytes([data[at] ^ fault.flip]) + data[at + 1 :]

    sections = tuple(replace(s, data=changed(s.address, s.data)) if s.allocated else s for s in firmware.sections)
    segments = tuple(replace(s, data=changed(s.address, s.data)) for s in firmware.segments)
    return replace(firmware, sections=sections, segments=segments)

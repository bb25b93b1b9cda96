"""Instruction encodings as bit patterns, and the strict decoder over all of them.

Serves `kernel.object_code`. A pattern gives every bit of an instruction: 0, 1, or a letter of a field; bits of one
letter are joined from the left. A halfword that no pattern matches, or that a pattern's `when` excludes as
UNPREDICTABLE, is refused: there is no bit that the decoder does not look at. Two patterns that both match are an
error of the tables. Encodings after the Arm ARM (DDI 0553), "T16 and T32 encodings" and "MVE encodings".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinyverify.engines.machine_code.errors import Undecodable

if TYPE_CHECKING:
    from tinyverify.engines.machine_code.machine import Machine

Fields = dict[str, int]
Operation = Callable[["Machine", Fields], None]


def always(fields: Fields) -> bool:
    """No encoding of the pattern is UNPREDICTABLE."""
    return True


@dataclass(frozen=True)
class Encoding:
    """One encoding: its `mnemonic`, its `pattern`, what it does, and which fields are predictable.

    `vector`: an MVE instruction, subject to VPT blocks and loop tails. `it`: may stand in an IT block.
    """

    mnemonic: str
    pattern: str
    operation: Operation
    when: Callable[[Fields], bool] = always
    vector: bool = False
    it: bool = True


@dataclass(frozen=True)
class Instruction:
    """A decoded instruction: `size` 2 or 4 bytes."""

    encoding: Encoding
    fields: Fields
    size: int


@dataclass(frozen=True)
class _Compiled:
    encoding: Encoding
    mask: int
    value: int
    fields: tuple[tuple[str, tuple[int, ...]], ...]  # bit positions, the most significant first


class Decoder:
    """All encodings of `tables`, looked up by size and leading bits."""

    def __init__(self, tables: Iterable[Iterable[Encoding]]):
        self.encodings = tuple(encoding for table in tables for encoding in table)
        self._by_head: dict[tuple[int, int], list[_Compiled]] = {}
        for encoding in self.encodings:
            compiled, width = _compile(encoding)
            for head in range(32):
                top = width - 5
                if (head << top) & compiled.mask & (31 << top) == compiled.value & (31 << top) & (
                    compiled.mask & (31 << top)
                ):
                    self._by_head.setdefault((width, head), []).append(compiled)

    def decode(self, data: bytes) -> Instruction:
        """The instruction at the start of `data` (at least 2 bytes). Raises Undecodable."""
        first = int.from_bytes(data[:2], "little")
        width, word = 16, first
        if first >> 11 >= 0b11101:
            if len(data) < 4:
                raise Undecodable(f"encoding {first:04x} is cut off")
            width, word = 32, first << 16 | int.from_bytes(data[2:4], "little")
        matches = []
        for compiled in self._by_head.get((width, word >> (width - 5)), ()):
            if word & compiled.mask == compiled.value:
                fields = {name: _gather(word, bits) for name, bits in compiled.fields}
                if compiled.encoding.when(fields):
                    matches.append(Instruction(compiled.encoding, fields, width // 8))
        if len(matches) != 1:
            reason = "is not in the tables" if not matches else "matches two patterns"
            raise Undecodable(f"encoding {word:0{width // 4}x} {reason}")
        return matches[0]


def encode(encoding: Encoding, fields: Fields) -> bytes:
    """The bytes of `encoding` with these fields; inverse of Decoder.decode."""
    compiled, width = _compile(encoding)
    word = compiled.value
    for name, bits in compiled.fields:
        for i, bit in enumerate(reversed(bits)):
            word |= (fields[name] >> i & 1) << bit
    halves = [word] if width == 16 else [word >> 16, word & 0xFFFF]
    return b"".join(half.to_bytes(2, "little") for half in halves)


def field_widths(encoding: Encoding) -> dict[str, int]:
    """Bits of each field."""
    return {name: len(bits) for name, bits in _compile(encoding)[0].fields}


def _compile(encoding: Encoding) -> tuple[_Compiled, int]:
    bits = encoding.pattern.replace(" ", "")
    width = len(bits)
    if width not in (16, 32):
        raise ValueError(f"{encoding.mnemonic}: pattern of {width} bits")
    mask = value = 0
    fields: dict[str, list[int]] = {}
    for i, letter in enumerate(bits):
        position = width - 1 - i
        if letter in "01":
            mask |= 1 << position
            value |= int(letter) << position
        else:
            fields.setdefault(letter, []).append(position)
    return _Compiled(encoding, mask, value, tuple((name, tuple(at)) for name, at in fields.items())), width


def _gather(word: int, bits: tuple[int, ...]) -> int:
    value = 0
    for bit in bits:
        value = value << 1 | (word >> bit & 1)
    return value


def sign_extend(value: int, bits: int) -> int:
    """The two's complement reading of `value`."""
    return value - (1 << bits) if value >> (bits - 1) else value


def expand_immediate(imm12: int) -> tuple[int, bool | None]:
    """T32ExpandImm_C of i:imm3:imm8: (value, carry out or None where it is unchanged). UNPREDICTABLE zeros refused."""
    low = imm12 & 255
    if imm12 >> 10 == 0:
        kind = imm12 >> 8 & 3
        if kind and low == 0:
            raise Undecodable("modified immediate with a zero byte is UNPREDICTABLE")
        return (low, low | low << 16, low << 8 | low << 24, low * 0x01010101)[kind], None
    rotation = imm12 >> 7
    unrotated = 0x80 | imm12 & 0x7F
    value = (unrotated >> rotation | unrotated << (32 - rotation)) & 0xFFFFFFFF
    return value, bool(value >> 31)

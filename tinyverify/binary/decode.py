"""Thumb instructions of the Cortex-M55, decoded one at a time into plain operands.

Serves `wcet.*` and `stack.*`. The decoder is capstone; every instruction gets a fresh one, because it carries the
state of IT and VPT blocks from call to call. The state of IT blocks is kept here instead. What capstone does not
decode is refused by address. UNPREDICTABLE encodings are not detected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import capstone

from tinyverify.binary.elf import Firmware

CORE_REGISTERS = (*(f"r{i}" for i in range(13)), "sp", "lr", "pc")
CONDITIONS = ("eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le")
OPPOSITE = {c: CONDITIONS[i ^ 1] for i, c in enumerate(CONDITIONS)}
_ALIASES = {"sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12", "r13": "sp", "r14": "lr", "r15": "pc"}
_SPELLED = {"cs": "hs", "cc": "lo"}
_IT = re.compile(r"it[te]{0,3}$")
_SHIFT = re.compile(r"(lsl|lsr|asr|ror|uxtw) #(\w+)$|rrx$")


class NotUnderstood(Exception):
    """Code that the analysis has no meaning, time or bound for. Never a number: the obligation becomes UNKNOWN."""

    def __init__(self, address: int, message: str) -> None:
        self.address, self.message = address, message
        super().__init__(f"at {address:#010x}: {message}")


@dataclass(frozen=True)
class Memory:
    """[base, offset] or [base, index, shift]; `mode` is "offset", or "pre" or "post", which write the base back."""

    base: str
    offset: int = 0
    index: str | None = None
    shift: int = 0
    mode: str = "offset"


@dataclass(frozen=True)
class Shift:
    """How the operand before it is shifted: `kind` lsl, lsr, asr, ror, rrx; `amount` a number or a register."""

    kind: str
    amount: int | str


Operand = str | int | Memory | Shift | tuple


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    `name`: mnemonic without width, condition and types; `types`: its types, as ("s32", "f32"). Operands: a register's
    name, an integer, Memory, Shift, a condition, or a tuple of registers (a list). `condition`: of a branch or of
    the IT block that it lies in, else None. `in_it`: inside an IT block. `writeback`: the base of a load/store multiple
    is written back. `vector`: it names a Q register or is a predication instruction.
    """

    address: int
    size: int
    name: str
    types: tuple[str, ...]
    operands: tuple[Operand, ...]
    condition: str | None
    in_it: bool
    writeback: bool
    vector: bool
    text: str
    code: bytes

    @property
    def end(self) -> int:
        return self.address + self.size


_PREDICATION = re.compile(r"(vpst[te]{0,3}|vpt[te]{0,3}|vpnot|vpsel|vctp)$")


def decode(firmware: Firmware, address: int, condition: str | None = None, in_it: bool = False) -> Instruction:
    """The instruction at `address`, under the IT block's `condition` if it lies in one.

    Raises NotUnderstood where there is no code, or none that the decoder knows.
    """
    section = firmware.section_at(address)
    if section is None or not section.executable or address % 2:
        raise NotUnderstood(address, "control reaches an address that holds no code")
    code = firmware.read(address, 4) or firmware.read(address, 2)
    if code is None:
        raise NotUnderstood(address, "control runs over the end of its section")
    mode = capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS | capstone.CS_MODE_V8
    found = next(capstone.Cs(capstone.CS_ARCH_ARM, mode).disasm_lite(code, address, 1), None)
    if found is None:
        raise NotUnderstood(address, f"unknown instruction {code.hex()}")
    _, size, mnemonic, text = found
    name, *types = mnemonic.split(".")
    types = tuple(t for t in types if t not in ("w", "n"))
    operands = _operands(address, text)
    own = None
    if name[:1] == "b" and _condition(name[1:]) and name not in ("bic", "bfc"):
        name, own = "b", _condition(name[1:])
    elif name.startswith("vsel"):
        name = "vsel"
    if own is not None and in_it:
        raise NotUnderstood(address, "conditional branch inside an IT block")
    return Instruction(
        address=address,
        size=size,
        name=name,
        types=types,
        operands=operands,
        condition=own or condition,
        in_it=in_it,
        writeback="!, {" in text,
        vector=bool(_PREDICATION.match(name)) or re.search(r"\bq[0-7]\b", text) is not None,
        text=f"{mnemonic} {text}".strip(),
        code=code[:size],
    )


def it_conditions(instruction: Instruction) -> tuple[str, ...]:
    """Conditions of the one to four instructions that an IT instruction governs; () if it is none."""
    if not _IT.match(instruction.name) or not instruction.operands:
        return ()
    first = instruction.operands[0]
    letters = "t" + instruction.name[2:]
    return tuple(first if letter == "t" else OPPOSITE[first] for letter in letters)


def _condition(text: str) -> str | None:
    text = _SPELLED.get(text, text)
    return text if text in CONDITIONS else None


def _operands(address: int, text: str) -> tuple[Operand, ...]:
    found: list[Operand] = []
    for part in _split(text):
        if part.startswith("["):
            found.append(_memory(address, part))
        elif part.startswith("{"):
            found.append(tuple(_register(r.strip()) for r in part.strip("{}").split(",") if r.strip()))
        elif part.startswith("#") and found and isinstance(found[-1], Memory) and found[-1].mode == "post":
            found[-1] = Memory(found[-1].base, _integer(part), mode="post")
        elif match := _SHIFT.match(part):
            found.append(Shift(match.group(1) or "rrx", _integer(match.group(2)) if match.group(1) else 1))
        elif re.match(r"(lsl|lsr|asr|ror) ", part):
            kind, register = part.split()
            found.append(Shift(kind, _register(register)))
        elif re.match(r"#?-?(0x)?[0-9a-f]+$", part) and not re.match(r"[a-f]", part):
            found.append(_integer(part))
        else:
            found.append(_register(part.rstrip("!")))
    return tuple(found)


def _split(text: str) -> list[str]:
    """Split at commas outside brackets; `[r1], #4` becomes `[r1]` (post) and its offset."""
    parts, depth, current = [], 0, ""
    for letter in text:
        depth += letter in "[{"
        depth -= letter in "]}"
        if letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    parts.append(current.strip())
    parts = [p for p in parts if p]
    for i, part in enumerate(parts[:-1]):
        if (
            part.startswith("[")
            and part.endswith("]")
            and (parts[i + 1].startswith("#") or parts[i + 1] in CORE_REGISTERS)
        ):
            parts[i] = part + "^"
    return parts


def _memory(address: int, part: str) -> Memory:
    mode = {"!": "pre", "^": "post"}.get(part[-1], "offset")
    inner = [p.strip() for p in part.strip("[]!^").split(",")]
    base = _register(inner[0])
    if len(inner) == 1:
        return Memory(base, mode=mode)
    if inner[1].startswith("#"):
        return Memory(base, _integer(inner[1]), mode=mode)
    shift = 0
    if len(inner) == 3:
        match = _SHIFT.match(inner[2])
        if match is None or match.group(1) not in ("lsl", "uxtw"):
            raise NotUnderstood(address, f"memory operand {part}")
        shift = _integer(match.group(2))
    return Memory(base, index=_register(inner[1]), shift=shift, mode=mode)


def _register(text: str) -> str:
    return _SPELLED.get(text, _ALIASES.get(text, text))


def _integer(text: str) -> int:
    return int(text.lstrip("#"), 0)

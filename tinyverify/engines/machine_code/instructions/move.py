"""MOV, MOVW, MOVT between core registers, and NOP.

Serves `kernel.object_code`. Arm ARM (DDI 0553): MOV (immediate), MOV (register), MOVT, NOP.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields, expand_immediate
from tinyverify.engines.machine_code.instructions.logical import set_flags
from tinyverify.engines.machine_code.instructions.operands import both, immediate_ok, no_pc, plain
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import SP, Machine


def _small(machine: Machine, f: Fields) -> None:
    machine.put_word(f["d"], f["i"])
    if not machine.in_it:
        set_flags(machine, f["i"], None)


def _modified(machine: Machine, f: Fields) -> None:
    value, carry = expand_immediate(f["i"])
    machine.put_word(f["d"], value)
    if f["s"]:
        set_flags(machine, value, None if carry is None else lambda: carry)


def _register(machine: Machine, f: Fields) -> None:
    word = machine.get(f["m"])
    machine.put_word(f["d"], word)
    if f.get("s"):
        set_flags(machine, word, None)


def _wide(machine: Machine, f: Fields) -> None:
    machine.put_word(f["d"], f["j"] << 12 | f["i"])


def _top(machine: Machine, f: Fields) -> None:
    low = machine.terms.mod(machine.get_raw(f["d"]), 16)
    machine.put(f["d"], add(low, (f["j"] << 12 | f["i"]) << 16))


def _nop(machine: Machine, f: Fields) -> None:
    return None


def _wide_register(f: Fields) -> bool:
    """MOV.W: sp on one side at most, and not with flags."""
    return SP not in (f["d"], f["m"]) or (not f["s"] and f["d"] != f["m"])


ENCODINGS = (
    Encoding("movs", "00100 ddd iiiiiiii", _small),
    Encoding("mov", "01000110 d mmmm ddd", _register, no_pc("d", "m")),
    Encoding("mov.w", "11110 i 00010 s 1111 0 iii dddd iiiiiiii", _modified, both(plain("d"), immediate_ok)),
    Encoding("mov.w", "11101010010 s 1111 0 000 dddd 0000 mmmm", _register, both(no_pc("d", "m"), _wide_register)),
    Encoding("movw", "11110 i 100100 jjjj 0 iii dddd iiiiiiii", _wide, plain("d")),
    Encoding("movt", "11110 i 101100 jjjj 0 iii dddd iiiiiiii", _top, plain("d")),
    Encoding("nop", "1011111100000000", _nop),
    Encoding("nop.w", "11110011101011111000000000000000", _nop),
)

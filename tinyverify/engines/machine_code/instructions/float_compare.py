"""VCMP, VCMPE, VMRS to the flags, and VSEL.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VCMP, VCMPE, VMRS, VSEL, FPCompare. A NaN compares as unordered; zeros
compare as equal. FPSCR's flags for exceptions are not kept.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields, Operation
from tinyverify.engines.machine_code.flags import CONDITIONS, Compared, holds
from tinyverify.engines.machine_code.instructions.float_transfer import single_register
from tinyverify.engines.machine_code.machine import Machine
from tinyverify.engines.machine_code.words import Word

SELECTED = ("eq", "vs", "ge", "gt")


def _compare(machine: Machine, f: Fields) -> None:
    other: Word = machine.get_single(single_register(f, "m", "h")) if "m" in f else 0
    machine.state.float_flags = Compared(machine.get_single(single_register(f, "d", "e")), other)


def _to_flags(machine: Machine, f: Fields) -> None:
    machine.state.flags = machine.state.float_flags


def _select(name: str) -> Operation:
    code = CONDITIONS.index(name)

    def run(machine: Machine, f: Fields) -> None:
        condition = holds(machine.terms, machine.state.flags, code)
        a, b = machine.get_single(single_register(f, "n", "x")), machine.get_single(single_register(f, "m", "h"))
        machine.put_single(single_register(f, "d", "e"), words.select_word(machine.terms, condition, a, b))

    return run


ENCODINGS = (
    Encoding("vcmp.f32", "111011101 e 110100 dddd 1010 01 h 0 mmmm", _compare),
    Encoding("vcmpe.f32", "111011101 e 110100 dddd 1010 11 h 0 mmmm", _compare),
    Encoding("vcmp.f32", "111011101 e 110101 dddd 1010 01000000", _compare),
    Encoding("vcmpe.f32", "111011101 e 110101 dddd 1010 11000000", _compare),
    Encoding("vmrs flags", "1110111011110001 1111 101000010000", _to_flags),
    *(
        Encoding(f"vsel{name}.f32", f"111111100 e {k:02b} nnnn dddd 1010 x 0 h 0 mmmm", _select(name), it=False)
        for k, name in enumerate(SELECTED)
    ),
)

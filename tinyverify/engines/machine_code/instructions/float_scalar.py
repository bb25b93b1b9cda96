"""Single-precision VMOV, VMUL and VCVT from int32 on s registers.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VMOV (immediate, register), VMUL (floating-point), VCVT (between
floating-point and integer). FPSCR is taken to say: round to nearest even. A product is named only where neither
operand nor result can be subnormal or NaN, so that FPSCR.FZ and DN do not matter (floats.py).
"""

from __future__ import annotations

from tinyverify.engines.machine_code import floats, words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.float_transfer import single_register
from tinyverify.engines.machine_code.machine import Machine


def _multiply(machine: Machine, f: Fields) -> None:
    a, b = machine.get_single(f["n"]), machine.get_single(single_register(f, "m", "h"))
    terms = machine.terms
    product = floats.multiply_exactly_specified(terms, words.signed(terms, a), words.signed(terms, b))
    machine.put_single(single_register(f, "d", "e"), words.word_of(product))


def _convert(machine: Machine, f: Fields) -> None:
    value = words.signed(machine.terms, machine.get_single(single_register(f, "m", "h")))
    machine.put_single(single_register(f, "d", "e"), words.word_of(floats.from_int32(machine.terms, value)))


def _move(machine: Machine, f: Fields) -> None:
    machine.put_single(single_register(f, "d", "e"), machine.get_single(single_register(f, "m", "h")))


def _immediate(machine: Machine, f: Fields) -> None:
    machine.put_single(single_register(f, "d", "e"), floats.expand_immediate(f["i"]))


ENCODINGS = (
    Encoding("vmul.f32", "111011100 e 10 nnnn dddd 1010 n 0 h 0 mmmm", _multiply),
    Encoding("vcvt.f32.s32", "111011101 e 111000 dddd 1010 11 h 0 mmmm", _convert),
    Encoding("vmov.f32", "111011101 e 110000 dddd 1010 01 h 0 mmmm", _move),
    Encoding("vmov.f32", "111011101 e 11 iiii dddd 1010 0000 iiii", _immediate),
)

"""Single-precision VMOV, VABS, VMUL, VADD, VSUB and VCVT on s registers.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VMOV (immediate, register), VABS, VMUL, VADD, VSUB (floating-point),
VCVT (between floating-point and integer). FPSCR is taken to be as after reset: round to nearest even, subnormals kept,
NaNs handed on.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyverify.engines.machine_code import floats, words
from tinyverify.engines.machine_code.encoding import Encoding, Fields, Operation
from tinyverify.engines.machine_code.instructions.float_transfer import single_register
from tinyverify.engines.machine_code.linear import Value
from tinyverify.engines.machine_code.machine import Machine
from tinyverify.engines.machine_code.terms import Terms


def _operand(machine: Machine, f: Fields) -> Value:
    return words.signed(machine.terms, machine.get_single(single_register(f, "m", "h")))


def _two(operation: Callable[[Terms, Value, Value], Value]) -> Operation:
    def run(machine: Machine, f: Fields) -> None:
        first = words.signed(machine.terms, machine.get_single(single_register(f, "n", "x")))
        result = operation(machine.terms, first, _operand(machine, f))
        machine.put_single(single_register(f, "d", "e"), words.word_of(result))

    return run


def _one(operation: Callable[[Terms, Value], Value]) -> Operation:
    def run(machine: Machine, f: Fields) -> None:
        result = operation(machine.terms, _operand(machine, f))
        machine.put_single(single_register(f, "d", "e"), words.word_of(result))

    return run


def _magnitude(terms: Terms, pattern: Value) -> Value:
    return terms.mod(pattern, 31)


def _move(machine: Machine, f: Fields) -> None:
    machine.put_single(single_register(f, "d", "e"), machine.get_single(single_register(f, "m", "h")))


def _immediate(machine: Machine, f: Fields) -> None:
    machine.put_single(single_register(f, "d", "e"), floats.expand_immediate(f["i"]))


ENCODINGS = (
    Encoding("vmul.f32", "111011100 e 10 nnnn dddd 1010 x 0 h 0 mmmm", _two(floats.multiply_scalar)),
    Encoding("vadd.f32", "111011100 e 11 nnnn dddd 1010 x 0 h 0 mmmm", _two(floats.add_scalar)),
    Encoding("vsub.f32", "111011100 e 11 nnnn dddd 1010 x 1 h 0 mmmm", _two(floats.subtract_scalar)),
    Encoding("vcvt.f32.s32", "111011101 e 111000 dddd 1010 11 h 0 mmmm", _one(floats.from_int32)),
    Encoding("vcvt.s32.f32", "111011101 e 111101 dddd 1010 11 h 0 mmmm", _one(floats.to_int32_zero)),
    Encoding("vabs.f32", "111011101 e 110000 dddd 1010 11 h 0 mmmm", _one(_magnitude)),
    Encoding("vmov.f32", "111011101 e 110000 dddd 1010 01 h 0 mmmm", _move),
    Encoding("vmov.f32", "111011101 e 11 iiii dddd 1010 0000 iiii", _immediate),
)

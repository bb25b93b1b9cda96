"""VMUL and VCVT on float32 lanes.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VMUL (floating-point) (vector), VCVT (between floating-point and
integer) (vector), VCVTN. MVE uses the standard FPSCR: nearest even, flush to zero, default NaN.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import floats, words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.machine import Machine


def _multiply(machine: Machine, f: Fields) -> None:
    terms = machine.terms
    a = machine.lanes(f["n"], 4, True)
    b = machine.lanes(f["m"], 4, True) if "m" in f else [words.signed(terms, machine.get(f["r"]))] * 4
    values = [floats.multiply(terms, x, y) for x, y in zip(a, b, strict=True)]
    machine.put_lanes(f["d"], values, 4, machine.mask())


def _convert(change):
    def run(machine: Machine, f: Fields) -> None:
        values = [change(machine.terms, x) for x in machine.lanes(f["m"], 4, True)]
        machine.put_lanes(f["d"], values, 4, machine.mask())

    return run


_FROM_INT, _TO_INT = _convert(floats.from_int32), _convert(floats.to_int32)

ENCODINGS = (
    Encoding("vmul.f32", "111111110000 nnn 0 ddd 0 1101 0101 mmm 0", _multiply, vector=True, it=False),
    Encoding("vmul.f32", "111011100011 nnn 1 ddd 0 1110 0110 rrrr", _multiply, plain("r"), vector=True, it=False),
    Encoding("vcvt.f32.s32", "1111111110111011 ddd 0 0110 0100 mmm 0", _FROM_INT, vector=True, it=False),
    Encoding("vcvtn.s32.f32", "1111111110111011 ddd 0 0001 0100 mmm 0", _TO_INT, vector=True, it=False),
)

"""VSHL, VRSHL by vector or core register, VSHL, VSHR, VRSHR by an immediate.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VSHL, VRSHL, VSHR, VRSHR. Counts in registers are the signed low byte
of each element and must not depend on data; a negative one shifts right.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields, sign_extend
from tinyverify.engines.machine_code.errors import DataDependent
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.instructions.vector_arithmetic import elements
from tinyverify.engines.machine_code.linear import Value, add, scale
from tinyverify.engines.machine_code.machine import Machine


def _shifted(machine: Machine, value: Value, count: int, bits: int, rounds: bool) -> Value:
    """`value` (read as signed or unsigned) shifted left by `count`, or right by -count."""
    if count >= 0:
        return scale(value, 1 << count) if count < bits else 0
    if rounds:
        if -count > bits + 1:
            return 0
        return machine.terms.floor(add(value, 1 << (-count - 1)), -count)
    return machine.terms.floor(value, min(-count, bits))


def _known(value: Value) -> int:
    if not isinstance(value, int):
        raise DataDependent("a shift count depends on data")
    return sign_extend(value & 255, 8)


def _by_vector(rounds: bool):
    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        values = machine.lanes(f["m"], size, not f["u"])
        counts = [_known(c) for c in machine.lanes(f["n"], size, False)]
        shifted = [_shifted(machine, v, c, 8 * size, rounds) for v, c in zip(values, counts, strict=True)]
        machine.put_lanes(f["d"], shifted, size, machine.mask())

    return run


def _by_scalar(rounds: bool):
    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        count = _known(words.unsigned(machine.terms, machine.get(f["r"])))
        values = [_shifted(machine, v, count, 8 * size, rounds) for v in machine.lanes(f["d"], size, not f["u"])]
        machine.put_lanes(f["d"], values, size, machine.mask())

    return run


def _size_and_low(f: Fields) -> tuple[int, int]:
    """Element size in bytes from the leading one of imm6, and the bits below it."""
    size = 1 if f["i"] < 16 else 2 if f["i"] < 32 else 4
    return size, f["i"] - 8 * size


def _left(machine: Machine, f: Fields) -> None:
    size, count = _size_and_low(f)
    values = [scale(v, 1 << count) for v in machine.lanes(f["m"], size, True)]
    machine.put_lanes(f["d"], values, size, machine.mask())


def _right(rounds: bool):
    def run(machine: Machine, f: Fields) -> None:
        size, low = _size_and_low(f)
        count = 8 * size - low
        values = machine.lanes(f["m"], size, not f["u"])
        shifted = [_shifted(machine, v, -count, 8 * size, rounds) for v in values]
        machine.put_lanes(f["d"], shifted, size, machine.mask())

    return run


def _immediate(f: Fields) -> bool:
    return f["i"] >= 8


def _scalar(f: Fields) -> bool:
    return f["z"] < 3 and plain("r")(f)


ENCODINGS = (
    Encoding("vshl", "111u111100 zz nnn 0 ddd 0 0100 0100 mmm 0", _by_vector(False), elements, vector=True, it=False),
    Encoding("vrshl", "111u111100 zz nnn 0 ddd 0 0101 0100 mmm 0", _by_vector(True), elements, vector=True, it=False),
    Encoding("vshl", "111u11100011 zz 01 ddd 1 1110 0110 rrrr", _by_scalar(False), _scalar, vector=True, it=False),
    Encoding("vrshl", "111u11100011 zz 11 ddd 1 1110 0110 rrrr", _by_scalar(True), _scalar, vector=True, it=False),
    Encoding("vshl", "1110111110 iiiiii ddd 0 0101 0101 mmm 0", _left, _immediate, vector=True, it=False),
    Encoding("vshr", "111u111110 iiiiii ddd 0 0000 0101 mmm 0", _right(False), _immediate, vector=True, it=False),
    Encoding("vrshr", "111u111110 iiiiii ddd 0 0010 0101 mmm 0", _right(True), _immediate, vector=True, it=False),
)

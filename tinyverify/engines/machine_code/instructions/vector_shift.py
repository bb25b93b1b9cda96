"""VSHL, VRSHL, VQSHL, VQRSHL by vector or core register, VSHL, VSHR, VRSHR by an immediate.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VSHL, VRSHL, VQSHL, VQRSHL, VSHR, VRSHR. FPSCR.QC is not modelled:
nothing that is decoded reads it. Counts in registers are the signed low byte
of each element and must not depend on data; a negative one shifts right.
"""

from __future__ import annotations

from itertools import product

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


def _saturated(machine: Machine, value: Value, count: int, bits: int, rounds: bool, is_unsigned: int) -> Value:
    """As `_shifted`, but a value that leaves its lane becomes the nearest one inside."""
    if count < 0:
        return _shifted(machine, value, count, bits, rounds)
    low, high = (0, (1 << bits) - 1) if is_unsigned else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    return machine.terms.clamp(scale(value, 1 << count), low, high)


def _known(value: Value) -> int:
    if not isinstance(value, int):
        raise DataDependent("a shift count depends on data")
    return sign_extend(value & 255, 8)


def _by_vector(rounds: bool, saturates: bool):
    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        counts = [_known(c) for c in machine.lanes(f["n"], size, False)]
        _put_shifted(machine, f, f["m"], counts, rounds, saturates)

    return run


def _by_scalar(rounds: bool, saturates: bool):
    def run(machine: Machine, f: Fields) -> None:
        count = _known(words.unsigned(machine.terms, machine.get(f["r"])))
        _put_shifted(machine, f, f["d"], [count] * (16 >> f["z"]), rounds, saturates)

    return run


def _put_shifted(machine: Machine, f: Fields, source: int, counts: list[int], rounds: bool, saturates: bool) -> None:
    size = 1 << f["z"]
    values = machine.lanes(source, size, not f["u"])
    shifted = [
        _saturated(machine, v, count, 8 * size, rounds, f["u"])
        if saturates
        else _shifted(machine, v, count, 8 * size, rounds)
        for v, count in zip(values, counts, strict=True)
    ]
    machine.put_lanes(f["d"], shifted, size, machine.mask())


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
    *(
        Encoding(f"v{'q' * saturates}{'r' * rounds}shl", pattern, run(rounds, saturates), when, vector=True, it=False)
        for rounds, saturates in product((False, True), repeat=2)
        for pattern, run, when in (
            (f"111u111100 zz nnn 0 ddd 0 010{rounds:d} 010{saturates:d} mmm 0", _by_vector, elements),
            (f"111u11100011 zz {rounds:d}1 ddd 1 1110 {saturates:d}110 rrrr", _by_scalar, _scalar),
        )
    ),
    Encoding("vshl", "1110111110 iiiiii ddd 0 0101 0101 mmm 0", _left, _immediate, vector=True, it=False),
    Encoding("vshr", "111u111110 iiiiii ddd 0 0000 0101 mmm 0", _right(False), _immediate, vector=True, it=False),
    Encoding("vrshr", "111u111110 iiiiii ddd 0 0010 0101 mmm 0", _right(True), _immediate, vector=True, it=False),
)

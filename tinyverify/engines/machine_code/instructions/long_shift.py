"""LSLL, LSRL, ASRL: 64-bit shifts of a register pair.

Serves `kernel.object_code`. Arm ARM (DDI 0553): LSLL, LSRL, ASRL (immediate), LSLL, ASRL (register). A register's
count is its low byte, signed, and must not depend on data; a negative one shifts the other way.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields, sign_extend
from tinyverify.engines.machine_code.linear import Value, scale
from tinyverify.engines.machine_code.machine import SP, Machine


def _shift(machine: Machine, f: Fields, count: int, arithmetic: bool) -> None:
    """Left by `count`, or right by -count."""
    low, high = 2 * f["l"], 2 * f["h"] + 1
    value: Value = machine.get_pair(low, high)
    terms = machine.terms
    if count >= 0:
        value = scale(value, 1 << count) if count < 64 else 0
    else:
        value = terms.floor(value if arithmetic else terms.mod(value, 64), min(-count, 64))
    machine.put_pair(low, high, value)


def _left(machine: Machine, f: Fields) -> None:
    _shift(machine, f, f["i"] or 32, True)


def _right(arithmetic: bool):
    return lambda machine, f: _shift(machine, f, -(f["i"] or 32), arithmetic)


def _by_register(sign: int, arithmetic: bool):
    def run(machine: Machine, f: Fields) -> None:
        count = sign_extend(machine.get_constant(f["m"], "a shift count") & 255, 8)
        _shift(machine, f, sign * count, arithmetic)

    return run


def _pair(f: Fields) -> bool:
    """RdaHi is neither sp nor pc (pc: another instruction)."""
    return 2 * f["h"] + 1 not in (13, 15)


def _pair_and_count(f: Fields) -> bool:
    registers = (2 * f["l"], 2 * f["h"] + 1)
    return _pair(f) and f["m"] not in (SP, 15) and f["m"] not in registers


ENCODINGS = (
    Encoding("lsll", "111010100101 lll 0 0 iii hhh 1 ii 00 1111", _left, _pair),
    Encoding("lsrl", "111010100101 lll 0 0 iii hhh 1 ii 01 1111", _right(False), _pair),
    Encoding("asrl", "111010100101 lll 0 0 iii hhh 1 ii 10 1111", _right(True), _pair),
    Encoding("lsll", "111010100101 lll 0 mmmm hhh 1 0000 1101", _by_register(1, False), _pair_and_count),
    Encoding("asrl", "111010100101 lll 0 mmmm hhh 1 0010 1101", _by_register(-1, True), _pair_and_count),
)

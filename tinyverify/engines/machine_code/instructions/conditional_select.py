"""CSEL, CSINC, CSINV, CSNEG (and their aliases CSET, CSETM, CINC, CINV, CNEG).

Serves `kernel.object_code`. Arm ARM (DDI 0553): CSEL, CSINC, CSINV, CSNEG. Register 15 reads as zero.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.flags import holds
from tinyverify.engines.machine_code.linear import Value, add, scale
from tinyverify.engines.machine_code.machine import PC, SP, Machine
from tinyverify.engines.machine_code.words import Word


def _read(machine: Machine, register: int) -> Word:
    return 0 if register == PC else machine.get(register)


def _same(value: Value) -> Value:
    return value


def _increment(value: Value) -> Value:
    return add(value, 1)


def _invert(value: Value) -> Value:
    return add(-1, value, -1)


def _negate(value: Value) -> Value:
    return scale(value, -1)


def _select(change):
    def run(machine: Machine, f: Fields) -> None:
        condition = holds(machine.terms, machine.state.flags, f["c"])
        otherwise = words.word_of(change(words.raw(machine.terms, _read(machine, f["m"]))))
        chosen = words.select_word(machine.terms, condition, _read(machine, f["n"]), otherwise)
        machine.put_word(f["d"], chosen)

    return run


def _ok(f: Fields) -> bool:
    return f["c"] < 14 and f["d"] not in (SP, PC) and SP not in (f["n"], f["m"])


ENCODINGS = tuple(
    Encoding(name, f"111010100101 nnnn 10{op:02b} dddd cccc mmmm", _select(change), _ok, it=False)
    for op, (name, change) in enumerate(
        (("csel", _same), ("csinc", _increment), ("csinv", _invert), ("csneg", _negate))
    )
)

"""UDIV, SDIV, CLZ.

Serves `kernel.object_code`. Arm ARM (DDI 0553): UDIV, SDIV, CLZ. A division by zero gives 0: CCR.DIV_0_TRP is taken to
be clear. SDIV only for values known to be of one sign.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.machine import Machine


def _udiv(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], machine.terms.divide(machine.get_unsigned(f["n"]), machine.get_unsigned(f["m"])))


def _sdiv(machine: Machine, f: Fields) -> None:
    a, b = machine.get_signed(f["n"]), machine.get_signed(f["m"])
    if isinstance(a, int) and isinstance(b, int):
        quotient = abs(a) // abs(b) if b else 0
        machine.put(f["d"], -quotient if (a < 0) != (b < 0) else quotient)
        return
    terms = machine.terms
    if terms.bounds(a)[0] < 0 or terms.bounds(b)[0] < 0:
        raise Stuck("signed division of values that may be negative")
    machine.put(f["d"], terms.divide(a, b))


def _clz(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], machine.terms.leading_zeros(machine.get_raw(f["m"])))


def _twice(f: Fields) -> bool:
    return f["m"] == f["k"] and plain("d", "m")(f)


ENCODINGS = (
    Encoding("udiv", "111110111011 nnnn 1111 dddd 1111 mmmm", _udiv, plain("d", "n", "m")),
    Encoding("sdiv", "111110111001 nnnn 1111 dddd 1111 mmmm", _sdiv, plain("d", "n", "m")),
    Encoding("clz", "111110101011 kkkk 1111 dddd 1000 mmmm", _clz, _twice),
)

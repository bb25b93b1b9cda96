"""VADDV, VMAXV, VMINV, VMLADAV: a vector reduced into a core register.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VADDV, VMAXV, VMINV, VMLADAV (alias VMLAV). An element counts if the
predicate of its lowest byte holds.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.instructions.vector_arithmetic import scalar
from tinyverify.engines.machine_code.linear import Value, combine
from tinyverify.engines.machine_code.machine import Machine


def _sum(machine: Machine, f: Fields) -> None:
    size = 1 << f["z"]
    terms = machine.terms
    total: Value = machine.get_raw(2 * f["r"]) if f["a"] else 0
    active = machine.active(machine.mask(), size)
    lanes = machine.lanes(f["m"], size, not f["u"])
    parts = [(1, terms.select(on, value, 0)) for value, on in zip(lanes, active, strict=True)]
    machine.put(2 * f["r"], combine(total, parts))


def _extreme(largest: bool):
    def run(machine: Machine, f: Fields) -> None:
        size, is_signed = 1 << f["z"], not f["u"]
        terms = machine.terms
        best = scalar(machine, f["r"], size, is_signed)
        choose = terms.maximum if largest else terms.minimum
        for value, on in zip(machine.lanes(f["m"], size, is_signed), machine.active(machine.mask(), size), strict=True):
            best = terms.select(on, choose([best, value]), best)
        machine.put(f["r"], best)

    return run


def _dot(size_of):
    def run(machine: Machine, f: Fields) -> None:
        size, is_signed = size_of(f), not f["u"]
        total: Value = machine.get_raw(2 * f["r"]) if f["a"] else 0
        a, b = machine.lanes(f["n"], size, is_signed), machine.lanes(f["m"], size, is_signed)
        parts: list[tuple[int, Value]] = []
        for x, y, on in zip(a, b, machine.active(machine.mask(), size), strict=True):
            if not isinstance(on, bool):
                raise Stuck("a dot product under a predicate that depends on data")
            if not on:
                continue
            if isinstance(x, int):
                parts.append((x, y))
            elif isinstance(y, int):
                parts.append((y, x))
            else:
                parts.append((1, machine.terms.product(x, y)))
        machine.put(2 * f["r"], combine(total, parts))

    return run


def _byte(f: Fields) -> int:
    return 1


def _half_or_word(f: Fields) -> int:
    return 4 if f["z"] else 2


def _elements(f: Fields) -> bool:
    return f["z"] < 3


def _extreme_ok(f: Fields) -> bool:
    return f["z"] < 3 and plain("r")(f)


ENCODINGS = (
    Encoding("vaddv", "111u11101111 zz 01 rrr 0 1111 00 a 0 mmm 0", _sum, _elements, vector=True, it=False),
    Encoding("vmaxv", "111u11101110 zz 10 rrrr 1111 0000 mmm 0", _extreme(True), _extreme_ok, vector=True, it=False),
    Encoding("vminv", "111u11101110 zz 10 rrrr 1111 1000 mmm 0", _extreme(False), _extreme_ok, vector=True, it=False),
    Encoding("vmladav", "111u11101111 nnn z rrr 0 1110 00 a 0 mmm 0", _dot(_half_or_word), vector=True, it=False),
    Encoding("vmladav.8", "111u11101111 nnn 0 rrr 0 1111 00 a 0 mmm 0", _dot(_byte), vector=True, it=False),
)

"""VCMP and VPT on integers: lanes to predicates.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VCMP (vector), VPT (vector). Register 15 as the scalar is zero.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.predication import set_predicate, start_block
from tinyverify.engines.machine_code.instructions.vector_arithmetic import scalar
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, SP, Machine
from tinyverify.engines.machine_code.terms import Terms


def _compare(terms: Terms, name: str, a: Value, b: Value) -> Condition:
    if name in ("eq", "ne"):
        equal = terms.eq(add(a, b, -1))
        return equal if name == "eq" else terms.negate(equal)
    if name in ("ge", "cs"):
        return terms.ge(add(a, b, -1))
    if name in ("gt", "hi"):
        return terms.ge(add(add(a, b, -1), -1))
    return terms.ge(add(b, a, -1)) if name == "le" else terms.ge(add(add(b, a, -1), -1))


def _run(name: str):
    is_signed = name not in ("cs", "hi")

    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        a = machine.lanes(f["n"], size, is_signed)
        if "m" in f:
            b = machine.lanes(f["m"], size, is_signed)
        else:
            b = [0 if f["r"] == PC else scalar(machine, f["r"], size, is_signed)] * len(a)
        results = [_compare(machine.terms, name, x, y) for x, y in zip(a, b, strict=True)]
        set_predicate(machine, [results[i // size] for i in range(16)], machine.mask())
        if f["k"]:
            start_block(machine, f["k"])

    return run


def _elements(f: Fields) -> bool:
    return f["z"] < 3


def _scalar(f: Fields) -> bool:
    return f["z"] < 3 and f["r"] != SP


# name: bit 12, bit 7, and bit 0 of the vector form (bit 5 of the scalar one).
_KINDS = {
    "eq": (0, 0, 0),
    "ne": (0, 1, 0),
    "cs": (0, 0, 1),
    "hi": (0, 1, 1),
    "ge": (1, 0, 0),
    "lt": (1, 1, 0),
    "gt": (1, 0, 1),
    "le": (1, 1, 1),
}

ENCODINGS = tuple(
    encoding
    for name, (twelve, seven, low) in _KINDS.items()
    for encoding in (
        Encoding(
            f"vcmp {name}",
            f"111111100 k zz nnn 1 kkk {twelve} 1111 {seven}000 mmm {low}",
            _run(name),
            _elements,
            vector=True,
            it=False,
        ),
        Encoding(
            f"vcmp {name}",
            f"111111100 k zz nnn 1 kkk {twelve} 1111 {seven}1{low}0 rrrr",
            _run(name),
            _scalar,
            vector=True,
            it=False,
        ),
    )
)

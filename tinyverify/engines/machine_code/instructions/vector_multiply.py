"""VMUL, VMLA, VMLAS, VQDMULH, VQRDMULH.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VMUL, VMLA, VMLAS, VQDMULH, VQRDMULH.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.vector_arithmetic import (
    by_scalar,
    elements_and_scalar,
    elementwise,
    limits,
    scalar,
    vectors,
)
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import Machine


def _product(machine: Machine, x: Value, y: Value, size: int, is_signed: bool) -> Value:
    return machine.terms.product(x, y)


def _high(rounds: int):
    """The high half of the doubled product, rounded or not, saturated."""

    def act(machine: Machine, x: Value, y: Value, size: int, is_signed: bool) -> Value:
        bits = 8 * size
        total = add(machine.terms.product(x, y), rounds << (bits - 2))
        return machine.terms.clamp(machine.terms.floor(total, bits - 1), *limits(size, True))

    return act


def _accumulate(add_scalar: bool):
    """VMLA: Qd + Qn * Rm; VMLAS: Qd * Qn + Rm."""

    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        a = machine.lanes(f["n"], size, True)
        d = machine.lanes(f["d"], size, True) if add_scalar else machine.raw_lanes(f["d"], size)
        r = scalar(machine, f["r"], size, True)
        product = machine.terms.product
        if add_scalar:
            values = [add(r, product(x, y)) for x, y in zip(a, d, strict=True)]
        else:
            values = [add(y, product(x, r)) for x, y in zip(a, d, strict=True)]
        machine.put_lanes(f["d"], values, size, machine.mask())

    return run


_MUL, _HIGH, _ROUNDED = elementwise(_product), elementwise(_high(0)), elementwise(_high(1))


def _accumulating(name: str, bit12: int, operation) -> Encoding:
    """Bit 28 is read as 0, as every assembler writes it."""
    pattern = f"1110111000 zz nnn 1 ddd {bit12} 1110 0100 rrrr"
    return Encoding(name, pattern, operation, elements_and_scalar, vector=True, it=False)


ENCODINGS = (
    vectors("vmul", "111011110", "1001 1 1", _MUL),
    vectors("vqdmulh", "111011110", "1011 1 0", _HIGH),
    vectors("vqrdmulh", "111111110", "1011 1 0", _ROUNDED),
    by_scalar("vmul", "111011100", 1, 1, "1110", "110", _MUL),
    by_scalar("vqdmulh", "111011100", 1, 0, "1110", "110", _HIGH),
    by_scalar("vqrdmulh", "111111100", 1, 0, "1110", "110", _ROUNDED),
    _accumulating("vmla", 0, _accumulate(False)),
    _accumulating("vmlas", 1, _accumulate(True)),
)

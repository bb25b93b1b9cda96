"""VADD, VSUB, VQADD, VQSUB, VMAX, VMIN, VABS, VNEG on integers.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VADD, VSUB, VQADD, VQSUB, VMAX, VMIN, VABS, VNEG. FPSCR.QC is not
modelled: nothing that is decoded reads it.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.linear import Value, add, scale
from tinyverify.engines.machine_code.machine import Machine


def limits(size: int, is_signed: bool) -> tuple[int, int]:
    """The range of an element of `size` bytes."""
    bits = 8 * size
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if is_signed else (0, (1 << bits) - 1)


def scalar(machine: Machine, register: int, size: int, is_signed: bool) -> Value:
    """The low `size` bytes of a core register."""
    value = words.raw(machine.terms, machine.get(register))
    read = machine.terms.signed if is_signed else machine.terms.unsigned
    return read(value, 8 * size)


def _second(machine: Machine, f: Fields, size: int, is_signed: bool) -> list[Value]:
    """The elements of Qm, or Rm for each of them."""
    if "m" in f:
        return machine.lanes(f["m"], size, is_signed)
    return [scalar(machine, f["r"], size, is_signed)] * (16 // size)


def _modular(sign: int):
    def run(machine: Machine, f: Fields) -> None:
        size = 1 << f["z"]
        if size == 4:  # no reading needed modulo 2^32
            a = machine.raw_lanes(f["n"])
            b = machine.raw_lanes(f["m"]) if "m" in f else [machine.get_raw(f["r"])] * 4
        else:
            a = machine.lanes(f["n"], size, True)
            b = _second(machine, f, size, True)
        machine.put_lanes(f["d"], [add(x, y, sign) for x, y in zip(a, b, strict=True)], size, machine.mask())

    return run


def elementwise(act):
    """An instruction that computes `act(machine, x, y, size, is_signed)` for each element of Qn and Qm (or Rm)."""

    def run(machine: Machine, f: Fields) -> None:
        size, is_signed = 1 << f["z"], not f.get("u", 0)
        a = machine.lanes(f["n"], size, is_signed)
        b = _second(machine, f, size, is_signed)
        values = [act(machine, x, y, size, is_signed) for x, y in zip(a, b, strict=True)]
        machine.put_lanes(f["d"], values, size, machine.mask())

    return run


def _saturating(sign: int):
    def act(machine: Machine, x: Value, y: Value, size: int, is_signed: bool) -> Value:
        return machine.terms.clamp(add(x, y, sign), *limits(size, is_signed))

    return act


def _maximum(machine: Machine, x: Value, y: Value, size: int, is_signed: bool) -> Value:
    return machine.terms.maximum([x, y])


def _minimum(machine: Machine, x: Value, y: Value, size: int, is_signed: bool) -> Value:
    return machine.terms.minimum([x, y])


def _absolute(machine: Machine, f: Fields) -> None:
    size = 1 << f["z"]
    values = [machine.terms.maximum([x, scale(x, -1)]) for x in machine.lanes(f["m"], size, True)]
    machine.put_lanes(f["d"], values, size, machine.mask())


def _negate(machine: Machine, f: Fields) -> None:
    size = 1 << f["z"]
    machine.put_lanes(f["d"], [scale(x, -1) for x in machine.lanes(f["m"], size, True)], size, machine.mask())


def elements(f: Fields) -> bool:
    """`when`: 8, 16 or 32-bit elements."""
    return f["z"] < 3


def elements_and_scalar(f: Fields) -> bool:
    """`when`: 8, 16 or 32-bit elements, and Rm is neither sp nor pc."""
    return f["z"] < 3 and plain("r")(f)


def vectors(name: str, head: str, tail: str, operation) -> Encoding:
    """A three-vector encoding: `head` is bits 31 to 23, `tail` is bits 11 to 8, 6 and 4."""
    code, six, four = tail.split()
    return Encoding(
        name, f"{head} 0 zz nnn 0 ddd 0 {code} 0{six}0{four} mmm 0", operation, elements, vector=True, it=False
    )


def by_scalar(name: str, head: str, bit16: int, bit12: int, code: str, low: str, operation) -> Encoding:
    """An encoding with two vectors and a core register."""
    pattern = f"{head} 0 zz nnn {bit16} ddd {bit12} {code} 0{low} rrrr"
    return Encoding(name, pattern, operation, elements_and_scalar, vector=True, it=False)


_QADD, _QSUB = elementwise(_saturating(1)), elementwise(_saturating(-1))

ENCODINGS = (
    vectors("vadd", "111011110", "1000 1 0", _modular(1)),
    vectors("vsub", "111111110", "1000 1 0", _modular(-1)),
    vectors("vqadd", "111u11110", "0000 1 1", _QADD),
    vectors("vqsub", "111u11110", "0010 1 1", _QSUB),
    vectors("vmax", "111u11110", "0110 1 0", elementwise(_maximum)),
    vectors("vmin", "111u11110", "0110 1 1", elementwise(_minimum)),
    by_scalar("vadd", "111011100", 1, 0, "1111", "100", _modular(1)),
    by_scalar("vsub", "111011100", 1, 1, "1111", "100", _modular(-1)),
    by_scalar("vqadd", "111u11100", 0, 0, "1111", "110", _QADD),
    by_scalar("vqsub", "111u11100", 0, 1, "1111", "110", _QSUB),
    Encoding("vabs", "111111111011 zz 01 ddd 0 0011 0100 mmm 0", _absolute, elements, vector=True, it=False),
    Encoding("vneg", "111111111011 zz 01 ddd 0 0011 1100 mmm 0", _negate, elements, vector=True, it=False),
)

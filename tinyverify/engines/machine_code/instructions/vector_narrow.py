"""VMOVN, VQMOVN, VQMOVUN: elements narrowed into the bottom or the top halves; VMOVL widens.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VMOVN, VQMOVN, VQMOVUN, VMOVL.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.vector_arithmetic import limits
from tinyverify.engines.machine_code.linear import Value
from tinyverify.engines.machine_code.machine import Machine


def _narrow(change, source_signed):
    """Each element of 2 << z bytes of Qm, changed, into the bottom (top: the t bit) half of its place in Qd."""

    def run(machine: Machine, f: Fields) -> None:
        half = 1 << f["z"]
        values = machine.lanes(f["m"], 2 * half, source_signed(f))
        old = [words.byte(word, k) for word in machine.state.vectors[f["d"]] for k in range(4)]
        mask = machine.mask()
        acts = [False] * 16
        for i, value in enumerate(values):
            at = 2 * half * i + half * f["t"]
            narrowed = change(machine, value, half, f)
            old[at : at + half] = words.bytes_of(narrowed, half)
            acts[at : at + half] = mask[at : at + half]
        machine.put_vector(f["d"], [words.word_from_bytes(old[i : i + 4]) for i in range(0, 16, 4)], acts)

    return run


def _plain(machine: Machine, value: Value, half: int, f: Fields) -> Value:
    return value


def _saturate(machine: Machine, value: Value, half: int, f: Fields) -> Value:
    return machine.terms.clamp(value, *limits(half, not f["u"]))


def _saturate_unsigned(machine: Machine, value: Value, half: int, f: Fields) -> Value:
    return machine.terms.clamp(value, *limits(half, False))


def _widen(machine: Machine, f: Fields) -> None:
    half = f["z"]  # 1 or 2 bytes
    is_signed = not f["u"]
    values = machine.lanes(f["m"], half, is_signed)[f["t"] :: 2]
    machine.put_lanes(f["d"], values, 2 * half, machine.mask())


def _signed(f: Fields) -> bool:
    return True


def _by_u(f: Fields) -> bool:
    return not f["u"]


def _halves(f: Fields) -> bool:
    return f["z"] < 2


def _whole(f: Fields) -> bool:
    return f["z"] in (1, 2)


ENCODINGS = (
    Encoding(
        "vmovn", "111111100011 zz 01 ddd t 1110 1000 mmm 1", _narrow(_plain, _signed), _halves, vector=True, it=False
    ),
    Encoding(
        "vqmovn", "111u11100011 zz 11 ddd t 1110 0000 mmm 1", _narrow(_saturate, _by_u), _halves, vector=True, it=False
    ),
    Encoding(
        "vqmovun",
        "111011100011 zz 01 ddd t 1110 1000 mmm 1",
        _narrow(_saturate_unsigned, _signed),
        _halves,
        vector=True,
        it=False,
    ),
    Encoding("vmovl", "111u111010 1 zz 000 ddd t 1111 0100 mmm 0", _widen, _whole, vector=True, it=False),
)

"""VDUP, VIDUP, VDDUP, VMOV and VMVN (immediate), VMOV between lanes and core registers.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VDUP, VIDUP, VDDUP, VMOV (immediate) (vector), VMVN (immediate), VMOV
(general-purpose register to vector lane, vector lane to general-purpose register, two 32-bit vector lanes to two
general-purpose registers and back). Of the two-lane moves, Rt goes with the lane of the lower index.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import Machine

IMMEDIATE_PATTERN = "111 i 11111000 0 iii ddd 0 cccc 01 o 1 iiii"


def _duplicate(size: int):
    def run(machine: Machine, f: Fields) -> None:
        value = machine.get_raw(f["t"])
        machine.put_lanes(f["d"], [value] * (16 // size), size, machine.mask())

    return run


def _count(sign: int):
    def run(machine: Machine, f: Fields) -> None:
        size, step = 1 << f["z"], sign << f["i"]
        register = 2 * f["n"]
        start = machine.get_raw(register)
        lanes = 16 // size
        machine.put_lanes(f["d"], [add(start, step * i) for i in range(lanes)], size, machine.mask())
        machine.put(register, add(start, step * lanes))

    return run


def expand_vector_immediate(op: int, cmode: int, imm8: int) -> int | None:
    """AdvSIMDExpandImm for the forms whose 64 bits repeat a 32-bit word; None for the others."""
    if cmode < 8:
        return imm8 << 8 * (cmode >> 1)
    if cmode < 12:
        half = imm8 << 8 * (cmode >> 1 & 1)
        return half << 16 | half
    if cmode == 12:
        return imm8 << 8 | 0xFF
    if cmode == 13:
        return imm8 << 16 | 0xFFFF
    if cmode == 14 and op == 0:
        return imm8 * 0x01010101
    return None


def _immediate(machine: Machine, f: Fields) -> None:
    word = expand_vector_immediate(f["o"], f["c"], f["i"])
    if word is None:
        raise AssertionError("excluded by _immediate_ok")
    if f["o"]:
        word = ~word & 0xFFFFFFFF
    machine.put_vector(f["d"], [word] * 4, machine.mask())


def _immediate_ok(f: Fields) -> bool:
    """Not VORR or VBIC (odd cmode below 12), and a form that is modelled."""
    if f["c"] < 12 and f["c"] & 1:
        return False
    return expand_vector_immediate(f["o"], f["c"], f["i"]) is not None


def _to_lane(size: int):
    def run(machine: Machine, f: Fields) -> None:
        vector = list(machine.state.vectors[f["v"] >> 1])
        at = (f["v"] & 1) * 8 + f["a"] * size
        parts = [words.byte(vector[at // 4], k) for k in range(4)]
        source = machine.get(f["t"])
        for k in range(size):
            parts[at % 4 + k] = words.byte(source, k)
        vector[at // 4] = words.word_from_bytes(parts)
        machine.state.vectors[f["v"] >> 1] = vector

    return run


def _from_lane(size: int):
    def run(machine: Machine, f: Fields) -> None:
        at = (f["v"] & 1) * 8 + f["a"] * size
        word = machine.state.vectors[f["v"] >> 1][at // 4]
        if size == 4:
            machine.put_word(f["t"], word)
            return
        parts = [words.byte(word, at % 4 + k) for k in range(size)]
        machine.put(f["t"], words.join_bytes(machine.terms, parts, not f["u"]))

    return run


def _two_to_core(machine: Machine, f: Fields) -> None:
    vector = machine.state.vectors[f["d"]]
    machine.put_word(f["t"], vector[f["i"]])
    machine.put_word(f["x"], vector[f["i"] + 2])


def _two_from_core(machine: Machine, f: Fields) -> None:
    vector = list(machine.state.vectors[f["d"]])
    vector[f["i"]] = machine.get(f["t"])
    vector[f["i"] + 2] = machine.get(f["x"])
    machine.state.vectors[f["d"]] = vector


def _elements(f: Fields) -> bool:
    return f["z"] < 3


def _two_ok(f: Fields) -> bool:
    return f["t"] != f["x"] and plain("t", "x")(f)


_T = plain("t")

ENCODINGS = (
    Encoding("vdup.8", "111011101110 ddd 0 tttt 1011 0001 0000", _duplicate(1), _T, vector=True, it=False),
    Encoding("vdup.16", "111011101010 ddd 0 tttt 1011 0011 0000", _duplicate(2), _T, vector=True, it=False),
    Encoding("vdup.32", "111011101010 ddd 0 tttt 1011 0001 0000", _duplicate(4), _T, vector=True, it=False),
    Encoding("vidup", "1110111000 zz nnn 1 ddd 0 1111 i 110111 i", _count(1), _elements, vector=True, it=False),
    Encoding("vddup", "1110111000 zz nnn 1 ddd 1 1111 i 110111 i", _count(-1), _elements, vector=True, it=False),
    Encoding(
        "vmov/vmvn", "111 i 11111000 0 iii ddd 0 cccc 01 o 1 iiii", _immediate, _immediate_ok, vector=True, it=False
    ),
    Encoding("vmov.8", "1110111001 a 0 vvvv tttt 1011 0 aa 10000", _to_lane(1), _T, it=False),
    Encoding("vmov.16", "1110111000 a 0 vvvv tttt 1011 0 a 110000", _to_lane(2), _T, it=False),
    Encoding("vmov.32", "1110111000 a 0 vvvv tttt 1011 0 0010000", _to_lane(4), _T, it=False),
    Encoding("vmov.8", "11101110 u 1 a 1 vvvv tttt 1011 0 aa 10000", _from_lane(1), _T, it=False),
    Encoding("vmov.16", "11101110 u 0 a 1 vvvv tttt 1011 0 a 110000", _from_lane(2), _T, it=False),
    Encoding("vmov.32", "1110111000 a 1 vvvv tttt 1011 0 0010000", _from_lane(4), _T, it=False),
    Encoding("vmov", "111011000000 xxxx ddd 0 1111 000 i tttt", _two_to_core, _two_ok, it=False),
    Encoding("vmov", "111011000001 xxxx ddd 0 1111 000 i tttt", _two_from_core, plain("t", "x"), it=False),
)

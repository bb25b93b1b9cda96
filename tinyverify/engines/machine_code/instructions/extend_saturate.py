"""SXTB, UXTB, SXTH, UXTH, their adding forms, SSAT, USAT, SSAT16, USAT16.

Serves `kernel.object_code`. Arm ARM (DDI 0553): SXTB, SXTH, UXTB, UXTH, SXTAB, SXTAH, UXTAB, UXTAH, SSAT, USAT,
SSAT16, USAT16. The Q flag is not modelled: nothing that is decoded reads it.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.operands import ASR, LSL, both, plain, shift_word
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, Machine


def _extended(machine: Machine, register: int, size: int, is_signed: bool, at: int) -> Value:
    word = machine.get(register)
    if at == 0:  # the reading modulo 2^(8 size) needs no split into bytes
        read = machine.terms.signed if is_signed else machine.terms.unsigned
        return read(words.raw(machine.terms, word), 8 * size)
    return words.join_bytes(machine.terms, [words.byte(word, (at + k) % 4) for k in range(size)], is_signed)


def _t16(size: int, is_signed: bool):
    return lambda machine, f: machine.put(f["d"], _extended(machine, f["m"], size, is_signed, 0))


def _t32(size: int, is_signed: bool):
    def run(machine: Machine, f: Fields) -> None:
        value = _extended(machine, f["m"], size, is_signed, f["r"])
        machine.put(f["d"], value if f["n"] == PC else add(machine.get_raw(f["n"]), value))

    return run


def _saturate(is_signed: bool):
    def run(machine: Machine, f: Fields) -> None:
        kind, count = (ASR if f["h"] else LSL), f["i"]
        word, _ = shift_word(machine, machine.get(f["n"]), kind, count)
        machine.put(f["d"], _clamped(machine, words.signed(machine.terms, word), f["u"], is_signed))

    return run


def _saturate_halves(is_signed: bool):
    def run(machine: Machine, f: Fields) -> None:
        word = machine.get(f["n"])
        parts = [words.byte(word, at) for at in range(4)]
        halves = [words.join_bytes(machine.terms, parts[at : at + 2], True) for at in (0, 2)]
        low, high = (_clamped(machine, half, f["u"], is_signed) for half in halves)
        machine.put(f["d"], add(machine.terms.unsigned(low, 16), high, 1 << 16))

    return run


def _clamped(machine: Machine, value: Value, bits: int, is_signed: bool) -> Value:
    return machine.terms.clamp(value, -(1 << bits) if is_signed else 0, (1 << bits) - 1)


def _extends(f: Fields) -> bool:
    return plain("d", "m")(f) and f["n"] != 13


def _not_packed(f: Fields) -> bool:
    return not (f["h"] and f["i"] == 0)


_SATURATES = both(plain("d", "n"), _not_packed)

ENCODINGS = (
    Encoding("sxth", "1011001000 mmm ddd", _t16(2, True)),
    Encoding("sxtb", "1011001001 mmm ddd", _t16(1, True)),
    Encoding("uxth", "1011001010 mmm ddd", _t16(2, False)),
    Encoding("uxtb", "1011001011 mmm ddd", _t16(1, False)),
    Encoding("sxtah", "111110100000 nnnn 1111 dddd 10 rr mmmm", _t32(2, True), _extends),
    Encoding("uxtah", "111110100001 nnnn 1111 dddd 10 rr mmmm", _t32(2, False), _extends),
    Encoding("sxtab", "111110100100 nnnn 1111 dddd 10 rr mmmm", _t32(1, True), _extends),
    Encoding("uxtab", "111110100101 nnnn 1111 dddd 10 rr mmmm", _t32(1, False), _extends),
    Encoding("ssat", "1111001100 h 0 nnnn 0 iii dddd ii 0 uuuuu", _saturate(True), _SATURATES),
    Encoding("usat", "1111001110 h 0 nnnn 0 iii dddd ii 0 uuuuu", _saturate(False), _SATURATES),
    Encoding("ssat16", "111100110010 nnnn 0000 dddd 0000 uuuu", _saturate_halves(True), plain("d", "n")),
    Encoding("usat16", "111100111010 nnnn 0000 dddd 0000 uuuu", _saturate_halves(False), plain("d", "n")),
)

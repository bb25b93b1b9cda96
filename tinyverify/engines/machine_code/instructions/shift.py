"""LSL, LSR, ASR, ROR by an immediate or by a register, and RRX.

Serves `kernel.object_code`. Arm ARM (DDI 0553): LSL, LSR, ASR, ROR (immediate and register), RRX. A count in a register
must not depend on data.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.flags import carry_value
from tinyverify.engines.machine_code.instructions.logical import set_flags
from tinyverify.engines.machine_code.instructions.operands import (
    ASR,
    LSL,
    LSR,
    ROR,
    both,
    immediate_shift,
    plain,
    shift_word,
)
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import Machine


def _t16(kind: int):
    def run(machine: Machine, f: Fields) -> None:
        _, count = immediate_shift(kind, f["i"])
        word, carry = shift_word(machine, machine.get(f["m"]), kind, count)
        machine.put_word(f["d"], word)
        if not machine.in_it:
            set_flags(machine, word, carry)

    return run


def _t32(machine: Machine, f: Fields) -> None:
    kind, count = immediate_shift(f["t"], f["i"])
    word, carry = shift_word(machine, machine.get(f["m"]), kind, count)
    machine.put_word(f["d"], word)
    if f["s"]:
        set_flags(machine, word, carry)


def _by_register(machine: Machine, kind: int, to: int, source: int, by: int, flags: bool) -> None:
    count = machine.get_constant(by, "a shift count") & 255
    word = machine.get(source)
    terms = machine.terms
    if kind == ROR and count and count % 32 == 0:
        value = words.signed(terms, word)
        word, carry = word, lambda: terms.negate(terms.ge(value))
    elif kind == ROR:
        word, carry = shift_word(machine, word, kind, count % 32)
    elif kind == ASR:
        word, carry = shift_word(machine, word, kind, min(count, 32))
    elif count > 32:
        word, carry = 0, lambda: False
    elif count == 32 and kind == LSL:
        low = words.raw(terms, word)
        word, carry = 0, lambda: terms.is_odd(low)
    else:
        word, carry = shift_word(machine, word, kind, count)
    machine.put_word(to, word)
    if flags:
        set_flags(machine, word, carry)


def _rotate_through_carry(machine: Machine, f: Fields) -> None:
    terms, word = machine.terms, machine.get(f["m"])
    carry, low = carry_value(terms, machine.state.flags), words.raw(terms, word)
    half = terms.floor(words.unsigned(terms, word), 1)
    result = words.word_of(add(half, carry, 1 << 31))
    machine.put_word(f["d"], result)
    if f["s"]:
        set_flags(machine, result, lambda: terms.is_odd(low))


def _t16_register(kind: int):
    return lambda machine, f: _by_register(machine, kind, f["d"], f["d"], f["m"], not machine.in_it)


def _t32_register(machine: Machine, f: Fields) -> None:
    _by_register(machine, f["t"], f["d"], f["n"], f["m"], bool(f["s"]))


def _shifts(f: Fields) -> bool:
    """Neither MOV (LSL by 0) nor RRX (ROR by 0)."""
    return f["i"] != 0 or f["t"] in (LSR, ASR)


ENCODINGS = (
    Encoding("lsls", "00000 iiiii mmm ddd", _t16(LSL)),
    Encoding("lsrs", "00001 iiiii mmm ddd", _t16(LSR)),
    Encoding("asrs", "00010 iiiii mmm ddd", _t16(ASR)),
    Encoding("shift.w", "11101010010 s 1111 0 iii dddd ii tt mmmm", _t32, both(plain("d", "m"), _shifts)),
    Encoding("rrx", "11101010010 s 1111 0000 dddd 0011 mmmm", _rotate_through_carry, plain("d", "m")),
    Encoding("lsls", "0100000010 mmm ddd", _t16_register(LSL)),
    Encoding("lsrs", "0100000011 mmm ddd", _t16_register(LSR)),
    Encoding("asrs", "0100000100 mmm ddd", _t16_register(ASR)),
    Encoding("rors", "0100000111 mmm ddd", _t16_register(ROR)),
    Encoding("shift.w", "111110100 tt s nnnn 1111 dddd 0000 mmmm", _t32_register, plain("d", "n", "m")),
)

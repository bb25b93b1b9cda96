"""What several instruction classes share: shifted and modified-immediate operands, and who is predictable.

Serves `kernel.object_code`. Arm ARM (DDI 0553): "Shift operations", "T32ExpandImm_C".
"""

from __future__ import annotations

from collections.abc import Callable

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Fields, expand_immediate
from tinyverify.engines.machine_code.errors import Stuck, Undecodable
from tinyverify.engines.machine_code.linear import scale
from tinyverify.engines.machine_code.machine import PC, SP, Machine
from tinyverify.engines.machine_code.words import Word

LSL, LSR, ASR, ROR = range(4)
Carry = Callable[[], Condition]


def plain(*names: str):
    """`when`: none of these register fields is sp or pc."""
    return lambda fields: all(fields[name] not in (SP, PC) for name in names)


def no_pc(*names: str):
    """`when`: none of these register fields is pc."""
    return lambda fields: all(fields[name] != PC for name in names)


def both(*conditions):
    """`when`: all of these hold."""
    return lambda fields: all(condition(fields) for condition in conditions)


def immediate_ok(fields: Fields) -> bool:
    """`when`: the modified immediate `i` is predictable."""
    try:
        expand_immediate(fields["i"])
    except Undecodable:
        return False
    return True


def shift_word(machine: Machine, word: Word, kind: int, count: int) -> tuple[Word, Carry | None]:
    """`word` shifted by 0 to 32 and the carry out (None: unchanged); an LSR or ASR by 0 is not asked for here."""
    terms = machine.terms
    if count == 0:
        return word, None
    if kind == LSL:
        if count > 31:
            raise Stuck(f"shift left by {count}")
        shifted = words.word_of(scale(words.raw(terms, word), 1 << count))
        return shifted, lambda: terms.is_odd(terms.floor(words.unsigned(terms, word), 32 - count))
    if kind == ROR:
        value = words.constant(terms, word)
        if value is None:
            raise Stuck("rotation of an unknown word")
        rotated = (value >> count | value << (32 - count)) & 0xFFFFFFFF
        return rotated, lambda: bool(rotated >> 31)
    read = words.unsigned if kind == LSR else words.signed
    value = read(terms, word)
    return words.word_of(terms.floor(value, count)), lambda: terms.is_odd(terms.floor(value, count - 1))


def immediate_shift(kind: int, count: int) -> tuple[int, int]:
    """DecodeImmShift: (kind, count). RRX is refused."""
    if kind == ROR and count == 0:
        raise Undecodable("RRX is not modelled")
    return kind, 32 if kind in (LSR, ASR) and count == 0 else count


def shifted_register(machine: Machine, fields: Fields) -> tuple[Word, Carry | None]:
    """Operand `m` shifted by kind `t` and imm3:imm2 `i`."""
    kind, count = immediate_shift(fields["t"], fields["i"])
    return shift_word(machine, machine.get(fields["m"]), kind, count)


def shift_ok(fields: Fields) -> bool:
    """`when`: not RRX, which is not modelled."""
    return not (fields["t"] == ROR and fields["i"] == 0)

"""AND, BIC, ORR, ORN, EOR, TST, TEQ, MVN: bitwise, on constants or where a closed form is known.

Serves `kernel.object_code`. Arm ARM (DDI 0553): AND, BIC, ORR, ORN, EOR, TST, TEQ, MVN (immediate and register).
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields, expand_immediate
from tinyverify.engines.machine_code.flags import Logical
from tinyverify.engines.machine_code.instructions.operands import (
    Carry,
    both,
    immediate_ok,
    plain,
    shift_ok,
    shifted_register,
)
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import Machine
from tinyverify.engines.machine_code.words import Word


def complement(machine: Machine, word: Word) -> Word:
    """`~word`."""
    return words.word_of(add(-1, words.raw(machine.terms, word), -1))


def _and(machine: Machine, a: Word, b: Word) -> Word:
    return words.and_words(machine.terms, a, b)


def _bic(machine: Machine, a: Word, b: Word) -> Word:
    return words.and_words(machine.terms, a, complement(machine, b))


def _orr(machine: Machine, a: Word, b: Word) -> Word:
    return words.or_words(machine.terms, a, b)


def _orn(machine: Machine, a: Word, b: Word) -> Word:
    return words.or_words(machine.terms, a, complement(machine, b))


def _eor(machine: Machine, a: Word, b: Word) -> Word:
    return words.xor_words(machine.terms, a, b)


def _mvn(machine: Machine, a: Word, b: Word) -> Word:
    return complement(machine, b)


def set_flags(machine: Machine, word: Word, carry: Carry | None) -> None:
    """N and Z from `word`; C from the shifter, or unchanged where it gives none; V unchanged."""
    before = machine.state.flags
    machine.state.flags = Logical(word, carry, before)


def _t16(act):
    def run(machine: Machine, f: Fields) -> None:
        word = act(machine, machine.get(f["d"]), machine.get(f["m"]))
        machine.put_word(f["d"], word)
        if not machine.in_it:
            set_flags(machine, word, None)

    return run


def _register(act, writes: bool = True):
    def run(machine: Machine, f: Fields) -> None:
        operand, carry = shifted_register(machine, f)
        word = act(machine, machine.get(f["n"]) if "n" in f else 0, operand)
        if writes:
            machine.put_word(f["d"], word)
        if f.get("s", 1):
            set_flags(machine, word, carry)

    return run


def _immediate(act, writes: bool = True):
    def run(machine: Machine, f: Fields) -> None:
        operand, carry = expand_immediate(f["i"])
        word = act(machine, machine.get(f["n"]) if "n" in f else 0, operand)
        if writes:
            machine.put_word(f["d"], word)
        if f.get("s", 1):
            set_flags(machine, word, None if carry is None else lambda: carry)

    return run


def _test(machine: Machine, f: Fields) -> None:
    set_flags(machine, _and(machine, machine.get(f["n"]), machine.get(f["m"])), None)


_SHIFTED = both(plain("d", "n", "m"), shift_ok)
_SHIFTED_TEST = both(plain("n", "m"), shift_ok)
_SHIFTED_MOVE = both(plain("d", "m"), shift_ok)
_MODIFIED = both(plain("d", "n"), immediate_ok)
_MODIFIED_TEST = both(plain("n"), immediate_ok)

ENCODINGS = (
    Encoding("ands", "0100000000 mmm ddd", _t16(_and)),
    Encoding("eors", "0100000001 mmm ddd", _t16(_eor)),
    Encoding("orrs", "0100001100 mmm ddd", _t16(_orr)),
    Encoding("bics", "0100001110 mmm ddd", _t16(_bic)),
    Encoding("mvns", "0100001111 mmm ddd", _t16(_mvn)),
    Encoding("tst", "0100001000 mmm nnn", _test),
    Encoding("and.w", "11101010000 s nnnn 0 iii dddd ii tt mmmm", _register(_and), _SHIFTED),
    Encoding("bic.w", "11101010001 s nnnn 0 iii dddd ii tt mmmm", _register(_bic), _SHIFTED),
    Encoding("orr.w", "11101010010 s nnnn 0 iii dddd ii tt mmmm", _register(_orr), _SHIFTED),
    Encoding("orn.w", "11101010011 s nnnn 0 iii dddd ii tt mmmm", _register(_orn), _SHIFTED),
    Encoding("eor.w", "11101010100 s nnnn 0 iii dddd ii tt mmmm", _register(_eor), _SHIFTED),
    Encoding("mvn.w", "11101010011 s 1111 0 iii dddd ii tt mmmm", _register(_mvn), _SHIFTED_MOVE),
    Encoding("tst.w", "111010100001 nnnn 0 iii 1111 ii tt mmmm", _register(_and, False), _SHIFTED_TEST),
    Encoding("teq.w", "111010101001 nnnn 0 iii 1111 ii tt mmmm", _register(_eor, False), _SHIFTED_TEST),
    Encoding("and.w", "11110 i 00000 s nnnn 0 iii dddd iiiiiiii", _immediate(_and), _MODIFIED),
    Encoding("bic.w", "11110 i 00001 s nnnn 0 iii dddd iiiiiiii", _immediate(_bic), _MODIFIED),
    Encoding("orr.w", "11110 i 00010 s nnnn 0 iii dddd iiiiiiii", _immediate(_orr), _MODIFIED),
    Encoding("orn.w", "11110 i 00011 s nnnn 0 iii dddd iiiiiiii", _immediate(_orn), _MODIFIED),
    Encoding("eor.w", "11110 i 00100 s nnnn 0 iii dddd iiiiiiii", _immediate(_eor), _MODIFIED),
    Encoding("tst.w", "11110 i 000001 nnnn 0 iii 1111 iiiiiiii", _immediate(_and, False), _MODIFIED_TEST),
    Encoding("teq.w", "11110 i 001001 nnnn 0 iii 1111 iiiiiiii", _immediate(_eor, False), _MODIFIED_TEST),
    Encoding("mvn.w", "11110 i 00011 s 1111 0 iii dddd iiiiiiii", _immediate(_mvn), both(plain("d"), immediate_ok)),
)

"""ADD, SUB, RSB, CMP, CMN, ADC, SBC, ADR and the additions to sp.

Serves `kernel.object_code`. Arm ARM (DDI 0553): ADD, ADD (SP plus), SUB, SUB (SP minus), RSB, CMP, CMN, ADC, SBC, ADR.
In an IT block the 16-bit forms leave the flags alone.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields, expand_immediate
from tinyverify.engines.machine_code.flags import Added, Chained, Subtracted, carry_value
from tinyverify.engines.machine_code.instructions.operands import (
    both,
    immediate_ok,
    no_pc,
    plain,
    shift_ok,
    shifted_register,
)
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import PC, SP, Machine
from tinyverify.engines.machine_code.words import Word


def _add(machine: Machine, to: int, a: Word, b: Word, flags: bool) -> None:
    machine.put(to, add(words.raw(machine.terms, a), words.raw(machine.terms, b)))
    if flags:
        machine.state.flags = Added(a, b)


def _sub(machine: Machine, to: int, a: Word, b: Word, flags: bool) -> None:
    machine.put(to, add(words.raw(machine.terms, a), words.raw(machine.terms, b), -1))
    if flags:
        machine.state.flags = Subtracted(a, b)


def _with_carry(machine: Machine, to: int, a: Word, b: Word, flags: bool, sign: int) -> None:
    """a + b + C (`sign` 1), or a - b - (1 - C)."""
    terms, before = machine.terms, machine.state.flags
    total = add(words.raw(terms, a), words.raw(terms, b), sign)
    total = add(total, add(carry_value(terms, before), 0 if sign > 0 else -1))
    machine.put(to, total)
    if flags:
        kind = Added if sign > 0 else Subtracted
        continues = isinstance(before, kind) and (sign < 0 or before.carry == 0)
        machine.state.flags = Chained(before.a, before.b, a, b, sign) if continues else None


def _add_carry(machine: Machine, to: int, a: Word, b: Word, flags: bool) -> None:
    _with_carry(machine, to, a, b, flags, 1)


def _subtract_carry(machine: Machine, to: int, a: Word, b: Word, flags: bool) -> None:
    _with_carry(machine, to, a, b, flags, -1)


def _reverse(machine: Machine, to: int, a: Word, b: Word, flags: bool) -> None:
    _sub(machine, to, b, a, flags)


def _t16_register(act):
    return lambda machine, f: act(machine, f["d"], machine.get(f["n"]), machine.get(f["m"]), not machine.in_it)


def _t16_immediate(act):
    return lambda machine, f: act(machine, f["d"], machine.get(f["n"]), f["i"], not machine.in_it)


def _t16_same(act):
    return lambda machine, f: act(machine, f["d"], machine.get(f["d"]), f["i"], not machine.in_it)


def _t16_two(act):
    return lambda machine, f: act(machine, f["d"], machine.get(f["d"]), machine.get(f["m"]), not machine.in_it)


def _t32_register(act):
    def run(machine: Machine, f: Fields) -> None:
        act(machine, f["d"], machine.get(f["n"]), shifted_register(machine, f)[0], bool(f["s"]))

    return run


def _t32_immediate(act):
    def run(machine: Machine, f: Fields) -> None:
        act(machine, f["d"], machine.get(f["n"]), expand_immediate(f["i"])[0], bool(f["s"]))

    return run


def _high_add(machine: Machine, f: Fields) -> None:
    _add(machine, f["d"], machine.get(f["d"]), machine.get(f["m"]), False)


def _plain_immediate(act):
    return lambda machine, f: act(machine, f["d"], machine.get(f["n"]), f["i"], False)


def _compare(kind):
    def register(machine: Machine, f: Fields) -> None:
        machine.state.flags = kind(machine.get(f["n"]), machine.get(f["m"]))

    def shifted(machine: Machine, f: Fields) -> None:
        machine.state.flags = kind(machine.get(f["n"]), shifted_register(machine, f)[0])

    def small(machine: Machine, f: Fields) -> None:
        machine.state.flags = kind(machine.get(f["n"]), f["i"])

    def modified(machine: Machine, f: Fields) -> None:
        machine.state.flags = kind(machine.get(f["n"]), expand_immediate(f["i"])[0])

    return register, shifted, small, modified


def _adr(sign: int, scale: int):
    def run(machine: Machine, f: Fields) -> None:
        machine.put(f["d"], ((machine.pc + 4) & ~3) + sign * scale * f["i"])

    return run


def _sp_plus(machine: Machine, f: Fields) -> None:
    _add(machine, f["d"], machine.get(SP), 4 * f["i"], False)


def _sp_move(sign: int):
    return lambda machine, f: machine.put(SP, add(machine.get_raw(SP), 4 * sign * f["i"]))


def _negate(machine: Machine, f: Fields) -> None:
    _sub(machine, f["d"], 0, machine.get(f["n"]), not machine.in_it)


_CMP = _compare(Subtracted)
_CMN = _compare(Added)


def _sp_form(fields: Fields) -> bool:
    """Rd, Rn, Rm of the shifted-register ADD and SUB: sp only as `sp = sp +- Rm << 0..3`, or as Rn."""
    d, n, m = fields["d"], fields["n"], fields["m"]
    if m in (SP, PC) or n == PC or d == PC:
        return False
    if d == SP:
        return n == SP and fields["t"] == 0 and fields["i"] <= 3 and not fields["s"]
    return shift_ok(fields)


def _sp_immediate(fields: Fields) -> bool:
    d, n = fields["d"], fields["n"]
    return d != PC and n != PC and (d != SP or n == SP) and immediate_ok(fields)


def _wide_immediate(fields: Fields) -> bool:
    d, n = fields["d"], fields["n"]
    return d != PC and n != PC and (d != SP or n == SP)


def _high_compare(fields: Fields) -> bool:
    return PC not in (fields["n"], fields["m"]) and not (fields["n"] < 8 and fields["m"] < 8)


def _high_add_ok(fields: Fields) -> bool:
    return PC not in (fields["d"], fields["m"])


_SHIFTED = both(plain("d", "n", "m"), shift_ok)
_SHIFTED_COMPARE = both(no_pc("n"), plain("m"), shift_ok)
_MODIFIED = both(plain("d", "n"), immediate_ok)

ENCODINGS = (
    Encoding("adds", "0001100 mmm nnn ddd", _t16_register(_add)),
    Encoding("subs", "0001101 mmm nnn ddd", _t16_register(_sub)),
    Encoding("adds", "0001110 iii nnn ddd", _t16_immediate(_add)),
    Encoding("subs", "0001111 iii nnn ddd", _t16_immediate(_sub)),
    Encoding("adds", "00110 ddd iiiiiiii", _t16_same(_add)),
    Encoding("subs", "00111 ddd iiiiiiii", _t16_same(_sub)),
    Encoding("cmp", "00101 nnn iiiiiiii", _CMP[2]),
    Encoding("cmp", "0100001010 mmm nnn", _CMP[0]),
    Encoding("cmn", "0100001011 mmm nnn", _CMN[0]),
    Encoding("cmp", "01000101 n mmmm nnn", _CMP[0], _high_compare),
    Encoding("adcs", "0100000101 mmm ddd", _t16_two(_add_carry)),
    Encoding("sbcs", "0100000110 mmm ddd", _t16_two(_subtract_carry)),
    Encoding("rsbs", "0100001001 nnn ddd", _negate),
    Encoding("add", "01000100 d mmmm ddd", _high_add, _high_add_ok),
    Encoding("adr", "10100 ddd iiiiiiii", _adr(1, 4)),
    Encoding("add", "10101 ddd iiiiiiii", _sp_plus),
    Encoding("add", "101100000 iiiiiii", _sp_move(1)),
    Encoding("sub", "101100001 iiiiiii", _sp_move(-1)),
    Encoding("add.w", "11101011000 s nnnn 0 iii dddd ii tt mmmm", _t32_register(_add), _sp_form),
    Encoding("sub.w", "11101011101 s nnnn 0 iii dddd ii tt mmmm", _t32_register(_sub), _sp_form),
    Encoding("rsb.w", "11101011110 s nnnn 0 iii dddd ii tt mmmm", _t32_register(_reverse), _SHIFTED),
    Encoding("adc.w", "11101011010 s nnnn 0 iii dddd ii tt mmmm", _t32_register(_add_carry), _SHIFTED),
    Encoding("sbc.w", "11101011011 s nnnn 0 iii dddd ii tt mmmm", _t32_register(_subtract_carry), _SHIFTED),
    Encoding("cmn.w", "111010110001 nnnn 0 iii 1111 ii tt mmmm", _CMN[1], _SHIFTED_COMPARE),
    Encoding("cmp.w", "111010111011 nnnn 0 iii 1111 ii tt mmmm", _CMP[1], _SHIFTED_COMPARE),
    Encoding("add.w", "11110 i 01000 s nnnn 0 iii dddd iiiiiiii", _t32_immediate(_add), _sp_immediate),
    Encoding("sub.w", "11110 i 01101 s nnnn 0 iii dddd iiiiiiii", _t32_immediate(_sub), _sp_immediate),
    Encoding("rsb.w", "11110 i 01110 s nnnn 0 iii dddd iiiiiiii", _t32_immediate(_reverse), _MODIFIED),
    Encoding("adc.w", "11110 i 01010 s nnnn 0 iii dddd iiiiiiii", _t32_immediate(_add_carry), _MODIFIED),
    Encoding("sbc.w", "11110 i 01011 s nnnn 0 iii dddd iiiiiiii", _t32_immediate(_subtract_carry), _MODIFIED),
    Encoding("cmn.w", "11110 i 010001 nnnn 0 iii 1111 iiiiiiii", _CMN[3], both(no_pc("n"), immediate_ok)),
    Encoding("cmp.w", "11110 i 011011 nnnn 0 iii 1111 iiiiiiii", _CMP[3], both(no_pc("n"), immediate_ok)),
    Encoding("addw", "11110 i 100000 nnnn 0 iii dddd iiiiiiii", _plain_immediate(_add), _wide_immediate),
    Encoding("subw", "11110 i 101010 nnnn 0 iii dddd iiiiiiii", _plain_immediate(_sub), _wide_immediate),
    Encoding("adr.w", "11110 i 100000 1111 0 iii dddd iiiiiiii", _adr(1, 1), plain("d")),
    Encoding("adr.w", "11110 i 101010 1111 0 iii dddd iiiiiiii", _adr(-1, 1), plain("d")),
)

"""MUL, MLA, MLS, SMULL, UMULL, SMLAL, UMLAL and the 16-bit multiplications.

Serves `kernel.object_code`. Arm ARM (DDI 0553): MUL, MLA, MLS, SMULL, UMULL, SMLAL, UMLAL, SMULBB, SMLABB and theirs.
The Q flag of SMLABB is not modelled: nothing that is decoded reads it.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.instructions.logical import set_flags
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, SP, Machine


def _product(machine: Machine, n: int, m: int) -> Value:
    return machine.terms.product(machine.get_signed(n), machine.get_signed(m))


def _mul_t16(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], _product(machine, f["n"], f["d"]))
    if not machine.in_it:
        set_flags(machine, machine.get(f["d"]), None)


def _mul(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], _product(machine, f["n"], f["m"]))


def _mla(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], add(machine.get_raw(f["a"]), _product(machine, f["n"], f["m"])))


def _mls(machine: Machine, f: Fields) -> None:
    machine.put(f["d"], add(machine.get_raw(f["a"]), _product(machine, f["n"], f["m"]), -1))


def _long(is_signed: bool, accumulate: bool):
    def run(machine: Machine, f: Fields) -> None:
        read = machine.get_signed if is_signed else machine.get_unsigned
        total = machine.terms.product(read(f["n"]), read(f["m"]))
        if accumulate:
            total = add(total, machine.get_pair(f["l"], f["h"]))
        machine.put_pair(f["l"], f["h"], total)

    return run


def _half(machine: Machine, register: int, top: int) -> Value:
    word = machine.get(register)
    parts = [words.byte(word, 2 * top), words.byte(word, 2 * top + 1)]
    return words.join_bytes(machine.terms, parts, True)


def _halves(accumulate: bool):
    def run(machine: Machine, f: Fields) -> None:
        product = machine.terms.product(_half(machine, f["n"], f["x"]), _half(machine, f["m"], f["y"]))
        machine.put(f["d"], add(machine.get_raw(f["a"]), product) if accumulate else product)

    return run


def _high(rounds: int):
    def run(machine: Machine, f: Fields) -> None:
        terms = machine.terms
        total = add(_product(machine, f["n"], f["m"]), rounds << 31)
        if f["a"] != PC:
            total = add(total, machine.get_signed(f["a"]), 1 << 32)
        if f["a"] == SP:
            raise Stuck("smmla with sp")
        machine.put(f["d"], terms.floor(total, 32))

    return run


def _distinct(f: Fields) -> bool:
    return f["l"] != f["h"] and all(f[name] not in (SP, PC) for name in ("l", "h", "n", "m"))


_FOUR = plain("d", "n", "m", "a")

ENCODINGS = (
    Encoding("muls", "0100001101 nnn ddd", _mul_t16),
    Encoding("mul", "111110110000 nnnn 1111 dddd 0000 mmmm", _mul, plain("d", "n", "m")),
    Encoding("mla", "111110110000 nnnn aaaa dddd 0000 mmmm", _mla, _FOUR),
    Encoding("mls", "111110110000 nnnn aaaa dddd 0001 mmmm", _mls, _FOUR),
    Encoding("smull", "111110111000 nnnn llll hhhh 0000 mmmm", _long(True, False), _distinct),
    Encoding("umull", "111110111010 nnnn llll hhhh 0000 mmmm", _long(False, False), _distinct),
    Encoding("smlal", "111110111100 nnnn llll hhhh 0000 mmmm", _long(True, True), _distinct),
    Encoding("umlal", "111110111110 nnnn llll hhhh 0000 mmmm", _long(False, True), _distinct),
    Encoding("smulxy", "111110110001 nnnn 1111 dddd 00 x y mmmm", _halves(False), plain("d", "n", "m")),
    Encoding("smlaxy", "111110110001 nnnn aaaa dddd 00 x y mmmm", _halves(True), _FOUR),
    Encoding("smmul", "111110110101 nnnn aaaa dddd 0000 mmmm", _high(0), plain("d", "n", "m")),
    Encoding("smmulr", "111110110101 nnnn aaaa dddd 0001 mmmm", _high(1), plain("d", "n", "m")),
)

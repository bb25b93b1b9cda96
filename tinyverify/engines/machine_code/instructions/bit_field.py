"""UBFX, SBFX, BFI, BFC.

Serves `kernel.object_code`. Arm ARM (DDI 0553): UBFX, SBFX, BFI, BFC.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.operands import both, plain
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import PC, SP, Machine


def _extract(is_signed: bool):
    def run(machine: Machine, f: Fields) -> None:
        terms = machine.terms
        shifted = terms.floor(machine.get_signed(f["n"]), f["i"])
        width = f["w"] + 1
        machine.put(f["d"], terms.signed(shifted, width) if is_signed else terms.unsigned(shifted, width))

    return run


def _insert(machine: Machine, f: Fields) -> None:
    """BFI: width bits of Rn at lsb of Rd; BFC (Rn = pc): zeros."""
    terms = machine.terms
    lsb, width = f["i"], f["b"] - f["i"] + 1
    keep = ~(((1 << width) - 1) << lsb) & 0xFFFFFFFF
    kept = words.and_words(terms, machine.get(f["d"]), keep)
    if f["n"] != PC:
        part = terms.mod(machine.get_raw(f["n"]), width)
        kept = words.word_of(add(words.raw(terms, kept), part, 1 << lsb))
    machine.put_word(f["d"], kept)


def _field(f: Fields) -> bool:
    return f["i"] + f["w"] <= 31


def _ordered(f: Fields) -> bool:
    return f["b"] >= f["i"] and f["n"] != SP


ENCODINGS = (
    Encoding("sbfx", "111100110100 nnnn 0 iii dddd ii 0 wwwww", _extract(True), both(plain("d", "n"), _field)),
    Encoding("ubfx", "111100111100 nnnn 0 iii dddd ii 0 wwwww", _extract(False), both(plain("d", "n"), _field)),
    Encoding("bfi", "111100110110 nnnn 0 iii dddd ii 0 bbbbb", _insert, both(plain("d"), _ordered)),
)

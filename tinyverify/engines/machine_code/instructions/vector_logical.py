"""VAND, VBIC, VORR, VORN, VEOR, VMVN, VORR and VBIC (immediate), VABS and VNEG of float32 (which only touch the sign).

Serves `kernel.object_code`. Arm ARM (DDI 0553): VAND, VBIC, VORR, VORN, VEOR, VMVN (register), VORR (immediate), VBIC
(immediate), VABS (floating-point), VNEG (floating-point).
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.logical import complement
from tinyverify.engines.machine_code.instructions.vector_move import IMMEDIATE_PATTERN, expand_vector_immediate
from tinyverify.engines.machine_code.linear import add
from tinyverify.engines.machine_code.machine import Machine
from tinyverify.engines.machine_code.terms import SIGN
from tinyverify.engines.machine_code.words import Word


def _two(act):
    def run(machine: Machine, f: Fields) -> None:
        vectors = machine.state.vectors
        new = [act(machine, a, b) for a, b in zip(vectors[f["n"]], vectors[f["m"]], strict=True)]
        machine.put_vector(f["d"], new, machine.mask())

    return run


def _and(machine: Machine, a: Word, b: Word) -> Word:
    return words.and_words(machine.terms, a, b)


def _bic(machine: Machine, a: Word, b: Word) -> Word:
    return words.and_words(machine.terms, a, complement(machine, b))


def _orr(machine: Machine, a: Word, b: Word) -> Word:
    return a if a is b else words.or_words(machine.terms, a, b)


def _orn(machine: Machine, a: Word, b: Word) -> Word:
    return words.or_words(machine.terms, a, complement(machine, b))


def _eor(machine: Machine, a: Word, b: Word) -> Word:
    return 0 if a is b else words.xor_words(machine.terms, a, b)


def _not(machine: Machine, f: Fields) -> None:
    new = [complement(machine, word) for word in machine.state.vectors[f["m"]]]
    machine.put_vector(f["d"], new, machine.mask())


def _immediate(machine: Machine, f: Fields) -> None:
    word = expand_vector_immediate(f["o"], f["c"], f["i"])
    if word is None:
        raise AssertionError("excluded by _immediate_ok")
    terms = machine.terms
    old = machine.state.vectors[f["d"]]
    if f["o"]:
        new = [words.and_words(terms, w, ~word & 0xFFFFFFFF) for w in old]
    else:
        new = [words.or_words(terms, w, word) for w in old]
    machine.put_vector(f["d"], new, machine.mask())


def _absolute(machine: Machine, f: Fields) -> None:
    new = [words.and_words(machine.terms, word, SIGN - 1) for word in machine.state.vectors[f["m"]]]
    machine.put_vector(f["d"], new, machine.mask())


def _negate(machine: Machine, f: Fields) -> None:
    new = [words.word_of(add(words.raw(machine.terms, word), SIGN)) for word in machine.state.vectors[f["m"]]]
    machine.put_vector(f["d"], new, machine.mask())


def _immediate_ok(f: Fields) -> bool:
    return f["c"] < 12 and bool(f["c"] & 1)


def _vector(name: str, head: str, act) -> Encoding:
    return Encoding(name, f"{head} nnn 0 ddd 0 0001 0101 mmm 0", _two(act), vector=True, it=False)


ENCODINGS = (
    _vector("vand", "111011110000", _and),
    _vector("vbic", "111011110001", _bic),
    _vector("vorr", "111011110010", _orr),
    _vector("vorn", "111011110011", _orn),
    _vector("veor", "111111110000", _eor),
    Encoding("vmvn", "1111111110110000 ddd 0 0101 1100 mmm 0", _not, vector=True, it=False),
    Encoding("vorr/vbic", IMMEDIATE_PATTERN, _immediate, _immediate_ok, vector=True, it=False),
    Encoding("vabs.f32", "1111111110111001 ddd 0 0111 0100 mmm 0", _absolute, vector=True, it=False),
    Encoding("vneg.f32", "1111111110111001 ddd 0 0111 1100 mmm 0", _negate, vector=True, it=False),
)

"""LDR, STR and their byte, halfword and double forms.

Serves `kernel.object_code`. Arm ARM (DDI 0553): LDR, LDRB, LDRSB, LDRH, LDRSH, LDRD, STR, STRB, STRH, STRD (immediate,
literal, register). Single words and halfwords may be unaligned: CCR.UNALIGN_TRP is taken to be clear, as after reset.
A byte load whose address depends on data is a table look-up in constant memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import DataDependent
from tinyverify.engines.machine_code.linear import Value, add, scale
from tinyverify.engines.machine_code.machine import PC, SP, Machine


@dataclass(frozen=True)
class Access:
    """What is moved: `size` bytes, sign-extended or not, to (`load`) or from a register."""

    size: int
    load: bool
    is_signed: bool = False


def address_of(machine: Machine, value: Value) -> Value:
    """`value` as an address: modulo 2^32."""
    return machine.terms.mod(value, 32)


def transfer(machine: Machine, access: Access, register: int, address: Value) -> None:
    """One load or store of a core register."""
    address = address_of(machine, address)
    if not access.load:
        word = machine.get(register)
        machine.store(address, [words.byte(word, k) for k in range(access.size)])
        return
    if access.size == 4:
        machine.put_word(register, machine.load_word(address))
        return
    try:
        parts = machine.load(address, access.size)
    except DataDependent:
        if access.size != 1 or isinstance(address, int):
            raise
        entry = machine.memory.look_up(address)
        machine.put(register, machine.terms.signed(entry, 8) if access.is_signed else entry)
        return
    machine.put(register, words.join_bytes(machine.terms, parts, access.is_signed))


def _offset(access: Access, times: int):
    """[Rn, #imm]"""
    return lambda machine, f: transfer(machine, access, f["t"], add(machine.get_raw(f["n"]), times * f["i"]))


def _stack(access: Access):
    """[sp, #imm]"""
    return lambda machine, f: transfer(machine, access, f["t"], add(machine.get_raw(SP), 4 * f["i"]))


def _register(access: Access):
    """[Rn, Rm] and [Rn, Rm, lsl #i]"""

    def run(machine: Machine, f: Fields) -> None:
        offset = scale(machine.get_raw(f["m"]), 1 << f.get("i", 0))
        transfer(machine, access, f["t"], add(machine.get_raw(f["n"]), offset))

    return run


def _indexed(access: Access):
    """[Rn, #+-imm]! (p) and [Rn], #+-imm"""

    def run(machine: Machine, f: Fields) -> None:
        base = machine.get_raw(f["n"])
        moved = add(base, f["i"] if f["u"] else -f["i"])
        if f["n"] == SP and not access.load:  # the stack is claimed before it is written
            machine.put(SP, moved)
            transfer(machine, access, f["t"], moved if f["p"] else base)
            return
        transfer(machine, access, f["t"], moved if f["p"] else base)
        machine.put(f["n"], moved)

    return run


def _literal(access: Access):
    def run(machine: Machine, f: Fields) -> None:
        base = (machine.pc + 4) & ~3
        transfer(machine, access, f["t"], base + (f["i"] if f.get("u", 1) else -f["i"]))

    return run


def _literal_t16(machine: Machine, f: Fields) -> None:
    transfer(machine, Access(4, True), f["t"], ((machine.pc + 4) & ~3) + 4 * f["i"])


def _double(load: bool):
    def run(machine: Machine, f: Fields) -> None:
        base = (machine.pc + 4) & ~3 if f["n"] == PC else machine.get_raw(f["n"])
        moved = add(base, 4 * f["i"] if f["u"] else -4 * f["i"])
        address = address_of(machine, moved if f["p"] else base)
        if load:
            first, second = machine.load_word(address, 4), machine.load_word(add(address, 4), 4)
            machine.put_word(f["t"], first)
            machine.put_word(f["x"], second)
        elif f["w"] and f["n"] == SP:
            machine.put(SP, moved)
        if not load:
            machine.store_word(address, machine.get(f["t"]), 4)
            machine.store_word(add(address, 4), machine.get(f["x"]), 4)
        if f["w"]:
            machine.put(f["n"], moved)

    return run


def _target(access: Access):
    """Rt is a register that this access may name (byte and halfword loads to pc are hints)."""

    def ok(f: Fields) -> bool:
        return f["t"] != PC and (access.size == 4 or f["t"] != SP)

    return ok


def _immediate_ok(access: Access):
    target = _target(access)
    return lambda f: target(f) and f["n"] != PC


def _register_ok(access: Access):
    target = _target(access)
    return lambda f: target(f) and f["n"] != PC and f["m"] not in (SP, PC)


def _indexed_ok(access: Access):
    target = _target(access)

    def ok(f: Fields) -> bool:
        if f["p"] and f["u"] and not f["w"]:
            return False  # the unprivileged forms
        if not f["w"]:
            return bool(f["p"]) and target(f) and f["n"] != PC
        return target(f) and f["n"] not in (PC, f["t"])

    return ok


def _indexed_or_offset(access: Access):
    moving, still = _indexed(access), _offset(access, -1)
    return lambda machine, f: moving(machine, f) if f["w"] else still(machine, f)


def _double_ok(load: bool):
    def ok(f: Fields) -> bool:
        t, x, n = f["t"], f["x"], f["n"]
        if not (f["p"] or f["w"]) or t in (SP, PC) or x in (SP, PC) or (load and t == x):
            return False
        if n == PC:
            return load and not f["w"]
        return not (f["w"] and n in (t, x))

    return ok


_LDR, _STR = Access(4, True), Access(4, False)
_LDRB, _STRB, _LDRSB = Access(1, True), Access(1, False), Access(1, True, True)
_LDRH, _STRH, _LDRSH = Access(2, True), Access(2, False), Access(2, True, True)

# The 32-bit forms: mnemonic, access, the bits that differ (sign, size and direction).
_WIDE = (
    ("strb", _STRB, "0", "00", "0"),
    ("ldrb", _LDRB, "0", "00", "1"),
    ("strh", _STRH, "0", "01", "0"),
    ("ldrh", _LDRH, "0", "01", "1"),
    ("str", _STR, "0", "10", "0"),
    ("ldr", _LDR, "0", "10", "1"),
    ("ldrsb", _LDRSB, "1", "00", "1"),
    ("ldrsh", _LDRSH, "1", "01", "1"),
)


def _wide_encodings():
    for name, access, sign, size, load in _WIDE:
        head = f"1111100{sign}"
        yield Encoding(
            f"{name}.w", f"{head}1{size}{load} nnnn tttt iiiiiiiiiiii", _offset(access, 1), _immediate_ok(access)
        )
        yield Encoding(
            f"{name}.w", f"{head}0{size}{load} nnnn tttt 1puw iiiiiiii", _indexed_or_offset(access), _indexed_ok(access)
        )
        yield Encoding(
            f"{name}.w", f"{head}0{size}{load} nnnn tttt 000000 ii mmmm", _register(access), _register_ok(access)
        )
        if load == "1":
            yield Encoding(f"{name}.w", f"{head}u{size}1 1111 tttt iiiiiiiiiiii", _literal(access), _target(access))


ENCODINGS = (
    Encoding("ldr", "01001 ttt iiiiiiii", _literal_t16),
    Encoding("str", "0101000 mmm nnn ttt", _register(_STR)),
    Encoding("strh", "0101001 mmm nnn ttt", _register(_STRH)),
    Encoding("strb", "0101010 mmm nnn ttt", _register(_STRB)),
    Encoding("ldrsb", "0101011 mmm nnn ttt", _register(_LDRSB)),
    Encoding("ldr", "0101100 mmm nnn ttt", _register(_LDR)),
    Encoding("ldrh", "0101101 mmm nnn ttt", _register(_LDRH)),
    Encoding("ldrb", "0101110 mmm nnn ttt", _register(_LDRB)),
    Encoding("ldrsh", "0101111 mmm nnn ttt", _register(_LDRSH)),
    Encoding("str", "01100 iiiii nnn ttt", _offset(_STR, 4)),
    Encoding("ldr", "01101 iiiii nnn ttt", _offset(_LDR, 4)),
    Encoding("strb", "01110 iiiii nnn ttt", _offset(_STRB, 1)),
    Encoding("ldrb", "01111 iiiii nnn ttt", _offset(_LDRB, 1)),
    Encoding("strh", "10000 iiiii nnn ttt", _offset(_STRH, 2)),
    Encoding("ldrh", "10001 iiiii nnn ttt", _offset(_LDRH, 2)),
    Encoding("str", "10010 ttt iiiiiiii", _stack(_STR)),
    Encoding("ldr", "10011 ttt iiiiiiii", _stack(_LDR)),
    *_wide_encodings(),
    Encoding("strd", "1110100 p u 1 w 0 nnnn tttt xxxx iiiiiiii", _double(False), _double_ok(False)),
    Encoding("ldrd", "1110100 p u 1 w 1 nnnn tttt xxxx iiiiiiii", _double(True), _double_ok(True)),
)

"""VPST, VPNOT, VPSEL, VCTP, and P0 moved to and from core registers and memory.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VPST, VPNOT, VPSEL, VCTP, VMSR, VMRS, VLDR and VSTR (System Register).
As an integer P0 is the sum of its bits, so it comes back exactly from a register or from the stack.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.load_store import address_of
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.linear import Value, add, combine
from tinyverify.engines.machine_code.machine import PC, SP, Machine


def start_block(machine: Machine, mask: int) -> None:
    """A VPT block with this mask begins after this instruction."""
    machine.state.block = mask


def _start(machine: Machine, f: Fields) -> None:
    start_block(machine, f["k"])


def set_predicate(machine: Machine, new: list[Condition], mask: list[Condition]) -> None:
    """P0 = new, false where the instruction itself is predicated off."""
    machine.state.predicate = [machine.terms.all_of([n, m]) for n, m in zip(new, mask, strict=True)]


def _invert(machine: Machine, f: Fields) -> None:
    set_predicate(machine, [machine.terms.negate(p) for p in machine.state.predicate], machine.mask())


def _count(machine: Machine, f: Fields) -> None:
    elements = machine.get_constant(f["n"], "a predicate")
    set_predicate(machine, [i >> f["z"] < elements for i in range(16)], machine.mask())


def _select(machine: Machine, f: Fields) -> None:
    terms, state = machine.terms, machine.state
    chosen = []
    for i in range(4):
        part = state.predicate[4 * i : 4 * i + 4]
        a, b = state.vectors[f["n"]][i], state.vectors[f["m"]][i]
        if all(p == part[0] for p in part):
            chosen.append(words.select_word(terms, part[0], a, b))
        else:
            parts = [words.select_byte(terms, part[k], words.byte(a, k), words.byte(b, k)) for k in range(4)]
            chosen.append(words.word_from_bytes(parts))
    machine.put_vector(f["d"], chosen, machine.mask())


def _to_value(machine: Machine) -> Value:
    return combine(0, [(1 << i, machine.terms.bit(p)) for i, p in enumerate(machine.state.predicate)])


def _from_value(machine: Machine, value: Value) -> None:
    terms = machine.terms
    low = terms.mod(value, 16)
    machine.state.predicate = [terms.is_odd(terms.floor(low, i)) for i in range(16)]


def _to_core(machine: Machine, f: Fields) -> None:
    machine.put(f["t"], _to_value(machine))


def _from_core(machine: Machine, f: Fields) -> None:
    _from_value(machine, machine.get_raw(f["t"]))


def _transfer(machine: Machine, f: Fields) -> None:
    base = machine.get_raw(f["n"])
    moved = add(base, 4 * f["i"] if f["a"] else -4 * f["i"])
    address = address_of(machine, moved if f["p"] else base)
    if f["l"]:
        _from_value(machine, words.raw(machine.terms, machine.load_word(address, 4)))
    else:
        if f["w"] and f["n"] == SP:
            machine.put(SP, moved)
        machine.store_word(address, words.word_of(_to_value(machine)), 4)
    if f["w"]:
        machine.put(f["n"], moved)


def _block(f: Fields) -> bool:
    return f["k"] != 0


def _address(f: Fields) -> bool:
    return bool(f["p"] or f["w"]) and f["n"] != PC


ENCODINGS = (
    Encoding("vpst", "111111100 k 110001 kkk 0111101001101", _start, _block, it=False),
    Encoding("vpnot", "11111110001100010000111101001101", _invert, vector=True, it=False),
    Encoding("vpsel", "111111100011 nnn 1 ddd 0 1111 0000 mmm 1", _select, vector=True, it=False),
    Encoding("vctp", "1111000000 zz nnnn 1110100000000001", _count, plain("n"), vector=True, it=False),
    Encoding("vmsr p0", "1110111011101101 tttt 101000010000", _from_core, plain("t"), it=False),
    Encoding("vmrs p0", "1110111011111101 tttt 101000010000", _to_core, plain("t"), it=False),
    Encoding("vldr/vstr p0", "1110110 p a 1 w l nnnn 1010 11111 iiiiiii", _transfer, _address, it=False),
)

"""VLDRB, VLDRH, VLDRW, VSTRB, VSTRH, VSTRW of consecutive elements, widening and narrowing.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VLDRB, VLDRH, VLDRW, VSTRB, VSTRH, VSTRW. Halfword and word accesses
check alignment. A predicate that depends on data is refused for memory accesses.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.load_store import address_of
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, SP, Machine


def known_lanes(machine: Machine, mask: list[Condition], size: int) -> list[bool]:
    """Which elements of `size` bytes are active."""
    return [machine.require_known(c, "the predicate of a memory access") for c in machine.active(mask, size)]


def _load(machine: Machine, register: int, address: Value, stored: int, size: int, is_signed: bool) -> None:
    active = known_lanes(machine, machine.mask(), size)
    if stored == size:
        zeros = [0] * size
        parts = [
            part
            for i, on in enumerate(active)
            for part in (machine.load(address_of(machine, add(address, i * size)), size, size) if on else zeros)
        ]
        loaded = [words.word_from_bytes(parts[i : i + 4]) for i in range(0, 16, 4)]
        machine.put_vector(register, loaded, [True] * 16)
        return
    values: list[Value] = []
    for i, on in enumerate(active):
        if not on:
            values.append(0)
            continue
        parts = machine.load(address_of(machine, add(address, i * stored)), stored, stored)
        values.append(words.join_bytes(machine.terms, parts, is_signed))
    machine.put_lanes(register, values, size, [True] * 16)


def _store(machine: Machine, register: int, address: Value, stored: int, size: int) -> None:
    active = known_lanes(machine, machine.mask(), size)
    vector = machine.state.vectors[register]
    parts = [words.byte(word, k) for word in vector for k in range(4)]
    for i, on in enumerate(active):
        if on:
            machine.store(address_of(machine, add(address, i * stored)), parts[i * size : i * size + stored], stored)


def _transfer(machine: Machine, f: Fields, stored: int, size: int, is_signed: bool) -> None:
    base = machine.get_raw(f["n"])
    moved = add(base, stored * f["i"] if f["a"] else -stored * f["i"])
    address = moved if f["p"] else base
    if f["l"]:
        _load(machine, f["q"], address, stored, size, is_signed)
    else:
        _store(machine, f["q"], address, stored, size)
    if f["w"]:
        machine.put(f["n"], moved)


def _plain(machine: Machine, f: Fields) -> None:
    _transfer(machine, f, 1 << f["z"], 1 << f["z"], False)


def _widening(machine: Machine, f: Fields) -> None:
    _transfer(machine, f, 1 << f["h"], 1 << f["z"], not f["u"])


def _plain_ok(f: Fields) -> bool:
    return bool(f["p"] or f["w"]) and f["z"] < 3 and f["n"] != PC and not (f["w"] and f["n"] == SP)


def _widening_ok(f: Fields) -> bool:
    if not (f["p"] or f["w"]) or f["h"] >= f["z"] or f["z"] > 2:
        return False
    return bool(f["l"]) or not f["u"]


ENCODINGS = (
    Encoding("vldr/vstr", "1110110 p a 0 w l nnnn qqq 1111 zz iiiiiii", _plain, _plain_ok, vector=True, it=False),
    Encoding(
        "vldr/vstr widening",
        "111 u 110 p a 0 w l h nnn qqq 0111 zz iiiiiii",
        _widening,
        _widening_ok,
        vector=True,
        it=False,
    ),
)

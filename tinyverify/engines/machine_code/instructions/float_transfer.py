"""Moves between memory, core registers and the single and double views of the vector registers.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VLDR, VSTR, VLDM, VSTM, VPUSH, VPOP, VMOV (between core and
floating-point registers). Bits are moved, no float is read. d16 to d31 do not exist here.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.load_store import address_of
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, Machine


def single_register(f: Fields, four: str, one: str) -> int:
    """The number of a single-precision register: four bits, then one."""
    return f[four] << 1 | f[one]


def _first(f: Fields) -> int:
    """The first single-precision register of operand d: s[2 * d] for the doubles."""
    return single_register(f, "d", "e") if "e" in f else 2 * f["d"]


def _pair(f: Fields) -> int:
    return single_register(f, "m", "h") if "h" in f else 2 * f["m"]


def _load(machine: Machine, start: Value, first: int, count: int) -> None:
    for i in range(count):
        machine.put_single(first + i, machine.load_word(address_of(machine, add(start, 4 * i)), 4))


def _store(machine: Machine, start: Value, first: int, count: int) -> None:
    for i in range(count):
        machine.store_word(address_of(machine, add(start, 4 * i)), machine.get_single(first + i), 4)


def _one(act):
    """VLDR, VSTR."""

    def run(machine: Machine, f: Fields) -> None:
        base = (machine.pc + 4) & ~3 if f["n"] == PC else machine.get_raw(f["n"])
        act(machine, add(base, 4 * f["i"] if f["u"] else -4 * f["i"]), _first(f), 1 if "e" in f else 2)

    return run


def _many(act, before: bool):
    """VLDM, VSTM, VPUSH, VPOP of `i` words."""

    def run(machine: Machine, f: Fields) -> None:
        base = machine.get_raw(f["n"])
        size = 4 * f["i"]
        if before:
            machine.put(f["n"], add(base, -size))  # the stack is claimed before it is written
            act(machine, add(base, -size), _first(f), f["i"])
            return
        act(machine, base, _first(f), f["i"])
        if f["w"]:
            machine.put(f["n"], add(base, size))

    return run


def _to_core(machine: Machine, f: Fields) -> None:
    machine.put_word(f["t"], machine.get_single(f["n"]))


def _from_core(machine: Machine, f: Fields) -> None:
    machine.put_single(f["n"], machine.get(f["t"]))


def _pair_to_core(machine: Machine, f: Fields) -> None:
    first = _pair(f)
    machine.put_word(f["t"], machine.get_single(first))
    machine.put_word(f["x"], machine.get_single(first + 1))


def _pair_from_core(machine: Machine, f: Fields) -> None:
    first = _pair(f)
    machine.put_single(first, machine.get(f["t"]))
    machine.put_single(first + 1, machine.get(f["x"]))


def _store_one_ok(f: Fields) -> bool:
    return f["n"] != PC


def _many_ok(f: Fields) -> bool:
    """At least one register, none past s31, doubles in pairs of words, no write-back to pc."""
    if f["n"] == PC or f["i"] == 0 or ("e" not in f and f["i"] % 2):
        return False
    return _first(f) + f["i"] <= 32


def _pair_ok(f: Fields) -> bool:
    return plain("t", "x")(f) and _pair(f) < 31


def _pair_to_core_ok(f: Fields) -> bool:
    return _pair_ok(f) and f["t"] != f["x"]


def _views():
    """Each memory form for single registers (Vd:D) and for doubles (Vd, D = 0)."""
    for bit, size in (("e", "1010"), ("0", "1011")):
        end = f"nnnn dddd {size} iiiiiiii"
        yield Encoding("vldr", f"11101101 u {bit} 01 {end}", _one(_load))
        yield Encoding("vstr", f"11101101 u {bit} 00 {end}", _one(_store), _store_one_ok)
        yield Encoding("vldm", f"111011001 {bit} w1 {end}", _many(_load, False), _many_ok)
        yield Encoding("vstm", f"111011001 {bit} w0 {end}", _many(_store, False), _many_ok)
        yield Encoding("vldmdb", f"111011010 {bit} 11 {end}", _many(_load, True), _many_ok)
        yield Encoding("vstmdb", f"111011010 {bit} 10 {end}", _many(_store, True), _many_ok)


ENCODINGS = (
    *_views(),
    Encoding("vmov", "111011100001 nnnn tttt 1010 n 0010000", _to_core, plain("t")),
    Encoding("vmov", "111011100000 nnnn tttt 1010 n 0010000", _from_core, plain("t")),
    Encoding("vmov", "111011000101 xxxx tttt 101000 h 1 mmmm", _pair_to_core, _pair_to_core_ok),
    Encoding("vmov", "111011000100 xxxx tttt 101000 h 1 mmmm", _pair_from_core, _pair_ok),
    Encoding("vmov", "111011000101 xxxx tttt 10110001 mmmm", _pair_to_core, _pair_to_core_ok),
    Encoding("vmov", "111011000100 xxxx tttt 10110001 mmmm", _pair_from_core, _pair_ok),
)

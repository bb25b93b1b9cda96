"""PUSH, POP, LDM, STM. A pop of pc returns.

Serves `kernel.object_code`. Arm ARM (DDI 0553): PUSH, POP (multiple registers; single register, of pc),
LDM, LDMDB, STM, STMDB.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.instructions.branch import branch_target
from tinyverify.engines.machine_code.instructions.load_store import address_of
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, SP, Machine


def _registers(mask: int) -> list[int]:
    return [register for register in range(16) if mask >> register & 1]


def _store(machine: Machine, base: int, mask: int, before: bool, write_back: bool) -> None:
    registers = _registers(mask)
    size = 4 * len(registers)
    start: Value = add(machine.get_raw(base), -size if before else 0)
    stored = [machine.get(register) for register in registers]
    if write_back:
        machine.put(base, start if before else add(start, size))
    for i, word in enumerate(stored):
        machine.store_word(address_of(machine, add(start, 4 * i)), word, 4)


def _load(machine: Machine, base: int, mask: int, before: bool, write_back: bool) -> None:
    registers = _registers(mask)
    size = 4 * len(registers)
    start: Value = add(machine.get_raw(base), -size if before else 0)
    loaded = [machine.load_word(address_of(machine, add(start, 4 * i)), 4) for i in range(len(registers))]
    if write_back:
        machine.put(base, start if before else add(start, size))
    for register, word in zip(registers, loaded, strict=True):
        if register == PC:
            machine.next_pc = branch_target(machine, word)
        else:
            machine.put_word(register, word)


def _push(machine: Machine, f: Fields) -> None:
    _store(machine, SP, f["r"] | f["m"] << 14, True, True)


def _pop(machine: Machine, f: Fields) -> None:
    _load(machine, SP, f["r"] | f["p"] << 15, False, True)


def _pop_pc(machine: Machine, f: Fields) -> None:
    """LDR pc, [sp], #4, which is POP of one register."""
    _load(machine, SP, 1 << PC, False, True)


def _stm_t16(machine: Machine, f: Fields) -> None:
    _store(machine, f["n"], f["r"], False, True)


def _ldm_t16(machine: Machine, f: Fields) -> None:
    _load(machine, f["n"], f["r"], False, not f["r"] >> f["n"] & 1)


def _wide(act, before: bool):
    return lambda machine, f: act(machine, f["n"], f["r"], before, bool(f["w"]))


def _some(f: Fields) -> bool:
    return f["r"] != 0 or f.get("m", 0) or f.get("p", 0)


def _stm_ok(f: Fields) -> bool:
    """At least two registers, neither sp nor pc, and no written-back base among them."""
    if f["n"] == PC or f["r"] >> SP & 5 or f["r"].bit_count() < 2:
        return False
    return not (f["w"] and f["r"] >> f["n"] & 1)


def _stm_t16_ok(f: Fields) -> bool:
    """The base is not stored: its value would depend on its place in the list."""
    return f["r"] != 0 and not f["r"] >> f["n"] & 1


def _ldm_ok(f: Fields) -> bool:
    if f["n"] == PC or f["r"] >> SP & 1 or f["r"].bit_count() < 2 or f["r"] >> 14 == 3:
        return False
    return not (f["w"] and f["r"] >> f["n"] & 1)


ENCODINGS = (
    Encoding("push", "1011010 m rrrrrrrr", _push, _some),
    Encoding("pop", "1011110 p rrrrrrrr", _pop, _some),
    Encoding("pop", "1111100001011101 1111 101100000100", _pop_pc),
    Encoding("stm", "11000 nnn rrrrrrrr", _stm_t16, _stm_t16_ok),
    Encoding("ldm", "11001 nnn rrrrrrrr", _ldm_t16, _some),
    Encoding("stm.w", "1110100010 w 0 nnnn rrrrrrrrrrrrrrrr", _wide(_store, False), _stm_ok),
    Encoding("stmdb", "1110100100 w 0 nnnn rrrrrrrrrrrrrrrr", _wide(_store, True), _stm_ok),
    Encoding("ldm.w", "1110100010 w 1 nnnn rrrrrrrrrrrrrrrr", _wide(_load, False), _ldm_ok),
    Encoding("ldmdb", "1110100100 w 1 nnnn rrrrrrrrrrrrrrrr", _wide(_load, True), _ldm_ok),
)

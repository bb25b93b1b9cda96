"""VLDRB with a vector of offsets: a table look-up, one entry a lane.

Serves `kernel.object_code`. Arm ARM (DDI 0553): VLDRB (vector). Only loads of bytes, from constant memory where an
offset depends on data.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import DataDependent
from tinyverify.engines.machine_code.instructions.load_store import address_of
from tinyverify.engines.machine_code.instructions.vector_load_store import known_lanes
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import PC, Machine


def _entry(machine: Machine, address: Value, is_signed: bool) -> Value:
    try:
        return words.join_bytes(machine.terms, machine.load(address, 1), is_signed)
    except DataDependent:
        if isinstance(address, int):
            raise
    entry = machine.memory.look_up(address)
    return machine.terms.signed(entry, 8) if is_signed else entry


def _gather(machine: Machine, f: Fields) -> None:
    size = 1 << f["z"]
    base = machine.get_raw(f["n"])
    active = known_lanes(machine, machine.mask(), size)
    offsets = machine.lanes(f["m"], size, False)
    values = [
        _entry(machine, address_of(machine, add(base, offset)), not f["u"]) if on else 0
        for offset, on in zip(offsets, active, strict=True)
    ]
    machine.put_lanes(f["q"], values, size, [True] * 16)


def _ok(f: Fields) -> bool:
    """Bytes to bytes only as unsigned; the target is not the offsets."""
    return f["n"] != PC and f["q"] != f["m"] and f["z"] < 3 and (f["z"] > 0 or bool(f["u"]))


ENCODINGS = (
    Encoding("vldrb gather", "111 u 11001001 nnnn qqq 0111 zz 000 mmm 0", _gather, _ok, vector=True, it=False),
)

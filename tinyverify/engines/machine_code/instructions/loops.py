"""The low-overhead loops: DLS, DLSTP, WLS, WLSTP, LE, LETP, LCTP.

Serves `kernel.object_code`. Arm ARM (DDI 0553): DLS, DLSTP, WLS, WLSTP, LE, LETP, LCTP. Counts must not depend on data.
LE without lr, which loops for ever, is not decoded.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.encoding import Encoding, Fields
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.instructions.operands import plain
from tinyverify.engines.machine_code.machine import LR, NO_TAIL, Machine

COUNT = "a loop count"


def _start(machine: Machine, f: Fields) -> None:
    """DLS."""
    machine.put_word(LR, machine.get_constant(f["n"], COUNT))


def _start_tail(machine: Machine, f: Fields) -> None:
    """DLSTP."""
    machine.put_word(LR, machine.get_constant(f["n"], COUNT))
    machine.state.tail = f["z"]


def _offset(f: Fields) -> int:
    return 2 * (f["i"] << 1 | f["j"])


def _while(tail: bool):
    def run(machine: Machine, f: Fields) -> None:
        count = machine.get_constant(f["n"], COUNT)
        if count == 0:
            machine.next_pc = machine.pc + 4 + _offset(f)
            return
        machine.put_word(LR, count)
        if tail:
            machine.state.tail = f["z"]

    return run


def _end(machine: Machine, f: Fields) -> None:
    """LE lr."""
    if machine.state.tail != NO_TAIL:
        raise Stuck("le inside a tail-predicated loop")
    count = machine.get_constant(LR, COUNT)
    if count > 1:
        machine.put_word(LR, count - 1)
        machine.next_pc = machine.pc + 4 - _offset(f)


def _end_tail(machine: Machine, f: Fields) -> None:
    """LETP lr: counts elements, 16 bytes a turn; turns where no tail is cut off, as LE does."""
    step = 16 >> machine.state.tail  # 1 for NO_TAIL
    count = machine.get_constant(LR, COUNT)
    if count > step:
        machine.put_word(LR, count - step)
        machine.next_pc = machine.pc + 4 - _offset(f)
    else:
        machine.state.tail = NO_TAIL


def _clear_tail(machine: Machine, f: Fields) -> None:
    machine.state.tail = NO_TAIL


_COUNTS = plain("n")

ENCODINGS = (
    Encoding("dls", "111100000100 nnnn 1110000000000001", _start, _COUNTS, it=False),
    Encoding("dlstp", "1111000000 zz nnnn 1110000000000001", _start_tail, _COUNTS, it=False),
    Encoding("wls", "111100000100 nnnn 1100 j iiiiiiiiii 1", _while(False), _COUNTS, it=False),
    Encoding("wlstp", "1111000000 zz nnnn 1100 j iiiiiiiiii 1", _while(True), _COUNTS, it=False),
    Encoding("le", "1111000000001111 1100 j iiiiiiiiii 1", _end, it=False),
    Encoding("letp", "1111000000011111 1100 j iiiiiiiiii 1", _end_tail, it=False),
    Encoding("lctp", "11110000000011111110000000000001", _clear_tail, it=False),
)

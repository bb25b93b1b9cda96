"""B, BL, BX, BLX, CBZ, CBNZ. Of a branch that depends on data the executor runs both ways (executor.py).

Serves `kernel.object_code`. Arm ARM (DDI 0553): B, BL, BX, BLX, CBNZ, CBZ.
"""

from __future__ import annotations

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Encoding, Fields, sign_extend
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.flags import holds
from tinyverify.engines.machine_code.linear import single
from tinyverify.engines.machine_code.machine import LR, PC, SP, Machine
from tinyverify.engines.machine_code.terms import WORD_MASK
from tinyverify.engines.machine_code.words import Word


def _go(machine: Machine, offset: int) -> None:
    machine.next_pc = machine.pc + 4 + offset


def _branch(machine: Machine, condition: Condition, offset: int) -> None:
    """Go where the condition is known to hold; leave it to the executor where it depends on data."""
    if isinstance(condition, bool):
        if condition:
            _go(machine, offset)
        return
    machine.open_branch = (condition, machine.pc + 4 + offset)


def _short(machine: Machine, f: Fields) -> None:
    _go(machine, sign_extend(f["i"], 11) * 2)


def _conditional(bits: int):
    def run(machine: Machine, f: Fields) -> None:
        condition = holds(machine.terms, machine.state.flags, f["c"])
        _branch(machine, condition, sign_extend(f["i"], bits) * 2)

    return run


def _conditional_wide(machine: Machine, f: Fields) -> None:
    condition = holds(machine.terms, machine.state.flags, f["c"])
    offset = f["s"] << 19 | f["k"] << 18 | f["j"] << 17 | f["i"]
    _branch(machine, condition, sign_extend(offset, 20) * 2)


def _far(f: Fields) -> int:
    first, second = (f["j"] ^ f["s"]) ^ 1, (f["k"] ^ f["s"]) ^ 1
    return sign_extend(f["s"] << 23 | first << 22 | second << 21 | f["i"], 24) * 2


def _wide(machine: Machine, f: Fields) -> None:
    _go(machine, _far(f))


def _link(machine: Machine, size: int) -> None:
    """lr becomes the address behind the call, of `size` bytes, with the bit that says Thumb."""
    machine.put(LR, machine.pc + size | 1)


def _call(machine: Machine, f: Fields) -> None:
    target = machine.pc + 4 + _far(f)
    _link(machine, 4)
    machine.next_pc = target


def branch_target(machine: Machine, word: Word) -> int:
    """Where a branch to `word` goes: an address with the bit that says Thumb, or the one to return to in the end."""
    value = words.raw(machine.terms, word)
    if isinstance(value, int):
        if value % 2 == 0:
            raise Stuck(f"a branch to {value & WORD_MASK:#x}, which leaves Thumb state")
        return (value & WORD_MASK) - 1
    one = single(value)
    if one is None or one[1:] != (1, 0) or one[0] not in machine.return_addresses:
        raise Stuck("a branch to something that is no known address")
    return machine.return_addresses[one[0]]


def _exchange(machine: Machine, f: Fields) -> None:
    machine.next_pc = branch_target(machine, machine.get(f["m"]))


def _call_register(machine: Machine, f: Fields) -> None:
    target = branch_target(machine, machine.get(f["m"]))
    _link(machine, 2)
    machine.next_pc = target


def _compare_zero(branch_if_zero: bool):
    def run(machine: Machine, f: Fields) -> None:
        zero = machine.terms.eq(machine.get_signed(f["n"]))
        _branch(machine, zero if branch_if_zero else machine.terms.negate(zero), 2 * f["i"])

    return run


def _real_condition(f: Fields) -> bool:
    return f["c"] < 14


def _register(f: Fields) -> bool:
    return f["m"] not in (SP, PC)


ENCODINGS = (
    Encoding("b", "11100 iiiiiiiiiii", _short, it=False),
    Encoding("b<c>", "1101 cccc iiiiiiii", _conditional(8), _real_condition, it=False),
    Encoding("b<c>.w", "11110 s cccc iiiiii 10 j 0 k iiiiiiiiiii", _conditional_wide, _real_condition, it=False),
    Encoding("b.w", "11110 s iiiiiiiiii 10 j 1 k iiiiiiiiiii", _wide, it=False),
    Encoding("bl", "11110 s iiiiiiiiii 11 j 1 k iiiiiiiiiii", _call, it=False),
    Encoding("bx", "010001110 mmmm 000", _exchange, _register, it=False),
    Encoding("blx", "010001111 mmmm 000", _call_register, _register, it=False),
    Encoding("cbz", "101100 i 1 iiiii nnn", _compare_zero(True), it=False),
    Encoding("cbnz", "101110 i 1 iiiii nnn", _compare_zero(False), it=False),
)

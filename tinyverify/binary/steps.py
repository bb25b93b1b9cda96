"""Run a basic block up to the transfer of control at its end, split where that transfer depends on the flags.

Serves `wcet.*` and `stack.*`. A block that ends with a conditional transfer inside an IT block is run once for each
way the IT block can go, so that `addeq sp, #16; popeq {pc}` is one path and not half of two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tinyverify.binary.decode import OPPOSITE, Instruction, it_conditions
from tinyverify.binary.flow import Block
from tinyverify.binary.machine import State

Step = Callable[[Instruction, State], None]
_SET_FLAGS_IN_IT = frozenset({"cmp", "cmn", "tst", "teq", "vmrs"})


def before_last(block: Block, state: State, step: Step) -> list[tuple[State, bool]]:
    """The states before the block's last instruction, each with whether that instruction then transfers control.

    `step` runs one instruction on a state in place. `state` itself is used up.
    """
    last = block.last
    if last.condition is None:
        for instruction in block.instructions[:-1]:
            step(instruction, state)
        return [(state, True)]
    starts = [k for k, i in enumerate(block.instructions) if last.in_it and it_conditions(i)]
    start = starts[-1] + 1 if starts else len(block.instructions) - 1
    inside = block.instructions[start:-1]
    if any(i.name in _SET_FLAGS_IN_IT or (i.size == 4 and i.name.endswith("s")) for i in inside):
        start, inside = len(block.instructions) - 1, ()  # its conditions are not all about the same flags
    for instruction in block.instructions[:start]:
        step(instruction, state)
    results = []
    can_hold, can_fail = state.possible(last.condition)
    for holds, possible in ((True, can_hold), (False, can_fail)):
        if not possible:
            continue
        way = state.copy() if can_hold and can_fail else state
        if not way.assume(last.condition if holds else OPPOSITE[last.condition]):
            continue
        for instruction in inside:
            if (instruction.condition == last.condition) == holds:
                step(replace(instruction, condition=None), way)
        results.append((way, holds))
    return results

"""How long the firmware can keep an interrupt waiting: instructions that mask interrupts, and the longest instruction.

Serves `wcet.interrupt_latency`. Looks at every instruction that `main` can reach. Time inside a handler, and other
interrupts of higher priority, are the application's.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.binary.decode import Instruction, NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.flow import flow_graph
from tinyverify.binary.pipeline import TimingModel, timing

# Entry with 26 words of FP frame, one a cycle, after the core's own: Cortex-M4's TRM says 12 without FP. Rounded up.
EXCEPTION_ENTRY_CYCLES = 60
_MASKS = frozenset({"primask", "basepri", "basepri_max", "faultmask"})


@dataclass(frozen=True)
class InterruptLatency:
    """`masking`: instructions that hold interrupts off. `longest`: the instruction that takes most cycles."""

    cycles: int
    longest: Instruction
    masking: tuple[Instruction, ...]
    functions: tuple[str, ...]


def interrupt_latency(firmware: Firmware, root: str = "main", model: TimingModel | None = None) -> InterruptLatency:
    """The latency that `root` and all that it calls can add. Raises ArtifactError, NotUnderstood."""
    model = model or TimingModel()
    seen: dict[int, str] = {}
    todo = [firmware.function(root).address]
    instructions: list[Instruction] = []
    while todo:
        entry = todo.pop()
        if entry in seen:
            continue
        graph = flow_graph(firmware, entry)
        seen[entry] = graph.name
        for block in graph.blocks.values():
            instructions += block.instructions
            if block.kind in ("call", "tail"):
                todo.append(block.target)
            elif block.kind == "return" and block.last.name == "bx" and block.last.operands[0] != "lr":
                raise NotUnderstood(block.last.address, f"{block.last.text} leads to an address that is not known")
    if not instructions:
        raise NotUnderstood(firmware.function(root).address, f"{root} holds no instruction")
    masking = tuple(i for i in instructions if _masks(i))
    longest = max((i for i in instructions if i not in masking), key=lambda i: (timing(i, model).issue, -i.address))
    return InterruptLatency(
        cycles=EXCEPTION_ENTRY_CYCLES + timing(longest, model).issue,
        longest=longest,
        masking=masking,
        functions=tuple(sorted(seen.values())),
    )


def _masks(i: Instruction) -> bool:
    return i.name.startswith("cps") or (i.name == "msr" and i.operands[0] in _MASKS)

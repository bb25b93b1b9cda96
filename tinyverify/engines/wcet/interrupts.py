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
from tinyverify.binary.semantics import INTERRUPT_MASKS
from tinyverify.engines.wcet.certificate import Certificate, check

# Entry with 26 words of FP frame, one a cycle, after the core's own: Cortex-M4's TRM says 12 without FP. Rounded up.
EXCEPTION_ENTRY_CYCLES = 60
_ENTRY_WORDS = 26 + 1  # frame and vector
_ENTRY_FETCHES = 2  # the handler's first instruction, across two words


@dataclass(frozen=True)
class InterruptLatency:
    """`masking`: instructions that hold interrupts off. `longest`: the instruction that takes most cycles.

    `functions`: cycles of the longest instruction of each. `certificate`: that none, with the entry, exceeds `cycles`.
    """

    cycles: int
    longest: Instruction
    masking: tuple[Instruction, ...]
    functions: dict[str, int]
    certificate: Certificate


def interrupt_latency(firmware: Firmware, root: str = "main", model: TimingModel | None = None) -> InterruptLatency:
    """The latency that `root` and all that it calls can add. Raises ArtifactError, NotUnderstood."""
    model = model or TimingModel()
    seen: dict[int, str] = {}
    todo = [firmware.function(root).address]
    instructions: list[Instruction] = []
    functions: dict[str, int] = {}
    while todo:
        entry = todo.pop()
        if entry in seen:
            continue
        graph = flow_graph(firmware, entry)
        seen[entry] = graph.name
        own = [i for block in graph.blocks.values() for i in block.instructions]
        functions[graph.name] = max((timing(i, model).issue for i in own if not _masks(i)), default=0)
        instructions += own
        for block in graph.blocks.values():
            if block.kind in ("call", "tail"):
                todo.append(block.target)
            elif block.kind == "return" and block.last.name == "bx" and block.last.operands[0] != "lr":
                raise NotUnderstood(block.last.address, f"{block.last.text} leads to an address that is not known")
    if not instructions:
        raise NotUnderstood(firmware.function(root).address, f"{root} holds no instruction")
    longest = max((i for i in instructions if not _masks(i)), key=lambda i: (timing(i, model).issue, -i.address))
    waits = _ENTRY_WORDS * model.data_wait_states + _ENTRY_FETCHES * model.fetch_wait_states
    certificate = _certificate(functions, EXCEPTION_ENTRY_CYCLES + waits)
    return InterruptLatency(
        cycles=check(certificate),
        longest=longest,
        masking=tuple(i for i in instructions if _masks(i)),
        functions=dict(sorted(functions.items())),
        certificate=certificate,
    )


def _certificate(functions: dict[str, int], entry: int) -> Certificate:
    """An interrupt arrives (node 0) in one function (1, 2, ...), whose instruction ends, and is entered (the last)."""
    last = len(functions) + 1
    arrive = tuple((0, node, cycles) for node, cycles in enumerate(functions.values(), 1))
    enter = tuple((node, last, entry) for node in range(1, last))
    worst = max(functions.values()) + entry
    potentials = (worst, *[entry] * len(functions), 0)
    return Certificate(1, 0, last, (*arrive, *enter), potentials, ())


def _masks(i: Instruction) -> bool:
    return i.name.startswith("cps") or (i.name == "msr" and i.operands[0] in INTERRUPT_MASKS)

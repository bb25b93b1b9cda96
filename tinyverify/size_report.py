"""What the linked firmware takes of flash, RAM and stack, beside the specification's budgets and the memory map.

Reads the ELF that `prove` reads (default compiler, -O3, MVE). Serves no obligation: `elf_layout.*` and `stack.depth`
show that the limits hold, this says how much of them is used.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.artifacts.layout import BUDGETS, FLASH_BYTES, FLASH_REGIONS, HEAP_BYTES, STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES, StackAnalysis, worst_depth
from tinyverify.emit.hal import infer_stack
from tinyverify.emit.kernels import plan
from tinyverify.obligations.elf_layout import extents
from tinyverify.obligations.linked import Linked, linked


@dataclass(frozen=True)
class SizeRow:
    """`used` bytes (None: no bound was found) of the `room` that the memory map or a header gives, and the budget."""

    name: str
    used: int | None
    room: int
    budget: int | None
    holds: str

    @property
    def within(self) -> bool:
        return self.used is not None and self.used <= min(self.room, self.room if self.budget is None else self.budget)


@dataclass(frozen=True)
class SizeReport:
    """The rows of one ELF, its hash and what built it."""

    rows: tuple[SizeRow, ...]
    elf_sha256: str
    compiler: str

    @property
    def within(self) -> bool:
        return all(row.within for row in self.rows)

    def line(self) -> str:
        """Flash and RAM in one line."""
        used = {row.name: "?" if row.used is None else f"{row.used:,}" for row in self.rows}
        return f"{used['flash: total']} B of flash, {used['RAM: total']} B of RAM"


def size_report(policy: Policy) -> SizeReport:
    """Build the firmware of `policy` (or take the build kept in the cache) and measure it.

    Raises CompilerMissing, BuildError, ArtifactError.
    """
    firmware = linked(policy)
    return SizeReport(size_rows(policy, firmware), firmware.product.sha256, firmware.compiler)


def size_rows(policy: Policy, firmware: Linked) -> tuple[SizeRow, ...]:
    """Flash by region, stack, heap, RAM of the product, and the stack of tv_infer beside what tv_checked.h asks for."""
    used = dict.fromkeys(("vectors", *(region.name for region in FLASH_REGIONS), "heap"), 0)
    for extent in extents(firmware.product):
        used[extent.region] += extent.end - extent.start
    room = {region.name: region.size for region in FLASH_REGIONS}
    policy_bytes, policy_room = used["policy"] + used["scales"], room["policy"] + room["scales"]
    code = used["hal"] + used["vectors"]
    stack, infer = _stacks(firmware)
    ram = None if stack is None else stack + used["heap"]
    asked = infer_stack(plan(policy, mve=True))

    def row(name: str, taken: int | None, available: int, holds: str) -> SizeRow:
        return SizeRow(name, taken, available, BUDGETS.get(name), holds)

    return (
        row("flash: policy", policy_bytes, policy_room, "weights, biases, requantizers, scales"),
        row("flash: tables of the head", used["lut"], room["lut"], "softmax, or tables of the Gaussian"),
        row("flash: code", code, room["hal"], "kernels, start-up, guards, image of .data, vectors"),
        row("flash: total", policy_bytes + used["lut"] + code, FLASH_BYTES, ""),
        row("stack", stack, STACK_BYTES, "reset to deepest call, an exception and its handler"),
        row("heap", used["heap"], HEAP_BYTES, ".data and .bss; nothing allocates"),
        row("RAM: total", ram, STACK_BYTES + HEAP_BYTES, ""),
        row("stack of tv_infer", infer, asked, "with an exception; the room is TV_INFER_STACK"),
    )


def _stacks(firmware: Linked) -> tuple[int | None, int | None]:
    """Worst depth of the product, and of tv_infer with an exception's frame; None where no bound is found."""
    try:
        infer = StackAnalysis(firmware.product).depth(firmware.product.function("tv_infer").address).total
        return worst_depth(firmware.product)[2], infer + EXCEPTION_FRAME_BYTES
    except NotUnderstood:
        return None, None

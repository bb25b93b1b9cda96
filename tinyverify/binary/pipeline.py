"""Cycles of a run of instructions in an in-order pipeline that issues one at a time.

Serves `wcet.*`. The state is how many cycles from now each register is still not ready; a later register never makes an
instruction earlier, so the largest of each over all ways into a block is a safe entry state for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinyverify.binary.decode import CORE_REGISTERS, Instruction, Memory, NotUnderstood, Shift
from tinyverify.binary.flow import LOOP_ENDS, LOOP_STARTS, Block
from tinyverify.binary.timing_table import (
    BRANCH_PENALTY,
    DOUBLE_PRECISION,
    GATHER_ADDRESS_DELAY,
    ROWS,
    STORE_LOAD_GAP,
    Row,
)

# Register (or "flags", "vpr", "loads": the vector load unit) to the cycles until it can be used; absent is ready.
Pending = dict[str, int]

_SET_FLAGS = frozenset({"cmp", "cmn", "tst", "teq"})
_USE_FLAGS = frozenset(
    {
        "adc",
        "sbc",
        "adcs",
        "sbcs",
        "rrx",
        "csel",
        "csinc",
        "csinv",
        "csneg",
        "cinc",
        "cinv",
        "cneg",
        "cset",
        "csetm",
        "vsel",
    }
)
_PAIRS = frozenset({"multiply_long", "shift_long", "load_pair"})
_NO_RESULT = frozenset(
    {"store", "store_pair", "store_multiple", "store_multiple_fp", "fp_store", "vector_store", "branch"}
)
_ROWS = {(row.kind, name): row for row in ROWS for name in row.names}


@dataclass(frozen=True)
class TimingModel:
    """Parameters of the model.

    `fetch_wait_states`: cycles more for each word of code fetched; `data_wait_states`: cycles more for each word loaded
    or stored. `loop_cache`: low-overhead loops are on (CCR.LOB), so that LE does not fetch again from its second round
    on. `interrupts`: how many may come, each taking `interrupt_cycles` in all, from its entry to the first instruction
    after its return, fetched again.
    """

    fetch_wait_states: int = 0
    data_wait_states: int = 0
    loop_cache: bool = True
    interrupts: int = 0
    interrupt_cycles: int = 0

    def __str__(self) -> str:
        return (
            f"{self.fetch_wait_states} fetch and {self.data_wait_states} data wait states, "
            f"low-overhead loops {'on' if self.loop_cache else 'off'}, {self.interrupts} interrupts"
            + (f" of {self.interrupt_cycles} cycles" if self.interrupts else "")
        )

    @property
    def interrupted(self) -> int:
        """Cycles that interrupts take of a run."""
        return self.interrupts * self.interrupt_cycles


@dataclass(frozen=True)
class Timing:
    """One instruction in the pipeline: cycles it holds the issue, latency of its result, what it reads and writes."""

    row: Row
    issue: int
    latency: int
    reads: tuple[tuple[str, int], ...]  # register, and how many cycles early it is needed
    writes: tuple[str, ...]
    bases: tuple[str, ...]  # address registers written back: ready after the issue
    vector_store: bool
    vector_load: bool


def timings(instructions: Sequence[Instruction], model: TimingModel) -> list[Timing]:
    """`timing` of instructions that follow one another: a word of code that two of them share is fetched once."""
    return [timing(i, model, first=k == 0) for k, i in enumerate(instructions)]


def timing(i: Instruction, model: TimingModel, first: bool = True) -> Timing:
    """Look `i` up in the table. `first`: nothing before it has fetched its first word. Raises NotUnderstood."""
    kind = "mve" if i.vector or "p0" in i.operands else "vfp" if i.name.startswith("v") else "core"
    row = _ROWS.get((kind, i.name))
    if row is None:
        raise NotUnderstood(i.address, f"no time known for instruction {i.text}")
    issue, latency = row.issue, row.latency
    if kind == "vfp" and row.id in DOUBLE_PRECISION and any(isinstance(o, str) and o[0] == "d" for o in i.operands):
        issue = latency = DOUBLE_PRECISION[row.id][0]
    if row.id == "alu" and any(isinstance(o, Shift) for o in i.operands):
        latency = 2  # LLVM: WriteALUsi
    registers, listed, memory = _mentioned(i)
    words = _words(i, row, listed)
    if "multiple" in row.id:
        issue, latency = issue + words, latency + words
    if row.id in ("fp_load", "fp_store") and words == 2:
        issue, latency = issue + 1, latency + 1
    gather = memory is not None and any(r[0] == "q" for r in (memory.base, memory.index or "-"))
    if gather:  # one element a cycle
        elements = 128 // int("".join(c for c in i.types[0] if c.isdigit()))
        issue, latency = max(issue, elements), max(latency, elements) + 1
    fetched = (i.end - 1) // 4 - i.address // 4 + (first or i.address % 4 == 0)
    waits = words * model.data_wait_states + fetched * model.fetch_wait_states
    reads = [(r, 0) for r in (*registers, *listed)]
    if memory is not None:
        addresses = [_resource(r) for r in (memory.base, memory.index) if r is not None]
        reads += [(r, GATHER_ADDRESS_DELAY if r[0] == "q" else 0) for r in addresses]
    if kind == "mve":
        reads.append(("vpr", 0))
    sets_flags = i.name in _SET_FLAGS or (kind == "core" and i.name.endswith("s") and row.id in ("alu", "multiply"))
    if i.condition is not None or i.name in _USE_FLAGS:
        reads.append(("flags", 0))
    if (i.name == "vmrs" and i.operands[0] not in CORE_REGISTERS) or i.name in ("vcmp", "vcmpe"):
        sets_flags = True
    writes = _results(i, row, registers, listed)
    writes += ["flags"] if sets_flags else []
    if row.id == "predicate" or i.name.startswith("vpt") or (kind == "mve" and i.name in ("vcmp", "vmsr")):
        writes.append("vpr")
    written_back = memory is not None and memory.mode != "offset"
    bases = (_resource(memory.base),) if written_back else ("sp",) if i.name in ("push", "pop", "vpush", "vpop") else ()
    if i.writeback:
        bases = (_resource(i.operands[0]),)
    return Timing(
        row=row,
        issue=issue + waits,
        latency=latency + waits,
        reads=tuple(reads),
        writes=tuple(writes),
        bases=bases,
        vector_store=row.id == "vector_store" or (row.id == "vector_interleave" and i.name.startswith("vst")),
        vector_load=kind == "mve" and i.name.startswith("vld"),
    )


def run(timings: list[Timing], pending: Pending) -> tuple[list[int], Pending]:
    """Cycles that each of the instructions adds, entered with `pending`, and what is pending after the last."""
    now, ready = 0, dict(pending)
    cycles = []
    for t in timings:
        start = max([now, *(ready.get(r, 0) + early for r, early in t.reads), *(ready.get(r, 0) for r in t.writes)])
        if t.vector_load:
            start = max(start, ready.get("loads", 0))
        for register in t.writes:
            ready[register] = start + t.latency
        for register in t.bases:
            ready[register] = max(start + t.issue, ready.get(register, 0) if register in t.writes else 0)
        if t.vector_store:
            ready["loads"] = start + STORE_LOAD_GAP
        cycles.append(start + t.issue - now)
        now = start + t.issue
    return cycles, {r: at - now for r, at in ready.items() if at > now}


def join_pending(a: Pending, b: Pending) -> Pending:
    """An entry state that is safe for both ways in."""
    return {r: max(a.get(r, 0), b.get(r, 0)) for r in a.keys() | b.keys()}


def after_penalty(pending: Pending, cycles: int) -> Pending:
    """What is still pending `cycles` later."""
    return {r: left - cycles for r, left in pending.items() if left > cycles}


def edge_penalty(block: Block, target: int, model: TimingModel, cached: bool) -> int:
    """Cycles of leaving `block` for the block at `target`. `cached`: its LE is that of an innermost loop."""
    if block.kind == "fall" or (block.last.name in LOOP_STARTS and target == block.end):
        return 0
    if block.last.name in LOOP_ENDS and cached and model.loop_cache and target == block.target:
        return 0
    return BRANCH_PENALTY


def _resource(register: str) -> str:
    """The unit of bookkeeping: Q registers stand for their S and D parts and lanes."""
    if register[0] == "q":
        return register[:2]
    if register[0] in "sd" and register[1:].isdigit():
        return f"q{int(register[1:]) // (4 if register[0] == 's' else 2)}"
    return register


def _mentioned(i: Instruction) -> tuple[list[str], list[str], Memory | None]:
    """Registers that are operands themselves, registers in a list, and the memory operand."""
    registers = [_resource(o) for o in i.operands if isinstance(o, str) and _is_register(o)]
    registers += [o.amount for o in i.operands if isinstance(o, Shift) and isinstance(o.amount, str)]
    listed = [r for o in i.operands if isinstance(o, tuple) for r in o]
    memory = next((o for o in i.operands if isinstance(o, Memory)), None)
    return registers, [_resource(r) for r in listed], memory


def _is_register(text: str) -> bool:
    return text in CORE_REGISTERS or (text[0] in "sdq" and text[1:2].isdigit())


def _words(i: Instruction, row: Row, listed: list[str]) -> int:
    """Words that the instruction moves to or from memory."""
    if row.id in ("vector_load", "vector_store", "vector_interleave"):
        return 4
    names = next((o for o in i.operands if isinstance(o, tuple)), ())
    if names:
        return sum({"d": 2, "q": 4}.get(r[0], 1) for r in names)
    if row.id in ("load_pair", "store_pair"):
        return 2
    if row.id in ("fp_load", "fp_store"):
        return 2 if i.operands[0][0] == "d" else 1
    return 1 if row.id in ("load", "store", "branch_table") else 0


def _results(i: Instruction, row: Row, registers: list[str], listed: list[str]) -> list[str]:
    """Registers that hold a result `latency` after the start."""
    if row.id in _NO_RESULT or i.name in _SET_FLAGS or (row.kind == "vfp" and i.name in ("vcmp", "vcmpe")):
        return []
    if row.id == "loop_end":
        return ["lr"]
    if "multiple" in row.id:
        return listed
    if row.id == "vector_interleave":
        return listed if i.name.startswith("vld") else []
    if i.name in ("vctp", "vmsr") or i.name.startswith("vpt") or (row.kind == "mve" and i.name == "vcmp"):
        return []
    if row.id in _PAIRS or (i.name == "vmov" and len(registers) >= 3):
        return registers[:2]
    if row.id == "vector_reduce" and len(registers) >= 2 and registers[1] in CORE_REGISTERS:
        return registers[:2]
    if i.name in ("vidup", "vddup", "viwdup", "vdwdup", "vshlc"):
        return registers[:2]
    return registers[:1]

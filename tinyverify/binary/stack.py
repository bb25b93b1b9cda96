"""Deepest stack of each function, from what its instructions do to the stack pointer, summed over the call graph.

Serves `stack.*`. A fixed point over each function's flow graph, so that programs that never end have a depth too.
Assumes that a callee writes neither its caller's saved registers nor its spilled values, as memory safety shows; checks
that every return gives the stack pointer back. Recursion, an indirect call or an unbounded stack pointer raises
NotUnderstood.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tinyverify.binary.decode import Instruction, Memory, NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.flow import LOOP_ENDS, LOOP_STARTS, Block, FlowGraph, flow_graph
from tinyverify.binary.machine import NeedsAlignment, StackAlignment, State, entry_state, merge
from tinyverify.binary.semantics import OPERAND_FAULTS, execute, transfer_multiple
from tinyverify.binary.steps import before_last
from tinyverify.binary.words import TOP, Word, add, number

# 8 core words and 18 of floating point (S0-S15, FPSCR, VPR), and a word that keeps 8-byte alignment.
EXCEPTION_FRAME_BYTES = 4 * (8 + 18) + 4
_WIDEN_AFTER = 8
_CLOBBERED = ("r0", "r1", "r2", "r3", "r12", "lr")
_STACK_POINTERS = frozenset({"msp", "psp", "sp"})


@dataclass(frozen=True)
class Depth:
    """`own`: bytes below the stack pointer at the entry that the function itself uses; `total`: callees included.

    `path`: the chain of functions that makes up `total`, outermost first. `resets`: it sets the stack pointer anew.
    `calls`: entry of each callee, and the most bytes below the own entry at which it is called (0 for one that resets).
    """

    function: str
    own: int
    total: int
    path: tuple[str, ...]
    resets: bool = False
    calls: tuple[tuple[int, int], ...] = ()


@dataclass
class StackAnalysis:
    """Depths by function entry; ask with `depth`."""

    firmware: Firmware
    known: dict[int, Depth] = field(default_factory=dict)
    open_calls: list[int] = field(default_factory=list)

    def depth(self, entry: int) -> Depth:
        """The depth of the function at `entry`, over every alignment of the stack that makes a difference."""
        if entry in self.known:
            return self.known[entry]
        if entry in self.open_calls:
            names = " -> ".join(self.firmware.function_names[a] for a in [*self.open_calls, entry])
            raise NotUnderstood(entry, f"recursion: {names}")
        self.open_calls.append(entry)
        graph = flow_graph(self.firmware, entry)
        try:
            found = [self._depth(graph, StackAlignment())]
        except NeedsAlignment as needed:
            if needed.modulus > 64:
                raise
            residues = range(0, needed.modulus, 8)
            found = [self._depth(graph, StackAlignment(needed.modulus, residue)) for residue in residues]
        self.open_calls.pop()
        self.known[entry] = _deepest(found)
        return self.known[entry]

    def _depth(self, graph: FlowGraph, alignment: StackAlignment) -> Depth:
        entries = {graph.entry: entry_state(self.firmware, alignment)}
        visits: dict[int, int] = {}
        todo = [graph.entry]
        run = _Function(self, graph)
        while todo:
            start = min(todo, key=lambda b: graph.positions[b])
            todo.remove(start)
            visits[start] = visits.get(start, 0) + 1
            block = graph.blocks[start]
            try:
                after = run.block(block, entries[start].copy())
            except OPERAND_FAULTS as error:
                text = f"operands of {block.last.text} ({error!r})"
                raise NotUnderstood(block.last.address, text) from error
            for target in graph.successors[start] if after is not None else ():
                known = entries.get(target)
                joined = after.copy() if known is None else merge(known, after)
                if known is not None and visits.get(target, 0) > _WIDEN_AFTER:
                    joined = _widen(known, joined)
                if known is None or not joined.same(known):
                    entries[target] = joined
                    if target not in todo:
                        todo.append(target)
        calls = tuple(sorted(run.calls.items()))
        return Depth(graph.name, run.own, run.total, (graph.name, *run.chain), run.resets, calls)


class _Function:
    """The deepest points of one function while its fixed point is computed."""

    def __init__(self, analysis: StackAnalysis, graph: FlowGraph) -> None:
        self.analysis, self.graph = analysis, graph
        self.own = self.total = 0
        self.chain: tuple[str, ...] = ()
        self.calls: dict[int, int] = {}
        self.resets = False

    def block(self, block: Block, state: State) -> State | None:
        """The state that goes on to the block's successors, or None if it has none."""
        going_on: State | None = None
        last = block.last
        for after, transfers in before_last(block, state, self.step):
            if transfers:
                if block.kind == "fall":
                    self.step(last, after)
                elif last.name in LOOP_STARTS | LOOP_ENDS:
                    after.set("lr", TOP)
                    after.elements = None
                elif block.kind == "call":
                    self.call(last, block.target, after)
                    for register in _CLOBBERED:
                        after.set(register, TOP)
                    after.flags, after.elements = None, 1
                elif block.kind == "tail":
                    self.tail(last, block.target, after)
                    continue
                elif block.kind == "return":
                    self.leave(last, after)
                    continue
            going_on = after if going_on is None else merge(going_on, after)
        return going_on

    def step(self, instruction: Instruction, state: State) -> None:
        if instruction.name == "msr":
            if instruction.operands[0] in _STACK_POINTERS:
                state.set("sp", Word(0, 0, "sp"))  # a fresh stack: its depth counts from the new top
                self.resets = True
        else:
            execute(state, instruction)
        self.own = max(self.own, self.below(instruction, state))
        if self.own > self.total:
            self.total, self.chain = self.own, ()

    def below(self, instruction: Instruction, state: State) -> int:
        """Bytes between the stack pointer at the entry and now."""
        pointer = state.get("sp")
        if pointer.base != "sp" or pointer.span:
            raise NotUnderstood(instruction.address, f"the stack pointer is not known after {instruction.text}")
        depth = -pointer.offset()[0]
        if depth < 0:
            raise NotUnderstood(instruction.address, f"{instruction.text} takes the stack above its entry")
        return depth

    def call(self, last: Instruction, target: int, state: State) -> None:
        callee = self.analysis.depth(target)
        here = 0 if callee.resets else self.below(last, state)
        self.calls[target] = max(here, self.calls.get(target, 0))
        if here + callee.total > self.total:
            self.total, self.chain = here + callee.total, callee.path

    def tail(self, last: Instruction, target: int, state: State) -> None:
        """A jump to another function, which returns to this one's caller and so needs this one's stack given back."""
        if self.below(last, state) != 0 and not self.resets:
            raise NotUnderstood(last.address, f"{last.text} leaves without giving the stack back")
        self.call(last, target, state)

    def leave(self, last: Instruction, state: State) -> None:
        """A return gives the stack back; a branch to a known function is a tail call; anything else is refused."""
        base = last.operands[-1].base if isinstance(last.operands[-1], Memory) else None
        if last.name in ("pop", "ldm", "ldmdb") and (len(last.operands) == 1 or last.operands[0] == "sp"):
            transfer_multiple(state, last, skip_pc=True)
        elif last.name == "ldr" and base == "sp" and last.operands[1].mode == "post":
            state.set("sp", add(state.get("sp"), number(last.operands[1].offset)))
        elif last.name in ("bx", "mov") and last.operands[-1] in state.registers:
            target = state.get(last.operands[-1])
            if target.constant is not None and target.constant & ~1 in self.analysis.firmware.function_names:
                self.tail(last, target.constant & ~1, state)
                return
            if last.operands[-1] != "lr" and target != Word(0, 0, "lr"):
                raise NotUnderstood(last.address, f"{last.text} leads to an address that is not known")
        else:
            raise NotUnderstood(last.address, f"{last.text} leads to an address that is not known")
        if self.below(last, state) != 0:
            raise NotUnderstood(last.address, f"{last.text} returns without giving the stack back")


def _deepest(found: list[Depth]) -> Depth:
    """One function at several alignments: the deepest, with every call at its deepest."""
    calls: dict[int, int] = {}
    for target, here in (call for depth in found for call in depth.calls):
        calls[target] = max(here, calls.get(target, 0))
    deepest = max(found, key=lambda d: d.total)
    return replace(deepest, own=max(d.own for d in found), calls=tuple(sorted(calls.items())))


def _widen(known: State, joined: State) -> State:
    """What still changes is given up."""
    for register, word in joined.registers.items():
        if word != known.registers[register]:
            joined.registers[register] = TOP
    joined.memory = {k: v for k, v in joined.memory.items() if known.memory.get(k) == v}
    joined.flags = joined.flags if joined.flags == known.flags else None
    return joined


def vector_handlers(firmware: Firmware, section: str = ".vectors") -> tuple[int | None, tuple[int, ...]]:
    """Reset handler and the other exception handlers of the vector table, each address once."""
    table = next((s for s in firmware.sections if s.name == section and s.data is not None), None)
    if table is None:
        return None, ()
    words = [int.from_bytes(table.data[k : k + 4], "little") & ~1 for k in range(4, len(table.data) - 3, 4)]
    return words[0], tuple(sorted({w for w in words[1:] if w}))


def worst_depth(firmware: Firmware) -> tuple[Depth, Depth | None, int]:
    """Thread depth from the reset handler, the deepest exception handler, and the bytes of both with one FP frame.

    A handler that sets its stack anew is counted as if it started at the frame's end, which is never less.
    """
    analysis = StackAnalysis(firmware)
    reset, handlers = vector_handlers(firmware)
    thread = analysis.depth(firmware.entry if reset is None else reset)
    found = [analysis.depth(handler) for handler in handlers]
    deepest = max(found, key=lambda d: d.total, default=None)
    return thread, deepest, thread.total + EXCEPTION_FRAME_BYTES + (deepest.total if deepest else 0)

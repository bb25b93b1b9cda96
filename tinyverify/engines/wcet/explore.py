"""Abstract execution: every path of a function, loops unrolled, calls entered, paths that meet merged.

Serves `wcet.*`. Finds the edges that can be taken, how often each can be taken in one run, and how often each loop
goes round for each entry. A loop that does not end within `MAX_BLOCKS` has no bound here and raises NotUnderstood.
Interrupts are outside: they change nothing that the function can see.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import cached_property

from tinyverify.binary.decode import Instruction, Memory, NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.flow import LOOP_ENDS, LOOP_STARTS, Block, FlowGraph, flow_graph
from tinyverify.binary.machine import NeedsAlignment, StackAlignment, State, entry_state, merge
from tinyverify.binary.semantics import (
    OPERAND_FAULTS,
    VECTOR_BITS,
    address_of,
    execute,
    register_bytes,
    transfer_multiple,
)
from tinyverify.binary.steps import before_last
from tinyverify.binary.words import SIZE, Word, add, number

MAX_BLOCKS = 60_000  # blocks run, each round of a loop by itself; 64-64-64-2 in scalar C takes 9,000

# Where control is in the folded graph: the addresses of the calls that are open, a block, and for each loop around it
# whether this is its first round (0) or a later one (1), whose pipelines start differently.
Node = tuple[tuple[int, ...], int, tuple[int, ...]]
EXIT: Node = ((), -1, ())


@dataclass(frozen=True)
class Frame:
    """One open call: the callee's graph, and where it goes on. `returns_to` None: a tail call, or the root itself."""

    graph: FlowGraph
    returns_to: int | None
    caller_block: int
    caller_iterations: tuple[int, ...]
    key: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """A block in an unrolled run: open calls (innermost last), block, how often each loop around it went round."""

    frames: tuple[Frame, ...]
    block: int
    iterations: tuple[int, ...]

    @cached_property
    def node(self) -> Node:
        iterations = [*(i for frame in self.frames[1:] for i in frame.caller_iterations), *self.iterations]
        rounds = tuple(min(i, 1) for i in iterations)
        return tuple(f.caller_block for f in self.frames[1:]), self.block, rounds

    @cached_property
    def key(self) -> tuple[int, ...]:
        """Increases along every edge, and no two places share it."""
        graph = self.frames[-1].graph
        levels = graph.positions[self.block]
        mixed = [v for pair in zip(levels, self.iterations, strict=False) for v in pair]
        return (*self.frames[-1].key, *mixed, levels[-1])


@dataclass
class Exploration:
    """What the abstract execution of one function found.

    `counts[(u, v)]`: an upper bound on how often one run takes the edge. `rounds[header]`: most times that a loop's
    back edges are taken for one entry; `back_edges`, `entry_edges` by header. `unrolled`: edges between numbered
    visits, (source, target, folded edge), in the order in which sources were run. `blocks`: block of each node;
    `nests`: headers of the loops around it.
    """

    function: str
    start: Node
    blocks: dict[Node, Block] = field(default_factory=dict)
    nests: dict[Node, tuple[int, ...]] = field(default_factory=dict)
    counts: dict[tuple[Node, Node], int] = field(default_factory=dict)
    rounds: dict[Node, int] = field(default_factory=dict)
    back_edges: dict[Node, set[tuple[Node, Node]]] = field(default_factory=dict)
    entry_edges: dict[Node, set[tuple[Node, Node]]] = field(default_factory=dict)
    unrolled: list[tuple[int, int, tuple[Node, Node]]] = field(default_factory=list)
    visits: int = 0
    functions: set[str] = field(default_factory=set)


def explore(
    firmware: Firmware, function: str, arguments: dict[str, tuple[int, int]] | None = None, most: int = MAX_BLOCKS
) -> list[Exploration]:
    """Explore `function`, once for each alignment of its stack that makes a difference.

    `arguments`: ranges of r0 .. r3 at the entry where they are numbers. `most`: blocks to run before a loop is taken to
    have no bound. Raises ArtifactError if there is no such function, NotUnderstood naming the address where it fails.
    """
    entry = firmware.function(function).address
    try:
        return [_Run(firmware, entry, StackAlignment(), arguments, most).run()]
    except NeedsAlignment as needed:
        modulus = needed.modulus
    if modulus > 64:
        raise NotUnderstood(entry, f"{function} aligns its stack to {modulus} bytes")
    alignments = [StackAlignment(modulus, residue) for residue in range(0, modulus, 8)]
    return [_Run(firmware, entry, alignment, arguments, most).run() for alignment in alignments]


class _Run:
    def __init__(
        self,
        firmware: Firmware,
        entry: int,
        alignment: StackAlignment,
        arguments: dict[str, tuple[int, int]] | None,
        most: int,
    ) -> None:
        self.firmware, self.most = firmware, most
        self.graphs: dict[int, FlowGraph] = {}
        self.headers: dict[tuple[int, ...], State] = {}  # of each loop: its state in the round before
        graph = self.graph(entry)
        root = Place((Frame(graph, None, 0, (), ()),), entry, (0,) * len(graph.loops[entry]))
        self.pending: dict[tuple[int, ...], tuple[Place, State, int]] = {}
        self.heap: list[tuple[int, ...]] = []
        self.found = Exploration(graph.name, root.node)
        self.place(root, entry_state(firmware, alignment, arguments))

    def graph(self, entry: int) -> FlowGraph:
        if entry not in self.graphs:
            self.graphs[entry] = flow_graph(self.firmware, entry)
        return self.graphs[entry]

    def place(self, place: Place, state: State) -> int:
        """Queue a place, merged with what is queued there already; its number."""
        key = place.key
        if key in self.pending:
            known, other, visit = self.pending[key]
            self.pending[key] = (known, merge(other, state), visit)
            return visit
        self.found.visits += 1
        if self.found.visits > self.most:
            nest = zip(place.iterations, place.frames[-1].graph.loops[place.block], strict=True)
            rounds, header = max(nest, default=(0, place.block))
            raise NotUnderstood(header, f"no bound derived for the loop: it still runs after {rounds} rounds")
        self.pending[key] = (place, state, self.found.visits)
        heapq.heappush(self.heap, key)
        return self.found.visits

    def run(self) -> Exploration:
        while self.heap:
            place, state, visit = self.pending.pop(heapq.heappop(self.heap))
            graph = place.frames[-1].graph
            block = graph.blocks[place.block]
            self.check_progress(place, state)
            self.found.blocks[place.node] = block
            self.found.nests[place.node] = graph.loops[place.block]
            self.found.functions.add(graph.name)
            targets: dict[Node, int] = {}
            try:
                ways = self.leave(place, block, state)
            except OPERAND_FAULTS as error:
                text = f"operands of {block.last.text} ({error!r})"
                raise NotUnderstood(block.last.address, text) from error
            for to, after in ways:
                if to is None:
                    targets[EXIT] = 0
                    continue
                if to.key <= place.key:
                    raise NotUnderstood(block.last.address, "control goes back in a way that is no loop")
                self.note_loops(place, to)
                targets[to.node] = self.place(to, after)
            for node, number_ in targets.items():
                edge = (place.node, node)
                self.found.counts[edge] = self.found.counts.get(edge, 0) + 1
                self.found.unrolled.append((visit, number_, edge))
        return self.found

    def check_progress(self, place: Place, state: State) -> None:
        """Refuse a loop at once whose state no longer changes from round to round: it can go on for ever."""
        nest = place.frames[-1].graph.loops[place.block]
        if not nest or nest[-1] != place.block:
            return
        loop = (*place.frames[-1].key, place.block, *place.iterations[:-1])
        before = self.headers.get(loop)
        if place.iterations[-1] and before is not None and before.same(state):
            raise NotUnderstood(place.block, "no bound derived for the loop: its rounds do not differ")
        self.headers[loop] = state.copy()

    def note_loops(self, place: Place, to: Place) -> None:
        """Record the edge as a back edge or an entry of the loops that it enters."""
        edge = (place.node, to.node)
        nest = to.frames[-1].graph.loops[to.block]
        if not nest or nest[-1] != to.block:
            return
        context, block, rounds = to.node
        header: Node = (context, block, rounds[:-1])
        if to.iterations[-1]:
            self.found.back_edges.setdefault(header, set()).add(edge)
            self.found.rounds[header] = max(self.found.rounds.get(header, 0), to.iterations[-1])
        else:
            self.found.entry_edges.setdefault(header, set()).add(edge)

    def leave(self, place: Place, block: Block, state: State) -> list[tuple[Place | None, State]]:
        """Run the block; where control can go, with the state there. None is the end of the explored function."""
        last = block.last
        results: list[tuple[Place | None, State]] = []
        for after, transfers in before_last(block, state, _execute):
            if not transfers:
                results.append((self.inside(place, block.end), after))
            elif block.kind == "fall":
                execute(after, last)
                results.append((self.inside(place, block.end), after))
            elif last.name in ("cbz", "cbnz"):
                results += self.compare_branch(place, block, after)
            elif last.name in LOOP_STARTS | LOOP_ENDS:
                results += self.loop_branch(place, block, after)
            elif block.kind == "table":
                results += self.table(place, block, after)
            elif block.kind in ("jump", "branch"):
                results.append((self.inside(place, block.target), after))
            elif block.kind == "call":
                after.set("lr", number(block.end | 1))
                results.append((self.call(place, block, block.target, block.end), after))
            elif block.kind == "tail":
                results.append((self.call(place, block, block.target, None), after))
            else:
                target = _program_counter(after, block)
                results.append((self.go_back(place, block, target), after))
        return results

    def inside(self, place: Place, block: int) -> Place:
        """The place of `block` in the same function, coming from `place`."""
        graph = place.frames[-1].graph
        old, new = graph.loops[place.block], graph.loops[block]
        kept = 0
        while kept < min(len(old), len(new)) and old[kept] == new[kept]:
            kept += 1
        iterations = place.iterations[:kept] + (0,) * (len(new) - kept)
        if kept and new[-1] == block and kept == len(new):  # the header of a loop that we are in
            iterations = (*iterations[:-1], iterations[-1] + 1)
        return Place(place.frames, block, iterations)

    def call(self, place: Place, block: Block, target: int, returns_to: int | None) -> Place:
        if any(frame.graph.entry == target for frame in place.frames):
            raise NotUnderstood(block.last.address, f"recursion: {self.graph(target).name} is entered again")
        graph = self.graph(target)
        frame = Frame(graph, returns_to, place.block, place.iterations, (*place.key, target))
        return Place((*place.frames, frame), target, (0,) * len(graph.loops[target]))

    def go_back(self, place: Place, block: Block, target: Word) -> Place | None:
        """Where a return leads: the address must be the one that the call left, which is checked, not assumed."""
        frames = place.frames
        while len(frames) > 1 and frames[-1].returns_to is None:
            frames = frames[:-1]
        if len(frames) == 1:
            if target == Word(0, 0, "lr"):
                return None
        elif target.constant is not None and target.constant & ~1 == frames[-1].returns_to:
            frame = frames[-1]
            caller = Place(frames[:-1], frame.caller_block, frame.caller_iterations)
            return self.inside(caller, frame.returns_to)
        if target.constant is not None and target.constant & ~1 in self.firmware.function_names and target.constant & 1:
            return self.call(place, block, target.constant & ~1, None)
        raise NotUnderstood(block.last.address, f"{block.last.text} leads to an address that is not known")

    def compare_branch(self, place: Place, block: Block, state: State) -> list[tuple[Place | None, State]]:
        register, target = block.last.operands
        zero_goes, other_goes = (target, block.end) if block.last.name == "cbz" else (block.end, target)
        low, high = state.get(register).unsigned()
        results = []
        if low == 0:
            at_zero = state.copy()
            if state.get(register).base is None:
                at_zero.set(register, number(0))
            results.append((self.inside(place, zero_goes), at_zero))
        if high > 0:
            if low == 0 and state.get(register).base is None:
                state.set(register, Word(1, high - 1))
            results.append((self.inside(place, other_goes), state))
        return results

    def loop_branch(self, place: Place, block: Block, state: State) -> list[tuple[Place | None, State]]:
        """WLS, WLSTP: enter the loop or skip it. LE, LETP: go round again while the counter lasts."""
        last = block.last
        if last.name in LOOP_STARTS:
            count = state.get(last.operands[1])
            elements = VECTOR_BITS // int(last.types[0]) if last.name == "wlstp" else 1
            results = []
            if count.unsigned()[0] == 0:
                results.append((self.inside(place, block.target), state.copy()))
            if count.unsigned()[1] > 0:
                state.set("lr", count)
                state.elements = elements
                results.append((self.inside(place, block.end), state))
            return results
        if len(last.operands) == 1:
            return [(self.inside(place, block.target), state)]
        if state.elements is None or (last.name == "le" and state.elements != 1):
            raise NotUnderstood(last.address, f"{last.text}: the loop's vector size is not known")
        low, high = state.get("lr").unsigned()
        results = []
        if low <= state.elements:
            out = state.copy()
            if last.name == "letp":
                out.elements = 1
                out.set("lr", Word(0, SIZE - 1))
            results.append((self.inside(place, block.end), out))
        if high > state.elements:
            low = max(low, state.elements + 1)
            state.set("lr", Word(low - state.elements, high - low))
            results.append((self.inside(place, block.target), state))
        return results

    def table(self, place: Place, block: Block, state: State) -> list[tuple[Place | None, State]]:
        memory = block.last.operands[0]
        low, high = state.get(memory.index).unsigned()
        if high >= len(block.table):
            raise NotUnderstood(block.last.address, f"{block.last.text}: the index may lie outside of the table")
        targets = dict.fromkeys(block.table[low : high + 1])
        return [(self.inside(place, target), state.copy()) for target in targets]


def _execute(instruction: Instruction, state: State) -> None:
    execute(state, instruction)


def _program_counter(state: State, block: Block) -> Word:
    """The address that the last instruction writes to pc; its other effects are applied."""
    last = block.last
    if last.name in ("bx", "bxj"):
        return state.get(last.operands[0])
    if last.name in ("pop", "ldm", "ldmdb") and last.operands[-1][-1] == "pc":
        base = "sp" if len(last.operands) == 1 else last.operands[0]
        below = sum(register_bytes(r) for r in last.operands[-1][:-1])
        if last.name == "ldmdb":
            below = -register_bytes("pc")
        target = state.load(add(state.get(base), number(below)), 4)
        transfer_multiple(state, last, skip_pc=True)
        return target
    if last.name == "ldr" and isinstance(last.operands[1], Memory):
        return state.load(address_of(state, last, last.operands[1]), 4)
    if last.name == "mov" and last.operands[1] in state.registers:
        return state.get(last.operands[1])
    raise NotUnderstood(last.address, f"{last.text} writes pc")

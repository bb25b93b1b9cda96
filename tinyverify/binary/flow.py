"""Control-flow graph of one function: basic blocks, their ends, and the nest of its loops.

Serves `wcet.*` and `stack.*`. Blocks come from following control from the function's entry, so literal pools are not
read as code. An indirect branch that is neither a return nor a bounded table raises NotUnderstood, and so does a loop
with two entries.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.binary.decode import Instruction, Memory, NotUnderstood, decode, it_conditions
from tinyverify.binary.elf import Firmware

LOOP_ENDS = frozenset({"le", "letp"})
LOOP_STARTS = frozenset({"wls", "wlstp"})
_TABLES = frozenset({"tbb", "tbh"})
_FAR_FROM_TABLE = 8  # instructions within which a table's bound check is looked for
# Transfers of control that have no place in the programs analysed.
_REFUSED = frozenset(
    {"bf", "bfl", "bfx", "bflx", "bfcsel", "bxns", "blxns", "svc", "bkpt", "udf", "lctp", "hlt", "trap"}
)


@dataclass(frozen=True)
class Block:
    """A basic block. `kind` says how it ends:

    "fall" (runs into the next block), "jump", "branch" (two successors), "call", "tail" (a jump to another function),
    "return", "table". `target`: address of jump, branch, call or tail; `table`: targets of a table, index 0 first.
    """

    instructions: tuple[Instruction, ...]
    kind: str
    target: int | None = None
    table: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        return self.instructions[0].address

    @property
    def end(self) -> int:
        return self.instructions[-1].end

    @property
    def last(self) -> Instruction:
        return self.instructions[-1]


@dataclass(frozen=True)
class FlowGraph:
    """Blocks by address, successors inside the function, and for each block where it lies in the nest of loops.

    `loops[b]`: headers of the loops around block b, outermost first (b itself last if it is a header).
    `positions[b]`: position in a topological order at every level of that nest, len(loops[b]) + 1 numbers.
    """

    name: str
    entry: int
    blocks: dict[int, Block]
    successors: dict[int, tuple[int, ...]]
    loops: dict[int, tuple[int, ...]]
    positions: dict[int, tuple[int, ...]]


def flow_graph(firmware: Firmware, entry: int) -> FlowGraph:
    """The flow graph of the function at `entry`. Raises NotUnderstood naming the address."""
    name = firmware.function_names.get(entry)
    if name is None:
        raise NotUnderstood(entry, "a call reaches code that is no function")
    symbol = firmware.functions[name]
    end = symbol.end if symbol.size else _next_function(firmware, symbol.address)
    decoded, ends = _follow(firmware, entry, end)
    blocks = _blocks(entry, decoded, ends)
    successors = {start: _successors(block) for start, block in blocks.items()}
    loops, positions = _nest(successors, entry)
    return FlowGraph(name, entry, blocks, successors, loops, positions)


@dataclass(frozen=True)
class _End:
    """How an instruction ends a block, and where control goes inside the function."""

    kind: str
    inside: tuple[int, ...]
    target: int | None = None
    table: tuple[int, ...] = ()


def _follow(firmware: Firmware, entry: int, end: int) -> tuple[dict[int, Instruction], dict[int, _End]]:
    """All reachable instructions of the function, and the ends of blocks among them."""
    decoded: dict[int, Instruction] = {}
    ends: dict[int, _End] = {}
    todo: list[tuple[int, tuple[str, ...]]] = [(entry, ())]
    while todo:
        address, conditions = todo.pop()
        if address in decoded:
            if (decoded[address].condition if decoded[address].in_it else None) != (
                conditions[0] if conditions else None
            ):
                raise NotUnderstood(address, "a branch leads into an IT block")
            continue
        if not entry <= address < end:
            raise NotUnderstood(address, f"control runs out of {firmware.function_names[entry]}")
        instruction = decode(firmware, address, conditions[0] if conditions else None, bool(conditions))
        decoded[address] = instruction
        rest = it_conditions(instruction) or conditions[1:]
        stop = _end(firmware, instruction, decoded, entry, end)
        if stop is None:
            todo.append((instruction.end, rest))
            continue
        if rest:
            raise NotUnderstood(address, f"{instruction.text} is not the last of its IT block")
        ends[address] = stop
        todo.extend((target, ()) for target in stop.inside)
    return decoded, ends


def _end(firmware: Firmware, i: Instruction, decoded: dict[int, Instruction], entry: int, end: int) -> _End | None:
    """How `i` transfers control, or None if it does not."""
    if i.name in _REFUSED:
        raise NotUnderstood(i.address, f"instruction {i.text} is not supported")
    onward = (i.end,) if i.condition is not None else ()
    if i.name in ("b", "cbz", "cbnz") or i.name in LOOP_ENDS | LOOP_STARTS:
        target = i.operands[-1]
        conditional = i.name != "b" and not (i.name == "le" and len(i.operands) == 1)
        onward = (i.end,) if conditional else onward
        if not entry <= target < end or (i.name == "b" and target in firmware.function_names and target != entry):
            if target not in firmware.function_names or i.name != "b":
                raise NotUnderstood(i.address, f"{i.text} leads out of its function")
            return _End("tail", onward, target)
        return _End("branch" if onward else "jump", (target, *onward), target)
    if i.name in ("bl", "blx"):
        if not isinstance(i.operands[0], int):
            raise NotUnderstood(i.address, f"indirect call {i.text}")
        return _End("call", (i.end,), i.operands[0])
    if i.name in _TABLES:
        targets = _table(firmware, i, decoded)
        return _End("table", tuple(dict.fromkeys(targets)), table=targets)
    if _writes_pc(i):
        return _End("return", onward)
    return None


def _writes_pc(i: Instruction) -> bool:
    if i.name in ("bx", "bxj"):
        return True
    if i.name in ("pop", "ldm", "ldmdb"):
        return "pc" in i.operands[-1]
    return i.name[:3] not in ("str", "cmp", "cmn", "tst") and bool(i.operands) and i.operands[0] == "pc"


def _table(firmware: Firmware, i: Instruction, decoded: dict[int, Instruction]) -> tuple[int, ...]:
    """Targets of TBB or TBH: as many as the compare and branch before it let through."""
    memory = i.operands[0]
    if not isinstance(memory, Memory) or memory.base != "pc" or memory.index is None:
        raise NotUnderstood(i.address, f"indirect branch {i.text}")
    before = sorted((d for d in decoded.values() if d.end <= i.address), key=lambda d: -d.address)[:_FAR_FROM_TABLE]
    count = next((d.operands[1] + 1 for d in before if d.name == "cmp" and d.operands[0] == memory.index), None)
    width = 1 if i.name == "tbb" else 2
    data = firmware.read(i.end, width * count) if isinstance(count, int) else None
    if data is None:
        raise NotUnderstood(i.address, f"no bound found for the table of {i.text}")
    entries = [int.from_bytes(data[k : k + width], "little") for k in range(0, len(data), width)]
    return tuple(i.end + 2 * entry for entry in entries)


def _blocks(entry: int, decoded: dict[int, Instruction], ends: dict[int, _End]) -> dict[int, Block]:
    leaders = {entry} | {target for stop in ends.values() for target in stop.inside}
    blocks = {}
    for leader in leaders:
        if leader not in decoded:
            raise NotUnderstood(leader, "control reaches the middle of an instruction")
        if decoded[leader].in_it:
            raise NotUnderstood(leader, "a branch leads into an IT block")
        run = [decoded[leader]]
        while run[-1].address not in ends and run[-1].end not in leaders:
            run.append(decoded[run[-1].end])
        stop = ends.get(run[-1].address, _End("fall", (run[-1].end,)))
        blocks[leader] = Block(tuple(run), stop.kind, stop.target, stop.table)
    _check_overlap(decoded)
    return blocks


def _check_overlap(decoded: dict[int, Instruction]) -> None:
    previous = None
    for address in sorted(decoded):
        if previous is not None and address < previous.end:
            raise NotUnderstood(address, "control reaches the middle of an instruction")
        previous = decoded[address]


def _successors(block: Block) -> tuple[int, ...]:
    """Successors inside the function; a call's is the block after it, as far as the nest of loops goes."""
    if block.kind == "table":
        return tuple(dict.fromkeys(block.table))
    onward = block.end if block.last.condition is not None or block.kind in ("fall", "call") else None
    if block.kind in ("jump", "branch"):
        onward = block.end if block.kind == "branch" else None
        return tuple(dict.fromkeys(t for t in (block.target, onward) if t is not None))
    return () if onward is None else (onward,)


def _nest(
    successors: dict[int, tuple[int, ...]], entry: int
) -> tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]:
    """Nest of loops by strongly connected components, each cut at its header and taken apart again."""
    loops: dict[int, tuple[int, ...]] = {}
    positions: dict[int, tuple[int, ...]] = {}

    def order(graph: dict[int, tuple[int, ...]], headers: tuple[int, ...], prefix: tuple[int, ...], start: int) -> None:
        for position, inside in enumerate(_components(graph, start)):
            first = next(iter(inside))
            if len(inside) == 1 and first not in graph[first]:
                loops[first], positions[first] = headers, (*prefix, position)
                continue
            entries = {v for u, targets in graph.items() if u not in inside for v in targets if v in inside}
            entries |= {start} & inside
            if len(entries) != 1:
                raise NotUnderstood(min(inside), "a loop with two entries")
            header = entries.pop()
            body = {u: tuple(v for v in graph[u] if v in inside and v != header) for u in inside}
            order(body, (*headers, header), (*prefix, position), header)

    order(successors, (), (), entry)
    return loops, positions


def _components(graph: dict[int, tuple[int, ...]], start: int) -> list[set[int]]:
    """Strongly connected components reachable from `start`, in topological order (Tarjan's algorithm, no recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[set[int]] = []
    work = [(start, iter(sorted(graph[start])))]
    index[start] = low[start] = 0
    stack.append(start)
    on_stack.add(start)
    while work:
        node, onward = work[-1]
        following = next(onward, None)
        if following is None:
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                at = stack.index(node)
                found.append(set(stack[at:]))
                on_stack -= found[-1]
                del stack[at:]
        elif following not in index:
            index[following] = low[following] = len(index)
            stack.append(following)
            on_stack.add(following)
            work.append((following, iter(sorted(graph[following]))))
        elif following in on_stack:
            low[node] = min(low[node], index[following])
    return found[::-1]


def _next_function(firmware: Firmware, address: int) -> int:
    section = firmware.section_at(address)
    later = [a for a in firmware.function_names if a > address]
    return min([*later, section.end if section else address + 2])

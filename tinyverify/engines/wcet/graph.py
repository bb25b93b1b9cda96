"""The weighted flow graph of a function: numbered nodes, edges with cycles, and limits on how often edges are taken.

Serves `wcet.*`. Built from an exploration and the timing model alone; the certificate (certificate.py) is about this
graph. Every way to run the function is a path from node `first` to node `last` that respects all limits.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.flow import LOOP_ENDS, Block
from tinyverify.binary.pipeline import (
    Pending,
    TimingModel,
    after_penalty,
    edge_penalty,
    join_pending,
    run,
    timings,
)
from tinyverify.engines.wcet.explore import EXIT, Exploration, Node


@dataclass(frozen=True)
class Limit:
    """A fact about every run: sum of coefficient * (times the edge is taken) <= total.

    `kind`: "loop" (rounds for each entry) or "count" (of one edge in one run); `reason` says it in words.
    """

    kind: str
    coefficients: tuple[tuple[int, int, int], ...]  # (source, target, coefficient)
    total: int
    reason: str


@dataclass(frozen=True)
class CostGraph:
    """`edges`: (source, target) to cycles, the block at the source included. `nodes[k]`: what node k stands for.

    `cycles[k]`: cycles of each instruction of block k, worst case over all ways into it. `limits`: all that is known.
    """

    function: str
    nodes: tuple[Node, ...]
    blocks: tuple[Block | None, ...]
    cycles: tuple[tuple[int, ...], ...]
    edges: dict[tuple[int, int], int]
    limits: tuple[Limit, ...]
    counts: dict[tuple[int, int], int]

    @property
    def first(self) -> int:
        return 0

    @property
    def last(self) -> int:
        return len(self.nodes) - 1


def combine(explorations: list[Exploration]) -> Exploration:
    """One exploration that covers all of them; without the unrolled edges."""
    first, *rest = explorations
    whole = Exploration(first.function, first.start)
    for part in (first, *rest):
        whole.blocks |= part.blocks
        whole.nests |= part.nests
        whole.functions |= part.functions
        for edge, count in part.counts.items():
            whole.counts[edge] = max(whole.counts.get(edge, 0), count)
        for header, rounds in part.rounds.items():
            whole.rounds[header] = max(whole.rounds.get(header, 0), rounds)
        for mine, theirs in ((whole.back_edges, part.back_edges), (whole.entry_edges, part.entry_edges)):
            for header, edges in theirs.items():
                mine.setdefault(header, set()).update(edges)
    return whole


def cost_graph(exploration: Exploration, model: TimingModel) -> CostGraph:
    """Price the folded graph of `exploration`. Raises NotUnderstood for an instruction without a time, or no exit."""
    if not any(target == EXIT for _, target in exploration.counts):
        raise NotUnderstood(exploration.start[1], f"{exploration.function} never returns")
    order = [exploration.start, *sorted(node for node in exploration.blocks if node != exploration.start), EXIT]
    number = {node: k for k, node in enumerate(order)}
    cycles, penalties = _price(exploration, model)
    edges = {}
    for source, target in exploration.counts:
        edges[(number[source], number[target])] = sum(cycles[source]) + penalties[(source, target)]
    counts = {(number[s], number[t]): count for (s, t), count in exploration.counts.items()}
    return CostGraph(
        function=exploration.function,
        nodes=tuple(order),
        blocks=tuple(exploration.blocks.get(node) for node in order),
        cycles=tuple(tuple(cycles.get(node, ())) for node in order),
        edges=edges,
        limits=tuple(_limits(exploration, number)),
        counts=counts,
    )


def _price(exploration: Exploration, model: TimingModel) -> tuple[dict[Node, list[int]], dict[tuple[Node, Node], int]]:
    """Cycles of each block's instructions under the worst entry state, by a fixed point over the edges."""
    times = {node: timings(block.instructions, model) for node, block in exploration.blocks.items()}
    cached = {node: _innermost(exploration, node) for node in exploration.blocks}
    penalties = {
        (source, target): edge_penalty(exploration.blocks[source], target[1], model, cached[source])
        for source, target in exploration.counts
    }
    onward: dict[Node, list[Node]] = {}
    for source, target in exploration.counts:
        onward.setdefault(source, []).append(target)
    # Entered by a branch, whose cycles cover every latency that the caller can leave behind.
    entry: dict[Node, Pending] = {exploration.start: {}}
    todo = [exploration.start]
    while todo:
        node = todo.pop()
        _, left = run(times[node], entry[node])
        for target in onward.get(node, ()):
            if target == EXIT:
                continue
            arriving = after_penalty(left, penalties[(node, target)])
            known = entry.get(target)
            joined = arriving if known is None else join_pending(known, arriving)
            if joined != known:
                entry[target] = joined
                todo.append(target)
    return {node: run(times[node], entry[node])[0] for node in times}, penalties


def _innermost(exploration: Exploration, node: Node) -> bool:
    """Whether the block ends an LE loop with no other low-overhead loop and no call inside: its start stays cached."""
    block = exploration.blocks[node]
    if block.last.name not in LOOP_ENDS:
        return False
    others = [
        exploration.blocks[n] for n, nest in exploration.nests.items() if n[0] == node[0] and block.target in nest
    ]
    others = [other for other in others if other.start != block.start]
    calls = any(other.kind in ("call", "tail") for other in others)
    loops = any(i.name[:3] in ("dls", "wls") or i.name in LOOP_ENDS for other in others for i in other.instructions)
    own = any(i.name[:3] in ("dls", "wls") for i in block.instructions)
    return not (calls or loops or own)


def _limits(exploration: Exploration, number: dict[Node, int]):
    for header, rounds in sorted(exploration.rounds.items()):
        back = [(number[s], number[t], 1) for s, t in sorted(exploration.back_edges[header])]
        entries = [(number[s], number[t], -rounds) for s, t in sorted(exploration.entry_edges.get(header, ()))]
        total = rounds if header == (*exploration.start[:2], exploration.start[2][:-1]) else 0
        yield Limit(
            "loop",
            tuple(back + entries),
            total,
            f"the loop at {header[1]:#x} goes back at most {rounds} times an entry",
        )
    for (source, target), count in sorted(exploration.counts.items()):
        place = "the end" if target == EXIT else f"{target[1]:#x}"
        edge = (number[source], number[target], 1)
        yield Limit("count", (edge,), count, f"{source[1]:#x} goes on to {place} at most {count} times")

"""From a function of the linked firmware to its worst-case bound and what that bound is made of.

Serves `wcet.*`. A model bound: it rests on docs/timing-model.md, no hardware was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tinyverify.binary.elf import Firmware
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.wcet.certificate import Certificate
from tinyverify.engines.wcet.explore import EXIT, MAX_BLOCKS, Exploration, explore
from tinyverify.engines.wcet.graph import CostGraph, combine, cost_graph
from tinyverify.engines.wcet.ipet import Bound, bound

CLOCK_HZ = 80_000_000


@dataclass(frozen=True)
class Analysis:
    """The bound of one function.

    `cycles`: no run takes more, interrupts of the model included. `certificate` shows `certified` cycles, those without
    interrupts. `executed`: the costliest run of the abstract execution, priced alike: no bound can be lower, so
    cycles / executed says how tight it is. `flow[(source, target)]`: how often the worst path takes each edge of
    `graph`. `loops[address]`: most rounds of each loop for one entry. `functions`: names of those that may run.
    """

    function: str
    model: TimingModel
    cycles: int
    certified: int
    executed: int
    certificate: Certificate
    graph: CostGraph
    flow: dict[tuple[int, int], float]
    loops: dict[int, int]
    functions: tuple[str, ...]

    @property
    def microseconds(self) -> float:
        return microseconds(self.cycles)


def microseconds(cycles: int) -> float:
    """At the specified 80 MHz."""
    return cycles * 1e6 / CLOCK_HZ


def analyse(
    firmware: Firmware,
    function: str,
    model: TimingModel | None = None,
    arguments: dict[str, tuple[int, int]] | None = None,
    most: int = MAX_BLOCKS,
    cases: Sequence[dict[str, tuple[int, int]]] = (),
) -> Analysis:
    """Bound `function`; `arguments`, `most` as in `explore`. `cases`: several `arguments`; every call has one of them.

    Raises ArtifactError (no such function), NotUnderstood, CertificateError.
    """
    model = model or TimingModel()
    explorations = [part for case in cases or (arguments,) for part in explore(firmware, function, case, most)]
    whole = combine(explorations)
    graph = cost_graph(whole, model)
    found = bound(graph)
    loops: dict[int, int] = {}
    for (_, header, _), rounds in whole.rounds.items():
        loops[header] = max(loops.get(header, 0), rounds)
    return Analysis(
        function=function,
        model=model,
        cycles=found.cycles + model.interrupted,
        certified=found.cycles,
        executed=max(longest_unrolled(part, graph) for part in explorations),
        certificate=found.certificate,
        graph=graph,
        flow=found.flow,
        loops=loops,
        functions=tuple(sorted(whole.functions)),
    )


def flow_costs(firmware: Firmware, function: str, model: TimingModel) -> CostGraph:
    """The graph that a certificate about `function` speaks of. Raises ArtifactError, NotUnderstood."""
    return cost_graph(combine(explore(firmware, function)), model)


def part_bound(graph: CostGraph, belongs: Callable[[int], bool]) -> Bound:
    """The most cycles that one run spends in instructions whose address `belongs` picks; certified like the whole.

    What an edge adds (a branch's penalty) goes with the instruction that it leaves.
    """
    edges = {}
    for (source, target), whole in graph.edges.items():
        block, cycles = graph.blocks[source], graph.cycles[source]
        mine = sum(c for i, c in zip(block.instructions, cycles, strict=True) if belongs(i.address))
        edges[(source, target)] = mine + (whole - sum(cycles) if belongs(block.last.address) else 0)
    return bound(replace(graph, edges=edges))


def longest_unrolled(exploration: Exploration, graph: CostGraph) -> int:
    """Cycles of the costliest path through the unrolled abstract execution, every loop round and call by itself."""
    number = {node: k for k, node in enumerate(graph.nodes)}
    exit_number = number[EXIT]
    best: dict[int, int] = {1: 0}
    longest = 0
    for source, target, (u, v) in exploration.unrolled:  # in the order in which sources were run: all before are done
        reached = best[source] + graph.edges[(number[u], number[v])]
        if number[v] == exit_number:
            longest = max(longest, reached)
        else:
            best[target] = max(best.get(target, 0), reached)
    return longest

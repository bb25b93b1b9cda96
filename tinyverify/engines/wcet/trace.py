"""Executed paths of a function on the emulated core, replayed through the graph that its bound speaks about.

Serves the tests and benchmarks of `wcet.*`: a run that leaves the graph, breaks a limit, or costs more than the bound
shows the analysis wrong. The emulator has no cycle model; runs are priced with the timing model, hazards exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.binary.elf import Firmware
from tinyverify.binary.pipeline import after_penalty, run, timings
from tinyverify.engines.emulator.plugin import compiled
from tinyverify.engines.emulator.run import execute
from tinyverify.engines.wcet.analyse import Analysis
from tinyverify.engines.wcet.explore import EXIT


class LeftTheGraph(Exception):
    """An executed path that the analysis says cannot be: the analysis is wrong."""


@dataclass(frozen=True)
class Paths:
    """`calls`: calls of the function; `paths`: the different sequences of addresses that they executed."""

    calls: int
    paths: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Replay:
    """One path: its cycles under the model, how often it took each edge of the graph, and what each address spent.

    The penalty of a branch goes with its address, as in `part_bound`.
    """

    cycles: int
    instructions: int
    taken: dict[tuple[int, int], int]
    spent: dict[int, int]


def trace(firmware: Firmware, function: str, folder: Path, seconds: float = 120) -> Paths:
    """Run the whole program `firmware` in `folder` and record every call of `function` up to leaving its section.

    Raises EmulatorMissing, EmulatorError, BuildError.
    """
    entry = firmware.function(function).address
    home = firmware.section_at(entry)
    out = folder / f"{function}.trace"
    plugin = compiled(Path(__file__).with_name("trace_plugin.c"))
    execute(firmware.path, folder, seconds, f"{plugin},fn={entry:#x},lo={home.address:#x},hi={home.end:#x},out={out}")
    words = np.fromfile(out, "<u4").tolist()
    paths, at = [], 0
    while words[at]:
        paths.append(tuple(words[at + 1 : at + 1 + words[at]]))
        at += 1 + words[at]
    return Paths(words[at + 1], tuple(paths))


def replay(analysis: Analysis, path: tuple[int, ...]) -> Replay:
    """Follow `path` through the analysed graph. Raises LeftTheGraph where it cannot, or where a limit is broken."""
    graph = analysis.graph
    onward: dict[int, dict[int, int]] = {}
    for source, target in graph.edges:
        address = graph.nodes[target][1]
        onward.setdefault(source, {})[address] = target
    times = [timings(block.instructions, analysis.model) if block else [] for block in graph.blocks]
    node, at, cycles, pending = graph.first, 0, 0, {}
    taken: dict[tuple[int, int], int] = {}
    by_address: dict[int, int] = {}
    while node != graph.last:
        block = graph.blocks[node]
        addresses = tuple(i.address for i in block.instructions)
        if path[at : at + len(addresses)] != addresses:
            raise LeftTheGraph(f"{analysis.function}: step {at} is not the block at {block.start:#x}")
        at += len(addresses)
        following = path[at] if at < len(path) else EXIT[1]
        target = onward[node].get(following)
        if target is None:
            raise LeftTheGraph(f"{analysis.function}: {block.last.address:#x} went on to {following:#x}")
        taken[(node, target)] = taken.get((node, target), 0) + 1
        spent, pending = run(times[node], pending)
        penalty = graph.edges[(node, target)] - sum(graph.cycles[node])
        pending = after_penalty(pending, penalty)
        for address, mine in zip((*addresses, block.last.address), (*spent, penalty), strict=True):
            by_address[address] = by_address.get(address, 0) + mine
        cycles += sum(spent) + penalty
        node = target
    if at != len(path):
        raise LeftTheGraph(f"{analysis.function}: {len(path) - at} steps after its end")
    for limit in graph.limits:
        if sum(c * taken.get((s, t), 0) for s, t, c in limit.coefficients) > limit.total:
            raise LeftTheGraph(f"{analysis.function}: a run breaks the limit that {limit.reason}")
    return Replay(cycles, len(path), taken, by_address)

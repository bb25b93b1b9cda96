"""Where the worst case goes: the cycles of the costliest path as a tree of calls and source lines.

Serves the reports of `wcet.*`; no bound rests on it. The path is the integer program's optimum, of which there may be
several; one is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tinyverify.binary.elf import Firmware
from tinyverify.binary.source_lines import SourceLines
from tinyverify.engines.wcet.analyse import Analysis


@dataclass
class Flame:
    """A function or, without children, a source line (an address where there are none); `cycles` include children."""

    name: str
    cycles: float = 0.0
    children: dict[str, Flame] = field(default_factory=dict)

    def add(self, path: list[str], cycles: float) -> None:
        """Charge `cycles` to every node on `path` below this one, and to this one."""
        self.cycles += cycles
        if path:
            self.children.setdefault(path[0], Flame(path[0])).add(path[1:], cycles)

    def as_json(self) -> dict:
        """Nested plain data, the costliest child first."""
        ranked = sorted(self.children.values(), key=lambda child: (-child.cycles, child.name))
        found: dict = {"name": self.name, "cycles": round(self.cycles)}
        return {**found, "children": [child.as_json() for child in ranked]} if ranked else found


def flame(analysis: Analysis, firmware: Firmware, lines: SourceLines | None) -> Flame:
    """The costliest path of `analysis`: calls from the outside in, a source line at the end of each."""
    root = Flame(analysis.function)
    for callers, address, cycles in _charges(analysis):
        functions = [_function(firmware, block) for block in callers]
        path = [*functions[1:], _function(firmware, address)] if functions else []
        root.add([*path, _where(lines, address)], cycles)
    return root


def hottest(analysis: Analysis, lines: SourceLines | None, count: int = 10) -> list[dict]:
    """The source lines (addresses, without lines) with most cycles on the costliest path, and their share of it."""
    totals: dict[str, float] = {}
    for _, address, cycles in _charges(analysis):
        where = _where(lines, address)
        totals[where] = totals.get(where, 0.0) + cycles
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:count]
    whole = sum(totals.values()) or 1.0
    return [{"where": where, "cycles": round(c), "share": round(c / whole, 4)} for where, c in ranked]


def _charges(analysis: Analysis) -> Iterator[tuple[tuple[int, ...], int, float]]:
    """(blocks of the open calls, address, cycles) of every instruction on the path, as often as it runs.

    What an edge adds (a branch's penalty) goes with the instruction that it leaves.
    """
    graph = analysis.graph
    for (source, target), taken in analysis.flow.items():
        block = graph.blocks[source]
        if block is None or not taken:
            continue
        callers = graph.nodes[source][0]
        cycles = graph.cycles[source]
        for instruction, cost in zip(block.instructions, cycles, strict=True):
            yield callers, instruction.address, taken * cost
        yield callers, block.last.address, taken * (graph.edges[(source, target)] - sum(cycles))


def _function(firmware: Firmware, address: int) -> str:
    inside = [s for s in firmware.functions.values() if s.address <= address < s.end]
    return min((s.name for s in inside), default=f"{address:#010x}")


def _where(lines: SourceLines | None, address: int) -> str:
    place = lines.at(address) if lines is not None else None
    return f"{place[0]}:{place[1]}" if place else f"{address:#010x}"

"""Where the worst case goes: the cycles of the costliest path as a tree of calls and source lines.

Serves the reports of `wcet.*`; no bound rests on it. The path is the integer program's optimum, of which there may be
several; one is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tinyverify.binary.elf import Firmware
from tinyverify.binary.source_lines import SourceLines
from tinyverify.engines.wcet.analyse import Analysis


@dataclass
class Flame:
    """A function, a source file in it or, without children, a line (an address where none is known).

    `cycles` include those of the children.
    """

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
    """The costliest path of `analysis`: calls from the outside in, then source files (of inlined code), then lines."""
    root = Flame(analysis.function)
    for callers, address, cycles in _charges(analysis):
        functions = [_function(firmware, block) for block in callers]
        path = [*functions[1:], _function(firmware, address)] if functions else []
        place = lines.at(address) if lines is not None else None
        root.add([*path, *([place[0]] if place else []), _where(lines, address)], cycles)
    return root


def hottest(
    analysis: Analysis, lines: SourceLines | None, sources: Mapping[str, bytes] = MappingProxyType({}), count: int = 10
) -> list[dict]:
    """The source lines (addresses, without lines) with most cycles on the costliest path, and their share of it.

    `sources`: files by name; `text` is the line in them, empty for a file that is not there.
    """
    totals: dict[str, float] = {}
    for _, address, cycles in _charges(analysis):
        where = _where(lines, address)
        totals[where] = totals.get(where, 0.0) + cycles
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:count]
    whole = sum(totals.values()) or 1.0
    return [
        {"where": where, "cycles": round(c), "share": round(c / whole, 4), "text": _text(where, sources)}
        for where, c in ranked
    ]


def _text(where: str, sources: Mapping[str, bytes]) -> str:
    name, _, number = where.partition(":")
    found = sources.get(name, b"").decode("utf-8", "replace").splitlines()
    return found[int(number) - 1].strip() if number and 0 < int(number) <= len(found) else ""


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

"""The deepest stack as a longest path, with a certificate in the form that Lean checks (lean/TinyVerify/Flow).

Serves `stack.depth`. Nodes are the functions, once for the thread and once for the exception handlers, the exception
frame, and the end; an edge costs the bytes that the stack grows by. That the numbers are those of the binary is
binary/stack.py's word.
"""

from __future__ import annotations

from tinyverify.binary.elf import Firmware
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES, StackAnalysis, vector_handlers
from tinyverify.engines.wcet.certificate import Certificate, check

_END, _FRAME = ("end", 0), ("frame", 0)
Node = tuple[str, int]


def stack_certificate(firmware: Firmware) -> Certificate:
    """Every chain of calls from the reset handler, the frame of one exception anywhere in it, and its handler's chain.

    Costs and potentials in bytes. Raises NotUnderstood as StackAnalysis does.
    """
    analysis = StackAnalysis(firmware)
    reset, handlers = vector_handlers(firmware)
    first = ("thread", firmware.entry if reset is None else reset)
    edges: dict[tuple[Node, Node], int] = {(_FRAME, _END): EXCEPTION_FRAME_BYTES}
    edges |= {(_FRAME, ("handler", handler)): EXCEPTION_FRAME_BYTES for handler in handlers}
    todo = [first, *(("handler", handler) for handler in handlers)]
    known: set[Node] = set()
    while todo:
        node = todo.pop()
        if node in known:
            continue
        known.add(node)
        kind, entry = node
        depth = analysis.depth(entry)
        edges[node, _FRAME if kind == "thread" else _END] = depth.own
        for target, here in depth.calls:
            edges[node, (kind, target)] = here
            todo.append((kind, target))
    deepest = {_END: 0}
    for node in [*known, _FRAME]:
        _longest(node, edges, deepest)
    order = {node: index for index, node in enumerate(sorted(deepest))}
    found = Certificate(
        scale=1,
        first=order[first],
        last=order[_END],
        edges=tuple((order[source], order[target], cost) for (source, target), cost in sorted(edges.items())),
        potentials=tuple(deepest[node] for node in sorted(deepest)),
        duals=(),
    )
    check(found)
    return found


def _longest(node: Node, edges: dict[tuple[Node, Node], int], known: dict[Node, int]) -> int:
    """Bytes of the deepest path from `node` to the end; the graph has no circle, as recursion was refused."""
    if node not in known:
        known[node] = max(cost + _longest(target, edges, known) for (s, target), cost in edges.items() if s == node)
    return known[node]

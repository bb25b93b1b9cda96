"""A recorded run as a term of Lean: `Program` of lean/TinyVerify/ObjectCode/Spec.lean, constructor by constructor.

Serves `kernel.object_code` in Lean. An expression is a nested tuple: the constructor's name, then its arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinyverify.engines.lean_bundle.packing import list_definitions

Expr = tuple
_SPECIAL = {"max", "min"}  # names that Lean's own functions have too


@dataclass(frozen=True)
class Program:
    """Layer by layer, the expression of each value in terms of the values of the layer before.

    `factors`: float32 patterns; `codes`: over the converted observations; `hidden`: one list a hidden layer; `last`:
    the accumulators; `action`: `("index", choice)` or `("table", index, packed)`.
    """

    factors: tuple[int, ...]
    codes: tuple[Expr, ...]
    hidden: tuple[tuple[Expr, ...], ...]
    last: tuple[Expr, ...]
    action: Expr


def definitions(program: Program) -> str:
    """The Lean definitions that end in `run : Program`, without a namespace."""
    lines, _ = list_definitions("factors", "Nat", [f"{bits:#010x}" for bits in program.factors], "Patterns.")
    more, _ = list_definitions("codes", "Expr", [text(e) for e in program.codes], "The int8 codes.")
    lines += more
    names = []
    for index, layer in enumerate(program.hidden):
        name = f"values{index}"
        more, _ = list_definitions(name, "Expr", [text(e) for e in layer], f"The values of layer {index}.")
        lines += more
        names.append(name)
    more, _ = list_definitions("outputs", "Expr", [text(e) for e in program.last], "The accumulators.")
    lines += more
    lines += [
        "/-- The recorded run. -/",
        f"def run : Program :=\n  ⟨factors, codes, [{', '.join(names)}], outputs, {text(program.action)}⟩",
    ]
    return "\n".join(lines) + "\n"


def text(part: Expr | int) -> str:
    """`part` as Lean: constructors in dot notation, negative numbers in brackets, a packed row in hexadecimal."""
    if isinstance(part, int):
        return f"({part})" if part < 0 else str(part) if part < 1 << 32 else f"{part:#x}"
    name, *arguments = part
    return " ".join([f".{name}", *(f"({text(a)})" if isinstance(a, tuple) else text(a) for a in arguments)])


def walk(part: Expr | int) -> Sequence[Expr]:
    """`part` and every expression in it."""
    found, todo = [], [part]
    while todo:
        at = todo.pop()
        if isinstance(at, tuple):
            found.append(at)
            todo += at[1:]
    return found

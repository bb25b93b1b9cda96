"""A recorded run as a term of Lean: `Program` of lean/TinyVerify/ObjectCode/Spec.lean, constructor by constructor.

Serves `kernel.object_code` in Lean. An expression is a nested tuple: the constructor's name, then its arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinyverify.engines.lean_bundle.packing import list_definitions

Expr = tuple
_NATURAL = {"value", "dot", "floor", "signed", "unsigned"}  # constructors whose numbers are naturals


@dataclass(frozen=True)
class Selection:
    """`steps` over the accumulators and earlier steps, and the source of the result."""

    steps: tuple[Expr, ...]
    result: Expr


@dataclass(frozen=True)
class Distribution:
    """How weights and probabilities are computed.

    `largest`: the largest accumulator; `subtracted`: over the last hidden layer's values, what is taken from it;
    `indices`: over the differences; `table`: its 256 bytes, packed; `weights`: `Word`s over the bytes that are read;
    `quotients`: numerators and denominators over the same; `probabilities`: `Word`s over the quotients.
    """

    largest: Selection
    subtracted: tuple[Expr, ...]
    indices: tuple[Expr, ...]
    table: int
    weights: tuple[Expr, ...]
    quotients: tuple[tuple[Expr, Expr], ...]
    probabilities: tuple[Expr, ...]


@dataclass(frozen=True)
class Program:
    """Layer by layer, the expression of each value in terms of the values of the layer before.

    `borders`: how each observation becomes an int32, `("vector", pattern of the factor)` or `("scalar", Scalar)`;
    `codes`: over the converted observations; `hidden`: one list a hidden layer; `last`: the accumulators; `logits`:
    expressions over them, with the patterns that their floats are multiplied by; `action`: the index, or
    `("table", index, packed)`; `action_factors`: the pattern that a continuous action's code is multiplied by;
    `distribution`: None for a continuous policy; `faults`, `returned`: `Flags`.
    """

    borders: tuple[Expr, ...]
    codes: tuple[Expr, ...]
    hidden: tuple[tuple[Expr, ...], ...]
    last: tuple[Expr, ...]
    logits: tuple[tuple[Expr, int], ...]
    action: Selection | Expr
    action_factors: tuple[int, ...]
    distribution: Distribution | None
    faults: Expr
    returned: Expr


def definitions(program: Program) -> str:
    """The Lean definitions that end in `run : Program`, without a namespace."""
    lines, _ = list_definitions("borders", "Border", [text(e) for e in program.borders], "The float border.")
    lines += _layer("codes", program.codes, "The int8 codes.")
    names = []
    for index, layer in enumerate(program.hidden):
        names.append(f"values{index}")
        lines += _layer(names[-1], layer, f"The values of layer {index}.")
    lines += _layer("outputs", program.last, "The accumulators.")
    logits = ", ".join(f"⟨{text(e)}, {factor:#010x}⟩" for e, factor in program.logits)
    factors = ", ".join(f"{factor:#010x}" for factor in program.action_factors)
    lines += _flags("faults", program.faults, "The fault flags.")
    lines += _flags("returned", program.returned, "The flags that are returned.")
    action, distribution = text(program.action) if isinstance(program.action, tuple) else ".index choice", "none"
    if isinstance(program.action, Selection):
        lines += _selection("choice", program.action, "The arg max.")
    if program.distribution is not None:
        lines += _distribution(program.distribution)
        distribution = "(some distribution)"
    lines += [
        f"/-- The logits. -/\ndef logits : List Scaled := [{logits}]",
        "/-- The recorded run. -/",
        "def run : Program :=",
        f"  ⟨borders, codes, [{', '.join(names)}], outputs, logits, {action}, [{factors}],",
        f"    {distribution}, faults, returned⟩",
    ]
    return "\n".join(lines) + "\n"


def _distribution(d: Distribution) -> list[str]:
    """The definitions that end in `distribution`."""
    lines = _selection("largest", d.largest, "The largest accumulator.")
    lines += _layer("subtracted", d.subtracted, "What is taken from the largest accumulator.")
    lines += _layer("indices", d.indices, "Where the table is read.")
    weights, probabilities = (f"[{', '.join(text(word) for word in words)}]" for words in (d.weights, d.probabilities))
    quotients = ", ".join(f"⟨{text(numerator)}, {text(denominator)}⟩" for numerator, denominator in d.quotients)
    return [
        *lines,
        "/-- The softmax weights and probabilities. -/",
        "def distribution : Distribution :=",
        f"  ⟨largest, subtracted, indices, {d.table:#x},",
        f"    {weights},",
        f"    [{quotients}],",
        f"    {probabilities}⟩",
    ]


def _selection(name: str, selection: Selection, comment: str) -> list[str]:
    """The definition of a selection."""
    lines, steps = list_definitions(f"{name}_steps", "Step", [text(step) for step in selection.steps], comment)
    return [*lines, f"def {name} : Selection := ⟨{steps}, {text(selection.result)}⟩"]


def _flags(name: str, e: Expr, comment: str) -> list[str]:
    """The definitions that end in `name`; a part that is used twice is one of its own, so that none is evaluated twice.

    Parts are told apart as objects: equal ones that were made apart are written twice. Minima (`Least`) are made apart.
    """
    uses: Counter[int] = Counter()
    order: list[Expr] = []

    def visit(part: Expr) -> None:
        uses[id(part)] += 1
        if uses[id(part)] == 1:
            for inner in part[1:]:
                if isinstance(inner, tuple):
                    visit(inner)
            order.append(part)

    visit(e)
    names: dict[int, str] = {}

    def named(part: Expr, whole: bool = False) -> Expr | str:
        if id(part) in names and not whole:
            return names[id(part)]
        return (part[0], *(named(inner) if isinstance(inner, tuple) else inner for inner in part[1:]))

    lines = []
    for part in order[:-1]:
        if uses[id(part)] > 1 and any(isinstance(inner, tuple) for inner in part[1:]):
            names[id(part)] = f"{name}_part{len(names)}"
            lines.append(f"def {names[id(part)]} : Flags :=\n  {text(named(part, True))}")
    return [*lines, f"/-- {comment} -/\ndef {name} : Flags :=\n  {text(named(e))}"]


def _layer(name: str, layer: Sequence[Expr], comment: str) -> list[str]:
    """The list of a layer's expressions; those that differ in numbers only are one function of these."""
    shapes: dict[tuple, list[list[int]]] = {}
    for e in layer:
        shapes.setdefault(_shape(e), []).append(_numbers(e))
    lines, calls = [], {}
    for index, (shape, rows) in enumerate(shapes.items()):
        varying = [position for position, column in enumerate(zip(*rows, strict=True)) if len(set(column)) > 1]
        types = _types(shape)
        leaves: list[int | str] = [f"a{p}" if p in varying else rows[0][p] for p in range(len(rows[0]))]
        parameters = "".join(f" (a{p} : {types[p]})" for p in varying)
        lines.append(f"def {name}_shape{index}{parameters} : Expr :=\n  {text(_filled(shape, iter(leaves)))}")
        calls[shape] = (f"{name}_shape{index}", varying)
    items = []
    for e in layer:
        function, varying = calls[_shape(e)]
        numbers = _numbers(e)
        items.append(" ".join([function, *(text(numbers[p]) for p in varying)]))
    more, _ = list_definitions(name, "Expr", items, comment)
    return [*lines, *more]


def _shape(e: Expr) -> tuple:
    """The expression without its numbers."""
    return tuple(_shape(part) if isinstance(part, tuple) else None if isinstance(part, int) else part for part in e)


def _numbers(e: Expr) -> list[int]:
    found = []
    for part in e[1:]:
        found += _numbers(part) if isinstance(part, tuple) else [part]
    return found


def _filled(shape: tuple, leaves: Iterator[int | str]) -> Expr:
    return (shape[0], *(next(leaves) if part is None else _filled(part, leaves) for part in shape[1:]))


def _types(shape: tuple) -> list[str]:
    """The Lean type of each number."""
    found = []
    for part in shape[1:]:
        found += _types(part) if part is not None else ["Nat" if shape[0] in _NATURAL else "Int"]
    return found


def text(part: Expr | int | str) -> str:
    """`part` as Lean: constructors in dot notation, negative numbers in brackets, large ones in hexadecimal."""
    if isinstance(part, str):
        return part
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

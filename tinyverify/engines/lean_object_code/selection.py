"""What a recorded run chooses among accumulators, the arg max or the maximum: one step for each operation.

Serves `kernel.object_code` in Lean. Nothing is simplified, and nothing is written twice: a scan of many accumulators
asks for each intermediate result several times.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Expr, Selection
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.linear import Linear, Value

_REDUCED = ("max", "min")
_CUT = ("floor", "signed", "unsigned")
_UNKNOWN = ("pointer", "input")


def selection_of(terms: Recorder, accumulators: Mapping[int, int], value: Value) -> Selection:
    """The steps that end in `value`; `accumulators`: the index of each, by its atom. Raises NotExpressible."""
    steps = _Steps(terms, accumulators)
    for atom in _needed(terms, accumulators, value):
        steps.define(atom)
    return steps.ending_in(value)


def _needed(terms: Recorder, accumulators: Mapping[int, int], value: Value) -> list[int]:
    """The atoms that `value` is computed from, down to accumulators, each just before the first that asks for it.

    Lean counts steps backwards from the last one: near ones cost it less.
    """
    found: dict[int, None] = {}
    todo = [] if isinstance(value, int) else [*value.terms]
    while todo:
        atom = todo[-1]
        operation, arguments, _, _ = terms.atoms[atom]
        values = [] if atom in accumulators else [terms.value(ref) for ref in _references(operation, arguments)]
        missing = [part for v in values if isinstance(v, Linear) for part in v.terms if part not in found]
        if missing:
            todo += missing
            continue
        found[todo.pop()] = None
    return [atom for atom in found if atom not in accumulators]


def _references(operation: str, arguments: tuple) -> list[int]:
    if operation in _UNKNOWN:
        return []
    if operation in _REDUCED:
        return list(arguments)
    if operation in _CUT or operation == "and":
        return [arguments[0]]
    if operation in ("select", "bit"):
        return [*_compared(arguments[0]), *arguments[1:]]
    raise NotExpressible(f"the operation {operation} in a choice among accumulators")


def _compared(condition: tuple) -> list[int]:
    """References of the values that `condition` compares with zero."""
    kind, content = condition
    if kind == "not":
        return _compared(content)
    return [content] if kind in ("ge", "eq") else [ref for part in content for ref in _compared(part)]


class _Steps:
    """Steps so far. A source is a `Source`, an earlier step counted from the first one: `("at", index)`."""

    def __init__(self, terms: Recorder, accumulators: Mapping[int, int]):
        self.terms = terms
        self.steps: list[Expr] = []
        self.unknowns = 0
        self.sources: dict[int, Expr] = {atom: ("acc", index) for atom, index in accumulators.items()}

    def ending_in(self, value: Value) -> Selection:
        result = self._source(value)
        return Selection(tuple(self.steps), self._relative(result))

    def define(self, atom: int) -> None:
        """The steps of one atom whose arguments are defined."""
        operation, arguments, _, _ = self.terms.atoms[atom]
        if operation in _UNKNOWN:
            found = ("unknown", self.unknowns)
            self.unknowns += 1
        elif operation in _REDUCED:
            found = reduce(lambda a, b: self._step(operation, a, b), map(self._reference, arguments))
        elif operation in _CUT:
            found = self._step(operation, self._reference(arguments[0]), arguments[1])
        elif operation == "and":
            mask = arguments[1]
            if mask & (mask + 1):
                raise NotExpressible("bits out of the middle of a word in a choice among accumulators")
            found = self._step("unsigned", self._reference(arguments[0]), mask.bit_length())
        elif operation == "bit":
            found = self._ite(arguments[0], ("const", 1), ("const", 0))
        else:
            found = self._ite(arguments[0], *map(self._reference, arguments[1:]))
        self.sources[atom] = found

    def _ite(self, condition: tuple, then: Expr, otherwise: Expr) -> Expr:
        kind, content = condition
        if kind == "not":
            return self._ite(content, otherwise, then)
        if kind == "and":
            return reduce(lambda inner, part: self._ite(part, inner, otherwise), reversed(content), then)
        if kind == "or":
            return reduce(lambda inner, part: self._ite(part, then, inner), reversed(content), otherwise)
        a, b, k = self._sides(self.terms.value(content))
        if kind == "eq":  # neither is larger
            then = self._step("ite", b, a, -k, then, otherwise)
        return self._step("ite", a, b, k, then, otherwise)

    def _sides(self, value: Value) -> tuple[Expr, Expr, int]:
        """(a, b, k) where `value` is `a - b + k`."""
        if isinstance(value, Linear) and sorted(value.terms.values()) == [-1, 1]:
            more, less = sorted(value.terms, key=lambda atom: -value.terms[atom])
            return self.sources[more], self.sources[less], value.constant
        return self._source(value), ("const", 0), 0

    def _reference(self, reference: int) -> Expr:
        return self._source(self.terms.value(reference))

    def _source(self, value: Value) -> Expr:
        """The source of a linear form."""
        if isinstance(value, int):
            return ("const", value)
        parts = [
            self.sources[atom] if k == 1 else self._step("mul", self.sources[atom], k)
            for atom, k in value.terms.items()
        ]
        if value.constant:
            parts.append(("const", value.constant))
        return reduce(lambda a, b: self._step("add", a, b), parts)

    def _step(self, name: str, *arguments: Expr | int) -> Expr:
        self.steps.append((name, *(self._relative(a) if isinstance(a, tuple) else a for a in arguments)))
        return ("at", len(self.steps) - 1)

    def _relative(self, source: Expr) -> Expr:
        """The source with an earlier step counted from the last one."""
        return ("step", len(self.steps) - 1 - source[1]) if source[0] == "at" else source

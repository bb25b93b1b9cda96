"""The fault flags of a recorded run as `Flags` of lean/TinyVerify/ObjectCode/Observation.lean.

Vector code takes minima over the features, scalar code compares each.

Serves `kernel.object_code` in Lean. Nothing is simplified: an atom is its operation's constructor.
"""

from __future__ import annotations

from functools import reduce

from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Expr
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.floats import EXPONENT, MAGNITUDE
from tinyverify.engines.machine_code.linear import Value, single

WORD = 32


def faults_of(terms: Recorder, value: Value) -> Expr:
    """The `Flags` of a word, as minima over the features or as comparisons of each. Raises NotExpressible."""
    try:
        return flags_of(terms, value)
    except NotExpressible as reason:
        found = _Comparisons(terms)
        e = found.of(value)
        if not found.compared:
            raise reason
    return e


def flags_of(terms: Recorder, value: Value) -> Expr:
    """The `Flags` of a word. Raises NotExpressible."""
    if isinstance(value, int):
        return ("const", value)
    parts = []
    for atom, k in value.terms.items():
        e = _flag(terms, atom)
        parts.append(e if k == 1 else ("mul", e, k))
    if value.constant:
        parts.append(("const", value.constant))
    return reduce(lambda f, g: ("add", f, g), parts)


def _flag(terms: Recorder, atom: int) -> Expr:
    operation, arguments, _, _ = terms.atoms[atom]
    value = terms.value
    if operation in ("signed", "unsigned") and arguments[1] == WORD:
        try:
            return ("low", (operation, _least(terms, value(arguments[0]))))
        except NotExpressible:
            return (operation, flags_of(terms, value(arguments[0])))
    if operation == "floor":
        return ("floor", flags_of(terms, value(arguments[0])), arguments[1])
    if operation == "clz":
        return ("zeros", _least(terms, value(arguments[0])))
    if operation == "select":
        condition, then, otherwise = arguments[0], value(arguments[1]), value(arguments[2])
        if condition[0] == "not":
            condition, then, otherwise = condition[1], otherwise, then
        if condition[0] == "eq":
            return ("ite", _least(terms, value(condition[1])), flags_of(terms, then), flags_of(terms, otherwise))
    raise NotExpressible(f"the operation {operation} where fault flags are computed")


def _least(terms: Recorder, value: Value) -> Expr:
    """The `Least` of a number that minima over the observation's patterns give."""
    if isinstance(value, int):
        return ("const", value)
    one = single(value)
    if one is not None and one[1:] == (1, 0):
        operation, arguments, _, _ = terms.atoms[one[0]]
        if operation in ("signed", "unsigned") and arguments[1] == WORD:
            return (operation, _least(terms, terms.value(arguments[0])))
        if operation == "min":
            return reduce(lambda a, b: ("min", a, b), (_least(terms, terms.value(ref)) for ref in arguments))
    if one is not None and one[1:] == (-1, EXPONENT):
        operation, arguments, _, _ = terms.atoms[one[0]]
        word = terms.value(arguments[0]) if operation == "and" and arguments[1] == MAGNITUDE else 0
        if terms.is_input(word):
            name, index = terms.atoms[next(iter(word.terms))].arguments
            if name == "observation":
                return ("margin", index)
    raise NotExpressible("fault flags from something else than minima over the observation")


class _Comparisons:
    """`Flags` that are chosen by comparing patterns without their signs; `compared`: whether any is.

    What an atom is stands in it once, however often it is asked for.
    """

    def __init__(self, terms: Recorder):
        self.terms = terms
        self.compared = False
        self._known: dict[int, Expr] = {}

    def of(self, value: Value) -> Expr:
        if isinstance(value, int):
            return ("const", value)
        parts = []
        for atom, k in value.terms.items():
            if atom not in self._known:
                self._known[atom] = self._operation(*self.terms.atoms[atom][:2])
            parts.append(self._known[atom] if k == 1 else ("mul", self._known[atom], k))
        if value.constant:
            parts.append(("const", value.constant))
        return reduce(lambda f, g: ("add", f, g), parts)

    def _operation(self, operation: str, arguments: tuple) -> Expr:
        value = self.terms.value
        if operation == "floor":
            return ("floor", self.of(value(arguments[0])), arguments[1])
        if operation in ("signed", "unsigned") and arguments[1] == WORD:
            return (operation, self.of(value(arguments[0])))
        if operation == "unsigned":
            return ("cut", self.of(value(arguments[0])), arguments[1])
        if operation == "and" and arguments[1] == MAGNITUDE and self.terms.is_input(value(arguments[0])):
            name, index = self.terms.atoms[next(iter(value(arguments[0]).terms))].arguments
            if name == "observation":
                self.compared = True
                return ("magnitude", index)
        if operation == "and" and arguments[1] & (arguments[1] + 1) == 0:
            return ("cut", self.of(value(arguments[0])), arguments[1].bit_length())
        if operation == "select":
            return self._chosen(arguments[0], self.of(value(arguments[1])), self.of(value(arguments[2])))
        if operation == "bit":
            return self._chosen(arguments[0], ("const", 1), ("const", 0))
        raise NotExpressible(f"the operation {operation} where fault flags are computed")

    def _chosen(self, condition: Condition, then: Expr, otherwise: Expr) -> Expr:
        kind, content = condition
        if kind == "not":
            return self._chosen(content, otherwise, then)
        if kind == "or":
            return reduce(lambda below, part: self._chosen(part, then, below), reversed(content), otherwise)
        if kind == "and":
            return reduce(lambda below, part: self._chosen(part, below, otherwise), reversed(content), then)
        name = {"ge": "ifNatural", "eq": "ifZero"}[kind]
        return (name, self.of(self.terms.value(content)), then, otherwise)

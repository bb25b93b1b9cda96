"""The fault flags of a recorded run as `Flags` of lean/TinyVerify/ObjectCode/Spec.lean: minima over the features.

Serves `kernel.object_code` in Lean. Nothing is simplified: an atom is its operation's constructor.
"""

from __future__ import annotations

from functools import reduce

from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Expr
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.floats import EXPONENT, MAGNITUDE
from tinyverify.engines.machine_code.linear import Value, single

WORD = 32


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

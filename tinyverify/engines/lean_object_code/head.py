"""What a recorded run makes of the accumulators: the arg max, or the code of a continuous action by table.

Serves `kernel.object_code` in Lean.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.expressions import Expression, Names, NotExpressible
from tinyverify.engines.lean_object_code.program import Expr, Selection
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.lean_object_code.selection import selection_of
from tinyverify.engines.machine_code.linear import Value, single


def known_accumulators(terms: Recorder, accumulators: list[Value]) -> dict[int, int]:
    """The index of each accumulator, by its atom."""
    known: dict[int, int] = {}
    for index, value in enumerate(accumulators):
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("an accumulator that is not a word")
        known[one[0]] = index
    if len(known) != len(accumulators):
        raise NotExpressible("two accumulators with the same rows")
    return known


def action_of(terms: Recorder, policy: Policy, known: dict[int, int], action: Value) -> Selection | Expr:
    """The action's index, or its code as an entry of the table; `known`: the index of each accumulator."""
    if policy.discrete:
        return selection_of(terms, known, action)
    return _Table(terms, Names(known, policy.outputs, True)).of(action)


class _Table:
    """The signed byte of a table: `signed(unsigned byte)`, which is what a load with sign extension gives."""

    def __init__(self, terms: Recorder, names: Names):
        self.terms = terms
        self.names = names

    def of(self, value: Value) -> Expr:
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("an action's code that is no byte of a table")
        operation, arguments, _, _ = self.terms.atoms[one[0]]
        if operation == "signed" and arguments[1] == 32:
            return self.of(self.terms.value(arguments[0]))
        if operation == "signed" and arguments[1] == 8:
            inner = self.terms.value(arguments[0])
            two = None if isinstance(inner, int) else single(inner)
            if two is not None and two[1:] == (1, 0) and self.terms.atoms[two[0]].operation == "lookup":
                reference, data = self.terms.atoms[two[0]].arguments
                if len(data) != 256:
                    raise NotExpressible(f"a table of {len(data)} bytes")
                index = Expression(self.terms, self.names).of(self.terms.value(reference))
                signed = [byte - 256 if byte > 127 else byte for byte in data]
                return ("table", index, pack(signed))
        raise NotExpressible("an action's code that is no byte of a table")

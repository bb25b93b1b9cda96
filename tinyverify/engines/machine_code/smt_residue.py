"""What term rewriting leaves open, as linear integer arithmetic for both solvers.

Serves `kernel.object_code`. `unsat` means that two values are equal for all inputs: atoms without an arithmetic meaning
here (tables, divisions, floats, products) become free integers inside their intervals, which only makes the claim
harder; so do the accumulators, whose sums say nothing about which of them is the largest. So `sat` proves nothing.
Atoms and conditions have names, so that what many others share is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.evaluate import arguments_of
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.terms import Terms
from tinyverify.engines.smt.query import Query, integer

ARITHMETIC = ("floor", "mod", "clamp", "max", "bit", "select")


def equal_query(terms: Terms, name: str, a: Value, b: Value, free: Sequence[Value] = ()) -> Query:
    """A script that is unsat only if `a` = `b` for all inputs.

    The values of `free`, and differences of two of them, are read as free integers where they occur.
    """
    shared = closure(terms, a) & closure(terms, b)
    opaque = {atom for atom in shared if terms.atoms[atom].operation in ("floor", "mod", "clamp")}
    return _unequal(_Script(terms, opaque, free), name, a, b)


def zero_query(terms: Terms, value: Value) -> Query:
    """A script whose models are values of the free atoms for which `value` is 0."""
    script = _Script(terms, set())
    goal = f"(assert (= {script.value(value)} 0))"
    lines = ["(set-logic QF_LIA)", *script.lines, goal, "; check: inputs that give a value", "(check-sat)"]
    return Query("kernel.object_code", "\n".join(lines) + "\n")


def _unequal(script: _Script, name: str, a: Value, b: Value) -> Query:
    left, right = script.value(a), script.value(b)
    goal = f"(assert (not (= {left} {right})))"
    lines = ["(set-logic QF_LIA)", *script.lines, goal, f"; check: {name}", "(check-sat)"]
    return Query("kernel.object_code", "\n".join(lines) + "\n")


def closure(terms: Terms, value: Value) -> set[int]:
    """Every atom that `value` is computed from."""
    found: set[int] = set()
    todo = [] if isinstance(value, int) else list(value.terms)
    while todo:
        atom = todo.pop()
        if atom not in found:
            found.add(atom)
            todo += arguments_of(terms, atom)
    return found


class _Script:
    def __init__(self, terms: Terms, opaque: set[int], free: Sequence[Value] = ()):
        self.terms = terms
        self.opaque = opaque
        self.lines: list[str] = []
        self._named: dict[int, str] = {}
        self._conditions: dict[tuple, str] = {}
        # How a linear form, up to its constant, reads in free integers, and what the reading adds to its constant.
        self._free: dict[frozenset[tuple[int, int]], tuple[str, int]] = {}
        for index, value in enumerate(free):
            self._declare(f"free{index}", *terms.bounds(value))
            self._read_as(value, f"free{index}")
        for (i, first), (j, second) in permutations(enumerate(free), 2):
            difference = f"(- free{i} free{j})"
            self._read_as(add(first, second, -1), difference)
            self.lines.append(f"(assert (<= {difference} {integer(terms.bounds(add(first, second, -1))[1])}))")

    def _read_as(self, value: Value, text: str) -> None:
        if not isinstance(value, int):
            self._free.setdefault(frozenset(value.terms.items()), (text, value.constant))

    def value(self, value: Value) -> str:
        if isinstance(value, int):
            return integer(value)
        known = self._free.get(frozenset(value.terms.items()))
        if known is not None:
            return f"(+ {known[0]} {integer(value.constant - known[1])})"
        parts = [f"(* {integer(k)} {self.atom(atom)})" for atom, k in sorted(value.terms.items())]
        return f"(+ {integer(value.constant)} {' '.join(parts)})"

    def ref(self, ref: int) -> str:
        return self.value(self.terms.value(ref))

    def atom(self, atom: int) -> str:
        """The name of `atom`; defined on first use, children first."""
        if atom not in self._named:
            for missing in self._order(atom):
                self._define(missing)
        return self._named[atom]

    def _order(self, atom: int) -> list[int]:
        wanted, todo = set(), [atom]
        while todo:
            at = todo.pop()
            if at in wanted or at in self._named:
                continue
            wanted.add(at)
            if not self._is_free(at):
                todo += arguments_of(self.terms, at)
        return sorted(wanted)

    def _is_free(self, atom: int) -> bool:
        return atom in self.opaque or self.terms.atoms[atom].operation not in ARITHMETIC

    def _define(self, atom: int) -> None:
        operation, arguments, low, high = self.terms.atoms[atom]
        name = self._named[atom] = f"a{atom}"
        if self._is_free(atom):
            self._declare(name, low, high)
        elif operation in ("floor", "mod"):
            base, size = self.ref(arguments[0]), 1 << arguments[1]
            quotient = name if operation == "floor" else f"{name}_q"
            self.lines.append(f"(declare-fun {quotient} () Int)")
            rest = f"(- {base} (* {size} {quotient}))"
            self.lines.append(f"(assert (and (<= 0 {rest}) (<= {rest} {size - 1})))")
            if operation == "mod":
                self._equal(name, f"(- {base} (* {size} {quotient}))")
        elif operation == "clamp":
            base, bottom, top = self.ref(arguments[0]), integer(arguments[1]), integer(arguments[2])
            body = f"(ite (<= {base} {bottom}) {bottom} (ite (>= {base} {top}) {top} {base}))"
            self._equal(name, body)
        elif operation == "max":
            self._declare(name, low, high)
            members = [self.ref(ref) for ref in arguments]
            self.lines += [f"(assert (>= {name} {member}))" for member in members]
            self.lines.append(f"(assert (or {' '.join(f'(= {name} {member})' for member in members)}))")
        elif operation == "bit":
            self._equal(name, f"(ite {self.condition(arguments[0])} 1 0)")
        else:
            condition, first, second = self.condition(arguments[0]), self.ref(arguments[1]), self.ref(arguments[2])
            self._equal(name, f"(ite {condition} {first} {second})")

    def _equal(self, name: str, body: str) -> None:
        self.lines += [f"(declare-fun {name} () Int)", f"(assert (= {name} {body}))"]

    def _declare(self, name: str, low: int, high: int) -> None:
        self.lines.append(f"(declare-fun {name} () Int)")
        self.lines.append(f"(assert (and (<= {integer(low)} {name}) (<= {name} {integer(high)})))")

    def condition(self, condition: Condition) -> str:
        """The name of a conjunction or disjunction, the text of a comparison; parts first, without deep recursion."""
        if isinstance(condition, bool):
            return "true" if condition else "false"
        todo = [condition]
        while todo:
            at = todo[-1]
            missing = [part for part in _parts(at) if part not in self._conditions]
            if missing:
                todo += missing
                continue
            todo.pop()
            if at not in self._conditions:
                self._conditions[at] = self._condition(*at)
        return self._conditions[condition]

    def _condition(self, kind: str, content: Any) -> str:
        if kind == "ge":
            return f"(>= {self.ref(content)} 0)"
        if kind == "eq":
            return f"(= {self.ref(content)} 0)"
        if kind == "ne":
            return f"(not (= {self.ref(content)} 0))"
        name = f"c{len(self._conditions)}"
        parts = sorted(self._conditions[part] for part in content)
        self.lines.append(f"(define-fun {name} () Bool ({kind} {' '.join(parts)}))")
        return name


def _parts(condition: tuple) -> list[Condition]:
    """What a conjunction or disjunction is made of."""
    return list(condition[1]) if condition[0] in ("and", "or") else []

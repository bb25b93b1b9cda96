"""Functions of one number shown equal by computing both for every value that the number can have.

Serves `kernel.object_code`: compilers write a rounding in many ways, and after a weighted sum each is a function of
that sum alone. What the machine code computes is merged with what the reference computes, from the observation on:
two atoms that agree on samples and depend on the same linear form are evaluated on its whole interval. Nothing is
merged on the samples' word. For a number with more than MAX_VALUES values the interval is halved instead (pieces.py).
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

import numpy as np

from tinyverify.engines.machine_code import pieces
from tinyverify.engines.machine_code.conditions import Condition, compared
from tinyverify.engines.machine_code.evaluate import SAFE, Evaluation, arguments_of
from tinyverify.engines.machine_code.linear import Linear, Value, add, combine, linear
from tinyverify.engines.machine_code.maxima import ramp
from tinyverify.engines.machine_code.smt_residue import closure
from tinyverify.engines.machine_code.terms import WORD, Terms

MAX_VALUES = 1 << 24
CHUNK = 1 << 18
MAX_CANDIDATES = 4

Direction = tuple[tuple[int, int], ...]  # atoms with coprime coefficients, the first of them positive


class Merging:
    """Values rewritten so that atoms shown equal to one of `reference`'s atoms are that atom.

    `samples`: the evaluation that proposes pairs. `from_codes`: what depends on one input alone is tabulated over the
    input's code, which a first round has recognised, and not over the float32 patterns below it.
    """

    def __init__(self, terms: Terms, reference: list[Value], samples: Evaluation, from_codes: bool):
        self.terms = terms
        self.from_codes = from_codes
        self.samples = samples
        self.tabulated = 0
        self._merged: dict[int, Value] = {}
        self._directions: dict[int, Direction | None] = {}
        self._targets = set().union(*(closure(terms, value) for value in reference))
        self._by_values: dict[tuple, list[int]] = {}
        for atom in sorted(self._targets):
            if terms.atoms[atom].operation not in ("input", "pointer"):
                self._by_values.setdefault(self._key(Linear(0, {atom: 1})), []).append(atom)

    def value(self, value: Value) -> Value:
        """`value`, rewritten."""
        for atom in sorted(closure(self.terms, value) - self._targets):
            if atom not in self._merged:
                self._merge(atom)
        return self._replaced(value)

    def _merge(self, atom: int) -> None:
        rebuilt = self._rebuilt(atom)
        self._merged[atom] = rebuilt
        direction = self._direction_of(rebuilt)
        if direction is None or not isinstance(rebuilt, Linear):
            return
        found = self._found(direction, rebuilt)
        if found is not None:
            self._merged[atom] = found

    def _found(self, direction: Direction, value: Linear) -> Value | None:
        """One of the reference's atoms, or its negative, and a constant that together are `value`, or None.

        A constant alone where `value` is one: a hidden unit that no input switches on is no atom of the reference.
        """
        first = int(self.samples.value(value)[0])
        if (self.samples.value(value) == first).all() and self._equal(direction, value, first):
            self.tabulated += 1
            return first
        likely = [(self._as(value, target), target) for target in self._by_values.get(self._key(value), ())]
        likely.sort(key=lambda pair: (pair[0].constant != 0, pair[0].terms[pair[1]] != 1))  # the atom itself first
        for found, target in likely[:MAX_CANDIDATES]:
            if self._direction(target) == direction and self._equal(direction, value, found):
                self.tabulated += 1
                return found
        return None

    def _key(self, value: Linear) -> tuple:
        """Equal for values that have a constant sum or difference on the samples."""
        low, high = self.terms.bounds(value)
        if low < -(1 << 63) or high >= 1 << 63:
            return ("none", value.constant, *value.terms.items())
        moved, sign = self._moved(value)
        return ((sign * moved).tobytes(),)

    def _moved(self, value: Linear) -> tuple[np.ndarray, int]:
        """The samples less the first of them, and the sign of the first that is not 0 then."""
        values = self.samples.value(value).astype(np.int64)
        moved = values - values[0]
        at = int(np.argmax(moved != 0))
        return moved, -1 if moved[at] < 0 else 1

    def _as(self, value: Linear, target: int) -> Linear:
        """What `value` is on the samples, in terms of `target`."""
        sign = self._moved(value)[1] * self._moved(Linear(0, {target: 1}))[1]
        return Linear(int(self.samples.value(value)[0]) - sign * int(self.samples.atom(target)[0]), {target: sign})

    def _equal(self, direction: Direction, a: Value, b: Value) -> bool:
        """Whether `a` = `b` for every value of `direction` in its interval."""
        low, high = self.terms.bounds(Linear(0, dict(direction)))
        if high - low >= MAX_VALUES:
            return pieces.equal(self.terms, dict(direction), (low, high), a, b)
        for start in range(low, high + 1, CHUNK):
            values = np.arange(start, min(start + CHUNK, high + 1), dtype=np.int64)
            table = Tabulation(self.terms, direction, values, self._direction)
            if not np.array_equal(table.value(a), table.value(b)):
                return False
        return True

    # Which number an atom is a function of

    def _direction(self, atom: int) -> Direction | None:
        """The linear form that `atom` is a function of; None if there is none of few enough values."""
        if atom not in self._directions:
            self._directions[atom] = self._common(values_below(self.terms, atom))
        return self._directions[atom]

    def _direction_of(self, value: Value) -> Direction | None:
        if isinstance(value, int):
            return None
        below = {self._direction(atom) for atom in value.terms}
        if len(below) == 1 and None not in below:
            deeper = below.pop()
            if not (self.from_codes and len(value.terms) == 1 and self._is_code(min(value.terms), deeper)):
                return deeper
        for number in below - {None}:  # atoms that depend on one number, and that number itself
            rest = linear(0, {atom: k for atom, k in value.terms.items() if self._direction(atom) != number})
            if isinstance(rest, Linear) and self._number(rest) == number:
                return number
        direction = self._number(value)
        low, high = self.terms.bounds(Linear(0, dict(direction)))
        return direction if high - low < 1 << WORD else None

    def _number(self, value: Linear) -> Direction:
        """The linear form that `value` is a multiple of, or a ramp, and a constant."""
        found = ramp(self.terms, value)
        terms = value.terms if found is None else found.difference.terms
        factor = gcd(*terms.values()) * (-1 if terms[min(terms)] < 0 else 1)
        return tuple(sorted((atom, k // factor) for atom, k in terms.items()))

    def _is_code(self, atom: int, below: Direction) -> bool:
        """Whether the reference clamps `below`, of too many values to tabulate, to few, as an input's code is."""
        known = self.terms.atoms[atom]
        if atom not in self._targets or known.operation != "clamp" or known.high - known.low >= MAX_VALUES:
            return False
        low, high = self.terms.bounds(Linear(0, dict(below)))
        return high - low >= MAX_VALUES

    def _common(self, values: list[Value]) -> Direction | None:
        found = {self._direction_of(value) for value in values if not isinstance(value, int)}
        return found.pop() if len(found) == 1 else None

    # Building atoms again from other arguments

    def _replaced(self, value: Value) -> Value:
        if isinstance(value, int) or not value.terms.keys() & self._merged.keys():
            return value
        parts = [(k, self._merged.get(atom, Linear(0, {atom: 1}))) for atom, k in value.terms.items()]
        return self._together(combine(value.constant, parts))

    def _together(self, value: Value) -> Value:
        """`value` with atoms that only together are one of the reference's, as `a mod 2 + 2 floor(a / 2)` is `a`."""
        if not self.from_codes or isinstance(value, int) or value.terms.keys() <= self._targets:
            return value
        groups: dict[Direction, dict[int, int]] = {}
        for atom, k in value.terms.items():
            direction = None if atom in self._targets else self._direction(atom)
            if direction is not None:
                groups.setdefault(direction, {})[atom] = k
        for direction, group in groups.items():
            factor = gcd(*group.values())
            part = Linear(0, {atom: k // factor for atom, k in group.items()})
            found = self._found(direction, part) if len(group) > 1 else None
            if found is not None:
                value = add(add(value, part, -factor), found, factor)
        return value

    def _rebuilt(self, atom: int) -> Value:
        if not any(below in self._merged for below in arguments_of(self.terms, atom)):
            return Linear(0, {atom: 1})
        return rebuild(self.terms, atom, self._replaced)


class Tabulation(Evaluation):
    """Values of terms that depend on `direction` alone, where it takes the numbers `values`, which rise.

    `direction_of(atom)`: the form that an atom depends on.
    """

    def __init__(
        self,
        terms: Terms,
        direction: Direction,
        values: np.ndarray,
        direction_of: Callable[[int], Direction | None],
    ):
        super().__init__(terms, len(values), self._no_inputs)
        self._direction, self._form = direction, dict(direction)
        self._direction_of = direction_of
        self._values = values

    def value(self, value: Value) -> np.ndarray:
        if isinstance(value, int):
            return super().value(value)
        deeper = self._deeper(value)
        rest = add(value, deeper, -1)
        total = super().value(rest) if isinstance(rest, int) else self._of_form(rest)
        if isinstance(deeper, int):
            return total
        low, high = self.terms.bounds(deeper)
        return self._safe(total, max(-low, high)) + super().value(deeper)

    def _deeper(self, value: Linear) -> Value:
        """The part of `value` whose atoms are computed from the form, and are not the form's own."""
        if self._times(value) is not None:
            return 0
        return linear(0, {atom: k for atom, k in value.terms.items() if self._direction_of(atom) == self._direction})

    def _of_form(self, value: Linear) -> np.ndarray:
        """A multiple of the form, or a ramp (`max(a, b) - a` is one of `b - a`), and a constant."""
        times = self._times(value)
        if times is not None:
            return self._scaled(self._values, times, value.constant)
        found = ramp(self.terms, value)
        times = None if found is None else self._times(found.difference)
        if found is None or times is None:
            raise AssertionError(f"{value} is not a function of the tabulated number")
        difference = self._scaled(self._values, times, found.difference.constant)
        line = self._scaled(difference, found.slope, found.constant)
        bend = self._scaled(np.maximum(difference, 0), found.times, 0)
        return self._safe(line, int(np.abs(bend).max())) + bend

    def _times(self, value: Value) -> int | None:
        """The factor by which `value`, less its constant, is the form."""
        if isinstance(value, int) or value.terms.keys() != self._form.keys():
            return None
        first = min(self._form)
        times = value.terms[first] // self._form[first]
        return times if all(value.terms[atom] == times * k for atom, k in self._form.items()) else None

    def _missing(self, atom: int) -> list[int]:
        wanted, todo = set(), [atom]
        while todo:
            at = todo.pop()
            if at not in wanted and at not in self._atoms:
                wanted.add(at)
                parts = [self._deeper(v) for v in values_below(self.terms, at) if not isinstance(v, int)]
                todo += [below for part in parts if not isinstance(part, int) for below in part.terms]
        return sorted(wanted)

    def _scaled(self, values: np.ndarray, times: int, constant: int) -> np.ndarray:
        """`values`, which rise or fall throughout, times `times`, and `constant`."""
        most = max(abs(int(values[0])), abs(int(values[-1])))
        exact = values if abs(constant) + abs(times) * most < SAFE else values.astype(object)
        return exact * times + constant

    @staticmethod
    def _safe(values: np.ndarray, added: int) -> np.ndarray:
        """`values` in numbers that stay exact when something of at most `added` is added."""
        if values.dtype == object:
            return values
        return values if int(np.abs(values).max()) + added < SAFE else values.astype(object)

    @staticmethod
    def _no_inputs(name: str, index: int) -> np.ndarray:
        raise AssertionError(f"{name}[{index}] is not a function of the tabulated number")


def values_below(terms: Terms, atom: int) -> list[Value]:
    """The values that `atom` is computed from, those of its conditions included; none for an input."""
    operation, arguments, _, _ = terms.atoms[atom]
    if operation in ("input", "pointer"):
        return []
    if operation in ("floor", "mod", "clamp", "and", "lookup", "clz"):
        return [terms.value(arguments[0])]
    if operation == "bit":
        return [terms.value(ref) for ref in compared(arguments[0])]
    if operation == "select":
        return [terms.value(ref) for ref in (*compared(arguments[0]), *arguments[1:])]
    return [terms.value(ref) for ref in arguments]


def rebuild(terms: Terms, atom: int, replaced: Callable[[Value], Value]) -> Value:
    """The operation of `atom` on `replaced` arguments."""
    operation, arguments, low, high = terms.atoms[atom]
    if operation in ("input", "pointer"):
        return Linear(0, {atom: 1})
    if operation == "bit":
        return terms.bit(_rebuilt_condition(terms, arguments[0], replaced))
    first = replaced(terms.value(arguments[0])) if operation != "select" else 0
    if operation == "floor":
        return terms.floor(first, arguments[1])
    if operation == "mod":
        return terms.mod(first, arguments[1])
    if operation == "clamp":
        return terms.clamp(first, arguments[1], arguments[2])
    if operation == "and":
        if isinstance(first, int):
            return first & arguments[1]
        return terms.atom("and", (terms.ref(first), arguments[1]), low, high)
    if operation == "lookup":
        return terms.lookup(arguments[1], terms.clamp(first, 0, len(arguments[1]) - 1))
    if operation == "clz":
        return terms.leading_zeros(first)
    if operation == "select":
        condition = _rebuilt_condition(terms, arguments[0], replaced)
        return terms.select(condition, *(replaced(terms.value(ref)) for ref in arguments[1:]))
    values = [replaced(terms.value(ref)) for ref in arguments]
    if operation == "max":
        return terms.maximum(values)
    if operation == "product":
        return terms.product(*values)
    if operation == "divide":
        return terms.divide(*values)
    return terms.float_operation(operation, *values)


def _rebuilt_condition(terms: Terms, condition: Condition, replaced: Callable[[Value], Value]) -> Condition:
    done: dict[tuple, Condition] = {}

    def rebuilt(part: Condition) -> Condition:
        if isinstance(part, bool):
            return part
        if part not in done:
            kind, content = part
            if kind in ("and", "or"):
                parts = [rebuilt(each) for each in content]
                done[part] = terms.all_of(parts) if kind == "and" else terms.any_of(parts)
            else:
                value = replaced(terms.value(content))
                known = terms.ge(value) if kind == "ge" else terms.eq(value)
                done[part] = terms.negate(known) if kind == "ne" else known
        return done[part]

    return rebuilt(condition)

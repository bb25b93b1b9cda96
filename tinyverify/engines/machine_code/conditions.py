"""Conditions on values: `value >= 0`, `value = 0`, their negations, and finite conjunctions and disjunctions.

Serves `kernel.object_code`. A condition is True, False, or a tuple: ("ge", ref), ("eq", ref), ("ne", ref),
("and", frozenset), ("or", frozenset). Rules are identities for integers inside the atoms' intervals. Conditions share
their parts, so each is computed once and kept: opened anew at every use, a chain of n would cost 2^n.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import TYPE_CHECKING, Any

from tinyverify.engines.machine_code.linear import Linear, Value, add, scale, single

if TYPE_CHECKING:
    from tinyverify.engines.machine_code.terms import Terms

Condition = bool | tuple


def compared(condition: Condition) -> list[int]:
    """References of the values that `condition` compares with zero, in a fixed order."""
    found, seen, todo = [], set(), [condition]
    while todo:
        part = todo.pop()
        if isinstance(part, bool) or part in seen:
            continue
        seen.add(part)
        if part[0] in ("and", "or"):
            todo += part[1]
        else:
            found.append(part[1])
    return sorted(set(found))


class Conditions:
    """The part of `Terms` that speaks about conditions."""

    def ge(self: Terms, value: Value) -> Condition:
        """`value >= 0`."""
        low, high = self.bounds(value)
        if low >= 0 or high < 0:
            return low >= 0
        return self._kept("ge", value, self._ge)

    def _kept(self: Terms, kind: str, value: Value, opened: Callable[[Value], Condition]) -> Condition:
        key = (kind, self.ref(value))
        if key not in self.comparisons:
            self.comparisons[key] = opened(value)
        return self.comparisons[key]

    def _ge(self: Terms, value: Linear) -> Condition:
        low, high = self.bounds(value)
        if high == 0:
            return self.eq(value)
        common = gcd(*value.terms.values())
        if common > 1:
            value = Linear(value.constant // common, {atom: k // common for atom, k in value.terms.items()})
            low, high = self.bounds(value)
            if low >= 0 or high < 0:
                return low >= 0
        one = single(value)
        if one is not None and abs(one[1]) == 1:
            opened = self._ge_single(*one)
            if opened is not None:
                return opened
        whole = self.undo_clear(value, None)
        if whole is not None:
            return self.ge(whole)
        extreme = self._only_max(value)
        if extreme is not None:
            k, members, rest = extreme
            if k == 1:
                return self.any_of([self.ge(add(rest, m)) for m in members])
            return self.all_of([self.ge(add(rest, m, -1)) for m in members])
        return ("ge", self.ref(value))

    def _ge_single(self: Terms, atom: int, k: int, constant: int) -> Condition | None:
        operation, arguments, _, _ = self.atoms[atom]
        if operation == "floor":
            base, count = self.value(arguments[0]), arguments[1]
            if k == 1:  # floor(b / 2^n) >= -c
                return self.ge(add(base, constant << count))
            return self.ge(add(((constant + 1) << count) - 1, base, -1))
        if operation == "bit":
            return arguments[0] if k == 1 else self.negate(arguments[0])
        if operation == "clamp":  # the interval says that the threshold is inside the clamp
            base = self.value(arguments[0])
            return self.ge(add(constant, base, k))
        return None

    def eq(self: Terms, value: Value) -> Condition:
        """`value = 0`."""
        low, high = self.bounds(value)
        if low > 0 or high < 0:
            return False
        return True if isinstance(value, int) else self._kept("eq", value, self._eq)

    def _eq(self: Terms, value: Linear) -> Condition:
        common = gcd(*value.terms.values())
        if value.constant % common:
            return False
        if value.terms[min(value.terms)] < 0:
            common = -common
        if common != 1:
            value = Linear(value.constant // common, {atom: k // common for atom, k in value.terms.items()})
        one = single(value)
        if one is not None and one[1] == 1:
            opened = self._eq_single(one[0], one[2])
            if opened is not None:
                return opened
        extreme = self._only_max(value)
        if extreme is not None:
            k, members, rest = extreme
            sums = [add(scale(rest, k), m) for m in members]  # max(m) = -k * rest
            reached = self.any_of([self.ge(s) for s in sums])
            return self.all_of([reached, *(self.ge(scale(s, -1)) for s in sums)])
        return ("eq", self.ref(value))

    def _eq_single(self: Terms, atom: int, constant: int) -> Condition | None:
        operation, arguments, low, high = self.atoms[atom]
        if operation == "bit":
            return self.negate(arguments[0]) if constant == 0 else arguments[0]
        if operation == "mod":  # b mod 2^n = t for a t in [0, 2^n), where b - t cannot reach another multiple
            base = add(self.value(arguments[0]), constant)
            base_low, base_high = self.bounds(base)
            size = 1 << arguments[1]
            if -size < base_low and base_high < size:
                return self.eq(base)
        if operation == "clamp":
            base = add(self.value(arguments[0]), constant)
            if -constant == low:
                return self.ge(scale(base, -1))
            if -constant == high:
                return self.ge(base)
            return self.eq(base)
        if operation == "select":
            condition, a, b = arguments
            first = self.all_of([condition, self.eq(add(self.value(a), constant))])
            second = self.all_of([self.negate(condition), self.eq(add(self.value(b), constant))])
            return self.any_of([first, second])
        return None

    def _only_max(self: Terms, value: Linear) -> tuple[int, list[Value], Value] | None:
        """(k, members, rest) if `value` = k * max(members) + rest, k = 1 or -1, with no other max in it."""
        found = [atom for atom in value.terms if self.atoms[atom].operation == "max"]
        if len(found) != 1 or abs(value.terms[found[0]]) != 1:
            return None
        k = value.terms[found[0]]
        rest = add(value, Linear(0, {found[0]: k}), -1)
        return k, [self.value(ref) for ref in self.atoms[found[0]].arguments], rest

    def is_odd(self: Terms, value: Value) -> Condition:
        """`value mod 2 = 1`."""
        return self.ge(add(self.mod(value, 1), -1))

    def negate(self: Terms, condition: Condition) -> Condition:
        """The opposite."""
        if isinstance(condition, bool):
            return not condition
        found = self.negations.get(condition)
        if found is None:
            found = self.negations[condition] = self._negate(*condition)
        return found

    def _negate(self: Terms, kind: str, content: Any) -> Condition:
        if kind == "ge":
            return self.ge(add(-1, self.value(content), -1))
        if kind == "eq":
            return ("ne", content)
        if kind == "ne":
            return ("eq", content)
        parts = [self.negate(part) for part in content]
        return self.any_of(parts) if kind == "and" else self.all_of(parts)

    def all_of(self: Terms, parts: list[Condition]) -> Condition:
        """The conjunction."""
        return self._gather(parts, "and", False)

    def any_of(self: Terms, parts: list[Condition]) -> Condition:
        """The disjunction."""
        return self._gather(parts, "or", True)

    def _gather(self: Terms, parts: list[Condition], kind: str, absorbing: bool) -> Condition:
        members: set = set()
        for part in parts:
            if isinstance(part, bool):
                if part is absorbing:
                    return absorbing
            elif part[0] == kind:
                members |= part[1]
            else:
                members.add(part)
        if any(self.negate(member) in members for member in members):
            return absorbing
        if not members:
            return not absorbing
        if len(members) == 1:
            return next(iter(members))
        gathered = (kind, frozenset(members))
        return self.gathered.setdefault(gathered, gathered)  # one object each, so that comparing two is not deep

    def is_negative_polarity(self: Terms, condition: Condition) -> bool:
        """Which of a condition and its negation is written as a negation, so that each pair has one form."""
        kind, content = condition
        if kind == "ge":
            value = self.value(content)
            return value.terms[min(value.terms)] < 0
        return kind in ("ne", "and")

    def bit(self: Terms, condition: Condition) -> Value:
        """1 where `condition` holds, else 0."""
        if isinstance(condition, bool):
            return int(condition)
        carried = self._as_carry(condition)
        if carried is not None:
            return carried
        if self.is_negative_polarity(condition):
            return add(1, self.atom("bit", (self.negate(condition),), 0, 1), -1)
        return self.atom("bit", (condition,), 0, 1)

    def _as_carry(self: Terms, condition: Condition) -> Value | None:
        """`b mod 2^n + e >= 0` with e in [-2^n, 0] is the carry floor((b + e) / 2^n) - floor(b / 2^n) + 1."""
        if condition[0] != "ge":
            return None
        value = self.value(condition[1])
        for atom, k in value.terms.items():
            operation, arguments, _, _ = self.atoms[atom]
            if operation != "mod" or abs(k) != 1 or arguments[1] < 2:
                continue
            count = arguments[1]
            exact = value if k == 1 else add(-1, value, -1)  # for -m the negation speaks of m
            rest = add(exact, Linear(0, {atom: 1}), -1)
            low, high = self.bounds(rest)
            if -(1 << count) <= low and high <= 0:
                base = self.value(arguments[0])
                if self.is_input(base):
                    continue  # a float's magnitude, no part of a sum: the comparison keeps the interval of 0 and 1
                carry = add(add(self.floor(add(base, rest), count), self.floor(base, count), -1), 1)
                return carry if k == 1 else add(1, carry, -1)
        return None

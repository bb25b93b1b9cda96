"""Terms of a symbolic run whose operations are kept as the instructions ask for them, not rewritten.

Serves `kernel.object_code` in Lean. engines/machine_code/terms.py simplifies as it goes; here every operation on data
becomes an atom of its own, so that what Lean reads is what the instruction semantics say, with each wrap-around of a
register in it. Computed or rewritten are only: constants, addresses (which steer the run and reach no output), sums
with constant factors (linear.py), and words made of single bits or table bytes, whose range is known.
"""

from __future__ import annotations

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.linear import Linear, Value, single
from tinyverify.engines.machine_code.terms import WORD, Atom, Terms

FLOATS = ("multiply", "from_int32", "to_int32")
SIGNED_WORDS = ("input", *FLOATS)  # atoms that are signed words by definition


class Recorder(Terms):
    """A table of atoms that nothing is simplified in. Conditions are "ge", "eq", "not", "and", "or" of references."""

    def floor(self, value: Value, count: int) -> Value:
        if count == 0 or self._computed(value):
            return super().floor(value, count)
        low, high = self.bounds(value)
        return self._record("floor", (self.ref(value), count), low >> count, high >> count)

    def mod(self, value: Value, bits: int) -> Value:
        if bits == 0 or self._computed(value):
            return super().mod(value, bits)
        low, high = self.bounds(value)
        if low < 0 or high >> bits:
            low, high = 0, (1 << bits) - 1
        elif bits == WORD and self._narrow(value):
            return value
        return self._record("unsigned", (self.ref(value), bits), low, high)

    def signed(self, value: Value, bits: int = WORD) -> Value:
        if self._computed(value):
            return super().signed(value, bits)
        one = None if isinstance(value, int) else single(value)
        if bits == WORD and one is not None and one[1:] == (1, 0) and self.atoms[one[0]].operation in SIGNED_WORDS:
            return value
        half = 1 << (bits - 1)
        low, high = self.bounds(value)
        if low < -half or high >= half:
            low, high = -half, half - 1
        return self._record("signed", (self.ref(value), bits), low, high)

    def join(self, low: Value, high: Value) -> Value:
        if self._computed(low) and self._computed(high):
            return super().join(low, high)
        return self._record("join", (self.ref(low), self.ref(high)), -(1 << 63), (1 << 63) - 1)

    def clamp(self, value: Value, low: int, high: int) -> Value:
        if self._computed(value):
            return super().clamp(value, low, high)
        ends = [max(low, min(high, end)) for end in self.bounds(value)]
        return self._record("clamp", (self.ref(value), low, high), *ends)

    def maximum(self, values: list[Value]) -> Value:
        return self._extreme("max", max, values)

    def minimum(self, values: list[Value]) -> Value:
        return self._extreme("min", min, values)

    def _extreme(self, operation: str, choose, values: list[Value]) -> Value:
        if all(self._computed(value) for value in values):
            return super().maximum(values) if operation == "max" else super().minimum(values)
        ends = [self.bounds(value) for value in values]
        references = tuple(self.ref(value) for value in values)
        return self._record(operation, references, choose(e[0] for e in ends), choose(e[1] for e in ends))

    def and_mask(self, value: Value, mask: int) -> Value:
        if self._computed(value):
            return super().and_mask(value, mask)
        return self._record("and", (self.ref(value), mask), 0, mask)

    def lookup(self, table: bytes, index: Value) -> Value:
        """All of the table, where the rewriting terms keep the part of it that the index can reach."""
        if self._computed(index):
            return super().lookup(table, index)
        low, high = self.bounds(index)
        reached = table[low : high + 1]
        return self._record("lookup", (self.ref(index), table), min(reached), max(reached))

    def select(self, condition: Condition, a: Value, b: Value) -> Value:
        if isinstance(condition, bool):
            return a if condition else b
        ends = self.bounds(a), self.bounds(b)
        arguments = (condition, self.ref(a), self.ref(b))
        return self._record("select", arguments, min(e[0] for e in ends), max(e[1] for e in ends))

    def bit(self, condition: Condition) -> Value:
        return int(condition) if isinstance(condition, bool) else self._record("bit", (condition,), 0, 1)

    def ge(self, value: Value) -> Condition:
        return super().ge(value) if self._computed(value) else ("ge", self.ref(value))

    def eq(self, value: Value) -> Condition:
        return super().eq(value) if self._computed(value) else ("eq", self.ref(value))

    def negate(self, condition: Condition) -> Condition:
        if isinstance(condition, bool):
            return not condition
        return condition[1] if condition[0] == "not" else ("not", condition)

    def _gather(self, parts: list[Condition], kind: str, absorbing: bool) -> Condition:
        if any(part is absorbing for part in parts):
            return absorbing
        kept = tuple(part for part in parts if not isinstance(part, bool))
        if not kept:
            return not absorbing
        return kept[0] if len(kept) == 1 else (kind, kept)

    def _computed(self, value: Value) -> bool:
        """Whether the rewriting terms take care of `value`: constants and addresses."""
        return isinstance(value, int) or any(self.atoms[atom].operation == "pointer" for atom in value.terms)

    def _narrow(self, value: Linear) -> bool:
        """Whether `value` is made of single bits and table bytes."""
        atoms = [self.atoms[atom] for atom in value.terms]
        return all(atom.operation == "lookup" or (atom.low, atom.high) == (0, 1) for atom in atoms)

    def _record(self, operation: str, arguments: tuple, low: int, high: int) -> Value:
        key = (operation, arguments)
        found = self._atom_ids.get(key)
        if found is None:
            found = self._atom_ids[key] = len(self.atoms)
            self.atoms.append(Atom(operation, arguments, low, high))
        return Linear(0, {found: 1})

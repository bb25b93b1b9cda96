"""Atoms over linear forms, and the simplifications that make equal computations equal terms.

Serves `kernel.object_code`. Every rule is an identity over the integers that holds for all values inside the atoms'
intervals; what each atom means is written at its constructor and evaluated in evaluate.py. Conditions live in
conditions.py. Wrap-around is explicit: `mod(value, bits)`, dropped where the interval allows. One long
class, because the rules of one operation build terms by those of the others.
"""

from __future__ import annotations

from typing import NamedTuple

from tinyverify.engines.machine_code.conditions import Condition, Conditions
from tinyverify.engines.machine_code.linear import Linear, Value, add, combine, linear, scale, single
from tinyverify.engines.machine_code.maxima import tightened

WORD = 32
WORD_MASK = (1 << WORD) - 1
SIGN = 1 << (WORD - 1)
_FEW_ATOMS = 24  # rewriting every coefficient is worth its time only on short forms


class Atom(NamedTuple):
    """One integer unknown or one operation on values; `arguments` are hashable, values among them by reference."""

    operation: str
    arguments: tuple
    low: int
    high: int


class Terms(Conditions):
    """The table of atoms of one symbolic run."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._atom_ids: dict[tuple, int] = {}
        self._values: list[Value] = []
        self._refs: dict[tuple, int] = {}
        self._maxima: set[int] = set()
        self.comparisons: dict[tuple[str, int], Condition] = {}
        self.negations: dict[tuple, Condition] = {}
        self.gathered: dict[tuple, tuple] = {}

    def bounds(self, value: Value) -> tuple[int, int]:
        """An interval that holds `value`."""
        if isinstance(value, int):
            return value, value
        if value.bounds is None:
            low = high = value.constant
            atoms = self.atoms
            for atom, k in value.terms.items():
                _, _, atom_low, atom_high = atoms[atom]
                if k > 0:
                    low += k * atom_low
                    high += k * atom_high
                else:
                    low += k * atom_high
                    high += k * atom_low
            value.bounds = (low, high)
            if not self._maxima.isdisjoint(value.terms):
                value.bounds = tightened(self, value, low, high)
        return value.bounds

    def ref(self, value: Value) -> int:
        """A small number for `value`; equal numbers mean equal linear forms."""
        if isinstance(value, Linear) and value.ref is not None:
            return value.ref
        key = (value, ()) if isinstance(value, int) else (value.constant, tuple(sorted(value.terms.items())))
        found = self._refs.get(key)
        if found is None:
            found = self._refs[key] = len(self._values)
            self._values.append(value)
        if isinstance(value, Linear):
            value.ref = found
        return found

    def value(self, ref: int) -> Value:
        """The value behind a reference."""
        return self._values[ref]

    def same(self, a: Value, b: Value) -> bool:
        """Whether `a` and `b` are the same linear form."""
        if isinstance(a, int) or isinstance(b, int):
            return isinstance(a, int) and isinstance(b, int) and a == b
        return a is b or (a.constant == b.constant and a.terms == b.terms)

    def atom(self, operation: str, arguments: tuple, low: int, high: int) -> Value:
        """The atom `operation(arguments)` as a value in [low, high]; a constant if the interval is a point."""
        if low == high:
            return low
        key = (operation, arguments)
        found = self._atom_ids.get(key)
        if found is None:
            found = self._atom_ids[key] = len(self.atoms)
            self.atoms.append(Atom(operation, arguments, low, high))
            if operation == "max":
                self._maxima.add(found)
        return Linear(0, {found: 1})

    def input(self, name: str, index: int, low: int, high: int) -> Value:
        """An unknown integer in [low, high]."""
        return self.atom("input", (name, index), low, high)

    def input_bounds(self, name: str, index: int) -> tuple[int, int]:
        """The interval of the input or pointer `name`, `index`."""
        found = self._atom_ids.get(("input", (name, index)), self._atom_ids.get(("pointer", (name, index))))
        return self.atoms[found].low, self.atoms[found].high

    def is_input(self, value: Value) -> bool:
        """Whether `value` is an unknown of its own."""
        one = single(value)
        return one is not None and one[1:] == (1, 0) and self.atoms[one[0]].operation == "input"

    def floor(self, value: Value, count: int) -> Value:
        """`floor(value / 2^count)`: the arithmetic shift right."""
        if count == 0:
            return value
        if isinstance(value, int):
            return value >> count
        low, high = self.bounds(value)
        if low >> count == high >> count:
            return low >> count
        cleared = self.undo_clear(value, count)
        if cleared is not None:
            return self.floor(cleared, count)
        value = self._open_mod(value, count)
        step = 1 << count
        whole = {atom: k >> count for atom, k in value.terms.items() if k % step == 0}
        rest = {atom: k for atom, k in value.terms.items() if k % step}
        quotient, constant = value.constant >> count, value.constant % step
        if not rest:
            return linear(quotient, whole)
        if len(rest) <= _FEW_ATOMS:
            reduced = Linear(constant, {atom: k % step for atom, k in rest.items()})
            low, high = self.bounds(reduced)
            if low >= 0 and high < step:
                for atom, k in rest.items():
                    if k >> count:
                        whole[atom] = k >> count
                return linear(quotient, whole)
        common = 0
        for k in rest.values():
            common |= k
        twos = min((common & -common).bit_length() - 1, count)
        if twos:
            rest = {atom: k >> twos for atom, k in rest.items()}
            constant >>= twos
            count -= twos
        shifted = self._floor_atom(Linear(constant, rest), count)
        return add(shifted, linear(quotient, whole))

    def _floor_atom(self, value: Linear, count: int) -> Value:
        one = single(value)
        if one is not None and one[1] == 1:
            atom, _, constant = one
            operation, arguments, _, _ = self.atoms[atom]
            if operation == "floor":  # floor((floor(b / 2^m) + c) / 2^n) = floor((b + c 2^m) / 2^(m + n))
                base, inner = arguments
                return self.floor(add(self.value(base), constant << inner), count + inner)
            if operation == "mod" and constant % (1 << count) == 0 and arguments[1] >= count:
                base, bits = arguments  # floor((b mod 2^m) / 2^n) = floor(b / 2^n) mod 2^(m - n)
                return add(self.mod(self.floor(self.value(base), count), bits - count), constant >> count)
            if operation == "and" and constant == 0:  # (b & mask) >> n = (b >> n) & (mask >> n), both signed
                base, mask = arguments
                return self.and_mask(self.floor(self.value(base), count), (mask >> count) & WORD_MASK)
            if operation == "clz" and constant == 0 and count == 5:  # 32 only for zero
                return self.bit(self.eq(self.value(arguments[0])))
        low, high = self.bounds(value)
        if low >> count == high >> count:
            return low >> count
        if low >> count == -1 and high >> count == 0:
            return add(self.bit(self.ge(value)), -1)
        if low >> count == 0 and high >> count == 1:
            return self.bit(self.ge(add(value, -(1 << count))))
        return self.atom("floor", (self.ref(value), count), low >> count, high >> count)

    def undo_clear(self, value: Linear, count: int | None) -> Value | None:
        """`b` if `value` is `b - b mod 2^m` (low bits cleared), m <= `count`: both have the same sign and floors."""
        for atom, k in value.terms.items():
            operation, arguments, _, _ = self.atoms[atom]
            if operation == "mod" and k == -1 and (count is None or arguments[1] <= count):
                whole = add(value, Linear(0, {atom: 1}))
                rest = add(whole, self.value(arguments[0]), -1)
                step = 1 << arguments[1]
                parts = [rest] if isinstance(rest, int) else [rest.constant, *rest.terms.values()]
                if all(part % step == 0 for part in parts):
                    return whole
        return None

    def _open_mod(self, value: Linear, count: int) -> Linear:
        """Write `b mod 2^count` with coefficient 1 as `b - 2^count floor(b / 2^count)`, so that carries combine."""
        for atom, k in value.terms.items():
            operation, arguments, _, _ = self.atoms[atom]
            if operation == "mod" and arguments[1] == count and k == 1 and (len(value.terms) > 1 or value.constant):
                base = self.value(arguments[0])
                quotient = self.floor(base, count)
                opened = combine(value, [(-1, Linear(0, {atom: 1})), (1, base), (-(1 << count), quotient)])
                return opened if isinstance(opened, Linear) else value
        return value

    def mod(self, value: Value, bits: int) -> Value:
        """`value mod 2^bits`, in [0, 2^bits)."""
        if bits == 0:
            return 0
        size = 1 << bits
        if isinstance(value, int):
            return value % size
        direct = self._inside(value, bits)
        if direct is not None:
            return direct
        parts: list[tuple[int, Value]] = []
        changed = False
        for atom, k in value.terms.items():
            operation, arguments, _, _ = self.atoms[atom]
            if operation == "mod" and arguments[1] >= bits:
                parts.append((k, self.value(arguments[0])))
                changed = True
            else:
                parts.append((k, Linear(0, {atom: 1})))
        if changed:
            return self.mod(combine(value.constant, parts), bits)
        constant = value.constant % size
        rest = {atom: k for atom, k in value.terms.items() if k % size}
        if len(rest) <= _FEW_ATOMS:
            for low in (0, -(size >> 1), 1 - size):
                reduced = linear(constant, {atom: (k - low) % size + low for atom, k in rest.items()})
                direct = self._inside(reduced, bits)
                if direct is not None:
                    return direct
        kept = linear(constant, rest)
        direct = self._inside(kept, bits)
        return direct if direct is not None else self.atom("mod", (self.ref(kept), bits), 0, size - 1)

    def _inside(self, value: Value, bits: int) -> Value | None:
        """`value` moved into [0, 2^bits) if its whole interval lies between two multiples of 2^bits."""
        low, high = self.bounds(value)
        if low >> bits == high >> bits:
            return add(value, -((low >> bits) << bits))
        return None

    def signed(self, value: Value, bits: int = WORD) -> Value:
        """The two's complement reading of the low `bits` bits of `value`."""
        half = 1 << (bits - 1)
        low, high = self.bounds(value)
        if -half <= low and high < half:
            return value
        return add(self.mod(add(value, half), bits), -half)

    def unsigned(self, value: Value, bits: int = WORD) -> Value:
        """The unsigned reading of the low `bits` bits of `value`."""
        return self.mod(value, bits)

    def join(self, low: Value, high: Value) -> Value:
        """The 64-bit signed value of two words: `unsigned(low) + 2^32 signed(high)`."""
        carried = add(high, self.floor(low, WORD), -1)
        if isinstance(carried, int) or len(carried.terms) < (0 if isinstance(high, int) else len(high.terms)):
            return self.signed(combine(low, [(1 << WORD, carried)]), 64)  # low mod 2^32 = low - 2^32 floor(low / 2^32)
        return self.signed(combine(self.unsigned(low), [(1 << WORD, high)]), 64)

    def clamp(self, value: Value, low: int, high: int) -> Value:
        """`max(low, min(high, value))`, low <= high."""
        if isinstance(value, int):
            return max(low, min(high, value))
        value_low, value_high = self.bounds(value)
        if low <= value_low and value_high <= high:
            return value
        if value_high <= low:
            return low
        if value_low >= high:
            return high
        low, high = max(low, value_low), min(high, value_high)
        constant = value.constant
        if constant:
            return add(self.clamp(Linear(0, value.terms), low - constant, high - constant), constant)
        if value.terms[min(value.terms)] < 0:
            return scale(self.clamp(scale(value, -1), -high, -low), -1)
        one = single(value)
        if one is not None and one[1] == 1 and self.atoms[one[0]].operation == "clamp":
            base, inner_low, inner_high = self.atoms[one[0]].arguments
            bottom = max(low, min(high, inner_low))
            top = max(low, min(high, inner_high))
            return self.clamp(self.value(base), bottom, top)
        if one is not None and one[1] == 1 and self.atoms[one[0]].operation == "max" and high >= value_high:
            return self.maximum([low, *(self.value(r) for r in self.atoms[one[0]].arguments)])
        return self.atom("clamp", (self.ref(value), low, high), low, high)

    def maximum(self, values: list[Value]) -> Value:
        """The largest of `values` (at least one)."""
        flat: list[Value] = []
        for value in values:
            one = single(value)
            if one is not None and one[1] == 1 and self.atoms[one[0]].operation == "max":
                flat += [add(self.value(ref), one[2]) for ref in self.atoms[one[0]].arguments]
            else:
                flat.append(value)
        floor = max(self.bounds(value)[0] for value in flat)
        largest: dict[tuple, Value] = {}  # of those that differ by a constant only the largest
        for value in flat:
            if self.bounds(value)[1] >= floor:
                key = () if isinstance(value, int) else tuple(sorted(value.terms.items()))
                known = largest.get(key)
                if known is None or self.bounds(add(value, known, -1))[0] > 0:
                    largest[key] = value
        kept = [(self.ref(value), value) for value in largest.values()]
        if len(kept) == 1:
            return kept[0][1]
        constants = [v for _, v in kept if isinstance(v, int)]
        others = [v for _, v in kept if not isinstance(v, int)]
        if len(others) == 1:
            return self.clamp(others[0], constants[0], max(self.bounds(others[0])[1], constants[0]))
        high = max(self.bounds(v)[1] for _, v in kept)
        return self.atom("max", tuple(sorted(r for r, _ in kept)), floor, high)

    def minimum(self, values: list[Value]) -> Value:
        """The smallest of `values`."""
        return scale(self.maximum([scale(value, -1) for value in values]), -1)

    def and_mask(self, value: Value, mask: int) -> Value:
        """A representative of `value & mask` for a word `value` and a constant `mask` in [0, 2^32)."""
        if isinstance(value, int):
            return value & mask
        if mask == WORD_MASK:
            return value
        if mask == 0:
            return 0
        if mask & (mask + 1) == 0:
            return self.mod(value, mask.bit_length())
        lows = (mask & -mask).bit_length() - 1
        if mask + (1 << lows) == 1 << WORD:
            return add(value, self.mod(value, lows), -1)
        upper = mask >> lows
        if upper & (upper + 1) == 0:  # one run of ones
            return add(self.mod(value, mask.bit_length()), self.mod(value, lows), -1)
        signed_mask = mask - (1 << WORD) if mask & SIGN else mask
        value = self.signed(value)
        if isinstance(value, int):
            return value & mask
        low, high = 0, signed_mask
        if signed_mask < 0:  # two's complement numbers of so many bits
            low = -(1 << max((z if z >= 0 else ~z).bit_length() for z in (*self.bounds(value), signed_mask)))
            high = ~low
        return self.atom("and", (self.ref(value), signed_mask), low, high)

    def select(self, condition: Condition, a: Value, b: Value) -> Value:
        """`a` where `condition` holds, else `b`."""
        if isinstance(condition, bool):
            return a if condition else b
        if self.is_negative_polarity(condition):
            return self.select(self.negate(condition), b, a)
        a, b = self._under(a, condition, True), self._under(b, condition, False)
        difference = add(a, b, -1)
        if isinstance(difference, int):
            return add(b, self.bit(condition), difference)
        known = self._select_extreme(condition, a, b, difference)
        if known is not None:
            return known
        (a_low, a_high), (b_low, b_high) = self.bounds(a), self.bounds(b)
        arguments = (condition, self.ref(a), self.ref(b))
        return self.atom("select", arguments, min(a_low, b_low), max(a_high, b_high))

    def _under(self, value: Value, condition: Condition, holds: bool) -> Value:
        """`value` where `condition` (of positive polarity) is known to hold, or not to hold."""
        if isinstance(value, int):
            return value
        for atom, k in value.terms.items():
            operation, arguments, _, _ = self.atoms[atom]
            if operation in ("bit", "select") and arguments[0] == condition:
                known = int(holds) if operation == "bit" else self.value(arguments[1 if holds else 2])
                replaced = combine(value, [(-k, Linear(0, {atom: 1})), (k, known)])
                return self._under(replaced, condition, holds)
        return value

    def _select_extreme(self, condition: Condition, a: Value, b: Value, difference: Linear) -> Value | None:
        """`d >= 0 ? a : b` with d = a - b, or d = a - b - 1, is the larger of both; with b - a the smaller."""
        opposite = scale(difference, -1)
        for slack in (0, -1):
            if self.ge(add(difference, slack)) == condition:
                return self.maximum([a, b])
            if self.ge(add(opposite, slack)) == condition:
                return self.minimum([a, b])
        return None

    def product(self, a: Value, b: Value) -> Value:
        """`a * b`."""
        if isinstance(a, int):
            return scale(b, a)
        if isinstance(b, int):
            return scale(a, b)
        corners = [x * y for x in self.bounds(a) for y in self.bounds(b)]
        return self.atom("product", tuple(sorted((self.ref(a), self.ref(b)))), min(corners), max(corners))

    def divide(self, a: Value, b: Value) -> Value:
        """`a / b` rounded down for unsigned words, 0 where b is 0 (UDIV)."""
        if isinstance(a, int) and isinstance(b, int):
            return a // b if b else 0
        high = self.bounds(a)[1] // max(1, self.bounds(b)[0])
        return self.atom("divide", (self.ref(a), self.ref(b)), 0, high)

    def lookup(self, table: bytes, index: Value) -> Value:
        """Unsigned byte `table[index]`; the interval of `index` must lie inside the table."""
        low, high = self.bounds(index)
        if low < 0 or high >= len(table):
            raise IndexError(f"index in [{low}, {high}] of a table of {len(table)}")
        if isinstance(index, int):
            return table[index]
        window = table[low : high + 1]
        return self.atom("lookup", (self.ref(add(index, -low)), window), min(window), max(window))

    def leading_zeros(self, value: Value) -> Value:
        """Number of leading zeros of the word `value`."""
        value = self.unsigned(value)
        if isinstance(value, int):
            return WORD - value.bit_length()
        return self.atom("clz", (self.ref(value),), 0, WORD)

    def float_operation(self, operation: str, *values: Value) -> Value:
        """A float32 operation on patterns (signed words) or integers, as named in floats.py; a signed word."""
        return self.atom(operation, tuple(self.ref(value) for value in values), -SIGN, SIGN - 1)

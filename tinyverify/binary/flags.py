"""The condition flags as what they were set from, so that a branch can be decided, or teach something about registers.

Serves `wcet.*` and `stack.*`. Comparisons of two addresses with one base rest on objects not wrapping around address 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.binary.words import HALF, MASK, SIZE, Word, add, meet_signed, meet_unsigned, number, sub, without

_SIGNED = {"ge": "hs", "lt": "lo", "gt": "hi", "le": "ls"}  # the unsigned twin of each signed relation
_MIRROR = {"hs": "ls", "lo": "hi", "hi": "lo", "ls": "hs", "eq": "eq", "ne": "ne"}


@dataclass(frozen=True, slots=True)
class Flags:
    """`kind` "sub" (a - b), "add" (a + b) or "logic" (result a; C and V not known).

    `a_register`, `b_register`, `result_register`: registers that still hold the operands and the result, or None.
    """

    kind: str
    a: Word
    b: Word
    a_register: str | None = None
    b_register: str | None = None
    result_register: str | None = None

    def forget(self, register: str) -> Flags:
        """These flags after `register` was overwritten."""
        if register not in (self.a_register, self.b_register, self.result_register):
            return self
        kept = [r if r != register else None for r in (self.a_register, self.b_register, self.result_register)]
        return Flags(self.kind, self.a, self.b, *kept)

    def result(self) -> Word:
        return {"sub": sub, "add": add}.get(self.kind, lambda a, b: a)(self.a, self.b)

    def possible(self, condition: str) -> tuple[bool, bool]:
        """Whether `condition` can hold, and whether it can fail."""
        if condition in ("mi", "pl"):
            low, high = self.result().signed()
            negative = (low < 0, high >= 0)
            return negative if condition == "mi" else negative[::-1]
        if self.kind == "sub" and condition not in ("vs", "vc"):
            signed = condition in _SIGNED
            return _compare(_SIGNED.get(condition, condition), self._range("a", signed), self._range("b", signed))
        if condition in ("eq", "ne"):
            return _compare(condition, self.result().unsigned(), (0, 0))
        if self.kind == "add" and condition in _SIGNED and self._no_overflow():
            return _compare(_SIGNED[condition], self.result().signed(), (0, 0))
        if self.kind != "logic" and condition in ("vs", "vc") and self._no_overflow():
            return (condition == "vc", condition == "vs")
        return True, True

    def learn(self, condition: str, registers: dict[str, Word]) -> bool:
        """Narrow `registers` by the fact that `condition` holds; False if that is impossible."""
        if not self.possible(condition)[0]:
            return False
        found: list[tuple[str | None, Word | None]] = []
        if self.kind == "sub" and (self.a.base is None or self.b.base is None):
            signed = condition in _SIGNED
            relation = _SIGNED.get(condition, condition)
            if relation in _MIRROR:
                found.append((self.a_register, _narrow(self.a, relation, self.b, signed)))
                found.append((self.b_register, _narrow(self.b, _MIRROR[relation], self.a, signed)))
        result = registers.get(self.result_register or "")
        if result is not None and result.base is None:
            if condition in ("eq", "ne"):
                found.append((self.result_register, _narrow(result, condition, number(0), True)))
            elif condition in ("mi", "pl"):
                found.append(
                    (self.result_register, _narrow(result, "lo" if condition == "mi" else "hs", number(0), True))
                )
            elif condition in _SIGNED and self._no_overflow():
                found.append((self.result_register, _narrow(result, _SIGNED[condition], number(0), True)))
        for register, word in found:
            if word is None:
                return False
            if register is not None:
                registers[register] = word
        return True

    def _range(self, side: str, signed: bool) -> tuple[int, int]:
        word = self.a if side == "a" else self.b
        if self.a.base is not None and self.a.base == self.b.base:
            return word.offset()
        if self.a.base is not None or self.b.base is not None:
            return (-HALF, HALF - 1) if signed else (0, MASK)
        return word.signed() if signed else word.unsigned()

    def _no_overflow(self) -> bool:
        if self.kind == "logic":
            return False
        (low, high), (low2, high2) = self.a.signed(), self.b.signed()
        ends = (low - high2, high - low2) if self.kind == "sub" else (low + low2, high + high2)
        return min(ends) >= -HALF and max(ends) < HALF


def _compare(relation: str, a: tuple[int, int], b: tuple[int, int]) -> tuple[bool, bool]:
    """Whether `relation` between numbers of the two ranges can hold, and can fail."""
    (low, high), (low2, high2) = a, b
    if relation in ("eq", "ne"):
        equal = (low <= high2 and low2 <= high, not (low == high == low2 == high2))
        return equal if relation == "eq" else equal[::-1]
    if relation in ("hs", "lo"):
        at_least = (high >= low2, low < high2)
        return at_least if relation == "hs" else at_least[::-1]
    above = (high > low2, low <= high2)
    return above if relation == "hi" else above[::-1]


def _narrow(word: Word, relation: str, other: Word, signed: bool) -> Word | None:
    """The part of `word` for which `relation` to some value of `other` holds."""
    meet = meet_signed if signed else meet_unsigned
    least, largest = (-HALF, HALF - 1) if signed else (0, SIZE - 1)
    low, high = other.signed() if signed else other.unsigned()
    if relation == "eq":
        return meet(word, low, high)
    if relation == "ne":
        return word if other.constant is None else without(word, other.constant)
    if relation == "hs":
        return meet(word, low, largest)
    if relation == "hi":
        return meet(word, low + 1, largest) if low < largest else None
    if relation == "lo":
        return meet(word, least, high - 1) if high > least else None
    return meet(word, least, high)

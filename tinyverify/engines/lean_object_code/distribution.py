"""What a recorded run makes of accumulators for a discrete policy: table weights and probabilities.

Serves `kernel.object_code` in Lean. Nothing is simplified: what is chosen here is which atoms are the differences, the
bytes that are read and the quotients, and in which order they are listed. The theorem holds for any choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import NamedTuple

from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.expressions import Expression, Names, NotExpressible
from tinyverify.engines.lean_object_code.program import Distribution, Expr, walk
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.lean_object_code.selection import selection_of
from tinyverify.engines.machine_code.linear import Linear, Value, add, single

TABLE = 256
SHARE = 1 << 15  # probabilities are in units of its reciprocal
WORD = 32
_VALUES = {  # which arguments of an operation are values
    **dict.fromkeys(("floor", "signed", "unsigned", "clamp", "and", "lookup"), slice(0, 1)),
    **dict.fromkeys(("max", "min", "join", "divide"), slice(None)),
    "select": slice(1, 3),
}


class _Difference(NamedTuple):
    """`atom` is the atom `largest` less `subtracted`, the accumulator of an action."""

    action: int
    atom: int
    largest: int
    subtracted: Value


def distribution_of(
    terms: Recorder, known: Mapping[int, int], last: Expression, weights: list[Value], probabilities: list[Value]
) -> Distribution:
    """`known`: the index of each accumulator, by its atom; `last`: expressions over the last hidden layer's values.

    Raises NotExpressible.
    """
    entries = _below(terms, [*weights, *probabilities], lambda atom: terms.atoms[atom].operation == "lookup")
    indices = {entry: terms.value(terms.atoms[entry].arguments[0]) for entry in entries}
    found = {entry: _difference(terms, known, index) for entry, index in indices.items()}
    tables = {terms.atoms[entry].arguments[1] for entry in entries}
    largest = {difference.largest for difference in found.values()}
    bytes_read = {entry: difference.action for entry, difference in found.items()}
    if sorted(bytes_read.values()) != [*range(len(known))]:
        raise NotExpressible(f"{len(entries)} table entries for {len(known)} actions")
    if len(tables) != 1 or len(largest) != 1 or {len(table) for table in tables} != {TABLE}:
        raise NotExpressible("softmax weights from several tables, or from several maxima")
    ordered = sorted(found, key=bytes_read.__getitem__)
    names = Names({difference.atom: difference.action for difference in found.values()}, len(known), True)
    words = Expression(terms, names)
    quotients, order = _quotients(terms, probabilities, bytes_read)
    (table,), (pick,) = tables, largest
    return Distribution(
        largest=selection_of(terms, known, Linear(0, {pick: 1})),
        subtracted=tuple(last.of(found[entry].subtracted) for entry in ordered),
        indices=tuple(words.of(indices[entry]) for entry in ordered),
        table=pack([byte - 256 if byte > 127 else byte for byte in table]),
        weights=tuple(_word(terms, value, bytes_read) for value in weights),
        quotients=quotients,
        probabilities=tuple(_word(terms, value, order) for value in probabilities),
    )


def _below(terms: Recorder, values: Iterable[Value], wanted: Callable[[int], bool]) -> list[int]:
    """The wanted atoms that `values` are made of, without what is below them."""
    found, seen = [], set()
    todo = [atom for value in values if isinstance(value, Linear) for atom in value.terms]
    while todo:
        atom = todo.pop()
        if atom in seen:
            continue
        seen.add(atom)
        if wanted(atom):
            found.append(atom)
        else:
            todo += [part for value in _parts(terms, atom) if isinstance(value, Linear) for part in value.terms]
    return sorted(found)


def _parts(terms: Recorder, atom: int) -> list[Value]:
    operation, arguments, _, _ = terms.atoms[atom]
    return [terms.value(ref) for ref in arguments[_VALUES[operation]]] if operation in _VALUES else []


def _difference(terms: Recorder, known: Mapping[int, int], index: Value) -> _Difference:
    """The difference to the largest accumulator that a table's index is computed from."""
    found = _below(terms, [index], lambda atom: _as_difference(terms, known, atom) is not None)
    difference = _as_difference(terms, known, found[0]) if len(found) == 1 else None
    if difference is None:
        raise NotExpressible("a table index that is not computed from one difference of accumulators")
    return difference


def _as_difference(terms: Recorder, known: Mapping[int, int], atom: int) -> _Difference | None:
    """`atom` as a difference: wrapped around, one atom less an accumulator, which may not be wrapped around yet."""
    operation, arguments, _, _ = terms.atoms[atom]
    value = terms.value(arguments[0]) if operation == "signed" and arguments[1] == WORD else 0
    if isinstance(value, int) or len(value.terms) == 1:
        return None
    for accumulator, action in known.items():
        operation, arguments, _, _ = terms.atoms[accumulator]
        whole = [Linear(0, {accumulator: 1}), *([terms.value(arguments[0])] if operation == "signed" else [])]
        for subtracted in whole:
            rest = add(value, subtracted)
            one = None if isinstance(rest, int) else single(rest)
            if one is not None and one[1:] == (1, 0):
                return _Difference(action, atom, one[0], subtracted)
    return None


def _quotients(
    terms: Recorder, probabilities: list[Value], bytes_read: Mapping[int, int]
) -> tuple[tuple[tuple[Expr, Expr], ...], dict[int, int]]:
    """Numerators and denominators in the order of the actions, and the action of each division."""
    found: dict[int, tuple[Expr, Expr]] = {}
    order: dict[int, int] = {}
    for atom in _below(terms, probabilities, lambda atom: terms.atoms[atom].operation == "divide"):
        numerator, denominator = (_word(terms, value, bytes_read) for value in _parts(terms, atom))
        shares = [part[1] for part in walk(numerator) if part[0] == "mul" and part[2] == SHARE]
        actions = {part[1] for share in shares for part in walk(share) if part[0] == "value"}
        if len(actions) != 1 or actions <= found.keys():
            raise NotExpressible("a division that is no action's share")
        (order[atom],) = actions
        found[order[atom]] = (numerator, denominator)
    if found.keys() != set(bytes_read.values()):
        raise NotExpressible(f"{len(found)} divisions for {len(bytes_read)} actions")
    return tuple(found[action] for action in range(len(found))), order


def _word(terms: Recorder, value: Value, leaves: Mapping[int, int]) -> Expr:
    """The `Word` of a value that is put together from the atoms `leaves`."""
    if isinstance(value, int):
        return ("const", value)
    parts = []
    for atom, k in value.terms.items():
        e = _part(terms, atom, leaves)
        parts.append(e if k == 1 else ("mul", e, k))
    if value.constant:
        parts.append(("const", value.constant))
    return reduce(lambda a, b: ("add", a, b), parts)


def _part(terms: Recorder, atom: int, leaves: Mapping[int, int]) -> Expr:
    if atom in leaves:
        return ("value", leaves[atom])
    operation, arguments, _, _ = terms.atoms[atom]
    if operation in ("floor", "signed", "unsigned"):
        return (operation, _word(terms, terms.value(arguments[0]), leaves), arguments[1])
    if operation == "and" and arguments[1] & (arguments[1] + 1) == 0:
        return ("unsigned", _word(terms, terms.value(arguments[0]), leaves), arguments[1].bit_length())
    raise NotExpressible(f"the operation {operation} on table entries or quotients")

"""From the atoms of a recorded run to a `Program`: which atoms are the values of each layer, and their expressions.

Serves `kernel.object_code` in Lean. Nothing is simplified: an atom becomes the constructor of its operation. What is
chosen here is only where a layer ends and in which order its values are listed, and the theorem holds for any choice.
A value that nothing reads later (all its weights are zero) is not in the machine code's results; the reference's own
expression stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinyverify.artifacts.policy import DenseLayer, Policy
from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.program import Expr, Program, walk
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.linear import Linear, Value, single
from tinyverify.semantics import float32
from tinyverify.semantics.requantize import RoundingMode

MAX_SIZE = 2000  # nodes of one expression: a tree of shared parts must not explode
MAX_CHOICES = 5  # actions whose orders Lean enumerates: n^n


class NotExpressible(Exception):
    """The run holds something that the language of ObjectCode/Spec.lean has no word for, or not in this place."""


@dataclass(frozen=True)
class Names:
    """What atoms are called in one layer: `values` gives the index of each value of the layer before.

    `width`: how many there are; `words`: whether they are 32-bit words and not int8 codes.
    """

    values: dict[int, int]
    width: int
    words: bool


def export(
    terms: Recorder,
    policy: Policy,
    accumulators: list[Value],
    logits: list[tuple[Value, int]],
    action: Value,
    action_factors: tuple[int, ...],
) -> Program:
    """The program behind the accumulators (signed words), what is scaled to logits, and the action's index or code.

    `action_factors`: the pattern that a continuous action's code is scaled by. Raises NotExpressible.
    """
    layers = _layers(terms, accumulators, len(policy.layers))
    factors = [int(bits) for bits in float32.bits_of(policy.inv_scale)]  # kept where the run reads no observation
    names = Names(_inputs(terms, layers[0], factors), policy.obs_dim, True)
    codes, order = _codes(terms, policy, layers[0], names)
    hidden = []
    for layer, atoms in zip(policy.layers[:-1], layers[1:], strict=True):
        names = Names(order, layer.weight.shape[1], False)
        found, order = _hidden(terms, layer, atoms, names, policy.rounding)
        hidden.append(found)
    names = Names(order, policy.layers[-1].weight.shape[1], False)
    last = tuple(Expression(terms, names).of(value) for value in accumulators)
    known = _known(terms, accumulators)
    words = Expression(terms, Names(known, policy.outputs, True))
    scaled = tuple((words.of(value), factor) for value, factor in logits)
    chosen = _action(terms, policy, known, action)
    return Program(tuple(factors), codes, tuple(hidden), last, scaled, chosen, action_factors)


# Where layers end


def _layers(terms: Recorder, accumulators: list[Value], count: int) -> list[set[int]]:
    """The atoms that are the values of each layer, from the int8 codes on: those that are added up together."""
    layers: list[set[int]] = []
    values: Iterable[Value] = accumulators
    for _ in range(count):
        sums = [found for value in values if (found := _first_sum(terms, value)) is not None]
        if not sums:
            raise NotExpressible("a layer whose sums are not found")
        atoms = {atom for found in sums for atom in found.terms}
        layers.insert(0, atoms)
        values = [Linear(0, {atom: 1}) for atom in sorted(atoms)]
    return layers


def _first_sum(terms: Recorder, value: Value) -> Linear | None:
    """The first sum of several atoms below `value`; None if there is none above the observation."""
    seen: set[int] = set()
    todo = [value]
    while todo:
        at = todo.pop()
        if isinstance(at, int):
            continue
        if len(at.terms) > 1 and _carry(terms, at) is None:
            return at
        for atom in at.terms:
            if atom not in seen:
                seen.add(atom)
                todo += _arguments(terms, atom)
    return None


def _arguments(terms: Recorder, atom: int) -> list[Value]:
    operation, arguments, _, _ = terms.atoms[atom]
    if operation in ("floor", "unsigned", "signed", "clamp", "and"):
        return [terms.value(arguments[0])]
    if operation in ("max", "min", "join"):
        return [terms.value(ref) for ref in arguments]
    if operation == "select":
        return [terms.value(arguments[1]), terms.value(arguments[2])]
    return []


def _carry(terms: Recorder, value: Linear) -> tuple[int, Value, int] | None:
    """(atom, low, k) if `value` is that atom plus the carry out of the low 32 bits of `low + k`."""
    if value.constant or len(value.terms) != 2 or set(value.terms.values()) != {1}:
        return None
    for atom in value.terms:
        operation, arguments, _, _ = terms.atoms[atom]
        base = terms.value(arguments[0]) if operation == "floor" and arguments[1] == 32 else 0
        one = None if isinstance(base, int) else single(base)
        if one is not None and one[1] == 1 and terms.atoms[one[0]].operation == "unsigned":
            reference, bits = terms.atoms[one[0]].arguments
            if bits == 32:
                (other,) = value.terms.keys() - {atom}
                return other, terms.value(reference), one[2]
    return None


# Expressions


class Expression:
    """Expressions over the values that `names` knows."""

    def __init__(self, terms: Recorder, names: Names):
        self.terms = terms
        self.names = names
        self._known: dict[int, Expr] = {}

    def of(self, value: Value) -> Expr:
        """The expression of a linear form. Raises NotExpressible."""
        if isinstance(value, int):
            return ("const", value)
        if not self.names.words and value.terms.keys() <= self.names.values.keys():
            return _plus(self._dot(value), value.constant)
        carry = _carry(self.terms, value)
        if carry is not None:
            atom, low, k = carry
            return ("carry", self.atom(atom), self.of(low), k)
        one = single(value)
        if one is None:
            raise NotExpressible(f"a sum of {len(value.terms)} results")
        atom, k, constant = one
        found = self.atom(atom)
        return _plus(found if k == 1 else ("mul", found, k), constant)

    def _dot(self, value: Linear) -> Expr:
        weights = [0] * self.names.width
        for atom, k in value.terms.items():
            weights[self.names.values[atom]] = k
        try:
            return ("dot", self.names.width, pack(weights))
        except ValueError as error:
            raise NotExpressible(f"a weight outside int8: {error}") from error

    def atom(self, atom: int) -> Expr:
        if atom in self.names.values:
            return ("value", self.names.values[atom])
        if atom not in self._known:
            found = self._known[atom] = self._operation(*self.terms.atoms[atom][:2])
            if len(walk(found)) > MAX_SIZE:
                raise NotExpressible(f"an expression of more than {MAX_SIZE} operations")
        return self._known[atom]

    def _operation(self, operation: str, arguments: tuple) -> Expr:
        value = self.terms.value
        if operation in ("floor", "unsigned", "signed"):
            return (operation, self.of(value(arguments[0])), arguments[1])
        if operation == "clamp":
            return ("clamp", self.of(value(arguments[0])), arguments[1], arguments[2])
        if operation in ("max", "min"):
            sides = [value(ref) for ref in arguments]
            constants = [side for side in sides if isinstance(side, int)]
            others = [side for side in sides if not isinstance(side, int)]
            if len(constants) == 1 and len(others) == 1:
                return (operation, self.of(others[0]), constants[0])
            raise NotExpressible(f"the {operation} of several results")
        if operation == "join":
            return ("join", self.of(value(arguments[0])), self.of(value(arguments[1])))
        if operation == "select":
            condition, then, otherwise = arguments[0], value(arguments[1]), value(arguments[2])
            if condition[0] == "not":
                condition, then, otherwise = condition[1], otherwise, then
            if condition[0] == "ge":
                compared = value(condition[1])
                one = None if isinstance(compared, int) else single(compared)
                if one is not None and abs(one[1]) == 1:
                    atom, m, k = one
                    return ("select", self.atom(atom), m, k, self.of(then), self.of(otherwise))
        raise NotExpressible(f"the operation {operation} where a layer is computed")


def _plus(e: Expr, k: int) -> Expr:
    return ("add", e, k) if k else e


# Layers


def _inputs(terms: Recorder, codes: set[int], factors: list[int]) -> dict[int, int]:
    """The converted observations below the codes, by atom; what each is multiplied with goes into `factors`."""
    found: dict[int, int] = {}
    todo, seen = sorted(codes), set(codes)
    while todo:
        atom = todo.pop()
        operation, arguments, _, _ = terms.atoms[atom]
        if operation == "to_int32":
            found[atom] = _observation(terms, terms.value(arguments[0]), factors)
            continue
        for value in _arguments(terms, atom):
            new = set() if isinstance(value, int) else value.terms.keys() - seen
            seen |= new
            todo += sorted(new)
    if len(set(found.values())) != len(found):
        raise NotExpressible("an observation that is converted twice")
    return found


def _observation(terms: Recorder, product: Value, factors: list[int]) -> int:
    one = None if isinstance(product, int) else single(product)
    if one is not None and one[1:] == (1, 0) and terms.atoms[one[0]].operation == "multiply":
        sides = [terms.value(ref) for ref in terms.atoms[one[0]].arguments]
        constants = [side for side in sides if isinstance(side, int)]
        others = [single(side) for side in sides if not isinstance(side, int)]
        if len(constants) == 1 and others[0] is not None and others[0][1:] == (1, 0):
            operation, arguments, _, _ = terms.atoms[others[0][0]]
            if operation == "input" and arguments[0] == "observation":
                factors[arguments[1]] = constants[0] & 0xFFFFFFFF
                return arguments[1]
    raise NotExpressible("a conversion of something else than an observation times a constant")


def _codes(terms: Recorder, policy: Policy, atoms: set[int], names: Names) -> tuple[tuple[Expr, ...], dict[int, int]]:
    expressions = Expression(terms, names)
    order: dict[int, int] = {}
    found: list[Expr] = [
        ("clamp", _plus(("value", i), int(z)), -128, 127) for i, z in enumerate(policy.input_zero_point)
    ]
    for atom in sorted(atoms):
        e = expressions.atom(atom)
        (index,) = {part[1] for part in walk(e) if part[0] == "value"}
        order[atom] = index
        found[index] = e
    if len(set(order.values())) != len(order):
        raise NotExpressible("two codes of one observation")
    return tuple(found), order


def _hidden(
    terms: Recorder, layer: DenseLayer, atoms: set[int], names: Names, mode: RoundingMode
) -> tuple[tuple[Expr, ...], dict[int, int]]:
    """The layer's values in the order of its rows: the one with a row's weights and bias is that row's.

    A value that no row accounts for takes a place that is left: Lean then refuses the program.
    """
    expressions = Expression(terms, names)
    rows: dict[tuple, list[int]] = {}
    for index, (row, bias, multiplier) in enumerate(zip(layer.weight, layer.bias, layer.multiplier, strict=True)):
        rows.setdefault((pack(row.tolist()), int(bias), _odd(int(multiplier))), []).append(index)
    order: dict[int, int] = {}
    found: list[Expr | None] = [None] * len(layer.bias)
    values = {atom: expressions.atom(atom) for atom in sorted(atoms)}
    for atom, e in values.items():
        places = rows.get(_row_of(e))
        if places:
            order[atom] = places.pop(0)
    left = sorted(set(range(len(found))) - set(order.values()))
    strangers = [atom for atom in values if atom not in order]
    if len(strangers) > len(left):
        raise NotExpressible(f"a layer of {len(values)} values where {len(found)} are expected")
    order |= dict(zip(strangers, left, strict=False))
    for atom, index in order.items():
        found[index] = values[atom]
    filled = [_reference(layer, names.width, index, mode) if e is None else e for index, e in enumerate(found)]
    return tuple(filled), order


def _row_of(e: Expr) -> tuple:
    """(packed weights, bias, odd part of the multiplier) as far as `e` shows them. Narrow lanes hold only the upper
    half of a multiplier whose lower half is zero."""
    weights, bias, multiplier = None, 0, None
    for part in walk(e):
        if part[0] == "dot":
            weights = part[2]
        elif part[0] == "add" and part[1][0] == "dot":
            bias = part[2]
        elif part[0] == "mul" and abs(part[2]) != 1:
            multiplier = _odd(part[2])
    return weights, bias, multiplier


def _odd(multiplier: int) -> int:
    """`multiplier`, not 0, without its factors of two."""
    return multiplier // (multiplier & -multiplier)


def _reference(layer: DenseLayer, width: int, index: int, mode: RoundingMode) -> Expr:
    """What stands for a value that nothing reads."""
    m, shift = int(layer.multiplier[index]), int(layer.shift[index])
    e: Expr = _plus(("dot", width, pack(layer.weight[index].tolist())), int(layer.bias[index]))
    if mode is RoundingMode.SINGLE_TIES_UP:
        e = ("floor", ("add", ("mul", e, m), 1 << (30 + shift)), 31 + shift)
    else:
        e = ("floor", ("add", ("mul", e, m), 1 << 30), 31)
        e = ("floor", ("add", e, (1 << shift) >> 1), shift)
    return ("clamp", ("add", e, layer.output_zero_point), layer.output_zero_point, 127)


# The head


def _known(terms: Recorder, accumulators: list[Value]) -> dict[int, int]:
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


def _action(terms: Recorder, policy: Policy, known: dict[int, int], action: Value) -> Expr:
    if policy.discrete:
        if policy.outputs > MAX_CHOICES:
            raise NotExpressible(f"the arg max of more than {MAX_CHOICES} actions")
        return ("index", _Choice(terms, known).of(action))
    return _Table(terms, Names(known, policy.outputs, True)).of(action)


class _Choice:
    """Choices among constants, by comparing accumulators."""

    def __init__(self, terms: Recorder, accumulators: dict[int, int]):
        self.terms = terms
        self.accumulators = accumulators

    def of(self, value: Value) -> Expr:
        if isinstance(value, int):
            return ("const", value)
        one = single(value)
        if one is None:
            raise NotExpressible("a sum in the choice of an action")
        found = self._choice(one[0])
        return found if one[1:] == (1, 0) else ("affine", found, one[1], one[2])

    def pick(self, value: Value) -> Expr:
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("a comparison with something else than accumulators")
        atom = one[0]
        if atom in self.accumulators:
            return ("acc", self.accumulators[atom])
        operation, arguments, _, _ = self.terms.atoms[atom]
        if operation == "signed":
            return ("signed", self.pick(self.terms.value(arguments[0])), arguments[1])
        if operation == "select":
            return self._ite(arguments[0], *(self.pick(self.terms.value(ref)) for ref in arguments[1:]))
        raise NotExpressible(f"the operation {operation} on accumulators")

    def _choice(self, atom: int) -> Expr:
        if atom in self.accumulators:
            return ("pick", ("acc", self.accumulators[atom]))
        operation, arguments, _, _ = self.terms.atoms[atom]
        value = self.terms.value
        if operation == "pointer":  # left over where it is never chosen: Lean refuses it elsewhere, as any accumulator
            return ("pick", ("acc", 0))
        if operation in ("signed", "unsigned"):
            return (operation, self.of(value(arguments[0])), arguments[1])
        if operation == "select":
            return self._ite(arguments[0], self.of(value(arguments[1])), self.of(value(arguments[2])))
        if operation == "bit":
            return self._ite(arguments[0], ("const", 1), ("const", 0))
        raise NotExpressible(f"the operation {operation} in the choice of an action")

    def _ite(self, condition: tuple, then: Expr, otherwise: Expr) -> Expr:
        kind, content = condition
        if kind == "not":
            return self._ite(content, otherwise, then)
        if kind == "and":
            first, *rest = content
            return self._ite(first, self._ite(("and", tuple(rest)), then, otherwise) if rest else then, otherwise)
        if kind == "or":
            first, *rest = content
            return self._ite(first, then, self._ite(("or", tuple(rest)), then, otherwise) if rest else otherwise)
        value = self.terms.value(content)
        if isinstance(value, int) or len(value.terms) != 2 or set(value.terms.values()) != {1, -1}:
            raise NotExpressible("a comparison of something else than two accumulators")
        more, less = sorted(value.terms, key=lambda atom: -value.terms[atom])
        a, b = (self.pick(Linear(0, {atom: 1})) for atom in (more, less))
        if kind == "ge":
            return ("ite", a, b, value.constant, then, otherwise)
        if value.constant == 0:  # equal: neither is larger
            return ("ite", a, b, 0, ("ite", b, a, 0, then, otherwise), otherwise)
        raise NotExpressible("a comparison with a constant")


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

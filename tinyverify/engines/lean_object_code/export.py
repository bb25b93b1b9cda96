"""From the atoms of a recorded run to a `Program`: which atoms are the values of each layer, and their expressions.

Serves `kernel.object_code` in Lean. Nothing is simplified: what is chosen here is only where a layer ends and in which
order its values are listed, and the theorem holds for any choice. A value that nothing reads later (all its weights are
zero) is not in the machine code's results; the reference's own expression stands for it. Constant units and units that
are alike, which the recorder adds up, are listed one by one (units.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tinyverify.artifacts.policy import DenseLayer, Policy
from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.border import border_of
from tinyverify.engines.lean_object_code.distribution import distribution_of
from tinyverify.engines.lean_object_code.expressions import Expression, Names, NotExpressible, carry_of, plus
from tinyverify.engines.lean_object_code.faults import faults_of
from tinyverify.engines.lean_object_code.head import action_of, known_accumulators
from tinyverify.engines.lean_object_code.program import Expr, Program, walk
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.lean_object_code.units import Units, completions, constants_of, left_rows
from tinyverify.engines.machine_code.linear import Linear, Value, single
from tinyverify.semantics import float32
from tinyverify.semantics.requantize import RoundingMode

MAX_WEIGHT = 1 << 15  # int8, or the sum of those of some units that are alike


@dataclass(frozen=True)
class Results:
    """What a run leaves, as terms: signed words; what is scaled to floats, with the pattern that it is multiplied by.

    `action`: the index, or the code of a continuous action, scaled by `action_factors`. `weights`, `probabilities`:
    unsigned bytes and half-words, none for a continuous policy.
    """

    accumulators: list[Value]
    logits: list[tuple[Value, int]]
    action: Value
    action_factors: tuple[int, ...]
    weights: list[Value]
    probabilities: list[Value]
    faults: Value
    returned: Value


def export(terms: Recorder, policy: Policy, results: Results) -> Program:
    """The program behind `results`. Raises NotExpressible."""
    accumulators = results.accumulators
    constants = constants_of(policy.layers, policy.rounding)
    layers = _layers(terms, accumulators, policy.layers, constants)
    # kept where the run reads no observation
    borders: list[Expr] = [("vector", int(bits)) for bits in float32.bits_of(policy.inv_scale)]
    names = Names(_inputs(terms, layers[0], borders), policy.obs_dim, True)
    codes, order = _codes(terms, policy, layers[0], names)
    hidden = []
    units = Units()
    for layer, atoms, fixed in zip(policy.layers[:-1], layers[1:], constants[1:], strict=True):
        names = Names(order, layer.weight.shape[1], False, completions(layer, units))
        found, order, units = _hidden(terms, layer, atoms, names, fixed, policy.rounding)
        hidden.append(found)
    last_layer = policy.layers[-1]
    names = Names(order, last_layer.weight.shape[1], False, completions(last_layer, units))
    sums = Expression(terms, names)
    last = tuple(sums.of(value) for value in accumulators)
    known = known_accumulators(terms, accumulators)
    words = Expression(terms, Names(known, policy.outputs, True))
    faults = faults_of(terms, results.faults)
    return Program(
        borders=tuple(borders),
        codes=codes,
        hidden=tuple(hidden),
        last=last,
        logits=tuple((words.of(value), factor) for value, factor in results.logits),
        action=action_of(terms, policy, known, results.action),
        action_factors=results.action_factors,
        distribution=distribution_of(terms, known, sums, results.weights, results.probabilities)
        if policy.discrete
        else None,
        faults=faults,
        returned=faults if terms.same(results.faults, results.returned) else faults_of(terms, results.returned),
    )


# Where layers end


def _layers(
    terms: Recorder, accumulators: list[Value], dense: Sequence[DenseLayer], constants: Sequence[dict[int, int]]
) -> list[set[int]]:
    """The atoms that are the values of each layer, from the int8 codes on: those that are added up together.

    A sum of one value is told from other numbers by its weight and bias.
    """
    layers: list[set[int]] = []
    values: Iterable[Value] = accumulators
    for layer, fixed in zip(reversed(dense), reversed(constants), strict=True):
        rows = left_rows(layer, Units(fixed))
        singles = {(sum(weights), bias) for weights, bias in rows if sum(map(bool, weights)) == 1} - {(1, 0)}
        sums = [found for value in values if (found := _first_sum(terms, value, singles)) is not None]
        if not sums:
            raise NotExpressible("a layer whose sums are not found")
        atoms = {atom for found in sums for atom in found.terms}
        layers.insert(0, atoms)
        values = [Linear(0, {atom: 1}) for atom in sorted(atoms)]
    return layers


def _first_sum(terms: Recorder, value: Value, singles: set[tuple[int, int]]) -> Linear | None:
    """The first sum of several atoms below `value`, or of one with a factor and constant in `singles`; None if there is
    none above the observation."""
    seen: set[int] = set()
    todo = [value]
    while todo:
        at = todo.pop()
        if isinstance(at, int):
            continue
        if len(at.terms) > 1 and carry_of(terms, at) is None and _of_codes(terms, at):
            return at
        one = single(at)
        if one is not None and one[1:] in singles:
            return at
        for atom in at.terms:
            if atom not in seen:
                seen.add(atom)
                todo += _arguments(terms, atom)
    return None


def _of_codes(terms: Recorder, value: Linear) -> bool:
    """Whether int8 numbers are added up, times weights; scalar code adds up parts of 64-bit numbers, too."""
    ends = [end for atom in value.terms for end in terms.atoms[atom][2:]]
    return min(ends) >= -128 and max(ends) <= 127 and max(map(abs, value.terms.values())) < MAX_WEIGHT


def _arguments(terms: Recorder, atom: int) -> list[Value]:
    operation, arguments, _, _ = terms.atoms[atom]
    if operation in ("floor", "unsigned", "signed", "clamp", "and"):
        return [terms.value(arguments[0])]
    if operation in ("max", "min", "join"):
        return [terms.value(ref) for ref in arguments]
    if operation == "select":
        return [terms.value(arguments[1]), terms.value(arguments[2])]
    return []


# Layers


def _inputs(terms: Recorder, codes: set[int], borders: list[Expr]) -> dict[int, int]:
    """The converted observations below the codes, by atom; how each is converted goes into `borders`."""
    found: dict[int, int] = {}
    todo, seen = sorted(codes), set(codes)
    while todo:
        atom = todo.pop()
        border = border_of(terms, atom)
        if border is not None:
            found[atom], borders[found[atom]] = border
            continue
        for value in _arguments(terms, atom):
            new = set() if isinstance(value, int) else value.terms.keys() - seen
            seen |= new
            todo += sorted(new)
    if len(set(found.values())) != len(found):
        raise NotExpressible("an observation that is converted twice")
    return found


def _codes(terms: Recorder, policy: Policy, atoms: set[int], names: Names) -> tuple[tuple[Expr, ...], dict[int, int]]:
    expressions = Expression(terms, names)
    order: dict[int, int] = {}
    found: list[Expr] = [
        ("clamp", plus(("value", i), int(z)), -128, 127) for i, z in enumerate(policy.input_zero_point)
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
    terms: Recorder, layer: DenseLayer, atoms: set[int], names: Names, constants: dict[int, int], mode: RoundingMode
) -> tuple[tuple[Expr, ...], dict[int, int], Units]:
    """The layer's values in the order of its rows: the one with a row's weights and bias is that row's.

    A value that no row accounts for takes a place that is left: Lean then refuses the program.
    """
    expressions = Expression(terms, names)
    rows: dict[tuple, list[int]] = {}
    for index, (row, bias, multiplier) in enumerate(zip(layer.weight, layer.bias, layer.multiplier, strict=True)):
        if index not in constants:
            rows.setdefault((pack(row.tolist()), int(bias), _odd(int(multiplier))), []).append(index)
    order: dict[int, int] = {}
    found: list[Expr | None] = [None] * len(layer.bias)
    values = {atom: expressions.atom(atom) for atom in sorted(atoms)}
    owners: dict[tuple, int] = {}
    for atom, e in values.items():
        key = _row_of(e)
        if rows.get(key):
            owners[key] = order[atom] = rows[key].pop(0)
    again = {
        index: owners[key]
        for key, others in rows.items()
        for index in others
        if key in owners and layer.shift[index] == layer.shift[owners[key]]
    }
    left = sorted(set(range(len(found))) - set(order.values()) - constants.keys() - again.keys())
    strangers = [atom for atom in values if atom not in order]
    if len(strangers) > len(left):
        raise NotExpressible(f"a layer of {len(values)} values where {len(found)} are expected")
    order |= dict(zip(strangers, left, strict=False))
    for atom, index in order.items():
        found[index] = values[atom]
    for index, value in constants.items():
        found[index] = ("const", value)
    for index, other in again.items():
        found[index] = found[other]
    filled = [_reference(layer, names.width, index, mode) if e is None else e for index, e in enumerate(found)]
    return tuple(filled), order, Units(constants, again)


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
    e: Expr = plus(("dot", width, pack(layer.weight[index].tolist())), int(layer.bias[index]))
    if mode is RoundingMode.SINGLE_TIES_UP:
        e = ("floor", ("add", ("mul", e, m), 1 << (30 + shift)), 31 + shift)
    else:
        e = ("floor", ("add", ("mul", e, m), 1 << 30), 31)
        e = ("floor", ("add", e, (1 << shift) >> 1), shift)
    return ("clamp", ("add", e, layer.output_zero_point), layer.output_zero_point, 127)

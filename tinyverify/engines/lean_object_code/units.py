"""Units that the run does not compute one by one: constants, and units with the same weights, bias and multiplier.

Serves `kernel.object_code` in Lean. A constant is part of the bias of the next layer's sums when they are recorded, and
what two units have in common has the sum of both weights. The program lists such units all the same, a constant as one
and a unit that is another again as this one's expression; so `whole_rows` are rows of the same sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tinyverify.artifacts.policy import DenseLayer
from tinyverify.engines.lean_object_code.expressions import Row
from tinyverify.semantics.requantize import RoundingMode, requantize


@dataclass(frozen=True)
class Units:
    """Of one layer: `constants`, values by index; `again`, the index of the unit that a unit is again."""

    constants: Mapping[int, int] = field(default_factory=dict)
    again: Mapping[int, int] = field(default_factory=dict)


def constants_of(layers: Sequence[DenseLayer], mode: RoundingMode) -> list[dict[int, int]]:
    """The constants among the inputs of each layer."""
    found: list[dict[int, int]] = [{}]
    for layer in layers[:-1]:
        constants = {}
        for index, (weights, bias) in enumerate(left_rows(layer, Units(found[-1]))):
            if not any(weights):
                zero_point = layer.output_zero_point
                parameters = int(layer.multiplier[index]), int(layer.shift[index]), zero_point, zero_point, 127
                constants[index] = int(requantize(bias, *parameters, mode))
        found.append(constants)
    return found


def left_rows(layer: DenseLayer, before: Units) -> list[Row]:
    """Weights and bias of each row, as the run is left with them."""
    rows = []
    for weights, bias in whole_rows(layer):
        left, constant = list(weights), bias
        for index, value in before.constants.items():
            constant += weights[index] * value
            left[index] = 0
        for index, other in before.again.items():
            left[other] += weights[index]
            left[index] = 0
        rows.append((tuple(left), constant))
    return rows


def whole_rows(layer: DenseLayer) -> list[Row]:
    """Weights and bias of each row."""
    return [(tuple(row), int(bias)) for row, bias in zip(layer.weight.tolist(), layer.bias, strict=True)]


def completions(layer: DenseLayer, before: Units) -> dict[Row, Row]:
    """The row behind each that the run is left with."""
    return dict(zip(left_rows(layer, before), whole_rows(layer), strict=True))

"""The bytes of every table in flash, for the scalar and for the MVE build.

Serves `layout.*` and `integrity.*`: this is the one place that says how a policy's numbers lie in memory. Offsets
and sizes are those of the policy's `memory_layout`; a table that would not fill its object exactly is refused.
Does not decide which kernel reads a table (kernels.py).

Orders of weights (weight (j, i), j output, i input; padding is zero):
scalar, column_major: at i * stride + j; scalar, row_major: at j * stride + i.
MVE, column_major: blocks of 16 outputs, at (j // 16) * 16 * inputs + i * 16 + lane; MVE, row_major: rows of stride.
In the MVE build full blocks of 16 outputs of a fused layer are in lane order (below), and shifts are negated. A layer
that is computed in int16 lanes has its own lane order, and int16 biases, upper halves of multipliers, and shifts, in
the first half of their objects; the rest is zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.layout import FlashObject, pad, weight_storage
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_lanes
from tinyverify.semantics.dense_s8 import HALF_WORD

BLOCK = 16
# Two narrowing steps interleave four accumulators: lane k of the block order holds output LANE_ORDER[k] of the block.
LANE_ORDER = np.array([0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15])
# One narrowing step interleaves two.
INT16_LANE_ORDER = np.array([0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15])

C_TYPES = {"int8": "int8_t", "int16": "int16_t", "int32": "int32_t", "float32": "float"}


@dataclass(frozen=True)
class FlashTable:
    """One object of the layout with its content: flat `values`, int8, int16, int32 or float32, little-endian."""

    item: FlashObject
    values: np.ndarray

    @property
    def c_name(self) -> str:
        """The C identifier: `layer0.weight` is `tv_layer0_weight`."""
        return "tv_" + self.item.name.replace(".", "_")

    @property
    def c_type(self) -> str:
        return C_TYPES[self.values.dtype.name]


def flash_tables(policy: Policy, mve: bool, source: Path = Path("policy.json")) -> tuple[FlashTable, ...]:
    """Every object of `policy.layout` with its content, in the layout's order.

    Raises ArtifactError naming the object if the layout misses one, has one too many, or gives another size.
    """
    content = table_contents(policy, mve)
    names = {item.name for item in policy.layout.objects}
    for name in content:
        if name not in names:
            raise ArtifactError(source, "memory_layout.objects", f"has no object {name!r}")
    tables = []
    for index, item in enumerate(policy.layout.objects):
        field = f"memory_layout.objects.{index}"
        if item.name not in content:
            raise ArtifactError(source, f"{field}.name", f"{item.name!r} is no table of this policy")
        values = content[item.name]
        if values.nbytes != item.size:
            raise ArtifactError(source, f"{field}.size", f"is {item.size}, {item.name} takes {values.nbytes} bytes")
        tables.append(FlashTable(item, values))
    return tuple(tables)


def table_contents(policy: Policy, mve: bool) -> dict[str, np.ndarray]:
    """Object name to flat array, in the policy's own order of objects."""
    content: dict[str, np.ndarray] = {}
    last = len(policy.layers) - 1
    for index, layer in enumerate(policy.layers):
        fused = index < last
        int16 = mve and fused and int16_lanes(layer)
        order = lane_order(len(layer.weight), int16) if mve and fused else np.arange(len(layer.weight))
        content[f"layer{index}.weight"] = _weights(layer.weight[order], mve)
        channels = _int16_channels if int16 else _channels
        content[f"layer{index}.bias"] = channels(layer.bias[order])
        if fused:
            multiplier = layer.multiplier // HALF_WORD if int16 else layer.multiplier
            content[f"layer{index}.multiplier"] = channels(multiplier[order])
            content[f"layer{index}.shift"] = channels((-layer.shift if mve else layer.shift)[order])
    content["input.inv_scale"] = _padded(policy.inv_scale.astype(np.float32), 4)
    content["input.zero_point"] = _padded(policy.input_zero_point.astype(np.int32), 4)
    content["head.logit_scale"] = policy.logit_scale.astype(np.float32)
    for name, table in policy.tables.items():
        content[f"table.{name}"] = table.astype(np.int8)
    return content


def lane_order(outputs: int, int16: bool = False) -> np.ndarray:
    """Permutation of range(outputs): full blocks of 16 in lane order, the rest in natural order."""
    order = np.arange(outputs)
    for start in range(0, outputs - BLOCK + 1, BLOCK):
        order[start : start + BLOCK] = start + (INT16_LANE_ORDER if int16 else LANE_ORDER)
    return order


def _weights(weight: np.ndarray, mve: bool) -> np.ndarray:
    outputs, inputs = weight.shape
    storage = weight_storage(outputs, inputs)
    if storage.order == "row_major":
        return np.pad(weight, ((0, 0), (0, storage.stride - inputs))).ravel().astype(np.int8)
    columns = np.pad(weight, ((0, storage.stride - outputs), (0, 0)))
    if not mve:
        return columns.T.ravel().astype(np.int8)
    return columns.reshape(-1, BLOCK, inputs).transpose(0, 2, 1).ravel().astype(np.int8)


def _channels(values: np.ndarray) -> np.ndarray:
    return _padded(np.asarray(values, np.int32), 4)


def _int16_channels(values: np.ndarray) -> np.ndarray:
    """As many bytes as `_channels` gives."""
    return np.pad(np.asarray(values, np.int16), (0, 2 * pad(len(values), 4) - len(values)))


def _padded(values: np.ndarray, multiple: int) -> np.ndarray:
    return np.pad(values, (0, pad(len(values), multiple) - len(values)))

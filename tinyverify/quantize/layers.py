"""Scales, int8 weights and int32 biases of the dense layers.

Serves `dense_s8.*` and `requantize.*`. Every scale is rounded to float32 first and the codes are taken with the
rounded scale, so that the file tells exactly what was computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.layout import weight_storage
from tinyverify.artifacts.policy import SCALE_MAX, SCALE_MIN
from tinyverify.quantize.fixed_point import exact, fixed_point
from tinyverify.semantics.dense_s8 import INT16_MAX, row_bound

# |bias| stays below 2^24 codes and the multiplier above 2^-20, far inside int32 and inside the shift's range.
_BIAS_CODES = 2.0**24
_SMALLEST_MULTIPLIER = 2.0**-20
# float32 holds the product of a multiplier of 15 bits and an output scale of 8 exactly.
_INT16_MULTIPLIER_BITS, _INT16_OUTPUT_BITS = 15, 8
# For int16 accumulators a row gives up at most two bits of its weights, or more where their rounding changes no output
# by more than a quarter of a code: a row that its bias decides.
_INT16_COARSER, _INT16_ERROR = 4.0, 0.25
_INT16_ROUNDS = 16


@dataclass(frozen=True)
class QuantizedLayer:
    """int8 `weight` [out, in], float32 `scale` [out], int64 `bias` [out], fixed point lists (empty: last layer)."""

    weight: np.ndarray
    scale: np.ndarray
    bias: np.ndarray
    multiplier: list[int]
    shift: list[int]
    input_scale: float
    output_scale: float


@dataclass(frozen=True)
class InputCodes:
    """float32 `scale` and `inv_scale` [obs_dim], int `zero_point` [obs_dim]."""

    scale: np.ndarray
    inv_scale: np.ndarray
    zero_point: np.ndarray


def float32(value: float | np.ndarray) -> np.ndarray:
    """`value` as float32 inside the range of scales."""
    return np.clip(np.asarray(value, np.float64), SCALE_MIN, SCALE_MAX).astype(np.float32)


def input_codes(low: np.ndarray, high: np.ndarray) -> InputCodes:
    """Scale and zero point per feature for the box [low, high]; a symmetric box gets zero point 0."""
    symmetric = low == -high
    low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    scale = float32(np.where(symmetric, high / 127, (high - low) / 255))
    zero_point = np.where(symmetric, 0, np.clip(np.rint(-128 - low / scale), -128, 127)).astype(np.int64)
    return InputCodes(scale, float32(1.0 / scale.astype(np.float64)), zero_point)


def quantize_layer(
    weight: np.ndarray,
    bias: np.ndarray,
    input_zero_point: np.ndarray | int,
    input_scale: float,
    output_scale: float | None,
    common_scale: bool = False,
) -> QuantizedLayer:
    """Quantize real `weight` [out, in] and `bias` [out] for inputs in units of `input_scale`.

    `output_scale` None means a last layer (no requantize); `common_scale` gives all rows one scale. The output
    scale is raised where a channel's multiplier would reach 1.
    """
    weight, bias = np.asarray(weight, np.float64), np.asarray(bias, np.float64)
    scale = np.abs(weight).max(axis=1) / 127
    scale = np.maximum(scale, np.abs(bias) / _BIAS_CODES / input_scale)
    if output_scale is not None:
        scale = np.maximum(scale, _SMALLEST_MULTIPLIER * output_scale / input_scale)
    scale = np.maximum(scale, scale.max() * 2.0**-20)
    if common_scale:
        scale = np.full_like(scale, scale.max())
    scale = float32(scale)
    if output_scale is not None:
        output_scale = _raise_scale(output_scale, input_scale, scale)
    return _with_codes(weight, bias, input_zero_point, input_scale, output_scale, scale)


def quantize_first_layer(
    weight: np.ndarray, bias: np.ndarray, input_zero_point: np.ndarray | int, output_scale: float
) -> QuantizedLayer:
    """The first hidden layer, inputs in units of 1. With few inputs (those that the emitter takes an outer product for)
    its accumulators are kept in int16 if that costs little."""
    if weight_storage(*weight.shape).order == "column_major":
        return quantize_int16_layer(weight, bias, input_zero_point, output_scale)
    return quantize_layer(weight, bias, input_zero_point, 1.0, output_scale)


def quantize_int16_layer(
    weight: np.ndarray, bias: np.ndarray, input_zero_point: np.ndarray | int, output_scale: float
) -> QuantizedLayer:
    """`quantize_layer` of a hidden layer with inputs in units of 1, such that int16 lanes compute it, if they can.

    Each row's scale is raised until `|bias| + 128 sum |weight|` fits int16, and is a number of 15 bits times the output
    scale, whose own 8 bits make that product exact: the lower half of every multiplier is zero. Where that would make a
    row too coarse, the layer is quantized as any other.
    """
    weight, bias = np.asarray(weight, np.float64), np.asarray(bias, np.float64)
    wide = quantize_layer(weight, bias, input_zero_point, 1.0, output_scale)
    output_scale = float(_rounded_up(np.float64(wide.output_scale), _INT16_OUTPUT_BITS))
    wanted = wide.scale.astype(np.float64)
    for _ in range(_INT16_ROUNDS):
        scale = float32(_rounded_up(wanted / output_scale, _INT16_MULTIPLIER_BITS) * output_scale)
        error = 0.5 * 128 * weight.shape[1] * scale / output_scale  # of rounding the weights, in output codes
        coarse = (scale > _INT16_COARSER * wide.scale) & (error > _INT16_ERROR)
        if coarse.any() or not (scale < output_scale).all():
            break
        layer = _with_codes(weight, bias, input_zero_point, 1.0, output_scale, scale)
        bound = row_bound(layer.weight, layer.bias)
        if (bound <= INT16_MAX).all():
            return layer
        # A little more than the bound asks for, because rounding a code may raise it again.
        wanted = np.where(bound > INT16_MAX, scale * (bound / INT16_MAX * (1 + 2.0**-9)), scale)
    return wide


def _rounded_up(value: np.ndarray, bits: int) -> np.ndarray:
    """The least number of `bits` significant bits that is not below the positive `value`."""
    fraction, exponent = np.frexp(value)
    return np.ldexp(np.ceil(np.ldexp(fraction, bits)), exponent - bits)


def _with_codes(
    weight: np.ndarray,
    bias: np.ndarray,
    input_zero_point: np.ndarray | int,
    input_scale: float,
    output_scale: float | None,
    scale: np.ndarray,
) -> QuantizedLayer:
    """The layer whose rows have these float32 scales."""
    codes = np.clip(np.rint(weight / scale[:, None].astype(np.float64)), -127, 127).astype(np.int64)
    real_unit = scale.astype(np.float64) * input_scale
    bias_codes = np.rint(bias / real_unit).astype(np.int64) - (codes * np.asarray(input_zero_point)).sum(axis=1)
    multiplier: list[int] = []
    shift: list[int] = []
    if output_scale is not None:
        for value in scale:
            m, s = fixed_point(real_multiplier(input_scale, float(value), output_scale))
            multiplier.append(m)
            shift.append(s)
    return QuantizedLayer(codes.astype(np.int8), scale, bias_codes, multiplier, shift, input_scale, output_scale or 1.0)


def real_multiplier(input_scale: float, weight_scale: float, output_scale: float) -> Fraction:
    """The exact rational that (multiplier, shift) of a channel stands for."""
    return exact(input_scale) * exact(weight_scale) / exact(output_scale)


def _raise_scale(output_scale: float, input_scale: float, scale: np.ndarray) -> float:
    largest = input_scale * float(scale.max())
    return float(float32(max(output_scale, largest * 1.001)))

"""A training artifact in, a quantized policy out.

Serves every obligation, as the maker of what they are about. Nothing here is trusted: the obligations speak about
the file that comes out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyverify import __version__
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import write_model
from tinyverify.artifacts.layout import layout_fault, plan_layout
from tinyverify.artifacts.policy import POLICY_SCHEMA, Policy, policy_from_content, table_names
from tinyverify.artifacts.training import Training, tensors_hash
from tinyverify.quantize.calibrate import Ranges, calibrate
from tinyverify.quantize.heads import continuous_head, discrete_head
from tinyverify.quantize.layers import (
    InputCodes,
    QuantizedLayer,
    float32,
    input_codes,
    quantize_first_layer,
    quantize_layer,
)
from tinyverify.semantics.requantize import RoundingMode

HIDDEN_ZERO_POINT = -128  # ReLU makes activations non-negative: all 256 codes for [0, max]


def quantize(training: Training, rounding: RoundingMode = RoundingMode.DOUBLE_TIES_UP) -> Policy:
    """Quantize the actor of `training` to int8. Raises ArtifactError if it does not fit the contract or the flash."""
    try:
        return _quantize(training, rounding)
    except ValueError as error:
        raise ArtifactError(training.path, "model_path", f"cannot be quantized: {error}") from error


def quantize_file(training: Training, out: Path, rounding: RoundingMode = RoundingMode.DOUBLE_TIES_UP) -> Policy:
    """`quantize`, then write `out` atomically."""
    policy = quantize(training, rounding)
    write_model(out, policy.file)
    return policy


def _quantize(training: Training, rounding: RoundingMode) -> Policy:
    config = training.artifact.config
    ranges = calibrate(training)
    inputs = input_codes(ranges.low, ranges.high)
    layers = _layers(training, ranges, inputs)
    last = layers[-1]
    logit_scale = float32(last.input_scale * last.scale.astype(np.float64))
    if config.discrete:
        head, tables = discrete_head(float(logit_scale[0]))
    else:
        if config.action_bound is None:
            raise ArtifactError(training.path, "config.action_bound", "is missing for a continuous policy")
        head, tables = continuous_head(
            logit_scale, float(ranges.output_low[1]), float(ranges.output_high[1]), config.action_bound
        )
    shapes = [layer.weight.shape for layer in layers]
    layout = plan_layout(shapes, list(table_names(head.kind)))
    fault = layout_fault(layout)
    if fault:
        raise ArtifactError(training.path, "config.hidden_dim", f"does not fit the flash map: {fault[1]}")
    content = {
        "schema_version": POLICY_SCHEMA,
        "environment": config.environment,
        "rounding": rounding.value,
        "weights_int8": encode(np.concatenate([layer.weight.ravel() for layer in layers]), "i1"),
        "scales": encode(np.concatenate([layer.scale for layer in layers]), "<f4"),
        "lut_tables": encode(np.concatenate([tables[name] for name in table_names(head.kind)]), "i1"),
        "memory_layout": layout.model_dump(),
        "input": {
            "scale": [float(v) for v in inputs.scale],
            "inv_scale": [float(v) for v in inputs.inv_scale],
            "zero_point": [int(v) for v in inputs.zero_point],
            "low": list(training.artifact.observation_low),
            "high": list(training.artifact.observation_high),
        },
        "layers": [_layer_content(layer, index == len(layers) - 1) for index, layer in enumerate(layers)],
        "logit_scale": [float(v) for v in logit_scale],
        "head": head.model_dump(mode="json"),
        "provenance": {
            "training_hash": training.artifact.reproducibility_hash,
            "tensors_hash": tensors_hash(training.tensors),
            "calibration_states": ranges.states,
            "tool": f"tinyverify {__version__}",
        },
    }
    return policy_from_content(training.path, content)


def _layers(training: Training, ranges: Ranges, inputs: InputCodes) -> list[QuantizedLayer]:
    """The first layer's columns carry the input scales, so its own inputs count in units of 1."""
    discrete = training.artifact.config.discrete
    input_scale, zero_point = 1.0, inputs.zero_point
    layers: list[QuantizedLayer] = []
    for index, (weight, bias) in enumerate(training.actor):
        real = weight.astype(np.float64)
        if index == 0:
            real = real * inputs.scale.astype(np.float64)
        if index == len(training.actor) - 1:
            layers.append(quantize_layer(real, bias, zero_point, input_scale, None, common_scale=discrete))
            break
        output_scale = float(float32(ranges.hidden_max[index] / 255))
        if index == 0:
            layers.append(quantize_first_layer(real, bias, zero_point, output_scale))
        else:
            layers.append(quantize_layer(real, bias, zero_point, input_scale, output_scale))
        input_scale, zero_point = layers[-1].output_scale, np.int64(HIDDEN_ZERO_POINT)
    return layers


def _layer_content(layer: QuantizedLayer, last: bool) -> dict:
    return {
        "in_features": layer.weight.shape[1],
        "out_features": layer.weight.shape[0],
        "bias": [int(v) for v in layer.bias],
        "multiplier": layer.multiplier,
        "shift": layer.shift,
        "input_scale": layer.input_scale,
        "output_scale": layer.output_scale,
        "output_zero_point": 0 if last else HIDDEN_ZERO_POINT,
    }

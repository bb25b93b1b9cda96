"""`quantize_f32.*` and `dequantize.*`: the float borders are defined for every input.

The error of input quantization against the real observation is not covered here.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.obligations.obligation import smt
from tinyverify.quantize.fixed_point import exact


def _bits(value: float) -> str:
    return f"{int(np.float32(value).view(np.uint32)):08x}"


def _features(policy: Policy) -> dict:
    features = [
        {
            "inv_scale": _bits(inv_scale),
            "lo": _bits(-128 - int(zero_point)),
            "hi": _bits(127 - int(zero_point)),
            "zero_point": f"{int(zero_point) & 0xFFFFFFFF:08x}",
        }
        for inv_scale, zero_point in zip(policy.inv_scale, policy.input_zero_point, strict=True)
    ]
    return {"features": features}


def _scales(policy: Policy) -> dict:
    return {"scales": [_bits(scale) for scale in policy.logit_scale]}


def _common_scale(policy: Policy) -> dict:
    scale = exact(float(policy.logit_scale[0]))
    return {"numerator": scale.numerator, "denominator": scale.denominator}


OBLIGATIONS = (
    smt("quantize_f32.defined", "float edge", _features),
    smt("quantize_f32.vector_form", "float edge", _features, theorem=False),
    smt("dequantize.finite", "float edge", _scales),
    smt("dequantize.arg_max", "float edge", _common_scale, applies=lambda policy: policy.discrete),
    smt("relu.fused_clamp", "rounding"),
)

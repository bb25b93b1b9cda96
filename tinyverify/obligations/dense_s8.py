"""`dense_s8.*`: no product, partial sum or accumulator leaves its type.

Says nothing about time or about the C that is emitted.
"""

from __future__ import annotations

import re

from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_layers
from tinyverify.obligations.obligation import lean, smt


def _parameters(policy: Policy) -> dict:
    layers = [
        {"index": index, "weight": layer.weight.tolist(), "bias": layer.bias.tolist()}
        for index, layer in enumerate(policy.layers)
    ]
    return {"layers": layers, "widest": max(layer.weight.shape[1] for layer in policy.layers)}


def _int16(policy: Policy) -> dict:
    """The layers whose accumulators the emitted kernels keep in int16 lanes."""
    every = _parameters(policy)
    return every | {
        "layers": [
            layer for layer, chosen in zip(every["layers"], [*int16_layers(policy), False], strict=True) if chosen
        ]
    }


def _explain(policy: Policy, check: str, model: dict[str, str]) -> dict:
    """The row, its int8 inputs and the sum that leaves int32 or int16."""
    index, row = (int(number) for number in re.findall(r"\d+", check))
    layer = policy.layers[index]
    x = [int(model[f"x{i}"].strip("()").replace("- ", "-")) for i in range(layer.weight.shape[1])]
    taken = int(model["take_bias"])
    total = taken * int(layer.bias[row]) + sum(int(w) * v for w, v in zip(layer.weight[row], x, strict=True))
    return {"layer": index, "row": row, "x": x, "bias_taken": bool(taken), "sum": total}


OBLIGATIONS = (
    smt("dense_s8.product_fits_int16", "overflow"),
    smt("dense_s8.acc_no_overflow", "overflow", _parameters, explain=_explain),
    smt(
        "dense_s8.acc_fits_int16",
        "overflow",
        _int16,
        applies=lambda policy: any(int16_layers(policy)),
        explain=_explain,
    ),
    lean(
        "dense_s8.machine_exact",
        "overflow",
        "Inference of this network in 32-bit and 64-bit registers that wrap around gives the same outputs as inference "
        "in unbounded integers, for all int8 inputs.",
    ),
    lean(
        "dense_s8.well_shaped",
        "overflow",
        "Each layer takes as many inputs as the layer before gives, and each row has one weight per input.",
    ),
)

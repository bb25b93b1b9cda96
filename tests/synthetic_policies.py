"""Random but well-formed policies of any shape, for tests of the emitted C.

Multipliers are chosen so that hidden codes spread over all of int8, saturation at both ends included.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.layout import plan_layout
from tinyverify.artifacts.policy import POLICY_SCHEMA, Policy, policy_from_content, table_names
from tinyverify.quantize import tables
from tinyverify.semantics.requantize import RoundingMode


def synthetic_policy(
    widths: tuple[int, ...],
    discrete: bool = True,
    rounding: RoundingMode = RoundingMode.DOUBLE_TIES_UP,
    seed: int = 0,
    hidden_zero_point: int | None = -128,
    smallest_shift: int = 0,
) -> Policy:
    """A policy with layers `widths` = (obs_dim, hidden..., outputs). `hidden_zero_point` None draws one a layer."""
    rng = np.random.default_rng(seed)
    obs_dim, last = widths[0], len(widths) - 2
    layers, weights = [], []
    for index, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        weight = rng.integers(-128, 128, (n_out, n_in))
        reach = 74.0 * 74.0 * np.sqrt(n_in)  # standard deviation of an accumulator
        target = rng.uniform(20, 160, n_out)  # standard deviation of its code
        shift = np.clip(np.floor(np.log2(reach / target)), smallest_shift, 31).astype(int)
        if index != last and n_out > 2:
            shift[0] = 0 if smallest_shift == 0 else smallest_shift
        layers.append(
            {
                "in_features": n_in,
                "out_features": n_out,
                "bias": [int(v) for v in rng.normal(0, reach / 2, n_out)],
                "multiplier": [] if index == last else [int(v) for v in rng.integers(1 << 30, 1 << 31, n_out)],
                "shift": [] if index == last else [int(v) for v in shift],
                "input_scale": 0.5,
                "output_scale": 1.0,
                "output_zero_point": 0
                if index == last
                else int(rng.integers(-128, 128))
                if hidden_zero_point is None
                else hidden_zero_point,
            }
        )
        weights.append(weight)
    outputs = widths[-1]
    scale = np.float32(rng.uniform(1e-4, 1e-3))
    spread = 74.0 * 74.0 * np.sqrt(widths[-2])
    fixed = (int(rng.integers(1 << 30, 1 << 31)), int(np.log2(spread / 60)))
    if discrete:
        head = {"kind": "discrete", "multiplier": [fixed[0]], "shift": [fixed[1]], "zero_point": [-128]}
        head["difference_scale"] = float(np.float32(0.05))
        luts = {"exp": tables.exp_table(0.05)}
    else:
        head = {
            "kind": "continuous",
            "multiplier": [fixed[0], int(rng.integers(1 << 30, 1 << 31))],
            "shift": [fixed[1], fixed[1]],
            "zero_point": [int(rng.integers(-20, 20)), int(rng.integers(-20, 20))],
            "output_scale": [0.03125, 0.03125],
            "noise_multiplier": int(rng.integers(1 << 30, 1 << 31)),
            "noise_shift": 7,
            "std_scale": 0.03125,
            "gauss_scale": 0.03125,
            "action_scale": float(np.float32(2 / 127)),
        }
        luts = {"std": tables.std_table(0.03125, 10, 0.03125), "gauss": tables.gauss_table()}
        luts["tanh"] = tables.tanh_table(0.03125)
    kind = head["kind"]
    inv_scale = np.exp2(rng.uniform(-3, 8, obs_dim)).astype(np.float32)
    content = {
        "schema_version": POLICY_SCHEMA,
        "environment": "Synthetic-" + "-".join(map(str, widths)),
        "rounding": rounding.value,
        "weights_int8": encode(np.concatenate([w.ravel() for w in weights]), "i1"),
        "scales": encode(np.ones(sum(widths[1:])), "<f4"),
        "lut_tables": encode(np.concatenate([luts[name] for name in table_names(kind)]), "i1"),
        "memory_layout": plan_layout(
            [w.shape for w in weights], len(head["multiplier"]), list(table_names(kind))
        ).model_dump(),
        "input": {
            "scale": [float(np.float32(1) / v) for v in inv_scale],
            "inv_scale": [float(v) for v in inv_scale],
            "zero_point": [int(v) for v in rng.integers(-128, 128, obs_dim)],
            "low": [-1.0] * obs_dim,
            "high": [1.0] * obs_dim,
        },
        "layers": layers,
        "logit_scale": [float(scale)] * outputs,
        "head": head,
        "provenance": {"training_hash": "0" * 64, "tensors_hash": "0" * 64, "calibration_states": 0, "tool": "test"},
    }
    return policy_from_content(Path("synthetic.json"), content)

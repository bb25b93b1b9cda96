"""Random but well-formed policies of any shape, for tests of the emitted C.

Multipliers are chosen so that hidden codes spread over all of int8, saturation at both ends included; each is the fixed
point of its scales.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np

from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.layout import plan_layout
from tinyverify.artifacts.policy import POLICY_SCHEMA, Policy, policy_from_content, table_names
from tinyverify.quantize import tables
from tinyverify.quantize.fixed_point import exact, fixed_point
from tinyverify.quantize.layers import real_multiplier
from tinyverify.semantics.dense_s8 import HALF_WORD, INT16_MAX
from tinyverify.semantics.requantize import RoundingMode

# No power of two, so that multipliers have all their bits.
INPUT_SCALE = float(np.float32(0.37))


def near(multiplier: float, shift: float, unit: float) -> float:
    """The float32 nearest to the scale of this fixed point, in units of `unit`."""
    return float(np.float32(multiplier / 2.0 ** (31 + shift) * unit))


def with_rows(policy: Policy, index: int, rows: dict[int, list[int]], like: dict[int, int] | None = None) -> Policy:
    """`policy` with other `rows` of weights in layer `index`; those in `like` have all numbers of another row."""
    layer = policy.layers[index]
    arrays = {name: np.array(getattr(layer, name)) for name in ("weight", "bias", "multiplier", "shift")}
    for row, weights in rows.items():
        arrays["weight"][row] = weights
    for row, other in (like or {}).items():
        for array in arrays.values():
            array[row : row + 1] = array[other : other + 1]  # the last layer has no multipliers
    layers = [replace(layer, **arrays) if at == index else other for at, other in enumerate(policy.layers)]
    return replace(policy, layers=tuple(layers))


def synthetic_policy(
    widths: tuple[int, ...],
    discrete: bool = True,
    rounding: RoundingMode = RoundingMode.DOUBLE_TIES_UP,
    seed: int = 0,
    hidden_zero_point: int | None = -128,
    smallest_shift: int = 0,
    int16: bool = False,
) -> Policy:
    """A policy with layers `widths` = (obs_dim, hidden..., outputs). `hidden_zero_point` None draws one a layer.

    With `int16` the first layer's rows and multipliers are such that int16 lanes may compute it, at the limit of it in
    some rows.
    """
    rng = np.random.default_rng(seed)
    obs_dim, last = widths[0], len(widths) - 2
    layers, weights, scales = [], [], []
    for index, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        weight = rng.integers(-128, 128, (n_out, n_in))
        reach = 74.0 * 74.0 * np.sqrt(n_in)  # standard deviation of an accumulator
        target = rng.uniform(20, 160, n_out)  # standard deviation of its code
        shift = np.clip(np.floor(np.log2(reach / target)), smallest_shift, 31).astype(int)
        if index != last and n_out > 2:
            shift[0] = 0 if smallest_shift == 0 else smallest_shift
        wanted = rng.integers(1 << 30, 1 << 31, n_out)
        bias = np.trunc(rng.normal(0, reach / 2, n_out)).astype(int)
        input_scale = INPUT_SCALE
        if int16 and index == 0:
            input_scale, wanted = 1.0, wanted // HALF_WORD * HALF_WORD
            weight = np.trunc(weight * (rng.integers(128, 256, n_out) / np.abs(weight).sum(axis=1))[:, None]).astype(
                int
            )
            left = INT16_MAX - 128 * np.abs(weight).sum(axis=1)
            bias = np.clip(bias, -left, left)
        scale = [near(m, s, 1 / input_scale) for m, s in zip(wanted, shift, strict=True)]
        fixed = [] if index == last else [fixed_point(real_multiplier(input_scale, s, 1.0)) for s in scale]
        scales += scale
        layers.append(
            {
                "in_features": n_in,
                "out_features": n_out,
                "bias": [int(v) for v in bias],
                "multiplier": [multiplier for multiplier, _ in fixed],
                "shift": [shift for _, shift in fixed],
                "input_scale": input_scale,
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
    shift = int(np.log2(74.0 * 74.0 * np.sqrt(widths[-2]) / 60))
    unit = float(np.float32(0.05)) if discrete else 0.03125
    logit_scale = [near(rng.integers(1 << 30, 1 << 31), shift, unit)] * outputs
    if discrete:
        multiplier, shift = fixed_point(exact(logit_scale[0]) / exact(unit))
        head = {"kind": "discrete", "multiplier": [multiplier], "shift": [shift], "zero_point": [-128]}
        head["difference_scale"] = unit
        luts = {"exp": tables.exp_table(0.05)}
    else:
        logit_scale[1] = near(rng.integers(1 << 30, 1 << 31), shift, unit)
        fixed = [fixed_point(exact(scale) / exact(unit)) for scale in logit_scale]
        std_scale = near(rng.integers(1 << 30, 1 << 31), 7, 1.0)
        noise_multiplier, noise_shift = fixed_point(exact(std_scale))
        head = {
            "kind": "continuous",
            "multiplier": [multiplier for multiplier, _ in fixed],
            "shift": [shift for _, shift in fixed],
            "zero_point": [int(rng.integers(-20, 20)), int(rng.integers(-20, 20))],
            "output_scale": [unit, unit],
            "noise_multiplier": noise_multiplier,
            "noise_shift": noise_shift,
            "std_scale": std_scale,
            "gauss_scale": unit,
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
        "scales": encode(np.array(scales), "<f4"),
        "lut_tables": encode(np.concatenate([luts[name] for name in table_names(kind)]), "i1"),
        "memory_layout": plan_layout([w.shape for w in weights], list(table_names(kind))).model_dump(),
        "input": {
            "scale": [float(np.float32(1) / v) for v in inv_scale],
            "inv_scale": [float(v) for v in inv_scale],
            "zero_point": [int(v) for v in rng.integers(-128, 128, obs_dim)],
            "low": [-1.0] * obs_dim,
            "high": [1.0] * obs_dim,
        },
        "layers": layers,
        "logit_scale": logit_scale,
        "head": head,
        "provenance": {"training_hash": "0" * 64, "tensors_hash": "0" * 64, "calibration_states": 0, "tool": "test"},
    }
    return policy_from_content(Path("synthetic.json"), content)

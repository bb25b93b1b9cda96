"""`requantize.*`: the fixed-point scaling is exact enough, monotone, and stays inside its machine types.

Covers every requantizer of a policy: hidden layers, head and noise.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_layers
from tinyverify.obligations import channels
from tinyverify.obligations.obligation import smt
from tinyverify.semantics.requantize import requantize


def _explain(policy: Policy, check: str, model: dict[str, str]) -> dict:
    """What the reference computes for the accumulator of the counterexample."""
    acc = int(model["acc"].strip("()").replace("- ", "-"))
    found = next(c for c in channels.all_channels(policy) if c.name == check.split(",")[0])
    code = requantize(acc, found.multiplier, found.shift, found.zero_point, found.lo, found.hi, policy.rounding)
    return {"channel": found.name, "acc": acc, "multiplier": found.multiplier, "shift": found.shift, "code": int(code)}


OBLIGATIONS = (
    smt("requantize.product_fits_int64", "overflow", channels.distinct, explain=_explain),
    smt("requantize.rounding_fits_int32", "overflow", channels.parameters, explain=_explain),
    smt("requantize.half_unit", "rounding", channels.distinct, explain=_explain),
    smt("requantize.monotone", "rounding", channels.distinct, explain=_explain),
    smt("requantize.saturates_only_where_must", "rounding", channels.distinct, explain=_explain),
    smt("requantize.ties_away_form", "rounding"),
    smt(
        "requantize.int16_form",
        "rounding",
        channels.int16,
        applies=lambda policy: any(int16_layers(policy)),
        explain=_explain,
    ),
    smt("requantize.multiplier_exact", "rounding", channels.parameters),
)

"""`softmax_lut.*` and `sample.*`: tables, their indices, and what is drawn from them.

The distance to the real softmax and to the real Gaussian is not covered here.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.obligations.obligation import smt


def _discrete(policy: Policy) -> bool:
    return policy.discrete


def _continuous(policy: Policy) -> bool:
    return not policy.discrete


def _last_layer(policy: Policy) -> dict:
    last = policy.layers[-1]
    return {"weight": last.weight.tolist(), "bias": last.bias.tolist()}


def _actions(policy: Policy) -> dict:
    return {"actions": policy.outputs}


def _tanh_table(policy: Policy) -> dict:
    entries = sorted({f"{int(e) & 0xFF:02x}" for e in policy.tables["tanh"]})
    return {"entries": entries, "scale": f"{int(np.float32(policy.head.action_scale).view(np.uint32)):08x}"}


OBLIGATIONS = (
    smt("softmax_lut.difference_no_overflow", "overflow", _last_layer, applies=_discrete),
    smt("softmax_lut.index_in_range", "overflow"),
    smt(
        "softmax_lut.table_monotone",
        "softmax",
        lambda policy: {"table": policy.tables["exp"].tolist()},
        applies=_discrete,
    ),
    smt("softmax_lut.sum_near_one", "softmax", _actions, applies=_discrete),
    smt("sample.action_in_range", "sampling", _actions, applies=_discrete),
    smt("sample.table_index_in_range", "overflow", applies=_continuous),
    smt("sample.action_bounded", "sampling", _tanh_table, applies=_continuous),
)

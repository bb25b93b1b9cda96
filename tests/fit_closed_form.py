"""Bounds tv_infer + tv_sample over many shapes and fits the closed form that the report shows.

    python -m tests.fit_closed_form

rewrites tinyverify/engines/wcet/closed_form.json. Takes a few minutes: every shape is emitted, compiled and bounded.
"""

from __future__ import annotations

import itertools
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from scipy.optimize import linprog

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.layout import pad
from tinyverify.engines.wcet import closed_form
from tinyverify.obligations.wcet import operation_table

INPUTS, HIDDEN = (2, 3, 4, 6, 8), (16, 32, 64, 128)
OUTPUTS = {"discrete": (2, 3, 4), "continuous": (2,)}  # of a continuous one: mean and log_std


def bound(shape: tuple[int, int, int], head: str = "discrete") -> int:
    """Certified cycles of one inference of a policy of `shape` (inputs, hidden units, outputs)."""
    return operation_table(synthetic_policy(shape, discrete=head == "discrete")).cycles


def terms(shape: tuple[int, int, int]) -> list[int]:
    """1, n, b, n b, m, m b with b blocks of sixteen hidden units."""
    n, h, m = shape
    b = pad(h, 16) // 16
    return [1, n, b, n * b, m, m * b]


def fit(head: str) -> dict:
    """The least non-negative coefficients, in whole cycles, that stay at or above every bound."""
    outputs = OUTPUTS[head]
    shapes = list(itertools.product(INPUTS, HIDDEN, outputs))
    with ProcessPoolExecutor(2) as pool:
        bounds = np.array(list(pool.map(partial(bound, head=head), shapes)))
    matrix = np.array([terms(shape) for shape in shapes])
    most = np.where((np.arange(6) < 4) | (len(outputs) > 1), np.inf, 0)  # no term in m where m is always the same
    limits = np.column_stack([np.zeros(6), most])
    found = linprog(matrix.sum(axis=0), A_ub=-matrix, b_ub=-bounds, bounds=limits, integrality=np.ones(6))
    assert found.success, found.message
    coefficients = [round(c) for c in found.x]
    above = matrix @ coefficients / bounds - 1
    return {
        "shapes": {"inputs": INPUTS, "hidden": HIDDEN, "outputs": outputs},
        "coefficients": coefficients,
        "largest_excess": round(float(above.max()), 4),
        "mean_excess": round(float(above.mean()), 4),
    }


def main() -> None:
    """Fit the formula of each head named on the command line (both, without), and keep the other."""
    content = json.loads(closed_form.DATA.read_text())
    content |= {head: fit(head) for head in sys.argv[1:] or OUTPUTS}
    closed_form.DATA.write_text(json.dumps(content, indent=1) + "\n")
    print(json.dumps(content))


if __name__ == "__main__":
    main()

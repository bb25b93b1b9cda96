"""Bounds tv_infer + tv_sample over many shapes and fits the closed form that the report shows.

    python -m tests.fit_closed_form

rewrites tinyverify/engines/wcet/closed_form.json. Takes a few minutes: every shape is emitted, compiled and bounded.
"""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.layout import pad
from tinyverify.engines.wcet import closed_form
from tinyverify.obligations.wcet import operation_table

INPUTS, HIDDEN, OUTPUTS = (2, 3, 4, 6, 8), (16, 32, 64, 128), (2, 3, 4)


def bound(shape: tuple[int, int, int]) -> int:
    """Certified cycles of one inference of a policy of `shape` (inputs, hidden units, outputs)."""
    return operation_table(synthetic_policy(shape)).cycles


def terms(shape: tuple[int, int, int]) -> list[int]:
    """1, n, b, n b, m, m b with b blocks of sixteen hidden units."""
    n, h, m = shape
    b = pad(h, 16) // 16
    return [1, n, b, n * b, m, m * b]


def main() -> None:
    """Fit the least non-negative coefficients, in whole cycles, that stay at or above every bound."""
    shapes = list(itertools.product(INPUTS, HIDDEN, OUTPUTS))
    with ProcessPoolExecutor(2) as pool:
        bounds = np.array(list(pool.map(bound, shapes)))
    matrix = np.array([terms(shape) for shape in shapes])
    fit = linprog(matrix.sum(axis=0), A_ub=-matrix, b_ub=-bounds, bounds=[(0, None)] * 6, integrality=np.ones(6))
    assert fit.success, fit.message
    coefficients = [round(c) for c in fit.x]
    above = matrix @ coefficients / bounds - 1
    content = {
        "shapes": {"inputs": INPUTS, "hidden": HIDDEN, "outputs": OUTPUTS},
        "coefficients": coefficients,
        "largest_excess": round(float(above.max()), 4),
        "mean_excess": round(float(above.mean()), 4),
    }
    Path(closed_form.DATA).write_text(json.dumps(content, indent=1) + "\n")
    print(json.dumps(content))


if __name__ == "__main__":
    main()

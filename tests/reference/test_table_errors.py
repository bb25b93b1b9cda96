"""Bounds on the tables' errors: against library functions, against pi's own series, and against bent tables."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest

from tinyverify.engines.certify.table_errors import PI_DIGITS, normal_bounds, softmax_error, table_errors
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.table_errors import OBLIGATIONS
from tinyverify.results import Status

BY_ID = {obligation.id: obligation for obligation in OBLIGATIONS}


def _arctan_inverse(n: int, one: int) -> int:
    total, power, k = 0, one // n, 0
    while power:
        total += (-1) ** k * (power // (2 * k + 1))
        power, k = power // (n * n), k + 1
    return total


def test_pi_is_machins() -> None:
    one = 10**80
    pi = 4 * (4 * _arctan_inverse(5, one) - _arctan_inverse(239, one))
    assert pi // 10**20 == PI_DIGITS


@pytest.mark.parametrize("x", [-4.0, -1.5, 0.0, 0.25, 1.0, 2.66, 4.0])
def test_the_normal_distribution_is_enclosed(x: float) -> None:
    low, high = normal_bounds(Fraction(x))
    assert low < high and high - low < Fraction(1, 1 << 100)
    assert float(low) == pytest.approx(NormalDist().cdf(x), rel=1e-13)


def test_entries_are_within_half_a_code(policies) -> None:
    found = table_errors(policies["pendulum"])
    assert all(0.45 < float(value) <= 0.501 for value in (found.std, found.tanh, found.quantile))
    assert found.tail == pytest.approx(1 / 512, rel=1e-3)
    for name in ("cartpole", "acrobot"):
        assert 0.4 < float(softmax_error(policies[name])) <= 0.5


@pytest.mark.parametrize(
    ("name", "identity", "table"),
    [
        ("cartpole", "softmax_lut.table_error", "exp"),
        ("pendulum", "sample.table_errors", "std"),
        ("pendulum", "sample.table_errors", "tanh"),
        ("pendulum", "sample.table_errors", "gauss"),
    ],
)
def test_one_entry_off_by_one_is_refuted(policies, name: str, identity: str, table: str) -> None:
    policy = policies[name]
    assert BY_ID[identity].discharge(policy, Settings(lean=False)).status is Status.CHECKED
    assert not BY_ID[identity].applies(policies["pendulum" if name == "cartpole" else "cartpole"])
    entries = policy.tables[table].copy()
    entries[100] += 1
    bent = dataclasses.replace(policy, tables={**policy.tables, table: entries})
    result = BY_ID[identity].discharge(bent, Settings())  # with Lean or without: refuted before it is asked
    assert result.status is Status.REFUTED and "too much" in result.detail


def test_no_quantile_beyond_the_series() -> None:
    with pytest.raises(ValueError, match="4"):
        normal_bounds(Fraction(9, 2))
    assert np.isclose(float(normal_bounds(Fraction(4))[0]), 1 - 3.167e-5, atol=1e-8)

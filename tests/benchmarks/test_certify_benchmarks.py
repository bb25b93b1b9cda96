"""How tight certificates are, and how many leaves it takes: the figures that docs/certified-error.md states."""

from __future__ import annotations

import resource

import numpy as np
import pytest

from tinyverify.engines.certify.agreement import search_agreement, shares
from tinyverify.engines.certify.attack import find_error
from tinyverify.engines.certify.certificate import certify_error
from tinyverify.engines.certify.continuous import lattice_difference
from tinyverify.engines.certify.interval import interval_bounds
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.search import Budget, search_error, search_planes


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_error_is_near_the_largest_found_and_far_below_interval_arithmetic(name, policies, trainings) -> None:
    policy, training = policies[name], trainings[name]
    pair = make_pair(policy, training)
    certificate = certify_error(policy, training, search_error(pair, Budget(30, 12_000)))
    bound = np.array(certificate.bound) / 2.0**certificate.unit_bits
    found = find_error(policy, training, population=1024, rounds=30).error
    interval = interval_bounds(pair)
    assert (found <= bound).all() and (bound <= 2 * found).all()
    assert (bound <= interval.separate / 3).all()
    assert (bound <= interval.differential / 2).all()


def test_acrobot_agrees_on_95_percent(policies, trainings) -> None:
    pair = make_pair(policies["acrobot"], trainings["acrobot"])
    result = shares(policies["acrobot"], pair, search_agreement(pair, Budget(30, 8_000)), 0)
    assert result.agree >= 0.95


def test_cartpole_agrees_on_99_percent(policies, trainings) -> None:
    pair = make_pair(policies["cartpole"], trainings["cartpole"])
    result = shares(policies["cartpole"], pair, search_agreement(pair, Budget(60, 60_000)), 200_000_000)
    assert result.agree >= 0.99 and result.undecided <= 0.01
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024 * 1024


def test_pendulum_lattice(policies, trainings) -> None:
    pair = make_pair(policies["pendulum"], trainings["pendulum"])
    result = lattice_difference(
        policies["pendulum"], trainings["pendulum"], pair, search_planes(pair, Budget(60, 40_000))
    )
    assert result.cells == 255**3
    share = max(part for step, part in zip(result.steps, result.within, strict=True) if step <= 0.5)
    assert share >= 0.98

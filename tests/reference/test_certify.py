"""Certificates against exact evaluation: nothing inside a leaf escapes its bounds, and leaves cover the box once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.certify_networks import box_samples, exact_errors, exact_float_logits, small_network
from tinyverify.engines.certify.agreement import action_pairs, leaf_of, search_agreement, shares
from tinyverify.engines.certify.attack import differing_observations, errors_at, find_error
from tinyverify.engines.certify.cells import evaluate_discrete
from tinyverify.engines.certify.certificate import certify_agreement, certify_error, check, leaf_errors
from tinyverify.engines.certify.continuous import (
    action_difference,
    lattice_difference,
    mean_codes,
    tanh_bounds,
)
from tinyverify.engines.certify.interval import interval_bounds
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.points import cell_logits, differences, point_logits, verdicts
from tinyverify.engines.certify.relaxation import boxes, error, exact_numbers, float_logits, float_numbers
from tinyverify.engines.certify.search import Budget, search_error, search_planes
from tinyverify.engines.certify.softmax import exp_bounds, softmax_distance
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.certify.volume import SHARE_BITS, share_between
from tinyverify.quantize.calibrate import forward
from tinyverify.semantics import float32
from tinyverify.semantics.policy import accumulators, action_bits, infer
from tinyverify.semantics.requantize import RoundingMode, requantize
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights

NETWORKS = [
    {"dim": 1, "hidden": 3, "seed": 1},
    {"dim": 2, "hidden": 8, "seed": 2, "low": (-0.3125, -1.0)},
    {"dim": 3, "hidden": 16, "outputs": 3, "seed": 3, "rounding": RoundingMode.DOUBLE_TIES_AWAY},
    {"dim": 2, "hidden": 8, "seed": 4, "rounding": RoundingMode.SINGLE_TIES_UP, "low": (0.25, -2.0)},
]


def codes_at(policy, x: np.ndarray) -> np.ndarray:
    return infer(policy, np.ascontiguousarray(x).view(np.uint32)).codes - policy.input_zero_point.astype(np.int64)


@pytest.mark.parametrize("shape", NETWORKS)
def test_no_observation_escapes_its_leaf(shape) -> None:
    policy, training = small_network(**shape)
    pair = make_pair(policy, training)
    tree = search_error(pair, Budget(5, 60))
    least, greatest = leaf_errors(pair, tree)
    x = box_samples(policy, 120)
    leaf = leaf_of(pair, tree, codes_at(policy, x))
    unit = Fraction(1, 1 << pair.unit_bits)
    for row, at in zip(x, leaf, strict=True):
        for k, value in enumerate(exact_errors(policy, training, row)):
            assert int(least[at, k]) * unit <= value <= int(greatest[at, k]) * unit


@pytest.mark.parametrize("shape", NETWORKS)
def test_planes_hold_the_float_logits(shape) -> None:
    policy, training = small_network(**shape)
    pair = make_pair(policy, training)
    tree = search_planes(pair, Budget(5, 40))
    numbers = exact_numbers(pair, np.eye(policy.outputs, dtype=np.int64))
    planes = float_logits(numbers, boxes(numbers, *leaf_boxes(tree, pair.code_low, pair.code_high)))
    x = box_samples(policy, 60, seed=1)
    for row, at in zip(x, leaf_of(pair, tree, codes_at(policy, x)), strict=True):
        u = [Fraction(float(v)) * Fraction(float(s)) * 256 for v, s in zip(row, policy.inv_scale, strict=True)]
        for k, value in enumerate(exact_float_logits(training, row)):
            linear = sum(int(c) * v for c, v in zip(planes.offset[at, k], u, strict=True))
            scaled = value * (1 << pair.unit_bits)
            assert linear + int(planes.low[at, k]) <= scaled <= linear + int(planes.high[at, k])


def test_every_lattice_corner_is_below_the_bound_and_the_bound_is_near() -> None:
    policy, training = small_network(dim=2, hidden=6, seed=5)
    pair = make_pair(policy, training)
    certificate = certify_error(policy, training, search_error(pair, Budget(10, 20_000)))
    bound = [float(b) for b in check(policy, training, certificate)]
    grid = np.arange(-127, 128)
    n = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    largest = np.zeros(2)
    for corner in ((-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)):
        x = ((n + 0.4999 * np.array(corner)) / policy.inv_scale).astype(np.float32)
        x = np.clip(x, np.float32(policy.file.input.low), np.float32(policy.file.input.high))
        largest = np.maximum(largest, np.abs(errors_at(policy, training, x)).max(axis=0))
    assert (largest <= bound).all()
    assert (bound <= 2 * largest).all()
    found = find_error(policy, training, population=256, rounds=20)
    assert (found.error <= largest + 1e-3).all() and (found.error >= 0.6 * largest).all()
    assert np.abs(errors_at(policy, training, found.observation)).diagonal() == pytest.approx(found.error)


def test_interval_arithmetic_is_sound_and_looser(policies, trainings) -> None:
    policy, training = policies["pendulum"], trainings["pendulum"]
    pair = make_pair(policy, training)
    interval = interval_bounds(pair)
    errors = np.abs(errors_at(policy, training, box_samples(policy, 20_000))).max(axis=0)
    assert (errors <= interval.differential).all() and (interval.differential <= interval.separate).all()


def test_search_and_check_agree_in_two_arithmetics(policies, trainings) -> None:
    pair = make_pair(policies["cartpole"], trainings["cartpole"])
    rows = action_pairs(2)
    exact, floats = exact_numbers(pair, rows), float_numbers(pair, rows)
    low, high = leaf_boxes(search_agreement(pair, Budget(5, 300)), pair.code_low, pair.code_high)
    for relax in (error, float_logits):
        a, b = relax(exact, boxes(exact, low, high)), relax(floats, boxes(floats, low, high))
        for name in ("low", "high"):
            assert getattr(a, name) / 2.0**pair.unit_bits == pytest.approx(getattr(b, name), rel=1e-4, abs=2e-3)


def test_leaves_cover_every_code_once() -> None:
    policy, training = small_network(dim=2, hidden=8, seed=6, low=(0.5, -1.0))
    pair = make_pair(policy, training)
    tree = search_error(pair, Budget(5, 500))
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    count = np.zeros((256, 256), int)
    for a, b in zip(low, high, strict=True):
        count[a[0] + 128 : b[0] + 129, a[1] + 128 : b[1] + 129] += 1
    inside = np.zeros_like(count)
    first, last = pair.code_low + 128, pair.code_high + 129
    inside[first[0] : last[0], first[1] : last[1]] = 1
    assert (count == inside).all()


@pytest.mark.parametrize("dim", [1, 2, 3, 6])
def test_share_between_equals_counting(dim: int) -> None:
    rng = np.random.default_rng(dim)
    low = rng.integers(-50, 0, (20, dim))
    high = low + rng.integers(1, 60, (20, dim))
    plane = rng.integers(-9, 10, (20, dim))
    plane[0], plane[1, 0] = 0, 0
    middle = (plane * (low + high)).sum(axis=1) // 2
    below, above = middle - rng.integers(0, 150, 20), middle + rng.integers(0, 150, 20)
    share = share_between(plane, low, high, below, above) / 2.0**SHARE_BITS
    u = low[:, None] + rng.random((20, 40_000, dim)) * (high - low)[:, None]
    value = (u * plane[:, None]).sum(axis=2)
    assert share == pytest.approx(((value >= below[:, None]) & (value <= above[:, None])).mean(axis=1), abs=0.015)


def test_share_between_is_exact_for_a_halved_box() -> None:
    share = share_between(*(np.array(a) for a in ([[1, 1]], [[0, 0]], [[4, 4]], [-9], [4])))
    assert int(share[0]) == 1 << (SHARE_BITS - 1)


@pytest.mark.parametrize("mode", list(RoundingMode))
def test_compiled_cells_run_the_reference_program(mode: RoundingMode) -> None:
    policy, training = small_network(dim=2, hidden=12, seed=7, rounding=mode, low=(-1.0, -0.4375))
    pair = make_pair(policy, training)
    # A plane of zeros whose value is "surely negative": cells with a nonnegative int8 margin differ, the rest agree.
    ones = np.ones(1, np.int64)
    done = evaluate_discrete(
        policy, pair, pair.code_low[None], pair.code_high[None], np.zeros((1, 2), np.int64),
        np.stack([-ones, ones, ones, 2 * ones]), 10**9,
    )  # fmt: skip
    grid = [np.arange(a, b + 1) for a, b in zip(pair.code_low, pair.code_high, strict=True)]
    n = np.stack(np.meshgrid(*grid, indexing="ij"), axis=-1).reshape(-1, 2)
    acc = accumulators(policy, n + policy.input_zero_point.astype(np.int64))
    ends = [
        (np.where(n == pair.code_low, pair.edge_low, 256 * n - 128)),
        (np.where(n == pair.code_high, pair.edge_high, 256 * n + 128)),
    ]
    volume = np.prod(ends[1] - ends[0], axis=1)
    first = acc[:, 0] >= acc[:, 1]
    assert done.cells == len(n) and done.undecided == 0
    assert (done.differ >> 20, done.agree >> 20) == (int(volume[first].sum()), int(volume[~first].sum()))
    assert 0 < first.sum() < len(n)


@pytest.mark.parametrize("seed", [8, 9])
def test_agreement_shares_hold_the_sampled_ones(seed: int) -> None:
    policy, training = small_network(dim=2, hidden=16, seed=seed)
    pair = make_pair(policy, training)
    tree = search_agreement(pair, Budget(5, 400))
    x = box_samples(policy, 200_000)[25_000:]
    same = infer(policy, x.view(np.uint32)).action == np.argmax(forward(training.actor, x)[-1], axis=1)
    coarse, fine = (shares(policy, pair, tree, cells) for cells in (0, 10**8))
    for part in (coarse, fine):
        assert part.agree + part.differ + part.undecided == 1
        assert float(part.agree) - 2e-3 <= same.mean() <= float(part.agree + part.undecided) + 2e-3
    assert fine.undecided < coarse.undecided and fine.differ > 0 == coarse.differ
    assert float(fine.undecided) < 0.01
    for bounds in (cell_logits(policy, pair, x, action_pairs(2)), point_logits(training, x, action_pairs(2))):
        found = verdicts(policy, x, bounds)
        assert same[found < 2].all() and not same[found == 2].any()
    assert (found > 2).mean() < 1e-3
    found = verdicts(policy, x, cell_logits(policy, pair, x, action_pairs(2)))
    assert same[found < 2].all() and not same[found == 2].any()
    assert (found < 2).mean() >= float(fine.agree) - 5e-3 and (found > 2).mean() < 0.05
    differing = differing_observations(policy, training, fine.witnesses[:16])
    assert len(differing)
    floats = np.argmax(forward(training.actor, differing)[-1], axis=1)
    assert (infer(policy, differing.view(np.uint32)).action != floats).all()


def test_agreement_of_three_actions() -> None:
    policy, training = small_network(dim=3, hidden=16, outputs=3, seed=10)
    pair = make_pair(policy, training)
    tree = search_agreement(pair, Budget(5, 3000))
    certificate = certify_agreement(policy, training, tree)
    undecided = float(check(policy, training, certificate)[0])
    x = box_samples(policy, 50_000)[6_250:]
    same = infer(policy, x.view(np.uint32)).action == np.argmax(forward(training.actor, x)[-1], axis=1)
    found = verdicts(policy, x, cell_logits(policy, pair, x, action_pairs(3)))
    assert same[found < 3].all() and not same[found == 3].any()
    assert 1 - undecided - 0.01 <= (found < 3).mean() and undecided < 0.5


def test_tanh_is_enclosed() -> None:
    for x in (Fraction(0), Fraction(1, 3), Fraction(-5, 2), Fraction(12), Fraction(100), Fraction(-100)):
        low, high = tanh_bounds(x)
        assert low <= high and high - low < Fraction(1, 1 << 79)
        assert float(low) == pytest.approx(np.tanh(float(x)), rel=1e-15)


def test_mean_codes_partition_the_accumulators(policies) -> None:
    policy = policies["pendulum"]
    codes, first, last = mean_codes(policy)
    assert first[0] == -(1 << 31) and last[-1] == (1 << 31) - 1
    assert first[1:] == [value + 1 for value in last[:-1]] and codes == sorted(codes)
    head = policy.head
    for ends in (first, last):
        again = requantize(np.array(ends), head.multiplier[0], head.shift[0], head.zero_point[0], mode=policy.rounding)
        assert again.tolist() == codes


@pytest.mark.parametrize("seed", [11, 12])
def test_continuous_difference_holds_every_sample(seed: int) -> None:
    policy, training = small_network(dim=2, hidden=12, discrete=False, seed=seed, environment="Pendulum-v1")
    pair = make_pair(policy, training)
    x = box_samples(policy, 40_000)
    inference = infer(policy, x.view(np.uint32))
    actions = float32.values_of(action_bits(policy, inference.action))
    difference = np.abs(actions - 2 * np.tanh(forward(training.actor, x)[-1][:, 0]))
    lattice = lattice_difference(policy, training, pair, search_planes(pair, Budget(5, 8000)))
    certified = action_difference(policy, training, pair, search_error(pair, Budget(5, 2000)))
    assert difference.max() <= float(lattice.worst) <= float(certified)
    assert float(lattice.worst) <= 1.5 * difference.max() + 0.02
    assert (difference <= differences(policy, training, pair, x)[1] + 1e-6).all()
    for step, share in zip(lattice.steps[::50], lattice.within[::50], strict=True):
        assert float(share) <= (difference[5_000:] <= float(step)).mean() + 0.01


def test_exp_is_enclosed() -> None:
    for x in (Fraction(0), Fraction(1, 7), Fraction(6), Fraction(90)):
        low, high = exp_bounds(x)
        assert low < high and float(low) == pytest.approx(np.exp(-float(x)), rel=1e-14)
    assert exp_bounds(Fraction(10**9))[0] >= 0


@pytest.mark.parametrize(("name", "actions"), [("cartpole", 2), ("acrobot", 3)])
def test_softmax_distance_holds_and_is_reached(policies, name: str, actions: int) -> None:
    policy = policies[name]
    distance = softmax_distance(policy)
    rng = np.random.default_rng(0)
    acc = np.rint(rng.normal(0, 2 / policy.logit_scale[0], (100_000, actions))).astype(np.int64)
    head = policy.head
    weights = softmax_weights(acc, head.multiplier[0], head.shift[0], policy.tables["exp"], policy.rounding)
    real = np.exp((acc - acc.max(axis=1, keepdims=True)) * float(policy.logit_scale[0]))
    real /= real.sum(axis=1, keepdims=True)
    for codes, bound in (
        (weights / weights.sum(axis=1, keepdims=True), distance.sampled),
        (softmax_probabilities(weights) / 2**15, distance.probabilities),
    ):
        found = np.abs(codes - real).sum(axis=1).max() / 2
        assert 0.7 * float(bound) <= found <= float(bound)

"""The confidence bound against known distributions, and paired episodes against policies known to differ."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.certify_networks import small_network
from tinyverify.engines.reward import paired
from tinyverify.engines.reward.confidence import MAX_MEAN, bets, lower_bound, planned_pairs, rejects
from tinyverify.engines.reward.episodes import WORLDS, NeverEnds, float_policy, int8_policy, returns
from tinyverify.semantics.policy import infer
from tinyverify.train.environments import find


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, n: (rng.random(n) < 0.5).astype(float),
        lambda rng, n: (rng.random(n) < 0.02).astype(float),
        lambda rng, n: rng.beta(8, 8, n),
        lambda rng, n: np.where(rng.random(n) < 0.99, 0.5, 0.0),  # a rare disaster
    ],
    ids=["coin", "rare", "narrow", "disaster"],
)
def test_the_bound_is_wrong_at_most_as_often_as_it_says(draw) -> None:
    rng = np.random.default_rng(1)
    mean = float(draw(rng, 1_000_000).mean())
    wrong = sum(lower_bound(draw(rng, 150), 0.0, 1.0, 0.05) > mean + 2e-3 for _ in range(600))
    assert wrong <= 0.05 * 600


def test_the_bound_tightens_and_stays_below_the_sample_mean() -> None:
    rng = np.random.default_rng(2)
    bounds = [lower_bound(rng.normal(0.4, 0.01, n).clip(0, 1), 0.0, 1.0, 0.01) for n in (50, 200, 800, 3200)]
    assert bounds == sorted(bounds) and 0.39 < bounds[-1] < 0.4


def test_bets_look_only_back() -> None:
    x = np.random.default_rng(3).random(50)
    changed = x.copy()
    changed[30:] = 0
    assert (bets(x, 0.01)[:31] == bets(changed, 0.01)[:31]).all() and (
        bets(x, 0.01)[31:] != bets(changed, 0.01)[31:]
    ).any()


def test_rejection_is_monotone_in_the_mean() -> None:
    x = np.random.default_rng(4).beta(5, 9, 400)
    bet = bets(x, 0.01)
    answers = [rejects(x, bet, m, 0.01) for m in np.linspace(0, MAX_MEAN, 60)]
    assert answers == sorted(answers, reverse=True) and answers[0] and not answers[-1]


def test_values_outside_the_range_are_refused() -> None:
    for values in (np.array([0.5, 1.1]), np.array([-0.1]), np.array([])):
        with pytest.raises(ValueError, match="must be there and lie in"):
            lower_bound(values, 0.0, 1.0, 0.01)
    with pytest.raises(ValueError, match="nothing can be shown"):
        planned_pairs(0.0, 1.0, 10.0, 0.01)


def test_a_plan_suffices_for_what_it_assumed() -> None:
    rng = np.random.default_rng(5)
    for effect, deviation, width in ((25.0, 0.0, 975.0), (4.0, 20.0, 1000.0), (10.0, 24.0, 6700.0)):
        n = planned_pairs(effect, deviation, width, 0.01)
        shown = sum(lower_bound(rng.normal(effect, deviation, n), -width / 2, width / 2, 0.01) > 0 for _ in range(20))
        assert shown >= 16


def test_episodes_side_by_side_are_the_episodes_one_by_one(policies) -> None:
    """Against gymnasium driven by hand, one environment at a time."""
    gymnasium = pytest.importorskip("gymnasium")
    policy, environment = policies["acrobot"], find("acrobot")
    seeds = [7, 8, 9]
    expected = []
    for seed in seeds:
        env = gymnasium.make(environment.gym_id)
        observation, _ = env.reset(seed=seed)
        total, done = 0.0, False
        while not done:
            bits = np.asarray(observation, np.float32)[None].view(np.uint32)
            observation, reward, terminated, truncated, _ = env.step(int(infer(policy, bits).action[0]))
            total, done = total + float(reward), terminated or truncated
        expected.append(total)
    assert returns(int8_policy(policy), environment, seeds).tolist() == expected


def test_a_start_replaces_the_state_at_reset(policies) -> None:
    pytest.importorskip("gymnasium")
    upright, falling = [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.2, 3.0]
    found = returns(int8_policy(policies["cartpole"]), find("cartpole"), [1, 1], np.array([upright, falling]))
    assert found[0] == 500 and found[1] < 20


def test_an_episode_that_does_not_end_is_named(policies) -> None:
    pytest.importorskip("gymnasium")
    with pytest.raises(NeverEnds, match="CartPole-v1: an episode is still running after 50 steps"):
        returns(int8_policy(policies["cartpole"]), find("cartpole"), [1], max_steps=50)


def test_the_shipped_cartpole_policy_keeps_its_return(policies, trainings) -> None:
    pytest.importorskip("gymnasium")
    result = paired.compare(int8_policy(policies["cartpole"]), trainings["cartpole"], find("cartpole"))
    assert result.shown and result.contrary > 0
    assert result.pairs == result.planned and result.int8.mean() >= 0.99 * result.float32.mean()
    assert result.difference <= float((result.int8 - result.float32).mean())


def test_a_policy_that_acts_the_other_way_is_refuted(policies, trainings) -> None:
    """The mutant of the reward claim: the same network with its two actions exchanged."""
    pytest.importorskip("gymnasium")
    good = policies["cartpole"]
    last = good.layers[1]
    swapped = dataclasses.replace(last, weight=last.weight[::-1].copy(), bias=last.bias[::-1].copy())
    bad = dataclasses.replace(good, layers=(good.layers[0], swapped))
    result = paired.compare(int8_policy(bad), trainings["cartpole"], find("cartpole"), max_pairs=150)
    assert not result.shown and result.contrary < 0
    assert result.int8.mean() < 50 < result.float32.mean()


def test_equal_policies_differ_by_nothing(trainings) -> None:
    pytest.importorskip("gymnasium")
    environment = find("pendulum")
    act = float_policy(trainings["pendulum"], environment)
    a, b = returns(act, environment, range(4)), returns(act, environment, range(4))
    world = WORLDS["Pendulum-v1"]
    assert (a == b).all() and (a >= world.return_low).all() and (a <= world.return_high).all()


def test_the_search_for_low_returns_beats_the_average() -> None:
    pytest.importorskip("gymnasium")
    policy, training = small_network(dim=4, hidden=8, seed=30)
    environment = find("cartpole")
    found = paired.lowest(int8_policy(policy), training, environment, rounds=3, population=16)
    average = returns(int8_policy(policy), environment, range(20)).mean()
    assert found.int8 <= average and found.episodes == 48
    assert (np.abs(found.start) <= 0.05).all()
    assert returns(int8_policy(policy), environment, [1], np.array([found.start]))[0] == found.int8

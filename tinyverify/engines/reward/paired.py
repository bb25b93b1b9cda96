"""Is the int8 program's mean return at most 5 % worse than the float32 policy's? With 99 % confidence, or not shown.

Serves `policy.reward`. Episode i of both policies has the same seed. What is tested is the mean of

    w = int8 return - float return + margin * |float return|  >  0,

whose range is known, so that no mean has to be estimated first; all returns of one environment have one sign, hence
E|float return| = |E float return|. A pilot with other seeds fixes the number of pairs before the first of them runs.
Also looks for initial states with low returns, because an average bounds no single episode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.training import Training
from tinyverify.engines.reward.confidence import lower_bound, planned_pairs
from tinyverify.engines.reward.episodes import WORLDS, Act, World, float_policy, returns
from tinyverify.train.environments import Environment

MARGIN = 0.05
ALPHA = 0.01
# Episodes that no choice of networks, scales or plan has seen: whoever changes one of these takes fresh seeds as well.
PILOT_SEED, PILOT_PAIRS = 8_000_000, 96
SEED = 9_000_000
SEARCH_SEED = 5_000_000


@dataclass(frozen=True)
class Comparison:
    """Returns float64 [pairs] of both policies, and what follows at confidence 99 %.

    `evidence`: lower bound on the mean of w (shown if > 0); `contrary`: upper bound on it (refuted if < 0), each at
    99 %. `difference`: lower bound on the mean of int8 - float. `planned`: pairs the plan asked for; `pairs`: how many
    the limit allowed.
    """

    int8: np.ndarray
    float32: np.ndarray
    planned: int
    first_seed: int
    evidence: float
    contrary: float
    difference: float

    @property
    def pairs(self) -> int:
        return len(self.int8)

    @property
    def shown(self) -> bool:
        return self.evidence > 0


@dataclass(frozen=True)
class Lowest:
    """The lowest return of the int8 program found, its initial state, and the float32 policy's return from there."""

    int8: float
    float32: float
    start: tuple[float, ...]
    episodes: int


def compare(int8_act: Act, training: Training, environment: Environment, max_pairs: int = 4000) -> Comparison:
    """Run the pilot, fix the number of pairs (at most `max_pairs`), run them all, and only then look.

    `int8_act`: the int8 program, as emitted C (`EmittedC`) or as the integer reference (`int8_policy`).
    """
    world = WORLDS[environment.gym_id]
    acts = int8_act, float_policy(training, environment)
    pilot = [returns(act, environment, range(PILOT_SEED, PILOT_SEED + PILOT_PAIRS)) for act in acts]
    w = _tested(*pilot)
    low, high = _range(world)
    deviation = float(w.std(ddof=1))
    # One standard error below the pilot's mean. A poor pilot plans for half the margin: the test may then fail.
    effect = max(
        float(w.mean()) - deviation / PILOT_PAIRS**0.5, MARGIN * float(np.abs(pilot[1]).mean()) / 2, 1e-6 * (high - low)
    )
    planned = planned_pairs(effect, deviation, high - low, ALPHA)
    seeds = range(SEED, SEED + min(planned, max_pairs))
    int8, float32 = (returns(act, environment, seeds) for act in acts)
    span = world.return_high - world.return_low
    return Comparison(
        int8, float32, planned, SEED,
        lower_bound(_tested(int8, float32), low, high, ALPHA),
        -lower_bound(-_tested(int8, float32), -high, -low, ALPHA),
        lower_bound(int8 - float32, -span, span, ALPHA),
    )  # fmt: skip


def lowest(
    int8_act: Act, training: Training, environment: Environment, rounds: int = 6, population: int = 48
) -> Lowest:
    """Search the box of initial states for a low return: random starts and corners, then steps around the worst."""
    world = WORLDS[environment.gym_id]
    rng = np.random.default_rng(SEARCH_SEED)
    low, high = np.array(world.start_low), np.array(world.start_high)
    starts = np.where(rng.random((population, len(low))) < 0.5, low, high)
    starts[population // 2 :] = rng.uniform(low, high, (population - population // 2, len(low)))
    best, best_start, reach = np.inf, starts[0], 0.5
    for _ in range(rounds):
        found = _from(int8_act, environment, starts)
        if found.min() < best:
            best, best_start = float(found.min()), starts[int(np.argmin(found))]
        near = best_start + rng.normal(0, reach, starts.shape) * (high - low) / 2
        starts = np.clip(near, low, high)
        starts[: population // 4] = rng.uniform(low, high, (population // 4, len(low)))
        reach *= 0.7
    float_return = float(_from(float_policy(training, environment), environment, best_start[None])[0])
    return Lowest(best, float_return, tuple(float(v) for v in best_start), rounds * population)


def _from(act: Act, environment: Environment, starts: np.ndarray) -> np.ndarray:
    return returns(act, environment, [SEARCH_SEED] * len(starts), starts)


def _tested(int8: np.ndarray, float32: np.ndarray) -> np.ndarray:
    return int8 - float32 + MARGIN * np.abs(float32)


def _range(world: World) -> tuple[float, float]:
    """Least and greatest value of w: -float + margin * |float| is linear for returns of one sign."""
    factor = 1 - MARGIN if world.return_low >= 0 else 1 + MARGIN
    return world.return_low - factor * world.return_high, world.return_high - factor * world.return_low

"""Seeded episodes of any policy: returns, and the states visited.

Serves the reward obligations: episode i of two evaluations with one seed starts in the same state, so returns
can be compared in pairs. Needs gymnasium, not torch. States nothing about how sure a mean is.
"""

from __future__ import annotations

import numpy as np

from tinyverify.train.environments import Environment
from tinyverify.train.network import Actor, Policy, greedy, sampled
from tinyverify.train.runtime import require

# Episodes that decide whether an environment is solved start here; training seeds are small numbers.
EVALUATION_SEED = 1_000_000
EVALUATION_EPISODES = 100
MAX_STEPS = 100_000


class NeverEnds(RuntimeError):
    """An environment whose episode neither terminates nor is cut off; the message names it."""

    def __init__(self, environment: str, steps: int) -> None:
        super().__init__(f"{environment}: an episode is still running after {steps} steps; give it a time limit")


def evaluate(
    policy: Policy, environment: Environment, episodes: int = EVALUATION_EPISODES, seed: int = EVALUATION_SEED
) -> np.ndarray:
    """Undiscounted returns float64 [episodes] of `policy`; episode i is reset with `seed + i`.

    Raises MissingExtra if gymnasium is not installed, NeverEnds for an episode of more than MAX_STEPS.
    """
    gymnasium = require("gymnasium")
    returns = np.zeros(episodes)
    env = gymnasium.make(environment.gym_id)
    for episode in range(episodes):
        returns[episode], _ = _episode(env, policy, seed + episode, environment)
    env.close()
    return returns


def visited_states(actor: Actor, environment: Environment, count: int, seed: int) -> tuple[np.ndarray, int]:
    """`count` states float32 [count, obs_dim] that the actor visits, and the number of episodes they come from.

    Episodes alternate between greedy and sampled actions, so that both ways of running the policy are covered;
    they go on until twice `count` states are seen (at least 10 episodes), which are then subsampled uniformly
    without replacement, order kept.
    """
    gymnasium = require("gymnasium")
    rng = np.random.default_rng(seed)
    policies = (greedy(actor, environment), sampled(actor, environment, rng))
    env = gymnasium.make(environment.gym_id)
    states: list[np.ndarray] = []
    episodes = 0
    while len(states) < 2 * count or episodes < 10:
        _, visited = _episode(env, policies[episodes % 2], seed + episodes, environment)
        states += visited
        episodes += 1
    env.close()
    chosen = np.sort(rng.choice(len(states), size=count, replace=False))
    return np.stack(states)[chosen], episodes


def _episode(env, policy: Policy, seed: int, environment: Environment) -> tuple[float, list[np.ndarray]]:
    observation, _ = env.reset(seed=seed)
    total, states, done = 0.0, [], False
    while not done:
        if len(states) == MAX_STEPS:
            raise NeverEnds(environment.gym_id, MAX_STEPS)
        states.append(np.asarray(observation, dtype=np.float32))
        observation, reward, terminated, truncated, _ = env.step(policy(states[-1]))
        total += float(reward)
        done = terminated or truncated
    return total, states

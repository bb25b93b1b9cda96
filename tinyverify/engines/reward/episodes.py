"""Episodes of many seeds side by side, so that one evaluation of a policy serves them all.

Serves `policy.reward`. A policy here maps observations float32 [n, obs_dim] to actions [n] (discrete) or float32
[n, action_dim]. Episode i depends on its seed and its actions alone, so equal seeds give common random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.host_batch import EmittedPolicy
from tinyverify.semantics import float32
from tinyverify.semantics.policy import action_bits, infer
from tinyverify.train.environments import Environment
from tinyverify.train.evaluate import MAX_STEPS, NeverEnds
from tinyverify.train.network import actor_from_tensors
from tinyverify.train.runtime import require

Act = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class World:
    """What of an environment its gymnasium class does not say: the range of returns, and where episodes start.

    `start_low`, `start_high`: the internal state at reset, uniform in this box; `observe`: the method that observes it.
    """

    return_low: float
    return_high: float
    start_low: tuple[float, ...]
    start_high: tuple[float, ...]
    observe: str | None


# Reward 1 a step, at most 500; -1 a step, at most 500; at least -(pi^2 + 0.1 * 8^2 + 0.001 * 2^2) a step, 200 steps.
WORLDS = {
    "CartPole-v1": World(0.0, 500.0, (-0.05,) * 4, (0.05,) * 4, None),
    "Acrobot-v1": World(-500.0, 0.0, (-0.1,) * 4, (0.1,) * 4, "_get_ob"),
    "Pendulum-v1": World(-200 * 16.28, 0.0, (-np.pi, -1.0), (np.pi, 1.0), "_get_obs"),
}


def int8_policy(policy: Policy) -> Act:
    """The deterministic action of the integer reference, which the emitted C agrees with bit for bit."""

    def act(observations: np.ndarray) -> np.ndarray:
        inference = infer(policy, np.ascontiguousarray(observations, np.float32).view(np.uint32))
        if policy.discrete:
            return inference.action
        return float32.values_of(action_bits(policy, inference.action))[:, None]

    return act


class EmittedC:
    """The deterministic action of the emitted C, built for this machine; every action is compared with the reference.

    `actions`: how many it took; `differences`: how many of them the integer reference would not have taken.
    Raises CompilerMissing, BuildError.
    """

    def __init__(self, policy: Policy) -> None:
        self._emitted, self._reference = EmittedPolicy(policy), int8_policy(policy)
        self.actions = self.differences = 0

    def __call__(self, observations: np.ndarray) -> np.ndarray:
        taken = self._emitted(observations)
        self.actions += len(taken)
        self.differences += int((taken != self._reference(observations)).sum())
        return taken


def float_policy(training: Training, environment: Environment) -> Act:
    """The deterministic action of the float32 network."""
    actor = actor_from_tensors(training.tensors)
    if environment.discrete:
        return lambda observations: np.argmax(actor(observations), axis=1)
    bound = np.float32(environment.action_bound)
    return lambda observations: np.tanh(actor(observations)[:, :1]) * bound


def returns(
    act: Act,
    environment: Environment,
    seeds: Sequence[int],
    starts: np.ndarray | None = None,
    max_steps: int = MAX_STEPS,
) -> np.ndarray:
    """Undiscounted returns float64 [n] of one episode a seed; `starts` [n, s] replaces the internal states at reset.

    Raises MissingExtra without gymnasium, NeverEnds for an episode of more than `max_steps`.
    """
    gymnasium = require("gymnasium")
    envs = [gymnasium.make(environment.gym_id, disable_env_checker=True) for _ in seeds]
    observations = np.stack(
        [
            _reset(env, environment, int(seed), None if starts is None else starts[i])
            for i, (env, seed) in enumerate(zip(envs, seeds, strict=True))
        ]
    )
    total = np.zeros(len(envs))
    running = np.arange(len(envs))
    for _ in range(max_steps):
        actions = act(observations[running])
        done = np.zeros(len(running), bool)
        for row, index in enumerate(running):
            action = int(actions[row]) if environment.discrete else actions[row]
            observation, reward, terminated, truncated, _ = envs[index].step(action)
            observations[index] = observation
            total[index] += float(reward)
            done[row] = terminated or truncated
        running = running[~done]
        if not len(running):
            break
    else:
        raise NeverEnds(environment.gym_id, max_steps)
    for env in envs:
        env.close()
    return total


def _reset(env, environment: Environment, seed: int, start: np.ndarray | None) -> np.ndarray:
    observation, _ = env.reset(seed=seed)
    if start is not None:
        env.unwrapped.state = np.array(start, np.float64)
        observe = WORLDS[environment.gym_id].observe
        observation = start if observe is None else getattr(env.unwrapped, observe)()
    return np.asarray(observation, np.float32)

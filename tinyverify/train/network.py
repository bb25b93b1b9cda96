"""The actor in float32 numpy: what a teacher or a student computes, and the policies made of it.

The reference that the quantized network is compared with. No torch. Critics are not evaluated here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tinyverify.train.environments import Environment

# A policy maps one observation float32 [obs_dim] to an action index or to a float32 [action_dim].
Policy = Callable[[np.ndarray], int | np.ndarray]

# The logarithm of a standard deviation is used between these: e^-5 is 0.7 % of tanh's unit, below what int8
# resolves, and 2 is SAC's own upper clip (its lower one, -20, would waste the int8 range).
LOG_STD_LOW, LOG_STD_HIGH = -5.0, 2.0

ACTOR_TENSORS = ("actor.0.weight", "actor.0.bias", "actor.1.weight", "actor.1.bias")


@dataclass(frozen=True)
class Actor:
    """One hidden ReLU layer. All float32: weights [hidden, obs] and [outputs, hidden], biases [hidden], [outputs]."""

    hidden_weight: np.ndarray
    hidden_bias: np.ndarray
    output_weight: np.ndarray
    output_bias: np.ndarray

    def __call__(self, observations: np.ndarray) -> np.ndarray:
        """Outputs float32 [..., outputs] of observations [..., obs_dim]."""
        x = np.asarray(observations, dtype=np.float32)
        hidden = np.maximum(x @ self.hidden_weight.T + self.hidden_bias, np.float32(0))
        return hidden @ self.output_weight.T + self.output_bias


def actor_from_tensors(tensors: Mapping[str, np.ndarray]) -> Actor:
    """The actor among the tensors of a training artifact."""
    return Actor(*(np.ascontiguousarray(tensors[name], dtype=np.float32) for name in ACTOR_TENSORS))


def greedy(actor: Actor, environment: Environment) -> Policy:
    """The deterministic policy: arg max of the logits (the first among equals), or tanh(mean) * action_bound."""
    if environment.discrete:
        return lambda observation: int(np.argmax(actor(observation)))
    bound = np.float32(environment.action_bound)
    return lambda observation: np.tanh(actor(observation)[:1]) * bound


def sampled(actor: Actor, environment: Environment, rng: np.random.Generator) -> Policy:
    """The stochastic policy: softmax of the logits, or tanh of a normal variate times action_bound."""
    if environment.discrete:
        # Gumbel: the arg max of logits plus Gumbel noise is distributed as their softmax.
        return lambda observation: int(np.argmax(actor(observation) + rng.gumbel(size=environment.outputs)))

    def act(observation: np.ndarray) -> np.ndarray:
        mean, log_std = actor(observation)
        std = np.exp(np.clip(log_std, LOG_STD_LOW, LOG_STD_HIGH))
        return np.float32([np.tanh(mean + std * rng.standard_normal()) * environment.action_bound])

    return act

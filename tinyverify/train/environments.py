"""The environments a policy can be trained for, as one table.

Imports nothing but the standard library, so every layer may read it. Shapes, bounds and thresholds are those
of the gymnasium environments; the observation box is what quantization calibrates against and must be finite,
so where gymnasium's own box is not, a wider one than any visited state is stated here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Environment:
    """One environment: shapes, bounds, when it counts as solved, and how it is trained by default.

    `outputs` is the width of the actor's last layer: one logit an action where `discrete`, otherwise
    (mean before tanh, log_std). `action_dim` is the number of actions, or the dimension of a continuous one.
    `action_bound` scales tanh to the action's unit (torque in N m), and is 0.0 for discrete environments.
    `solved_return` is the mean return over 100 episodes of greedy actions from which it counts as solved.
    """

    name: str
    gym_id: str
    obs_dim: int
    action_dim: int
    outputs: int
    discrete: bool
    action_bound: float
    observation_low: tuple[float, ...]
    observation_high: tuple[float, ...]
    solved_return: float
    algorithm: str
    timesteps: int


def _symmetric(*bounds: float) -> dict[str, tuple[float, ...]]:
    return {"observation_low": tuple(-bound for bound in bounds), "observation_high": bounds}


ENVIRONMENTS: Mapping[str, Environment] = MappingProxyType(
    {
        # Episodes end at |x| > 2.4 m and |angle| > 0.2095 rad; gymnasium's box is twice that, and infinite for
        # the velocities, where 4 m/s and 4 rad/s are taken.
        "cartpole": Environment(
            name="cartpole",
            gym_id="CartPole-v1",
            obs_dim=4,
            action_dim=2,
            outputs=2,
            discrete=True,
            action_bound=0.0,
            **_symmetric(4.8, 4.0, 0.418, 4.0),
            solved_return=475.0,
            algorithm="PPO",
            timesteps=100_000,
        ),
        # cos and sin of two angles, then velocities that the environment itself clips at 4 pi and 9 pi rad/s.
        "acrobot": Environment(
            name="acrobot",
            gym_id="Acrobot-v1",
            obs_dim=6,
            action_dim=3,
            outputs=3,
            discrete=True,
            action_bound=0.0,
            **_symmetric(1.0, 1.0, 1.0, 1.0, 4 * math.pi, 9 * math.pi),
            solved_return=-100.0,
            algorithm="PPO",
            timesteps=300_000,
        ),
        # cos and sin of the angle, then a velocity that the environment clips at 8 rad/s.
        "pendulum": Environment(
            name="pendulum",
            gym_id="Pendulum-v1",
            obs_dim=3,
            action_dim=1,
            outputs=2,
            discrete=False,
            action_bound=2.0,
            **_symmetric(1.0, 1.0, 8.0),
            solved_return=-250.0,
            algorithm="SAC",
            timesteps=50_000,
        ),
    }
)


def find(name: str) -> Environment:
    """The environment with this short name or gymnasium id. Raises ValueError that lists the known ones."""
    for environment in ENVIRONMENTS.values():
        if name in (environment.name, environment.gym_id):
            return environment
    raise ValueError(f"unknown environment {name!r}, expected one of {', '.join(ENVIRONMENTS)}")

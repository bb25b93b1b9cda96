"""Ranges of inputs, hidden activations and outputs of the float32 network.

The input range is the declared observation box, and the hidden range is exact over it (a hidden unit is affine, so its
maximum lies in a corner): nothing saturates inside the box, and the claims of this project are about the box, not about
the states that a good policy happens to visit. A hidden range 5 % below the exact one can double the certified error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.training import Training


@dataclass(frozen=True)
class Ranges:
    """`low`, `high` float64 [obs_dim]; `hidden_max` float64 per hidden layer; `output_low/high` float64 [outputs]
    over visited states; `states`: how many were used."""

    low: np.ndarray
    high: np.ndarray
    hidden_max: tuple[float, ...]
    output_low: np.ndarray
    output_high: np.ndarray
    states: int


def forward(actor: list[tuple[np.ndarray, np.ndarray]], observations: np.ndarray) -> list[np.ndarray]:
    """Activations after every layer of the float network (ReLU between layers), in float64, [n, features] each."""
    activations, x = [], np.asarray(observations, np.float64)
    for index, (weight, bias) in enumerate(actor):
        x = x @ weight.T.astype(np.float64) + bias
        if index < len(actor) - 1:
            x = np.maximum(x, 0.0)
        activations.append(x)
    return activations


def box_maximum(weight: np.ndarray, bias: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The largest value of each row of `weight @ x + bias` for x in [low, high], float64 [rows]."""
    w = weight.astype(np.float64)
    return np.maximum(w * low, w * high).sum(axis=1) + bias


def calibrate(training: Training) -> Ranges:
    """Ranges of `training`'s actor. A hidden layer that never activates gets the range 1."""
    artifact = training.artifact
    low, high = np.array(artifact.observation_low), np.array(artifact.observation_high)
    visited = np.clip(training.tensors["calibration.observations"], low, high)
    outputs = forward(training.actor, visited)[-1]
    (weight, bias), _ = training.actor
    largest = float(box_maximum(weight, bias, low, high).max())
    hidden_max = (largest if largest > 0 else 1.0,)
    return Ranges(low, high, hidden_max, outputs.min(axis=0), outputs.max(axis=0), len(visited))

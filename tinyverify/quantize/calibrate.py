"""Ranges of inputs, hidden activations and outputs of the float32 network.

The input range is the declared observation box. Activation ranges are taken over visited states and over a
seeded uniform sample of the whole box, because the claims of this project are about the box, not about the
states that a good policy happens to visit. What saturates all the same is certified elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.training import Training

BOX_SAMPLES = 8192
BOX_SEED = 20240229


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


def calibrate(training: Training) -> Ranges:
    """Ranges of `training`'s actor. A hidden layer that never activates gets the range 1."""
    artifact = training.artifact
    low, high = np.array(artifact.observation_low), np.array(artifact.observation_high)
    visited = np.clip(training.tensors["calibration.observations"], low, high)
    box = np.random.default_rng(BOX_SEED).uniform(low, high, (BOX_SAMPLES, len(low)))
    on_visited, on_box = forward(training.actor, visited), forward(training.actor, box)
    hidden_max = tuple(float(max(a.max(), b.max())) or 1.0 for a, b in zip(on_visited[:-1], on_box[:-1], strict=True))
    outputs = on_visited[-1]
    return Ranges(low, high, hidden_max, outputs.min(axis=0), outputs.max(axis=0), len(visited))

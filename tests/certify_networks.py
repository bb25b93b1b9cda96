"""Small random networks with their quantized policies, and exact rational evaluation of both."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import (
    Training,
    TrainingArtifact,
    TrainingConfig,
    TrainingMetrics,
    reproducibility_hash,
)
from tinyverify.quantize.quantize import quantize
from tinyverify.semantics import float32
from tinyverify.semantics.policy import infer
from tinyverify.semantics.requantize import RoundingMode


def small_network(
    dim: int = 2,
    hidden: int = 8,
    outputs: int = 2,
    discrete: bool = True,
    seed: int = 0,
    low: tuple[float, ...] | None = None,
    rounding: RoundingMode = RoundingMode.DOUBLE_TIES_UP,
    environment: str = "CartPole-v1",
) -> tuple[Policy, Training]:
    """A random actor and its policy; the box is [-1, 1]^dim unless `low` is given (then [low, 1])."""
    rng = np.random.default_rng(seed)
    tensors = {
        "actor.0.weight": rng.normal(0, 1, (hidden, dim)),
        "actor.0.bias": rng.normal(0, 0.4, hidden),
        "actor.1.weight": rng.normal(0, 0.6, (outputs, hidden)),
        "actor.1.bias": rng.normal(0, 0.3, outputs),
        "calibration.observations": rng.uniform(-0.5, 0.5, (64, dim)),
    }
    tensors = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    config = TrainingConfig(
        obs_dim=dim, action_dim=outputs if discrete else 1, hidden_dim=hidden, learning_rate=1e-3, batch_size=64,
        environment=environment, discrete=discrete, kind="teacher", algorithm="random", seed=seed, total_timesteps=0,
        action_bound=None if discrete else 2.0,
    )  # fmt: skip
    metrics = TrainingMetrics(final_reward=0.0, reward_std=0.0, episode_count=1, evaluation_seed=0, training_time=0.0)
    low = low or (-1.0,) * dim
    artifact = TrainingArtifact(
        schema_version="tinyverify.training/1", model_path="small.safetensors", config=config, metrics=metrics,
        observation_low=low, observation_high=(1.0,) * dim, versions={},
        reproducibility_hash=reproducibility_hash(config, tensors),
    )  # fmt: skip
    training = Training(Path("small.json"), artifact, tensors)
    return quantize(training, rounding), training


def exact_float_logits(training: Training, observation: np.ndarray) -> list[Fraction]:
    """The network's logits at a float32 observation [d], without any rounding."""
    x = [Fraction(float(v)) for v in observation]
    for index, (weight, bias) in enumerate(training.actor):
        x = [
            Fraction(float(b)) + sum(Fraction(float(w)) * v for w, v in zip(row, x, strict=True))
            for row, b in zip(weight, bias, strict=True)
        ]
        if index == 0:
            x = [max(v, Fraction(0)) for v in x]
    return x


def exact_errors(policy: Policy, training: Training, observation: np.ndarray) -> list[Fraction]:
    """int8 logit minus float logit at a float32 observation [d], exactly (the float32 network without rounding)."""
    bits = np.ascontiguousarray(observation, np.float32)[None].view(np.uint32)
    logits = float32.values_of(infer(policy, bits).logit_bits)[0]
    real = exact_float_logits(training, observation)
    return [Fraction(float(a)) - b for a, b in zip(logits, real, strict=True)]


def box_samples(policy: Policy, count: int, seed: int = 0) -> np.ndarray:
    """Uniform float32 observations [count, d] of the box, with its corners among them."""
    low, high = np.float32(policy.file.input.low), np.float32(policy.file.input.high)
    rng = np.random.default_rng(seed)
    x = rng.uniform(low, high, (count, len(low)))
    x[: count // 8] = np.where(rng.random((count // 8, len(low))) < 0.5, low, high)
    return np.clip(x.astype(np.float32), low, high)

"""Random CartPole-shaped actors of any width, for tests that need a shape rather than a good policy."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyverify.artifacts.training import (
    Training,
    TrainingArtifact,
    TrainingConfig,
    TrainingMetrics,
    load_training,
    reproducibility_hash,
    write_training,
)


def random_training(folder: Path, hidden: int, seed: int = 0) -> Training:
    """Write and read a training artifact 4-`hidden`-2 with normal weights under `folder`."""
    rng = np.random.default_rng(seed)
    tensors = {
        "actor.0.weight": rng.normal(0, 0.7, (hidden, 4)).astype(np.float32),
        "actor.0.bias": rng.normal(0, 0.3, hidden).astype(np.float32),
        "actor.1.weight": rng.normal(0, 2.0 / np.sqrt(hidden), (2, hidden)).astype(np.float32),
        "actor.1.bias": rng.normal(0, 0.3, 2).astype(np.float32),
        "calibration.observations": rng.uniform(-1, 1, (256, 4)).astype(np.float32),
    }
    config = TrainingConfig(
        obs_dim=4,
        action_dim=2,
        hidden_dim=hidden,
        learning_rate=1e-3,
        batch_size=64,
        environment="CartPole-v1",
        discrete=True,
        kind="teacher",
        algorithm="random",
        seed=seed,
        total_timesteps=0,
    )
    metrics = TrainingMetrics(final_reward=0.0, reward_std=0.0, episode_count=1, evaluation_seed=0, training_time=0.0)
    artifact = TrainingArtifact(
        schema_version="tinyverify.training/1",
        model_path="training.safetensors",
        config=config,
        metrics=metrics,
        observation_low=(-4.0,) * 4,
        observation_high=(4.0,) * 4,
        versions={},
        reproducibility_hash=reproducibility_hash(config, tensors),
    )
    write_training(folder / "training.json", artifact, tensors)
    return load_training(folder / "training.json")

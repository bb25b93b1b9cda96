"""From a trained network to its artifact on disk: evaluation, calibration states, hash, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from tinyverify.artifacts.errors import ArtifactError, from_validation
from tinyverify.artifacts.training import (
    TRAINING_SCHEMA,
    TrainingArtifact,
    TrainingConfig,
    TrainingMetrics,
    reproducibility_hash,
    write_training,
)
from tinyverify.train.environments import Environment
from tinyverify.train.evaluate import EVALUATION_EPISODES, EVALUATION_SEED, evaluate, visited_states
from tinyverify.train.network import actor_from_tensors, greedy
from tinyverify.train.runtime import Progress, versions

CALIBRATION_STATES = 2048
# Seeds of episodes: training below 1,000,000 (a run uses at most 100,000 above its own seed), evaluation from
# 1,000,000, calibration from 2,000,000, so that no figure is measured over episodes that were trained on.
CALIBRATION_SEED = 2_000_000
MAX_SEED = 899_999


def new_config(out_path: Path, environment: Environment, **fields: Any) -> TrainingConfig:
    """The configuration of a run that will be written to `out_path`. Raises ArtifactError naming the field."""
    if out_path.is_dir():
        raise ArtifactError(out_path, "", "is a folder, expected the name of a file to write")
    if out_path.suffix == ".safetensors":
        raise ArtifactError(out_path, "", "names the tensors' file, expected a .json beside it")
    try:
        config = TrainingConfig(
            obs_dim=environment.obs_dim,
            action_dim=environment.action_dim,
            environment=environment.gym_id,
            discrete=environment.discrete,
            action_bound=None if environment.discrete else environment.action_bound,
            **fields,
        )
    except ValidationError as error:
        found = from_validation(out_path, error)
        raise ArtifactError(out_path, f"config.{found.field}", found.message) from error
    if config.seed > MAX_SEED:
        raise ArtifactError(out_path, "config.seed", f"is {config.seed}, expected at most {MAX_SEED}")
    if config.total_timesteps < 1:
        raise ArtifactError(out_path, "config.total_timesteps", "is 0, expected at least 1")
    return config


def finish(
    out_path: Path,
    environment: Environment,
    config: TrainingConfig,
    tensors: dict[str, np.ndarray],
    progress: Progress | None,
    **metrics: Any,
) -> TrainingArtifact:
    """Evaluate the actor in `tensors`, add its calibration states, write both files, return the artifact.

    `metrics` are the fields of TrainingMetrics that only the caller knows. Raises ArtifactError.
    """
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise ArtifactError(out_path, name, "training diverged: holds NaN or infinite values; nothing was written")
    actor = actor_from_tensors(tensors)
    if progress:
        progress(0, EVALUATION_EPISODES, "evaluate")
    returns = evaluate(greedy(actor, environment), environment)
    states, _ = visited_states(actor, environment, CALIBRATION_STATES, CALIBRATION_SEED)
    tensors = tensors | {"calibration.observations": states}
    if progress:
        progress(EVALUATION_EPISODES, EVALUATION_EPISODES, "evaluate")
    artifact = TrainingArtifact(
        schema_version=TRAINING_SCHEMA,
        model_path=out_path.with_suffix(".safetensors").name,
        config=config,
        metrics=TrainingMetrics(
            final_reward=float(returns.mean()),
            reward_std=float(returns.std(ddof=1)),
            episode_count=EVALUATION_EPISODES,
            evaluation_seed=EVALUATION_SEED,
            **metrics,
        ),
        observation_low=tuple(map(float, np.float32(environment.observation_low))),
        observation_high=tuple(map(float, np.float32(environment.observation_high))),
        versions=versions(),
        reproducibility_hash=reproducibility_hash(config, tensors),
    )
    write_training(out_path, artifact, tensors)
    return artifact

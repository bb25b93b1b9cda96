"""`TrainingArtifact`: the contract between training and everything after it, and its tensors.

Serves `integrity.*`. Tensors lie in a safetensors file beside the JSON; nothing is ever unpickled. Reading needs
no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from safetensors import SafetensorError
from safetensors.numpy import load, save

from tinyverify.artifacts.encoding import Float32
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import (
    canonical_json,
    read_bytes,
    read_model,
    resolve_inside,
    sha256,
    write_atomic,
    write_model,
)

TRAINING_SCHEMA = "tinyverify.training/1"
Dimension = Annotated[int, Field(ge=1, le=4096)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TrainingConfig(_Model):
    """What was trained, and how. `action_dim` counts actions (discrete) or action components (continuous)."""

    obs_dim: Dimension
    action_dim: Dimension
    hidden_dim: Dimension
    learning_rate: Finite
    batch_size: Dimension
    environment: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    discrete: bool
    kind: Literal["teacher", "student"]
    algorithm: str = Field(max_length=64)
    seed: int = Field(ge=0)
    total_timesteps: int = Field(ge=0)
    temperature: Finite | None = None
    teacher_hash: str | None = None
    action_bound: Finite | None = None


class MemoryUse(_Model):
    """Measured bytes of training state."""

    parameters: int = Field(ge=0)
    gradients: int = Field(ge=0)
    optimizer: int = Field(ge=0)
    buffer: int = Field(ge=0)


class TrainingMetrics(_Model):
    """Figures of one training: returns over `episode_count` evaluation episodes, seconds, bytes."""

    final_reward: Finite
    reward_std: Finite
    episode_count: int = Field(ge=1)
    evaluation_seed: int = Field(ge=0)
    training_time: Finite = Field(ge=0)
    memory: MemoryUse | None = None
    distillation_kl: Finite | None = None
    agreement: Finite | None = None


class TrainingArtifact(_Model):
    """The file `training.json`."""

    schema_version: Literal["tinyverify.training/1"]
    model_path: str
    config: TrainingConfig
    metrics: TrainingMetrics
    observation_low: tuple[Float32, ...]
    observation_high: tuple[Float32, ...]
    versions: dict[str, str]
    reproducibility_hash: str = Field(pattern=r"^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Training:
    """A read artifact with its float32 tensors by name, e.g. `actor.0.weight` [hidden, obs_dim]."""

    path: Path
    artifact: TrainingArtifact
    tensors: dict[str, np.ndarray]

    @property
    def actor(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The actor's dense layers as (weight [out, in], bias [out])."""
        return [(self.tensors[f"actor.{i}.weight"], self.tensors[f"actor.{i}.bias"]) for i in range(2)]


def tensors_hash(tensors: dict[str, np.ndarray]) -> str:
    """SHA-256 over names, shapes and float32 bytes of all tensors, in name order."""
    parts = {
        name: {"shape": list(tensor.shape), "sha256": sha256(np.ascontiguousarray(tensor, "<f4").tobytes())}
        for name, tensor in tensors.items()
    }
    return sha256(canonical_json(parts))


def reproducibility_hash(config: TrainingConfig, tensors: dict[str, np.ndarray]) -> str:
    """SHA-256 over configuration and tensors; holds no time, no path and no version."""
    return sha256(canonical_json({"config": config.model_dump(mode="json"), "tensors": tensors_hash(tensors)}))


def write_training(path: Path, artifact: TrainingArtifact, tensors: dict[str, np.ndarray]) -> None:
    """Write the tensors beside `path` and then `path` itself, each atomically. Raises ArtifactError."""
    path = Path(path)
    model = resolve_inside(path.parent, artifact.model_path, path, "model_path")
    write_atomic(model, save({name: np.ascontiguousarray(t, np.float32) for name, t in sorted(tensors.items())}))
    write_model(path, artifact)


def load_training(path: Path) -> Training:
    """Read and check `training.json` and its tensors. Raises ArtifactError naming file and field."""
    path = Path(path)
    artifact = read_model(path, TrainingArtifact)
    model = resolve_inside(path.parent, artifact.model_path, path, "model_path")
    try:
        tensors = load(read_bytes(model))
    except (SafetensorError, ValueError, KeyError) as error:
        raise ArtifactError(model, "", f"is not a safetensors file: {error}") from error
    training = Training(path, artifact, tensors)
    _check_tensors(model, artifact, tensors)
    expected = reproducibility_hash(artifact.config, tensors)
    if artifact.reproducibility_hash != expected:
        raise ArtifactError(
            path,
            "reproducibility_hash",
            f"is {artifact.reproducibility_hash[:12]}..., configuration and tensors hash to {expected[:12]}...",
        )
    return training


def _check_tensors(model: Path, artifact: TrainingArtifact, tensors: dict[str, np.ndarray]) -> None:
    config = artifact.config
    outputs = config.action_dim if config.discrete else 2 * config.action_dim
    shapes = {
        "actor.0.weight": (config.hidden_dim, config.obs_dim),
        "actor.0.bias": (config.hidden_dim,),
        "actor.1.weight": (outputs, config.hidden_dim),
        "actor.1.bias": (outputs,),
        "calibration.observations": (None, config.obs_dim),
    }
    for name, shape in shapes.items():
        if name not in tensors:
            raise ArtifactError(model, name, "is missing")
        actual = tensors[name].shape
        if len(actual) != len(shape) or any(want not in (None, have) for want, have in zip(shape, actual, strict=True)):
            raise ArtifactError(
                model, name, f"has shape {list(actual)}, expected {['n' if d is None else d for d in shape]}"
            )
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32:
            raise ArtifactError(model, name, f"is {tensor.dtype}, expected float32")
        if not np.isfinite(tensor).all():
            raise ArtifactError(model, name, "holds NaN or infinite values")
    if not len(tensors["calibration.observations"]):
        raise ArtifactError(model, "calibration.observations", "holds no state to calibrate with")
    low, high = artifact.observation_low, artifact.observation_high
    if len(low) != config.obs_dim or len(high) != config.obs_dim:
        raise ArtifactError(model, "observation_low", f"the observation box needs {config.obs_dim} bounds")
    if any(a >= b for a, b in zip(low, high, strict=True)):
        raise ArtifactError(model, "observation_low", "is not below observation_high")

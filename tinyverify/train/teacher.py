"""A teacher: stable-baselines3 on the CPU, actor and critic with one hidden layer of ReLU.

PPO for the discrete environments, SAC for the continuous one, AdamW for both. Exports plain float32 tensors; no
pickle is written or read. Does not claim that a policy is good: `metrics` holds what was measured.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.training import MemoryUse, TrainingArtifact
from tinyverify.train.environments import Environment, find
from tinyverify.train.memory import measure
from tinyverify.train.record import finish, new_config
from tinyverify.train.runtime import Progress, deterministic, require

HIDDEN = 64

# Of PPO's parameters only those that differ from stable-baselines3's defaults. The learning rate (and PPO's clip
# range) falls linearly to 0 over a run.
# Pendulum's replay buffer is the specification's 10 MB: 40 bytes a transition (two observations of 3 float32,
# action, reward, done and timeout of 4 bytes each) times 250,000.
HYPERPARAMETERS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "cartpole": {
            "n_envs": 8,
            "learning_rate": 1e-3,
            "batch_size": 256,
            "n_steps": 32,
            "n_epochs": 20,
            "gamma": 0.98,
            "gae_lambda": 0.8,
        },
        "acrobot": {
            "n_envs": 16,
            "learning_rate": 1e-3,
            "batch_size": 256,
            "n_steps": 256,
            "n_epochs": 4,
            "gamma": 0.99,
            "gae_lambda": 0.94,
        },
        "pendulum": {
            "n_envs": 4,
            "learning_rate": 1e-3,
            "batch_size": 256,
            "buffer_size": 250_000,
            "gradient_steps": 4,
            "gamma": 0.99,
        },
    }
)


def train(
    environment: str,
    seed: int,
    timesteps: int | None,
    out_path: Path,
    progress: Progress | None = None,
) -> TrainingArtifact:
    """Train a teacher for `environment` (short name or gymnasium id) and write its artifact to `out_path`.

    `timesteps` None takes the environment's default budget. Tensors go beside `out_path` as .safetensors.
    Raises ArtifactError on bad input (nothing is written), MissingExtra without the train extra.
    """
    out_path = Path(out_path)
    try:
        target = find(environment)
    except ValueError as error:
        raise ArtifactError(out_path, "config.environment", str(error)) from error
    timesteps = target.timesteps if timesteps is None else timesteps
    settings = HYPERPARAMETERS[target.name]
    config = new_config(
        out_path,
        target,
        hidden_dim=HIDDEN,
        learning_rate=settings["learning_rate"],
        batch_size=settings["batch_size"],
        kind="teacher",
        algorithm=target.algorithm,
        seed=seed,
        total_timesteps=timesteps,
    )
    with deterministic(seed):
        model = build(target, settings, seed)
        start = time.perf_counter()
        model.learn(timesteps, callback=_callback(timesteps, progress))
        seconds = time.perf_counter() - start
        tensors = export(model, target)
        memory = _measure(model)
        model.get_env().close()
        return finish(out_path, target, config, tensors, progress, training_time=seconds, memory=memory)


def build(environment: Environment, settings: Mapping[str, Any], seed: int) -> Any:
    """The untrained stable-baselines3 model; `settings` is a row of HYPERPARAMETERS."""
    settings = dict(settings)
    torch = require("torch")
    sb3 = require("stable_baselines3")
    make_vec_env = require("stable_baselines3.common.env_util").make_vec_env
    envs = make_vec_env(environment.gym_id, n_envs=settings.pop("n_envs"), seed=seed)
    rate = settings.pop("learning_rate")
    # eps as stable-baselines3 sets it for each algorithm's Adam.
    critic, eps = ("vf", 1e-5) if environment.algorithm == "PPO" else ("qf", 1e-8)
    if environment.algorithm == "PPO":
        settings["clip_range"] = lambda remaining: 0.2 * remaining
    return getattr(sb3, environment.algorithm)(
        "MlpPolicy",
        envs,
        learning_rate=lambda remaining: rate * remaining,
        seed=seed,
        device="cpu",
        policy_kwargs={
            "net_arch": {"pi": [HIDDEN], critic: [HIDDEN]},
            "activation_fn": torch.nn.ReLU,
            "optimizer_class": torch.optim.AdamW,
            "optimizer_kwargs": {"weight_decay": 1e-4, "eps": eps},
        },
        **settings,
    )


def _callback(timesteps: int, progress: Progress | None) -> Any:
    if progress is None:
        return None
    interval = max(1, timesteps // 200)
    last = 0

    def report(values: dict[str, Any], _: dict[str, Any]) -> bool:
        nonlocal last
        done = min(values["self"].num_timesteps, timesteps)
        if done - last >= interval or done == timesteps:
            last = done
            progress(done, timesteps, "train")
        return True

    return report


def export(model: Any, environment: Environment) -> dict[str, np.ndarray]:
    """Actor and critics of a stable-baselines3 model as float32 tensors by name."""
    policy = model.policy
    if environment.algorithm == "PPO":
        extractor = policy.mlp_extractor
        layers = {
            "actor.0": [extractor.policy_net[0]],
            "actor.1": [policy.action_net],
            "critic.0": [extractor.value_net[0]],
            "critic.1": [policy.value_net],
        }
    else:
        # Row 0 of the last layer is the mean before tanh, row 1 log_std. The critics take the observation, then
        # the action in [-1, 1], before it is scaled by action_bound.
        layers = {"actor.0": [policy.actor.latent_pi[0]], "actor.1": [policy.actor.mu, policy.actor.log_std]}
        for name, network in zip(("critic", "critic_twin"), policy.critic.q_networks, strict=True):
            layers |= {f"{name}.0": [network[0]], f"{name}.1": [network[2]]}
    tensors = {}
    for name, parts in layers.items():
        for field in ("weight", "bias"):
            arrays = [getattr(part, field).detach().numpy() for part in parts]
            tensors[f"{name}.{field}"] = np.concatenate(arrays).astype(np.float32)
    return tensors


def _measure(model: Any) -> MemoryUse:
    parameters = list(model.policy.parameters())
    if hasattr(model, "rollout_buffer"):
        optimizers, buffer = [model.policy.optimizer], model.rollout_buffer
    else:
        parameters.append(model.log_ent_coef)
        optimizers = [model.actor.optimizer, model.critic.optimizer, model.ent_coef_optimizer]
        buffer = model.replay_buffer
    return measure(parameters, optimizers, (array for array in vars(buffer).values() if isinstance(array, np.ndarray)))

"""A student of any hidden width, distilled from a teacher by KL at a temperature.

States: those the teacher visits, the same with noise (so that the student agrees around them too), and after each
third of the training those that the student itself visits, where its own mistakes lead it. All are labelled by the
teacher. Agreement over the whole observation box is not trained for, and not claimed.
"""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.training import TrainingArtifact, load_training
from tinyverify.train.divergence import agreement, kl_divergence
from tinyverify.train.environments import Environment, find
from tinyverify.train.evaluate import visited_states
from tinyverify.train.memory import measure
from tinyverify.train.network import LOG_STD_HIGH, LOG_STD_LOW, Actor, actor_from_tensors
from tinyverify.train.record import finish, new_config
from tinyverify.train.runtime import Progress, deterministic, require

TEMPERATURE = 2.0
STEPS = 30_000
BATCH = 256
LEARNING_RATE = 1e-2
# Visited states a round, and the noise on their copies as a share of each feature's standard deviation.
STATES = 10_000
NOISE = 0.1
ROUNDS = 3
# Distance of the rounds' seeds: more than the episodes that 2 * STATES states take (CartPole lasts 8 steps or more).
ROUND_SEEDS = 10_000
# States that `metrics` is measured over; their episodes are in no training set.
HELD_OUT = 10_000
HELD_OUT_SEED = 3_000_000


def distill(
    teacher_path: Path,
    hidden: int,
    out_path: Path,
    seed: int = 0,
    temperature: float = TEMPERATURE,
    steps: int = STEPS,
    progress: Progress | None = None,
) -> TrainingArtifact:
    """Distill the artifact `teacher_path` into a student with `hidden` units and write it to `out_path`.

    `steps` counts optimizer steps, recorded as total_timesteps. Tensors go beside `out_path` as .safetensors.
    Raises ArtifactError on bad input (nothing is written), MissingExtra without the train extra.
    """
    teacher_path, out_path = Path(teacher_path), Path(out_path)
    training = load_training(teacher_path)
    try:
        environment = find(training.artifact.config.environment)
    except ValueError as error:
        raise ArtifactError(teacher_path, "config.environment", str(error)) from error
    config = new_config(
        out_path,
        environment,
        hidden_dim=hidden,
        learning_rate=LEARNING_RATE,
        batch_size=BATCH,
        kind="student",
        algorithm="distillation",
        seed=seed,
        total_timesteps=steps,
        temperature=temperature,
        teacher_hash=training.artifact.reproducibility_hash,
    )
    if not 2**-10 <= temperature <= 2**10:
        raise ArtifactError(out_path, "config.temperature", f"is {temperature}, expected 2^-10 to 2^10")
    if teacher_path.with_suffix(".safetensors").resolve() == out_path.with_suffix(".safetensors").resolve():
        raise ArtifactError(out_path, "", "would overwrite the teacher")
    teacher = actor_from_tensors(training.tensors)
    with deterministic(seed):
        start = time.perf_counter()
        run = Distillation(teacher, environment, hidden, seed, temperature, steps)
        student = run.train(progress)
        seconds = time.perf_counter() - start
        held_out, _ = visited_states(teacher, environment, HELD_OUT, HELD_OUT_SEED)
        outputs = teacher(held_out), student(held_out)
        return finish(
            out_path,
            environment,
            config,
            {
                "actor.0.weight": student.hidden_weight,
                "actor.0.bias": student.hidden_bias,
                "actor.1.weight": student.output_weight,
                "actor.1.bias": student.output_bias,
            },
            progress,
            training_time=seconds,
            memory=measure(run.network.parameters(), [run.optimizer], [run.states, run.labels]),
            distillation_kl=kl_divergence(*outputs, environment, temperature),
            agreement=agreement(*outputs, environment),
        )


def distillation_loss(teacher: Any, student: Any, environment: Environment, temperature: float) -> Any:
    """Mean KL(teacher || student) over torch outputs [n, outputs], as `divergence.kl_divergence` defines it.

    The student's log_std is not clipped here, so that its gradient does not vanish outside the clip.
    """
    torch = require("torch")
    if environment.discrete:
        log_p, log_q = (torch.log_softmax(outputs / temperature, dim=-1) for outputs in (teacher, student))
        return (log_p.exp() * (log_p - log_q)).sum(dim=-1).mean()
    log_p, log_q = teacher[:, 1].clamp(LOG_STD_LOW, LOG_STD_HIGH), student[:, 1]
    square = (2 * (log_p - log_q)).exp() + (teacher[:, 0] - student[:, 0]) ** 2 / (temperature * (2 * log_q).exp())
    return (log_q - log_p + 0.5 * (square - 1)).mean()


class Distillation:
    """The state of one run: network and optimizer, states and the teacher's outputs for them."""

    learning_rate, what = LEARNING_RATE, "distill, KL"

    def __init__(
        self, teacher: Actor, environment: Environment, hidden: int, seed: int, temperature: float, steps: int
    ) -> None:
        self.torch = torch = require("torch")
        self.teacher, self.environment, self.temperature, self.steps = teacher, environment, temperature, steps
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        visited, _ = visited_states(teacher, environment, STATES, seed)
        # The network sees standardized features; `_folded` takes that back into the first layer.
        self.mean, self.std = visited.mean(axis=0), np.maximum(visited.std(axis=0), 1e-3)
        self.network = torch.nn.Sequential(
            torch.nn.Linear(environment.obs_dim, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, environment.outputs)
        )
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=self.learning_rate, weight_decay=1e-4)
        self.states = torch.empty((0, environment.obs_dim))
        self.labels = torch.empty((0, environment.outputs))
        self._add(visited)

    def train(self, progress: Progress | None) -> Actor:
        """Run all steps, learning rate falling to 0 on a cosine, and return the student."""
        torch = self.torch
        generator = torch.Generator().manual_seed(self.seed)
        length = math.ceil(self.steps / ROUNDS)
        for step in range(self.steps):
            if step and step % length == 0:
                seed = self.seed + ROUND_SEEDS * (step // length)
                self._add(visited_states(self._folded(), self.environment, STATES, seed)[0])
            for group in self.optimizer.param_groups:
                group["lr"] = self.learning_rate * 0.5 * (1 + math.cos(math.pi * step / self.steps))
            loss = self.loss(torch.randint(len(self.states), (BATCH,), generator=generator))
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            if progress and ((step + 1) % 200 == 0 or step + 1 == self.steps):
                progress(step + 1, self.steps, f"{self.what} {loss.item():.4f}")
        return self._folded()

    def loss(self, batch: Any) -> Any:
        """What is minimised, over the states with these numbers [n]."""
        outputs = self.network(self.states[batch])
        return distillation_loss(self.labels[batch], outputs, self.environment, self.temperature)

    def _add(self, visited: np.ndarray) -> None:
        noise = self.rng.normal(size=visited.shape) * NOISE * self.std
        states = np.concatenate([visited, (visited + noise).astype(np.float32)])
        low, high = np.float32(self.environment.observation_low), np.float32(self.environment.observation_high)
        states = np.clip(states, low, high)
        self.states = self.torch.cat([self.states, self._scaled(states)])
        self.labels = self.torch.cat([self.labels, self.torch.from_numpy(self.teacher(states))])

    def _scaled(self, states: np.ndarray) -> Any:
        return self.torch.from_numpy(((states - self.mean) / self.std).astype(np.float32))

    def _folded(self) -> Actor:
        layers = [self.network[0], self.network[2]]
        weights = [layer.weight.detach().numpy().astype(np.float64) for layer in layers]
        biases = [layer.bias.detach().numpy().astype(np.float64) for layer in layers]
        first = weights[0] / self.std
        arrays = first, biases[0] - first @ self.mean.astype(np.float64), weights[1], biases[1]
        return Actor(*(np.ascontiguousarray(array, dtype=np.float32) for array in arrays))

"""A student made better for int8: fine-tuning with rounding in the loss, then the scales of least certified error.

Brings training and certificates together, which know nothing of one another. Figures before and after are measured on
states that neither saw; the certified error is what `policy.logit_error` states, with fewer leaves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training, TrainingArtifact, load_training, reproducibility_hash
from tinyverify.engines.certify.certificate import leaf_errors
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.search import Budget, search_error
from tinyverify.quantize.calibrate import forward
from tinyverify.quantize.quantize import quantize
from tinyverify.semantics import float32
from tinyverify.semantics.policy import action_bits, infer
from tinyverify.train.divergence import agreement, kl_divergence
from tinyverify.train.environments import Environment, find
from tinyverify.train.evaluate import visited_states
from tinyverify.train.finetune import STEPS, QuantizationAware, balanced, without_idle
from tinyverify.train.memory import measure
from tinyverify.train.network import Actor, actor_from_tensors
from tinyverify.train.record import finish, new_config
from tinyverify.train.runtime import Progress, deterministic
from tinyverify.train.student import BATCH, HELD_OUT, HELD_OUT_SEED, TEMPERATURE

# Exponents of `balanced` to choose from; the search of each is cut off at this many leaves, a quarter of a second.
EXPONENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAVES, SECONDS = 2_000, 30.0
# Fresh states for the figures: no seed of training, evaluation, calibration or the reward reaches them.
STATES, STATES_SEED, BOX_SAMPLES = 10_000, 6_000_000, 200_000


@dataclass(frozen=True)
class Figures:
    """Of one network: certified error [outputs] in logits, and how often (discrete) or how nearly (continuous: the mean
    difference in the action's unit) int8 and float32 act alike, on visited states and on the box."""

    certified: np.ndarray
    visited: float
    box: float


@dataclass(frozen=True)
class Finetuned:
    """The written artifact, the exponent chosen, and the figures before and after."""

    artifact: TrainingArtifact
    exponent: float
    before: Figures
    after: Figures


def finetune(
    student_path: Path,
    teacher_path: Path,
    out_path: Path,
    seed: int = 0,
    steps: int | None = None,
    consistency: float | None = None,
    progress: Progress | None = None,
) -> Finetuned:
    """Fine-tune the student at `student_path` beside its teacher and write the result to `out_path`.

    `steps` 0 leaves the function as it is and only chooses the scales. `consistency`: weight of the divergence between
    int8 and float32 outputs on visited states. Both are by default the environment's. Raises ArtifactError on bad input
    (a teacher that is missing or another's; nothing is written), MissingExtra without the train extra.
    """
    out_path = Path(out_path)
    student, teacher = load_training(student_path), load_training(teacher_path)
    environment = _environment(student, teacher)
    steps = STEPS[environment.name] if steps is None else steps
    if out_path.resolve() in (Path(student_path).resolve(), Path(teacher_path).resolve()):
        raise ArtifactError(out_path, "", "would overwrite what it is made from")
    config = new_config(
        out_path,
        environment,
        hidden_dim=student.artifact.config.hidden_dim,
        learning_rate=QuantizationAware.learning_rate,
        batch_size=BATCH,
        kind="student",
        algorithm="distillation, quantization-aware fine-tuning" if steps else "distillation, balanced for int8",
        seed=seed,
        total_timesteps=steps or student.artifact.config.total_timesteps,
        temperature=TEMPERATURE,
        teacher_hash=teacher.artifact.reproducibility_hash,
    )
    reference, start_actor = actor_from_tensors(teacher.tensors), actor_from_tensors(student.tensors)
    low, high = np.array(environment.observation_low), np.array(environment.observation_high)
    with deterministic(seed):
        start = time.perf_counter()
        run = QuantizationAware(reference, start_actor, environment, seed, steps, consistency)
        trained = run.train(progress) if steps else start_actor
        seconds = time.perf_counter() - start
        memory = student.artifact.metrics.memory
        if steps:
            memory = measure(run.network.parameters(), [run.optimizer], [run.states, run.labels, run.box])
        exponent, actor = _choose(student, without_idle(trained, low, high), low, high)
        held_out, _ = visited_states(reference, environment, HELD_OUT, HELD_OUT_SEED)
        outputs = reference(held_out), actor(held_out)
        artifact = finish(
            out_path,
            environment,
            config,
            _tensors(actor),
            progress,
            training_time=seconds,
            memory=memory,
            distillation_kl=kl_divergence(*outputs, environment, TEMPERATURE),
            agreement=agreement(*outputs, environment),
        )
    return Finetuned(artifact, exponent, figures(student, environment), figures(load_training(out_path), environment))


def figures(training: Training, environment: Environment) -> Figures:
    """Certified error, and agreement on fresh states that the float32 policy visits and on samples of the box."""
    policy = quantize(training)
    states, _ = visited_states(actor_from_tensors(training.tensors), environment, STATES, STATES_SEED)
    box = np.random.default_rng(STATES_SEED).uniform(
        environment.observation_low, environment.observation_high, (BOX_SAMPLES, environment.obs_dim)
    )
    return Figures(
        certified_error(policy, training),
        _alike(policy, training, states),
        _alike(policy, training, box.astype(np.float32)),
    )


def certified_error(policy: Policy, training: Training) -> np.ndarray:
    """A bound on |int8 logit - float32 logit| over the whole box, float64 [outputs], from a short search."""
    pair = make_pair(policy, training)
    least, greatest = leaf_errors(pair, search_error(pair, Budget(SECONDS, LEAVES)))
    return np.maximum(-least, greatest).max(axis=0) / 2.0**pair.unit_bits


def _environment(student: Training, teacher: Training) -> Environment:
    try:
        environment = find(student.artifact.config.environment)
    except ValueError as error:
        raise ArtifactError(student.path, "config.environment", str(error)) from error
    named = student.artifact.config.teacher_hash
    if named is None:
        raise ArtifactError(student.path, "config.teacher_hash", "is missing: only a distilled student has a teacher")
    if named != teacher.artifact.reproducibility_hash:
        raise ArtifactError(
            student.path,
            "config.teacher_hash",
            f"is {named[:12]}..., but {teacher.path} is {teacher.artifact.reproducibility_hash[:12]}...",
        )
    return environment


def _choose(student: Training, actor: Actor, low: np.ndarray, high: np.ndarray) -> tuple[float, Actor]:
    """The exponent whose certified errors are lowest, each output's in units of the lowest one found for it."""
    candidates = [balanced(actor, low, high, exponent) for exponent in EXPONENTS]
    bounds = []
    for candidate in candidates:
        tensors = {**student.tensors, **_tensors(candidate)}
        update = {"reproducibility_hash": reproducibility_hash(student.artifact.config, tensors)}
        training = Training(student.path, student.artifact.model_copy(update=update), tensors)
        bounds.append(certified_error(quantize(training), training))
    scores = (np.array(bounds) / np.min(bounds, axis=0)).sum(axis=1)
    best = int(np.argmin(scores))
    return EXPONENTS[best], candidates[best]


def _tensors(actor: Actor) -> dict[str, np.ndarray]:
    return {
        "actor.0.weight": actor.hidden_weight,
        "actor.0.bias": actor.hidden_bias,
        "actor.1.weight": actor.output_weight,
        "actor.1.bias": actor.output_bias,
    }


def _alike(policy: Policy, training: Training, observations: np.ndarray) -> float:
    inference = infer(policy, np.ascontiguousarray(observations).view(np.uint32))
    outputs = forward(training.actor, observations)[-1]
    if policy.discrete:
        return float((inference.action == outputs.argmax(axis=1)).mean())
    actions = float32.values_of(action_bits(policy, inference.action))
    return float(np.abs(actions - training.artifact.config.action_bound * np.tanh(outputs[:, 0])).mean())

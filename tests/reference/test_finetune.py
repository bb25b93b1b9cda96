"""Quantization-aware fine-tuning: the imitated int8 program is the real one, and the certified error falls."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.command_line import tinyverify
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.training import Training, load_training, reproducibility_hash
from tinyverify.finetune import finetune
from tinyverify.pretrained import artifact_path
from tinyverify.quantize.calibrate import box_maximum
from tinyverify.quantize.quantize import quantize
from tinyverify.semantics import float32
from tinyverify.semantics.policy import infer
from tinyverify.train.environments import ENVIRONMENTS, find
from tinyverify.train.finetune import QuantizationAware, balanced, without_idle
from tinyverify.train.network import Actor, actor_from_tensors
from tinyverify.train.runtime import deterministic
from tinyverify.train.student import distill


def _with(training: Training, actor: Actor) -> Training:
    names = ("actor.0.weight", "actor.0.bias", "actor.1.weight", "actor.1.bias")
    values = (actor.hidden_weight, actor.hidden_bias, actor.output_weight, actor.output_bias)
    tensors = {**training.tensors, **dict(zip(names, values, strict=True))}
    update = {"reproducibility_hash": reproducibility_hash(training.artifact.config, tensors)}
    return Training(training.path, training.artifact.model_copy(update=update), tensors)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_imitated_program_is_the_quantized_one(name: str, monkeypatch) -> None:
    environment = find(name)
    monkeypatch.setattr("tinyverify.train.finetune.STATES", 200)
    monkeypatch.setattr("tinyverify.train.student.STATES", 200)
    teacher, student = (load_training(artifact_path(name, kind)) for kind in ("teacher", "student"))
    with deterministic(0):
        run = QuantizationAware(*(actor_from_tensors(t.tensors) for t in (teacher, student)), environment, 0, 1)
        with torch.no_grad():
            imitated = run.int8(run.box[:4000]).numpy()
    policy = quantize(_with(student, run._folded()))
    x = (run.box[:4000].numpy() * run.std + run.mean).astype(np.float32)
    x = np.clip(x, np.float32(environment.observation_low), np.float32(environment.observation_high))
    logits = float32.values_of(infer(policy, x.view(np.uint32)).logit_bits)
    # Float32 sums put a code on the other side of a tie now and then.
    error = np.abs(logits - actor_from_tensors(_with(student, run._folded()).tensors)(x))
    off = np.abs(imitated - logits)
    assert np.median(off) < 0.02 * np.median(error) and off.mean() < 0.2 * error.mean()


def test_bends_bound_the_distance_from_an_affine_policy(monkeypatch) -> None:
    """By chords of the units the difference of the logits is affine up to `bends`; without bends it is affine."""
    environment = find("acrobot")
    monkeypatch.setattr("tinyverify.train.finetune.STATES", 200)
    monkeypatch.setattr("tinyverify.train.student.STATES", 200)
    teacher, student = (
        actor_from_tensors(load_training(artifact_path("acrobot", kind)).tensors) for kind in ("teacher", "student")
    )
    low, high = np.array(environment.observation_low), np.array(environment.observation_high)
    # Every unit on over the whole box: the biases alone see to that.
    straight = Actor(
        student.hidden_weight,
        np.float32(1 + np.abs(student.hidden_weight) @ high),
        student.output_weight,
        student.output_bias,
    )
    for actor, bent in ((teacher, True), (straight, False)):
        with deterministic(0):
            run = QuantizationAware(teacher, actor, environment, 0, 1)
            with torch.no_grad():
                bends = float(run.bends())
                size = float((lambda y: (y.amax(dim=1) - y.amin(dim=1)).mean())(run.network(run.box[:512])))
        folded = run._folded()
        weight, bias = np.float64(folded.hidden_weight), np.float64(folded.hidden_bias)
        top = np.maximum(weight * low, weight * high).sum(axis=1) + bias
        bottom = np.minimum(weight * low, weight * high).sum(axis=1) + bias
        chord = np.where(bottom >= 0, 1, np.where(top <= 0, 0, top / (top - bottom)))
        x = np.random.default_rng(0).uniform(low, high, (20_000, 6))
        z = x @ weight.T + bias
        rest = (np.maximum(z, 0) - chord * z) @ np.float64(folded.output_weight[0] - folded.output_weight[1])
        assert rest.max() - rest.min() <= bends * size * (1 + 1e-4) + 1e-3
        assert (bends > 0.1) == bent and (rest.max() - rest.min() > 0.01) == bent


def test_the_mean_error_is_that_of_rounding_hidden_codes_and_inputs(monkeypatch) -> None:
    """Half a code of every hidden unit, and of every input, by differences of the network, where tanh is steep."""
    environment = find("pendulum")
    monkeypatch.setattr("tinyverify.train.finetune.STATES", 200)
    monkeypatch.setattr("tinyverify.train.student.STATES", 200)
    teacher, student = (
        actor_from_tensors(load_training(artifact_path("pendulum", kind)).tensors) for kind in ("teacher", "student")
    )
    low, high = np.array(environment.observation_low), np.array(environment.observation_high)
    with deterministic(0):
        run = QuantizationAware(teacher, student, environment, 0, 1)
        with torch.no_grad():
            found = np.mean([float(run.mean_error()) for _ in range(200)])
    actor = run._folded()
    most = box_maximum(actor.hidden_weight, actor.hidden_bias, low, high).clip(0)
    rounding = most @ np.abs(actor.output_weight[0]) / 510
    x = np.random.default_rng(0).uniform(low, high, (40_000, 3))
    step = np.diag(high - low) / 51_000  # a hundredth of half a code
    at = _mean(actor, x)
    offset = sum(np.abs(_mean(actor, x + e) - at) * 100 for e in step) * (1 - np.tanh(at) ** 2)
    assert found == pytest.approx(rounding + 3 * offset.mean(), rel=0.02)


def _mean(actor: Actor, x: np.ndarray) -> np.ndarray:
    hidden = np.maximum(x @ np.float64(actor.hidden_weight).T + actor.hidden_bias, 0)
    return hidden @ np.float64(actor.output_weight[0]) + actor.output_bias[0]


def test_idle_units_are_dropped_and_change_nothing_in_the_box() -> None:
    environment = find("pendulum")
    actor = actor_from_tensors(load_training(artifact_path("pendulum", "teacher")).tensors)
    low, high = np.array(environment.observation_low), np.array(environment.observation_high)
    bias = actor.hidden_bias.copy()
    bias[:3] = -1.01 * np.abs(actor.hidden_weight[:3]) @ np.float32(high) - np.float32([100, 0.1, 0])
    idle = Actor(actor.hidden_weight, bias, actor.output_weight, actor.output_bias)
    other = without_idle(idle, low, high)
    off = (other.hidden_weight == 0).all(axis=1)
    assert off[:3].all() and not off.all()
    assert (other.hidden_bias[off] == 0).all() and (other.output_weight[:, off] == 0).all()
    assert (other.hidden_weight[~off] == idle.hidden_weight[~off]).all()
    x = np.random.default_rng(0).uniform(low, high, (1000, 3)).astype(np.float32)
    assert other(x) == pytest.approx(idle(x), abs=1e-4)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_balancing_changes_no_output(exponent: float) -> None:
    environment = find("pendulum")
    actor = actor_from_tensors(load_training(artifact_path("pendulum")).tensors)
    low, high = np.array(environment.observation_low), np.array(environment.observation_high)
    other = balanced(actor, low, high, exponent)
    x = np.random.default_rng(0).uniform(low, high, (1000, 3)).astype(np.float32)
    assert other(x) == pytest.approx(actor(x), abs=2e-5)
    most = box_maximum(other.hidden_weight, other.hidden_bias, low, high)
    if exponent == 1:
        live = box_maximum(actor.hidden_weight, actor.hidden_bias, low, high)
        assert most[live > live.max() / 64] == pytest.approx(live.max(), rel=1e-5)


def test_a_short_run_lowers_the_certified_error_and_repeats(tmp_path, monkeypatch) -> None:
    for name in ("train.student.STATES", "train.finetune.STATES", "train.student.HELD_OUT", "finetune.HELD_OUT"):
        monkeypatch.setattr(f"tinyverify.{name}", 1000)
    monkeypatch.setattr("tinyverify.finetune.BOX_SAMPLES", 10_000)
    teacher = artifact_path("pendulum", "teacher")
    distill(teacher, 16, tmp_path / "student.json", seed=2, steps=600)
    runs = [finetune(tmp_path / "student.json", teacher, tmp_path / f"{k}.json", seed=2, steps=300) for k in range(2)]
    first, second = runs
    assert first.artifact.reproducibility_hash == second.artifact.reproducibility_hash
    assert (first.after.certified < first.before.certified).all()
    assert first.after.visited < first.before.visited  # mean difference of actions
    written = load_training(tmp_path / "0.json").artifact
    assert written == first.artifact and "quantization-aware" in written.config.algorithm
    assert written.config.teacher_hash == load_training(teacher).artifact.reproducibility_hash


def test_a_missing_or_foreign_teacher_is_named(tmp_path) -> None:
    student = artifact_path("cartpole")
    out = tmp_path / "out.json"
    with pytest.raises(ArtifactError, match=r"config\.teacher_hash: is .* but .*teacher\.json is"):
        finetune(student, artifact_path("acrobot", "teacher"), out)
    with pytest.raises(ArtifactError, match=r"config\.teacher_hash: is missing"):
        finetune(artifact_path("cartpole", "teacher"), artifact_path("cartpole", "teacher"), out)
    done = tinyverify("finetune", student, "--teacher", tmp_path / "nowhere.json", "--out", out)
    assert done.returncode == 2 and "nowhere.json" in done.stderr
    assert not out.exists()


def test_sizes_of_an_unknown_environment(tmp_path) -> None:
    done = tinyverify("sizes", "nosuch", "--out", tmp_path / "sizes.md")
    assert done.returncode == 2 and "nosuch" in done.stderr
    assert not list(tmp_path.iterdir())

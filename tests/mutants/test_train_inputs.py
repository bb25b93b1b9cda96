"""Bad input to training and distillation: one line that names file and field, and nothing written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.pretrained import artifact_path
from tinyverify.train.environments import ENVIRONMENTS, find
from tinyverify.train.record import MAX_SEED, finish, new_config
from tinyverify.train.student import distill
from tinyverify.train.teacher import train


def _refused(call: Callable[[], object], folder: Path, path: str, field: str) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(ArtifactError) as caught:
        call()
    assert caught.value.path.name == path
    assert caught.value.field == field
    assert "\n" not in str(caught.value)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("environment", "seed", "timesteps", "field"),
    [
        ("lunarlander", 0, 100, "config.environment"),
        ("", 0, 100, "config.environment"),
        ("cartpole", -1, 100, "config.seed"),
        ("cartpole", MAX_SEED + 1, 100, "config.seed"),
        ("cartpole", "0", 100, "config.seed"),
        ("cartpole", 0, 0, "config.total_timesteps"),
        ("cartpole", 0, -5, "config.total_timesteps"),
        ("cartpole", 0, 1.5, "config.total_timesteps"),
    ],
)
def test_bad_training_request(environment: str, seed: int, timesteps: int, field: str, tmp_path: Path) -> None:
    _refused(lambda: train(environment, seed, timesteps, tmp_path / "t.json"), tmp_path, "t.json", field)


def test_output_must_be_a_json_file(tmp_path: Path) -> None:
    _refused(lambda: train("cartpole", 0, 10, tmp_path), tmp_path, tmp_path.name, "")
    _refused(lambda: train("cartpole", 0, 10, tmp_path / "t.safetensors"), tmp_path, "t.safetensors", "")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"hidden": 0}, "config.hidden_dim"),
        ({"hidden": 100_000}, "config.hidden_dim"),
        ({"hidden": 8.5}, "config.hidden_dim"),
        ({"seed": -1}, "config.seed"),
        ({"steps": 0}, "config.total_timesteps"),
        ({"temperature": float("nan")}, "config.temperature"),
        ({"temperature": float("inf")}, "config.temperature"),
        ({"temperature": 0.0}, "config.temperature"),
        ({"temperature": -2.0}, "config.temperature"),
    ],
)
def test_bad_distillation_request(arguments: dict, field: str, tmp_path: Path) -> None:
    arguments = {"hidden": 8, "steps": 10} | arguments
    teacher = artifact_path("cartpole", "teacher")
    _refused(lambda: distill(teacher, out_path=tmp_path / "s.json", **arguments), tmp_path, "s.json", field)


@pytest.fixture
def teacher(tmp_path: Path) -> Path:
    source = artifact_path("cartpole", "teacher")
    for suffix in (".json", ".safetensors"):
        shutil.copy(source.with_suffix(suffix), tmp_path / f"teacher{suffix}")
    return tmp_path / "teacher.json"


def _distill(teacher: Path) -> object:
    return distill(teacher, 8, teacher.parent / "student.json", steps=10)


def test_unchanged_copy_is_accepted(teacher: Path) -> None:
    _distill(teacher)
    assert (teacher.parent / "student.json").exists()


def test_student_must_not_overwrite_its_teacher(teacher: Path) -> None:
    before = teacher.read_bytes(), teacher.with_suffix(".safetensors").read_bytes()
    _refused(lambda: distill(teacher, 8, teacher, steps=10), teacher.parent, "teacher.json", "")
    _refused(lambda: distill(teacher, 8, teacher.with_suffix(".js"), steps=10), teacher.parent, "teacher.js", "")
    assert before == (teacher.read_bytes(), teacher.with_suffix(".safetensors").read_bytes())


def test_missing_or_truncated_teacher(teacher: Path) -> None:
    _refused(lambda: _distill(teacher.with_name("none.json")), teacher.parent, "none.json", "")
    text = teacher.read_bytes()
    teacher.write_bytes(text[: len(text) // 2])
    _refused(lambda: _distill(teacher), teacher.parent, "teacher.json", "")


@pytest.mark.parametrize("position", [4, 100, -1])
def test_flipped_byte_of_the_tensors(teacher: Path, position: int) -> None:
    tensors = teacher.with_suffix(".safetensors")
    data = bytearray(tensors.read_bytes())
    data[position] ^= 1
    tensors.write_bytes(bytes(data))
    with pytest.raises(ArtifactError):
        _distill(teacher)
    assert not (teacher.parent / "student.json").exists()


def test_edited_configuration(teacher: Path) -> None:
    teacher.write_text(teacher.read_text().replace('"seed": 0', '"seed": 1'))
    _refused(lambda: _distill(teacher), teacher.parent, "teacher.json", "reproducibility_hash")


def test_unknown_environment_in_the_teacher(teacher: Path) -> None:
    # Honestly hashed, but for an environment that is not in the table.
    from tinyverify.artifacts.training import load_training, reproducibility_hash, write_training

    training = load_training(teacher)
    config = training.artifact.config.model_copy(update={"environment": "Other-v9"})
    changed = training.artifact.model_copy(
        update={"config": config, "reproducibility_hash": reproducibility_hash(config, training.tensors)}
    )
    write_training(teacher, changed, training.tensors)
    _refused(lambda: _distill(teacher), teacher.parent, "teacher.json", "config.environment")


def test_wrong_shape_is_refused(teacher: Path) -> None:
    path = teacher.with_suffix(".safetensors")
    tensors = load_file(path)
    tensors["actor.0.bias"] = tensors["actor.0.bias"][:-1].copy()
    save_file(tensors, path)
    _refused(lambda: _distill(teacher), teacher.parent, "teacher.safetensors", "actor.0.bias")


def test_diverged_training_is_not_written(tmp_path: Path) -> None:
    environment = ENVIRONMENTS["cartpole"]
    config = new_config(
        tmp_path / "t.json",
        environment,
        hidden_dim=1,
        learning_rate=1.0,
        batch_size=1,
        kind="teacher",
        algorithm="PPO",
        seed=0,
        total_timesteps=1,
    )
    tensors = {
        "actor.0.weight": np.zeros((1, 4), np.float32),
        "actor.0.bias": np.zeros(1, np.float32),
        "actor.1.weight": np.full((2, 1), np.nan, np.float32),
        "actor.1.bias": np.zeros(2, np.float32),
    }
    call = lambda: finish(tmp_path / "t.json", environment, config, tensors, None, training_time=0.0)  # noqa: E731
    _refused(call, tmp_path, "t.json", "actor.1.weight")


def test_unknown_environment_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="cartpole, acrobot, pendulum"):
        find("CartPole-v0")

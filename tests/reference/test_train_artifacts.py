"""The shipped policies: they load, their hashes recompute, and they still solve their environments."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
import torch

from tinyverify.artifacts.training import Training, load_training, reproducibility_hash
from tinyverify.pretrained import artifact_path
from tinyverify.train.environments import ENVIRONMENTS, find
from tinyverify.train.evaluate import evaluate
from tinyverify.train.memory import BUDGET, memory_table
from tinyverify.train.network import actor_from_tensors, greedy

SHIPPED = [(name, kind) for name in ENVIRONMENTS for kind in ("teacher", "student")]


@pytest.fixture(params=SHIPPED, ids=lambda pair: "-".join(pair))
def shipped(request: pytest.FixtureRequest) -> Training:
    return load_training(artifact_path(*request.param))


def test_hash_recomputes(shipped: Training) -> None:
    artifact = shipped.artifact
    assert reproducibility_hash(artifact.config, shipped.tensors) == artifact.reproducibility_hash


def test_metrics_say_solved(shipped: Training) -> None:
    metrics, environment = shipped.artifact.metrics, find(shipped.artifact.config.environment)
    assert metrics.episode_count >= 100
    assert metrics.final_reward >= environment.solved_return


def test_twenty_fresh_episodes_are_solved(shipped: Training) -> None:
    environment = find(shipped.artifact.config.environment)
    returns = evaluate(
        greedy(actor_from_tensors(shipped.tensors), environment), environment, episodes=20, seed=4_000_000
    )
    assert returns.shape == (20,)
    assert returns.mean() >= environment.solved_return


def test_stated_evaluation_repeats(shipped: Training) -> None:
    metrics, environment = shipped.artifact.metrics, find(shipped.artifact.config.environment)
    policy = greedy(actor_from_tensors(shipped.tensors), environment)
    returns = evaluate(policy, environment, metrics.episode_count, metrics.evaluation_seed)
    # Another processor may round one action differently: a tenth of a standard deviation, not equality.
    assert abs(returns.mean() - metrics.final_reward) <= 0.1 * metrics.reward_std + 1e-9


def test_numpy_forward_is_torch_forward(shipped: Training) -> None:
    tensors = {name: torch.from_numpy(tensor.copy()) for name, tensor in shipped.tensors.items()}
    observations = tensors["calibration.observations"]
    hidden = torch.relu(torch.nn.functional.linear(observations, tensors["actor.0.weight"], tensors["actor.0.bias"]))
    expected = torch.nn.functional.linear(hidden, tensors["actor.1.weight"], tensors["actor.1.bias"]).numpy()
    actual = actor_from_tensors(shipped.tensors)(observations.numpy())
    assert actual.dtype == np.float32
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)


def test_calibration_states_lie_in_the_box(shipped: Training) -> None:
    states = shipped.tensors["calibration.observations"]
    assert states.shape == (2048, shipped.artifact.config.obs_dim)
    assert (states >= np.float32(shipped.artifact.observation_low)).all()
    assert (states <= np.float32(shipped.artifact.observation_high)).all()
    assert (states.std(axis=0) > 0).all()


def test_student_names_its_teacher_and_agrees_with_it() -> None:
    for name in ENVIRONMENTS:
        teacher, student = (load_training(artifact_path(name, kind)).artifact for kind in ("teacher", "student"))
        assert student.config.teacher_hash == teacher.reproducibility_hash
        assert student.config.temperature == 2.0
        # Continuous actions agree when they are within 5 % of the bound, discrete ones when they are the same.
        # All gave up some likeness to be nearer to their int8 programs, and to affine maps, at the same return.
        assert student.metrics.agreement >= {"cartpole": 0.9, "acrobot": 0.97, "pendulum": 0.84}[name]
        assert student.metrics.distillation_kl <= {"cartpole": 0.07, "acrobot": 0.01, "pendulum": 0.15}[name]
        assert student.metrics.final_reward >= teacher.metrics.final_reward - 0.01 * abs(teacher.metrics.final_reward)


def test_memory_is_inside_the_specified_budget(shipped: Training) -> None:
    rows = {row.name: row for row in memory_table(shipped.artifact.metrics.memory)}
    assert set(rows) == set(BUDGET)
    assert all(row.within and 0 < row.bytes <= row.budget for row in rows.values())
    assert rows["total"].bytes == sum(row.bytes for row in rows.values()) - rows["total"].bytes


def test_files_are_small() -> None:
    for name, kind in SHIPPED:
        path = artifact_path(name, kind)
        assert path.stat().st_size + path.with_suffix(".safetensors").stat().st_size < 150_000


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_table_is_gymnasiums(name: str) -> None:
    environment = ENVIRONMENTS[name]
    env = gymnasium.make(environment.gym_id)
    box, actions = env.observation_space, env.action_space
    assert box.shape == (environment.obs_dim,)
    finite = np.isfinite(box.high) & (np.abs(box.high) < 1e30)
    # The table rounds CartPole's angle to three digits.
    np.testing.assert_allclose(np.float32(environment.observation_high)[finite], box.high[finite], rtol=3e-3)
    np.testing.assert_allclose(np.float32(environment.observation_low)[finite], box.low[finite], rtol=3e-3)
    if environment.discrete:
        assert environment.outputs == environment.action_dim == actions.n
    else:
        assert (environment.action_dim,) == actions.shape
        assert environment.outputs == 2 * environment.action_dim
        assert actions.high == environment.action_bound == -actions.low
    env.close()


@pytest.mark.parametrize("name", ["nosuch", "", "..", "../pretrained/cartpole"])
def test_unknown_shipped_artifact_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cartpole"):
        artifact_path(name)

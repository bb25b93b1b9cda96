"""Training on a reduced budget: reproducible, exported as stable-baselines3 computes it, and measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tinyverify.artifacts.training import MemoryUse, load_training
from tinyverify.train import teacher
from tinyverify.train.environments import ENVIRONMENTS, find
from tinyverify.train.evaluate import evaluate, visited_states
from tinyverify.train.memory import memory_table
from tinyverify.train.network import Actor, actor_from_tensors, greedy, sampled
from tinyverify.train.runtime import MissingExtra, deterministic, require

REDUCED = {"cartpole": 2048, "acrobot": 4096, "pendulum": 400}


def _random_states(name: str, count: int) -> np.ndarray:
    environment = ENVIRONMENTS[name]
    rng = np.random.default_rng(5)
    return rng.uniform(environment.observation_low, environment.observation_high, (count, environment.obs_dim)).astype(
        np.float32
    )


@pytest.mark.parametrize("name", REDUCED)
def test_same_seed_same_hash(name: str, tmp_path: Path) -> None:
    calls: list[tuple[int, int, str]] = []
    first = teacher.train(name, 7, REDUCED[name], tmp_path / "first.json", lambda *call: calls.append(call))
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    np.random.random(3)
    before = np.random.get_state()[1].copy()
    second = teacher.train(name, 7, REDUCED[name], tmp_path / "second.json", None)
    assert torch.get_num_threads() == 2
    assert (np.random.get_state()[1] == before).all()
    torch.set_num_threads(threads)

    assert first.reproducibility_hash == second.reproducibility_hash
    assert first.metrics.final_reward == second.metrics.final_reward
    assert (tmp_path / "first.safetensors").read_bytes() == (tmp_path / "second.safetensors").read_bytes()
    assert load_training(tmp_path / "first.json").artifact == first
    assert (REDUCED[name], REDUCED[name], "train") in calls
    assert all(0 <= done <= total for done, total, _ in calls)
    # A threshold that any policy meets would be worth nothing: this little training does not meet it.
    assert first.metrics.final_reward < find(name).solved_return


def test_other_seed_other_tensors(tmp_path: Path) -> None:
    tensors = []
    for seed in (7, 8):
        teacher.train("cartpole", seed, 256, tmp_path / f"{seed}.json", None)
        tensors.append(load_training(tmp_path / f"{seed}.json").tensors["actor.0.weight"])
    assert not np.array_equal(*tensors)


@pytest.mark.parametrize("name", REDUCED)
def test_exported_tensors_compute_what_the_model_computes(name: str) -> None:
    environment = ENVIRONMENTS[name]
    with deterministic(1):
        model = teacher.build(environment, teacher.HYPERPARAMETERS[name], 1)
        model.learn(200 if environment.algorithm == "SAC" else 1)
    observations = _random_states(name, 500)
    if environment.discrete:
        # Barely trained, one logit wins everywhere: centre the logits, so that actions differ between states.
        with torch.no_grad():
            logits = model.policy.get_distribution(torch.from_numpy(observations)).distribution.logits
            model.policy.action_net.bias.sub_(logits.mean(dim=0))
    tensors = teacher.export(model, environment)
    expected, _ = model.predict(observations, deterministic=True)
    policy = greedy(actor_from_tensors(tensors), environment)
    actual = np.array([policy(observation) for observation in observations])
    if environment.discrete:
        assert (actual == expected).all()
        assert len(set(actual)) > 1
        critics = {"critic": model.policy.predict_values(torch.from_numpy(observations))}
        inputs = observations
    else:
        np.testing.assert_allclose(actual, expected, atol=1e-5)
        actions = np.tanh(observations[:, :1])
        values = model.policy.critic(torch.from_numpy(observations), torch.from_numpy(actions))
        critics = dict(zip(("critic", "critic_twin"), values, strict=True))
        inputs = np.concatenate([observations, actions], axis=1)
        _, log_std, _ = model.policy.actor.get_action_dist_params(torch.from_numpy(observations))
        mine = actor_from_tensors(tensors)(observations)[:, 1:].clip(-20, 2)
        np.testing.assert_allclose(mine, log_std.detach().numpy(), atol=1e-5)
    for critic, value in critics.items():
        network = Actor(*(tensors[f"{critic}.{i}.{field}"] for i in (0, 1) for field in ("weight", "bias")))
        np.testing.assert_allclose(network(inputs), value.detach().numpy(), rtol=1e-4, atol=1e-5)


def test_measured_memory_is_the_sum_of_its_arrays(tmp_path: Path) -> None:
    use = teacher.train("cartpole", 0, 256, tmp_path / "t.json", None).metrics.memory
    # 4-64-2 actor and 4-64-1 critic. AdamW holds two moments a number and a step count for each of the 8 tensors. A
    # rollout of 32 steps times 8 environments holds 4 float32, an int64 action and six float32 scalars.
    numbers = (4 * 64 + 64 + 64 * 2 + 2) + (4 * 64 + 64 + 64 + 1)
    assert use.parameters == use.gradients == 4 * numbers
    assert use.optimizer == 8 * numbers + 4 * 8
    assert use.buffer == 32 * 8 * (4 * 4 + 8 + 6 * 4)


def test_replay_buffer_is_the_specified_ten_megabytes() -> None:
    with deterministic(0):
        model = teacher.build(ENVIRONMENTS["pendulum"], teacher.HYPERPARAMETERS["pendulum"], 0)
    assert sum(a.nbytes for a in vars(model.replay_buffer).values() if isinstance(a, np.ndarray)) == 10_000_000


def test_memory_over_budget_is_reported_as_such() -> None:
    rows = {row.name: row for row in memory_table(MemoryUse(parameters=50_001, gradients=0, optimizer=0, buffer=10**7))}
    assert not rows["parameters"].within
    assert rows["gradients"].within and rows["buffer"].within
    assert rows["total"].within and rows["total"].bytes == 10_050_001
    rows = {row.name: row for row in memory_table(MemoryUse(parameters=0, gradients=0, optimizer=0, buffer=10_200_001))}
    assert not rows["buffer"].within and not rows["total"].within


def test_evaluation_is_paired_by_seed() -> None:
    environment = ENVIRONMENTS["cartpole"]
    always_left = evaluate(lambda observation: 0, environment, 20, 50)
    assert ((always_left >= 8) & (always_left <= 11)).all()
    np.testing.assert_array_equal(always_left[5:], evaluate(lambda observation: 0, environment, 15, 55))

    starts: dict[int, list[np.ndarray]] = {}
    for action in (0, 1):
        seen = starts.setdefault(action, [])
        evaluate(lambda observation, seen=seen, action=action: (seen.append(observation), action)[1], environment, 1, 9)
    np.testing.assert_array_equal(starts[0][0], starts[1][0])
    assert not np.array_equal(starts[0][1], starts[1][1])


def test_sampled_policy_follows_the_softmax() -> None:
    environment = ENVIRONMENTS["acrobot"]
    logits = np.float32([1.0, 0.0, -1.0])
    actor = Actor(np.zeros((1, 6), np.float32), np.zeros(1, np.float32), np.zeros((3, 1), np.float32), logits)
    policy = sampled(actor, environment, np.random.default_rng(0))
    counts = np.bincount([policy(np.zeros(6, np.float32)) for _ in range(20_000)], minlength=3)
    expected = np.exp(logits) / np.exp(logits).sum()
    # Five standard deviations of a share over 20,000 draws are at most 0.018.
    np.testing.assert_allclose(counts / counts.sum(), expected, atol=0.018)


def test_sampled_continuous_policy_clips_log_std() -> None:
    environment = ENVIRONMENTS["pendulum"]
    zero = np.zeros((2, 1), np.float32)
    actor = Actor(np.zeros((1, 3), np.float32), np.zeros(1, np.float32), zero, np.float32([0.5, -40.0]))
    policy = sampled(actor, environment, np.random.default_rng(0))
    before_tanh = np.arctanh([policy(np.zeros(3, np.float32))[0] / 2 for _ in range(5_000)])
    assert abs(before_tanh.mean() - 0.5) < 1e-3
    assert abs(before_tanh.std() / np.exp(-5) - 1) < 0.06


def test_visited_states_are_seeded() -> None:
    environment = ENVIRONMENTS["cartpole"]
    with deterministic(2):
        actor = actor_from_tensors(
            teacher.export(teacher.build(environment, teacher.HYPERPARAMETERS["cartpole"], 2), environment)
        )
    states, episodes = visited_states(actor, environment, 100, 3)
    again, _ = visited_states(actor, environment, 100, 3)
    other, _ = visited_states(actor, environment, 100, 4)
    assert states.shape == (100, 4) and states.dtype == np.float32 and episodes >= 10
    np.testing.assert_array_equal(states, again)
    assert not np.array_equal(states, other)


def test_the_table_and_the_forward_pass_need_neither_torch_nor_gymnasium() -> None:
    code = """
import sys
for name in ("torch", "gymnasium", "stable_baselines3"):
    sys.modules[name] = None
from pathlib import Path
import tinyverify.train.environments, tinyverify.train.network, tinyverify.train.memory
from tinyverify.train.runtime import MissingExtra
import tinyverify.train.teacher, tinyverify.train.student, tinyverify.train.evaluate, tinyverify.pretrained
shipped = tinyverify.pretrained.artifact_path("cartpole", "teacher")
for call in (
    lambda: tinyverify.train.teacher.train("cartpole", 0, 10, Path("never.json")),
    lambda: tinyverify.train.student.distill(shipped, 8, Path("never.json")),
    lambda: tinyverify.train.evaluate.evaluate(None, tinyverify.train.environments.find("cartpole")),
):
    try:
        call()
    except MissingExtra as error:
        assert "pip install 'tinyverify[train]'" in str(error), error
    else:
        raise SystemExit("no error")
assert not Path("never.json").exists()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_missing_library_is_named() -> None:
    with pytest.raises(MissingExtra, match="no_such_library"):
        require("no_such_library")

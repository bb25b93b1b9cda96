"""The quantizer: what it writes, and how near the int8 policy is to the float network."""

import numpy as np
import pytest

from tinyverify.artifacts.policy import load_policy
from tinyverify.quantize.calibrate import forward
from tinyverify.quantize.quantize import quantize, quantize_file
from tinyverify.semantics.float32 import values_of
from tinyverify.semantics.policy import infer, sample_action
from tinyverify.semantics.requantize import RoundingMode

NAMES = ("cartpole", "acrobot", "pendulum")


def _box(policy, count=20_000):
    rng = np.random.default_rng(7)
    return rng.uniform(policy.file.input.low, policy.file.input.high, (count, policy.obs_dim)).astype(np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_policy_file_round_trips(name, policies, trainings, tmp_path):
    written = quantize_file(trainings[name], tmp_path / "policy.json")
    read = load_policy(tmp_path / "policy.json")
    assert read.file == written.file == policies[name].file
    assert read.layers[0].weight.dtype == np.int8 and read.layers[0].weight_scale.dtype == np.float32


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", list(RoundingMode))
def test_int8_logits_follow_the_float_network(name, mode, trainings):
    policy = quantize(trainings[name], mode)
    observations = _box(policy)
    logits = values_of(infer(policy, observations.view(np.uint32)).logit_bits)
    expected = forward(trainings[name].actor, observations)[-1]
    spread = np.abs(expected).max()
    assert np.abs(logits - expected).max() < 0.05 * spread


@pytest.mark.parametrize("name", ["cartpole", "acrobot"])
def test_actions_agree_nearly_everywhere(name, policies, trainings):
    observations = _box(policies[name])
    actions = infer(policies[name], observations.view(np.uint32)).action
    assert np.mean(actions == forward(trainings[name].actor, observations)[-1].argmax(axis=1)) > 0.97


def test_continuous_action_follows_the_squashed_mean(policies, trainings):
    policy = policies["pendulum"]
    observations = trainings["pendulum"].tensors["calibration.observations"]
    action = infer(policy, observations.view(np.uint32)).action * policy.head.action_scale
    expected = 2.0 * np.tanh(forward(trainings["pendulum"].actor, observations)[-1][:, 0])
    assert np.quantile(np.abs(action - expected), 0.95) < 0.1


def test_sampled_actions_follow_the_distribution(policies):
    policy = policies["pendulum"]
    inference = infer(policy, np.zeros((4096, 3), np.uint32))
    words = np.arange(4096) * 2**20
    actions = sample_action(policy, inference, words)
    assert actions.min() < inference.action[0] < actions.max()
    assert np.abs(np.median(actions) - inference.action[0]) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_discrete_last_layer_has_one_scale_and_tables_fit_their_budget(name, policies):
    policy = policies[name]
    assert sum(table.nbytes for table in policy.tables.values()) <= 1024
    if policy.discrete:
        assert len(set(policy.logit_scale.tolist())) == 1


def test_layers_that_are_dead_or_constant_are_quantized(trainings, tmp_path):
    training = trainings["cartpole"]
    tensors = {name: tensor.copy() for name, tensor in training.tensors.items()}
    tensors["actor.0.weight"][3] = 0.0
    tensors["actor.0.bias"][3] = -5.0
    tensors["actor.0.weight"][4] = 0.0
    tensors["actor.0.bias"][4] = 1e-3
    policy = quantize(type(training)(training.path, training.artifact, tensors))
    assert np.all(policy.layers[0].shift <= 31)
    assert np.all(policy.layers[0].weight[3] == 0)

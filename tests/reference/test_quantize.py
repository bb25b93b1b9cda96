"""The quantizer: what it writes, and how near the int8 policy is to the float network."""

from dataclasses import replace

import numpy as np
import pytest

from tinyverify.artifacts.policy import load_policy
from tinyverify.quantize.calibrate import forward
from tinyverify.quantize.layers import quantize_int16_layer, quantize_layer
from tinyverify.quantize.quantize import quantize, quantize_file
from tinyverify.semantics.dense_s8 import fits_int16
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


def _error_bound(policy, actor, observations):
    """Half a unit a rounding, carried through |weights| layer by layer: [n, outputs], in logits.

    Weights count as their codes times their scale plus half a scale; requantize errs by at most one unit; what the
    hidden range cannot hold saturates.
    """
    (w1, b1), (w2, _) = ((w.astype(np.float64), b.astype(np.float64)) for w, b in actor)
    input_scale = np.array(policy.file.input.scale)
    first = policy.layers[0]
    hidden = np.maximum(observations.astype(np.float64) @ w1.T + b1, 0)
    codes = np.abs(observations) / input_scale + 0.5
    error = (
        np.abs(w1) @ input_scale / 2 + (codes.sum(axis=1)[:, None] + 1) * first.weight_scale / 2 + first.output_scale
    )
    error = error + np.maximum(hidden - 255 * first.output_scale, 0)
    reached = ((hidden + error) / first.output_scale).sum(axis=1)[:, None] + 1
    return error @ np.abs(w2).T + reached * policy.logit_scale.astype(np.float64) / 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", list(RoundingMode))
def test_int8_logits_stay_within_the_layer_by_layer_bound(name, mode, trainings):
    policy, actor = quantize(trainings[name], mode), trainings[name].actor
    observations = _box(policy)
    logits = values_of(infer(policy, observations.view(np.uint32)).logit_bits)
    error = np.abs(logits - forward(actor, observations)[-1])
    bound = _error_bound(policy, actor, observations)
    assert np.all(error <= bound)
    shuffled = replace(policy.layers[1], weight=np.roll(policy.layers[1].weight, 1, axis=1))
    mutant = replace(policy, layers=(policy.layers[0], shuffled))
    wrong = values_of(infer(mutant, observations.view(np.uint32)).logit_bits)
    assert np.any(np.abs(wrong - forward(actor, observations)[-1]) > bound), "the bound would accept anything"


@pytest.mark.parametrize("name", ["cartpole", "acrobot"])
def test_actions_differ_only_near_the_boundary(name, policies, trainings):
    policy, actor = policies[name], trainings[name].actor
    observations = _box(policy)
    logits = forward(actor, observations)[-1]
    best = np.sort(logits, axis=1)
    clear = best[:, -1] - best[:, -2] > 2 * _error_bound(policy, actor, observations).max(axis=1)
    actions = infer(policy, observations.view(np.uint32)).action
    assert clear.mean() > 0.5
    np.testing.assert_array_equal(actions[clear], logits.argmax(axis=1)[clear])


def test_continuous_action_is_the_squashed_mean_to_a_unit_of_each_table(policies):
    policy = policies["pendulum"]
    inference = infer(policy, _box(policy).view(np.uint32))
    mean = values_of(inference.logit_bits)[:, 0].astype(np.float64)
    unit = policy.head.output_scale[0]
    inside = np.abs(mean) < 127 * unit
    action = inference.action * policy.head.action_scale
    # Half a unit of the mean (tanh has slope <= 1, the bound is 2.0) and half a unit of the table, each with slack.
    error = np.abs(action - 2.0 * np.tanh(mean))
    assert error[inside].max() <= 2.0 * 0.51 * unit + 0.51 * policy.head.action_scale
    assert np.all(np.abs(inference.action[~inside]) >= 126)


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


@pytest.mark.parametrize("name", NAMES)
def test_few_inputs_are_quantized_for_int16_lanes(name, policies):
    layer = policies[name].layers[0]
    assert fits_int16(layer.weight, layer.bias, layer.multiplier)


def test_a_row_that_would_become_too_coarse_keeps_its_layer_wide():
    equal, bias = np.ones((32, 16)), np.zeros(32)
    wide, kept = quantize_layer(equal, bias, 0, 1.0, 32.0), quantize_int16_layer(equal, bias, 0, 32.0)
    assert np.array_equal(kept.scale, wide.scale) and np.array_equal(kept.weight, wide.weight)
    assert not fits_int16(kept.weight, kept.bias, kept.multiplier)
    four = quantize_int16_layer(equal[:, :4], bias, 0, 8.0)  # half of int8 is enough for four inputs
    assert fits_int16(four.weight, four.bias, four.multiplier)
    assert np.abs(four.scale[:, None] * four.weight - 1).max() <= four.scale.max() / 2


def test_a_row_that_its_bias_decides_may_become_as_coarse_as_int16_asks():
    rng = np.random.default_rng(5)
    weight, bias = rng.normal(0, 1, (32, 4)), rng.normal(0, 10, 32)
    weight[7], bias[7] = 1e-4, 50.0
    layer = quantize_int16_layer(weight, bias, np.array([0, -5, 9, 127]), 2.0)
    assert fits_int16(layer.weight, layer.bias, layer.multiplier)
    assert abs(layer.bias[7] * layer.scale[7] - 50.0) <= layer.scale[7]

"""What episodes and lattices are run with: the emitted C, beside the reference and beside the certificate."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tinyverify.engines.host_batch import EmittedPolicy
from tinyverify.engines.host_build import find_host_compiler
from tinyverify.engines.reward.episodes import EmittedC, int8_policy, returns
from tinyverify.engines.reward.paired import SEED
from tinyverify.semantics.policy import infer
from tinyverify.train.environments import find

pytestmark = pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_episodes_of_the_emitted_c_are_those_of_the_reference(name: str, policies) -> None:
    pytest.importorskip("gymnasium")
    environment, emitted = find(name), EmittedC(policies[name])
    seeds = range(SEED, SEED + 6)
    assert (
        returns(emitted, environment, seeds).tolist()
        == returns(int8_policy(policies[name]), environment, seeds).tolist()
    )
    assert emitted.actions > 300 and emitted.differences == 0


def test_a_wrong_program_is_noticed(policies) -> None:
    """The mutant: the reference is another policy than the emitted one."""
    policy = policies["cartpole"]
    last = policy.layers[1]
    swapped = dataclasses.replace(last, weight=last.weight[::-1].copy(), bias=last.bias[::-1].copy())
    emitted = EmittedC(policy)
    emitted._reference = int8_policy(dataclasses.replace(policy, layers=(policy.layers[0], swapped)))
    emitted(np.random.default_rng(0).uniform(-1, 1, (100, 4)).astype(np.float32))
    assert emitted.differences > 90


def test_an_observation_that_is_not_a_number_is_refused(policies) -> None:
    with pytest.raises(ValueError, match="NaN"):
        EmittedPolicy(policies["cartpole"])(np.full((1, 4), np.nan, np.float32))


def test_a_lattice_visits_every_cell_of_the_box(policies, trainings) -> None:
    """On a box of a few codes, where the reference can follow."""
    policy = policies["pendulum"]
    box = policy.file.input
    small = box.model_copy(update={"low": (-0.02, -0.01, 0.0), "high": (0.02, 0.03, 0.3)})
    narrowed = dataclasses.replace(policy, file=policy.file.model_copy(update={"input": small}))
    emitted = EmittedPolicy(policy)
    emitted.policy = narrowed
    found = emitted.lattice(trainings["pendulum"])
    inv = policy.inv_scale.astype(np.float64)
    axes = [
        np.arange(np.rint(a * s), np.rint(b * s) + 1) / s for a, b, s in zip(small.low, small.high, inv, strict=True)
    ]
    x = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 3)
    x = np.clip(x, small.low, small.high).astype(np.float32)
    logits = infer(policy, x.view(np.uint32)).logit_bits.astype(np.uint32).view(np.float32)
    (weight, bias), (out, out_bias) = trainings["pendulum"].actor
    floats = np.maximum(x.astype(np.float64) @ weight.T + bias, 0) @ out.T.astype(np.float64) + out_bias
    assert found.points == len(x) > 50
    assert found.error == pytest.approx(np.abs(logits - floats).max(axis=0), abs=1e-9)

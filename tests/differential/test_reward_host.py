"""The episodes that the reward is measured on, replayed through the emitted C: the same actions, so equal returns."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.emit.firmware import emit
from tinyverify.engines.host_build import build_host, find_host_compiler, run_host
from tinyverify.engines.reward.episodes import int8_policy, returns
from tinyverify.engines.reward.paired import SEED
from tinyverify.train.environments import find

pytestmark = pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_the_emitted_c_acts_as_measured(name: str, policies, tmp_path) -> None:
    pytest.importorskip("gymnasium")
    policy, environment = policies[name], find(name)
    act = int8_policy(policy)
    seen, taken = [], []

    def recorded(observations: np.ndarray) -> np.ndarray:
        actions = act(observations)
        seen.append(observations.copy())
        taken.append(actions)
        return actions

    returns(recorded, environment, range(SEED, SEED + 12))
    observations = np.concatenate(seen).astype(np.float32)
    program = build_host(emit(policy, None, tmp_path / "firmware", unproved=True), tmp_path)
    records = run_host(program, observations.view(np.uint32), policy.discrete).records["inferred"]
    actions = np.concatenate(taken).reshape(-1)
    if policy.discrete:
        assert (records["action"] == actions).all()
    else:
        assert (records["action"] == actions.astype(np.float32).view(np.uint32)).all()
    assert len(observations) > 500

"""The emitted scalar C on this machine, watched by the undefined-behaviour sanitizer, against the reference."""

from __future__ import annotations

import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compare import compare
from tinyverify.engines.emulator.run import EmulatorError
from tinyverify.engines.host_build import build_host, find_host_compiler, run_host
from tinyverify.semantics.requantize import RoundingMode

pytestmark = pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")


@pytest.mark.parametrize("environment", ["cartpole", "acrobot", "pendulum"])
def test_shipped_policies_agree_without_undefined_behaviour(environment, policies, tmp_path) -> None:
    policy = policies[environment]
    program = build_host(emit(policy, None, tmp_path / "firmware", unproved=True), tmp_path)
    comparison = compare(policy, program, n=20_000, seed=11, runner=run_host)
    assert comparison.differing == 0, str(comparison)


@pytest.mark.parametrize("rounding", list(RoundingMode))
def test_odd_shapes_agree_without_undefined_behaviour(rounding, tmp_path) -> None:
    policy = synthetic_policy((5, 21, 37, 3), True, rounding, 4, None)
    program = build_host(emit(policy, None, tmp_path / "firmware", unproved=True), tmp_path)
    comparison = compare(policy, program, n=3_000, seed=12, runner=run_host)
    assert comparison.differing == 0, str(comparison)


def test_undefined_behaviour_ends_the_program(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    firmware = emit(policy, None, tmp_path / "firmware", unproved=True)
    kernel = firmware / "kernels" / "tv_quantize_f32.c"
    text = kernel.read_text()
    kernel.write_text(text.replace("(int32_t)p + zero", "(int32_t)(p * 1e9f) + zero"))
    assert kernel.read_text() != text
    program = build_host(firmware, tmp_path)
    with pytest.raises(EmulatorError, match="outside the range of representable values"):
        compare(policy, program, n=500, runner=run_host)

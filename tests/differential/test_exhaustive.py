"""Kernels on every input: the C as it is agrees, and faults at single inputs are found."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.engines.exhaustive import feature_case, requantizer_case, run_exhaustive
from tinyverify.engines.host_build import find_host_compiler
from tinyverify.obligations.exhaustive import feature_cases, judge, requantizer_cases
from tinyverify.results import Status
from tinyverify.semantics.requantize import RoundingMode, least_accumulators, requantize

pytestmark = pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")
SCALE = int(np.float32(53.25).view(np.uint32))


@pytest.mark.parametrize("mode", RoundingMode)
def test_thresholds_say_what_requantize_gives(mode):
    least = least_accumulators(1_300_000_001, 9, -7, -128, 127, mode)
    edges = np.concatenate([least, least - 1, [-(2**31), 2**31 - 1]])
    edges = edges[(edges >= -(2**31)) & (edges < 2**31)]
    codes = requantize(edges, 1_300_000_001, 9, -7, -128, 127, mode)
    assert (np.searchsorted(least, edges, side="right") - 129 == codes).all()


@pytest.mark.parametrize("mode", RoundingMode)
def test_every_accumulator(mode):
    assert run_exhaustive("requantize", [requantizer_case(1_300_000_001, 9, -7, -7, 127, mode)]) is None


def test_every_float_pattern():
    assert run_exhaustive("quantize_f32", [feature_case(SCALE, -3)]) is None


@pytest.mark.parametrize(
    ("kernel", "right", "wrong"),
    [
        ("requantize", "acc[j],", "acc[j] == 123456789 ? 0 : acc[j],"),
        ("requantize", "lo, hi, rounding);\n    }", "lo, hi - 1, rounding);\n    }"),
        ("quantize_f32", "12582912.0f", "12582913.0f"),
        ("quantize_f32", "nan = magnitude > TV_INFINITY_BITS", "nan = magnitude > TV_INFINITY_BITS + 1u"),
        ("quantize_f32", "magnitude == TV_INFINITY_BITS ?", "magnitude == TV_MAGNITUDE_BITS ?"),
    ],
)
def test_a_fault_at_few_inputs_is_found(kernel, right, wrong):
    file = f"src/tv_{kernel}.c"

    def edit(name: str, text: str) -> str:
        assert name != file or right in text
        return text.replace(right, wrong) if name == file else text

    case = requantizer_case(1 << 30, 0, 0, -128, 127, RoundingMode.DOUBLE_TIES_UP)
    case = feature_case(SCALE, -3) if kernel == "quantize_f32" else case
    difference = run_exhaustive(kernel, [case], edit)
    assert difference is not None
    status, detail, evidence = judge({case: "layer 0 row 5"}, difference)
    assert status is Status.REFUTED and "layer 0 row 5" in detail and str(difference.input) in detail
    assert evidence["counterexample"]["check"] == "layer 0 row 5"


def test_nothing_to_compare_is_not_success(policies):
    assert judge({}, None)[0] is Status.UNKNOWN
    assert 60 < len(requantizer_cases(policies["cartpole"])) <= 65
    assert len(feature_cases(policies["acrobot"])) <= 6

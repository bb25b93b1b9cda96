"""Each operator against a slow definition in Python's unbounded integers and rationals."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest

from tinyverify.semantics.dense_s8 import dense_s8, wrap_int32
from tinyverify.semantics.dequantize import arg_max
from tinyverify.semantics.quantize_f32 import FAULT_INF, FAULT_NAN, quantize_f32
from tinyverify.semantics.relu import relu
from tinyverify.semantics.requantize import RoundingMode, requantize, scale_accumulator
from tinyverify.semantics.sample import XORSHIFT_SEED, sample_continuous, sample_discrete, xorshift32
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights

ACCUMULATORS = [-(2**31), -(2**31) + 1, -(2**30), -65537, -3, -2, -1, 0, 1, 2, 3, 65536, 2**30, 2**31 - 2, 2**31 - 1]
PARAMETERS = [(2**30, 0), (2**31 - 1, 0), (2**30, 1), (2**31 - 1, 7), (1518500250, 5), (2**30 + 1, 31), (2**31 - 1, 31)]


def _round_half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _round_half_away(value: Fraction) -> int:
    return _round_half_up(value) if value >= 0 else -_round_half_up(-value)


def _slow(acc: int, multiplier: int, shift: int, mode: RoundingMode) -> int:
    if mode is RoundingMode.SINGLE_TIES_UP:
        return _round_half_up(Fraction(acc * multiplier, 2 ** (31 + shift)))
    high = _round_half_up(Fraction(acc * multiplier, 2**31))
    rounding = _round_half_up if mode is RoundingMode.DOUBLE_TIES_UP else _round_half_away
    return rounding(Fraction(high, 2**shift))


@pytest.mark.parametrize("mode", list(RoundingMode))
def test_requantize_equals_rational_definition(mode):
    rng = np.random.default_rng(4)
    acc = np.array(ACCUMULATORS + [int(v) for v in rng.integers(-(2**31), 2**31, 300)])
    parameters = PARAMETERS + [(int(rng.integers(2**30, 2**31)), int(rng.integers(0, 32))) for _ in range(20)]
    for multiplier, shift in parameters:
        expected = [_slow(int(a), multiplier, shift, mode) for a in acc]
        np.testing.assert_array_equal(scale_accumulator(acc, multiplier, shift, mode), expected)


def test_rounding_modes_differ_on_ties():
    ties = {mode: int(scale_accumulator(np.array(-3 * 2**8), 2**30, 8, mode)) for mode in RoundingMode}
    assert ties[RoundingMode.DOUBLE_TIES_UP] == -1
    assert ties[RoundingMode.DOUBLE_TIES_AWAY] == -2


def test_requantize_clamps():
    np.testing.assert_array_equal(requantize(np.array([-(2**31), 0, 2**31 - 1]), 2**30, 0, 5, -100, 90), [-100, 5, 90])


def test_dense_s8_is_exact_and_wraps():
    rng = np.random.default_rng(5)
    x, weight = rng.integers(-128, 128, (50, 64)), rng.integers(-128, 128, (7, 64))
    bias = rng.integers(-(2**31), 2**31, 7)
    for n in range(50):
        for j in range(7):
            exact = int(bias[j]) + sum(int(w) * int(v) for w, v in zip(weight[j], x[n], strict=True))
            assert dense_s8(x, weight, bias)[n, j] == (exact + 2**31) % 2**32 - 2**31
    assert wrap_int32(np.array([2**31])) == -(2**31)


def test_dense_s8_extremes_equal_their_closed_form():
    weight = np.full((1, 4096), -128)
    assert dense_s8(np.full((1, 4096), -128), weight, np.array([7]))[0, 0] == 4096 * 16384 + 7


def test_quantize_f32_special_values():
    special = np.array(
        [0x7FC00000, 0xFFC00001, 0x7F800001, 0x7F800000, 0xFF800000, 1, 0x807FFFFF, 0, 0x80000000], np.uint32
    )
    inv_scale = np.float32([2.0]).view(np.uint32).astype(np.int64)
    codes, faults = quantize_f32(special[:, None], inv_scale, np.array([3]))
    np.testing.assert_array_equal(codes[:, 0], [3, 3, 3, 127, -128, 3, 3, 3, 3])
    np.testing.assert_array_equal(faults, [FAULT_NAN] * 3 + [FAULT_INF] * 2 + [0] * 4)


def test_quantize_f32_reports_both_faults_of_one_observation():
    bits = np.array([[0x7FC00000, 0x7F800000]], np.uint32)
    _, faults = quantize_f32(bits, np.float32([1.0, 1.0]).view(np.uint32), np.zeros(2))
    assert faults[0] == FAULT_NAN | FAULT_INF


@pytest.mark.parametrize("zero_point", [-128, -7, 0, 127])
def test_quantize_f32_equals_host_arithmetic(zero_point):
    rng = np.random.default_rng(6)
    inv_scale = np.float32(12.345)
    values = np.concatenate([rng.uniform(-30, 30, 200_000), (np.arange(-300, 300) + 0.5) / inv_scale]).astype(
        np.float32
    )
    expected = np.clip(np.rint(values * inv_scale) + zero_point, -128, 127)
    codes, _ = quantize_f32(
        values.view(np.uint32)[:, None], inv_scale.reshape(1).view(np.uint32), np.array([zero_point])
    )
    np.testing.assert_array_equal(codes[:, 0], expected)


def test_relu_is_the_fused_clamp():
    values = np.arange(-400, 400)
    for zero_point in (-128, -3, 0, 127):
        fused = np.clip(values, zero_point, 127)
        np.testing.assert_array_equal(relu(np.clip(values, -128, 127), zero_point), fused)


def test_arg_max_takes_the_first_among_equals():
    np.testing.assert_array_equal(arg_max(np.array([[5, 5, 4], [1, 9, 9], [-(2**31), -(2**31), -(2**31)]])), [0, 1, 0])


def test_softmax_weights_and_probabilities():
    exp_lut = np.rint(127 * np.exp(-np.arange(256) * 6 / 255)).astype(np.int8)
    acc = np.array([[0, 0], [1000, 0], [2**30, 0], [0, 700]])
    weights = softmax_weights(acc, 2**30, 3, exp_lut, RoundingMode.DOUBLE_TIES_UP)
    np.testing.assert_array_equal(weights[0], [127, 127])
    np.testing.assert_array_equal(weights[1], [127, exp_lut[63]])  # 1000 / 16 = 62.5 rounds up
    np.testing.assert_array_equal(weights[2], [127, exp_lut[255]])
    probabilities = softmax_probabilities(weights)
    assert probabilities[0].tolist() == [16384, 16384]
    assert np.all(np.abs(probabilities.sum(axis=1) - 32768) <= 1)


def test_sample_discrete_draws_each_action_as_often_as_its_weight_says():
    weights = np.tile(np.array([[127, 40, 0]]), (167, 1))
    words = (np.arange(167) * 2**32 + 2**31) // 167
    counts = np.bincount(sample_discrete(weights, words), minlength=3)
    assert counts.tolist() == [127, 40, 0]


def test_sample_continuous_without_noise_is_the_squashed_mean():
    tanh_lut = np.arange(-128, 128).clip(-127).astype(np.int8)
    std_lut = np.full(256, 127, np.int8)
    mean = np.array([-128, 0, 127])
    args = (np.zeros(3, int), np.array([0, 0, 0]), 2**30, 0, std_lut, tanh_lut, RoundingMode.DOUBLE_TIES_UP)
    np.testing.assert_array_equal(sample_continuous(mean, *args), [-127, 0, 127])
    loud = (np.zeros(3, int), np.array([127, -127, 127]), 2**30, 0, std_lut, tanh_lut, RoundingMode.DOUBLE_TIES_UP)
    np.testing.assert_array_equal(sample_continuous(mean, *loud), [-1, -128 + 1, 127])


def test_xorshift32_has_the_published_first_values_and_never_sticks_at_zero():
    # Marsaglia (2003), triple 13, 17, 5, seed 2463534242: the first output is 723471715.
    assert xorshift32(2463534242) == 723471715
    assert xorshift32(0) == xorshift32(XORSHIFT_SEED) != 0

"""The integer binary32 against the host's own floating point (an independent oracle)."""

import numpy as np

from tinyverify.semantics import float32

EDGES = np.array(
    [0, 0x80000000, 1, 0x007FFFFF, 0x00800000, 0x3F7FFFFF, 0x3F800000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0xBF800001],
    np.uint32,
)


def test_multiply_equals_host_on_normal_results():
    rng = np.random.default_rng(1)
    a = np.concatenate([np.repeat(EDGES, 200), rng.integers(0, 1 << 32, 1_000_000, dtype=np.uint32)])
    b = np.exp2(rng.uniform(-40, 40, len(a))).astype(np.float32)
    with np.errstate(all="ignore"):
        expected = a.view(np.float32) * b
    actual = float32.values_of(float32.multiply(a.astype(np.int64), float32.bits_of(b)))
    subnormal_in = (a & 0x7F800000) == 0
    subnormal_out = np.abs(expected) < np.float32(2.0**-126)
    flushed = subnormal_in | subnormal_out
    judged = ~np.isnan(a.view(np.float32)) & ~flushed
    assert judged.sum() > 900_000
    np.testing.assert_array_equal(actual[judged].view(np.uint32), expected[judged].view(np.uint32))
    assert np.all(actual[flushed & ~np.isnan(expected)] == 0)


def test_from_int32_equals_host():
    rng = np.random.default_rng(2)
    edges = np.array([0, 1, -1, 2**24, 2**24 + 1, 2**24 + 3, -(2**25) - 2, 2**31 - 1, -(2**31), 2**31 - 65])
    values = np.concatenate([edges, rng.integers(-(2**31), 2**31, 1_000_000), rng.integers(-(2**26), 2**26, 200_000)])
    np.testing.assert_array_equal(float32.values_of(float32.from_int32(values)), values.astype(np.float32))


def test_round_to_int_equals_host_with_ties():
    rng = np.random.default_rng(3)
    halves = (np.arange(-3000, 3000) + 0.5).astype(np.float32)
    values = np.concatenate([halves, np.nextafter(halves, np.float32(0)), rng.uniform(-3e3, 3e3, 500_000)]).astype(
        np.float32
    )
    expected = np.clip(np.rint(values), -1024, 1024)
    np.testing.assert_array_equal(float32.round_to_int(float32.bits_of(values), 1024), expected)


def test_round_to_int_saturates_beyond_every_integer():
    huge = float32.bits_of(np.array([3e38, -3e38, np.inf, -np.inf, 2.0**23, -(2.0**22), 1e-45], np.float32))
    np.testing.assert_array_equal(float32.round_to_int(huge, 1024), [1024, -1024, 1024, -1024, 1024, -1024, 0])

"""Random and extreme cases of every kernel with what the integer reference says about them.

`make(kernel, count, seed)` gives (cases, wanted): cases as the test program reads them (kernel_support.CASE), wanted
as it must answer them (kernel_support.RESULT), poison included wherever the kernel must not write.
"""

from __future__ import annotations

import numpy as np

from tests.kernel_support import CASE, LANES, POISON, RESULT, SCALAR, VECTOR
from tinyverify.emit.tables import lane_order
from tinyverify.semantics import float32
from tinyverify.semantics.dense_s8 import HALF_WORD, INT16_MAX, dense_s8
from tinyverify.semantics.dequantize import arg_max, dequantize
from tinyverify.semantics.quantize_f32 import quantize_f32
from tinyverify.semantics.relu import relu
from tinyverify.semantics.requantize import RoundingMode, requantize
from tinyverify.semantics.sample import sample_continuous, sample_discrete, xorshift32
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights

MODES = tuple(RoundingMode)
INT32 = np.array([-(1 << 31), -(1 << 31) + 1, -(1 << 30), -1, 0, 1, (1 << 30) - 1, 1 << 30, (1 << 31) - 1])
FLOATS = np.array([0, 1 << 31, 1, 0x807FFFFF, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFF800001])
# From 127 down to 0, as the contract of softmax_lut asks.
TABLE = np.rint(127 * np.exp(-np.arange(256) / 60.0) - 1.5 * (np.arange(256) > 250)).clip(0, 127).astype(np.int8)


def make(kernel: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([seed, *kernel.encode()])
    cases, wanted = np.zeros(count, CASE), np.zeros(count, RESULT)
    wanted.view(np.uint8)[:] = POISON
    cases["kernel"] = (SCALAR | VECTOR)[kernel]
    maker = {
        "quantize_f32": _quantize,
        "dense_s8": _dense,
        "dense_s8_outer": _dense,
        "dense_requantize_s8": _fused,
        "dense_requantize_s8_rows": _fused,
        "dense_requantize_s8_outer": _fused,
        "dense_requantize_s8_outer_int16": _fused,
        "requantize": _requantize,
        "relu": _relu,
        "dequantize": _dequantize,
        "arg_max": _arg_max,
        "softmax_lut": _softmax,
        "sample_discrete": _sample_discrete,
        "sample_continuous": _sample_continuous,
        "xorshift32": _xorshift,
    }[kernel.removesuffix("_mve")]
    for case, want in zip(cases, wanted, strict=True):
        maker(rng, kernel, case, want)
    return cases, wanted


def _ints(rng: np.random.Generator, shape, limit: int = 1 << 31) -> np.ndarray:
    """Uniform, small, or from the ends of int32; clipped to [-limit, limit - 1]."""
    kinds = [rng.integers(-(1 << 31), 1 << 31, shape), rng.integers(-300, 300, shape), rng.choice(INT32, shape)]
    return np.clip(np.choose(rng.integers(0, 3, shape), kinds), -limit, limit - 1)


def _bytes(rng: np.random.Generator, shape) -> np.ndarray:
    kinds = [rng.integers(-128, 128, shape), rng.choice(np.array([-128, 127]), shape)]
    return np.choose(rng.random(shape) < rng.random(), kinds)


def _requantizer(rng: np.random.Generator, shape) -> tuple[np.ndarray, np.ndarray]:
    multiplier = np.where(
        rng.random(shape) < 0.2,
        rng.choice(np.array([1 << 30, (1 << 30) + 1, (1 << 31) - 1]), shape),
        rng.integers(1 << 30, 1 << 31, shape),
    )
    return multiplier, np.where(rng.random(shape) < 0.3, rng.choice([0, 1, 31], shape), rng.integers(0, 32, shape))


def _near_ties(rng: np.random.Generator, acc: np.ndarray, multiplier: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Half of `acc` replaced by accumulators whose quotient lies next to k + 1/2, |k| <= 140."""
    k = rng.integers(-140, 141, acc.shape) + 0.5
    tie = np.rint(k * np.exp2(31.0 + shift) / multiplier) + rng.integers(-1, 2, acc.shape)
    tie = np.clip(tie, -(1 << 31), (1 << 31) - 1).astype(np.int64)
    return np.where(rng.random(acc.shape) < 0.5, tie, acc)


def _codes(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.int64).astype(np.int8).view(np.uint8)


def _words(values: np.ndarray) -> np.ndarray:
    return (np.asarray(values, np.int64) & 0xFFFFFFFF).astype("<u4")


def _quantize(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(1, LANES + 1)
    inv_scale = float32.bits_of(np.exp2(rng.uniform(-40, 40, n)).astype(np.float32))
    zero_point = _bytes(rng, n)
    half = (rng.integers(-300, 301, n) / 2.0 - zero_point).astype(np.float64)
    products = float32.bits_of((half / float32.values_of(inv_scale).astype(np.float64)).astype(np.float32))
    kinds = [rng.integers(0, 1 << 32, n), np.clip(products + rng.integers(-2, 3, n), 0, (1 << 32) - 1)]
    obs = np.choose(rng.choice(3, n, p=[0.2, 0.75, 0.05]), [*kinds, rng.choice(FLOATS, n)])
    case["a"][:n], case["b"][:n], case["c"][:n] = obs, inv_scale, _words(zero_point)
    codes, faults = quantize_f32(obs[None], inv_scale, zero_point)
    want["value"], want["y"][:n] = faults[0], _codes(codes[0])


def _layer(rng, kernel, case):
    """Shape, weights, bias of a case, the weights stored as the kernel reads them; returns (x, weight, bias)."""
    n, m = case["n"], case["m"] = rng.integers(1, LANES + 1, 2)
    weight, bias, x = _bytes(rng, (m, n)), _ints(rng, m, (1 << 31) - (n << 14)), _bytes(rng, n)
    int16 = _is_int16(kernel)
    if int16:
        weight, bias = _int16_rows(rng, weight, bias)
    case["x"][:n] = x
    case["x"][n:] = rng.integers(-128, 128, LANES - n)  # padding of x meets zero weights only
    rows = (
        kernel.endswith("rows_mve") or kernel == "dense_s8_mve" or (not kernel.endswith("_mve") and rng.random() < 0.5)
    )
    lanes = lane_order(m, int16) if kernel.startswith("dense_requantize") and kernel.endswith("_mve") else np.arange(m)
    stored = weight[lanes]
    if rows:
        stride = -(-n // 16) * 16
        case["lo"], case["hi"] = stride, 1
        case["weight"][: m * stride] = np.pad(stored, ((0, 0), (0, stride - n))).ravel()
    else:
        stride = -(-m // 16) * 16
        case["lo"], case["hi"] = 1, stride
        columns = np.pad(stored, ((0, stride - m), (0, 0)))
        blocks = columns.reshape(-1, 16, n).transpose(0, 2, 1) if kernel.endswith("_mve") else columns.T
        case["weight"][: stride * n] = blocks.ravel()
    _channels(case["a"], bias[lanes], int16)
    return x, weight, bias, lanes


def _is_int16(kernel: str) -> bool:
    return kernel.endswith("int16_mve")


def _int16_rows(rng: np.random.Generator, weight: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows within the license of int16 lanes: `|bias| + 128 sum |weight| <= 32767`, the limit itself included."""
    total = np.maximum(np.abs(weight).sum(axis=1), 1)
    budget = np.where(rng.random(len(weight)) < 0.5, 255, rng.integers(0, 256, len(weight)))
    weight = np.trunc(weight * np.minimum(1, budget / total)[:, None]).astype(int)
    return weight, _int16_biases(weight, bias)


def _int16_biases(weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    left = INT16_MAX - 128 * np.abs(weight).sum(axis=1)
    return np.clip(bias, -left, left)


def _channels(table: np.ndarray, values: np.ndarray, int16: bool) -> None:
    """Write per-channel `values` to the front of a case's table, as words or as halves."""
    if int16:
        table.view("<i2")[: len(values)] = values
    else:
        table[: len(values)] = _words(values)


def _dense(rng, kernel, case, want) -> None:
    x, weight, bias, _ = _layer(rng, kernel, case)
    acc = dense_s8(x[None], weight, bias)[0]
    want["y"][: 4 * len(acc)] = _words(acc).view(np.uint8)


def _fused(rng, kernel, case, want) -> None:
    x, weight, bias, lanes = _layer(rng, kernel, case)
    m, int16 = case["m"], _is_int16(kernel)
    multiplier, shift = _requantizer(rng, m)
    if int16:
        multiplier = multiplier // HALF_WORD * HALF_WORD
    # Biases that put half of the outputs next to a rounding tie.
    bias = np.clip(
        _near_ties(rng, bias, multiplier, shift) - (weight * x).sum(axis=1),
        -(1 << 31) + (1 << 21),
        (1 << 31) - (1 << 21),
    )
    if int16:
        bias = _int16_biases(weight, bias)
    _channels(case["a"], bias[lanes], int16)
    mode = case["rounding"] = rng.integers(0, 3)
    zero_point = case["zero_point"] = -128 if rng.random() < 0.5 else rng.integers(-128, 128)
    _channels(case["b"], multiplier[lanes] // (HALF_WORD if int16 else 1), int16)
    _channels(case["c"], -shift[lanes] if kernel.endswith("_mve") else shift[lanes], int16)
    acc = dense_s8(x[None], weight, bias)[0]
    want["y"][:m] = _codes(requantize(acc, multiplier, shift, zero_point, zero_point, 127, MODES[mode]))
    if kernel.endswith("_mve"):  # the last group is stored whole; its padding has accumulator and multiplier 0
        group = 8 if int16 else 4
        want["y"][m : -(-m // group) * group] = _codes(np.array([zero_point]))


def _requantize(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(1, LANES + 1)
    multiplier, shift = _requantizer(rng, n)
    acc = _near_ties(rng, _ints(rng, n), multiplier, shift)
    mode = case["rounding"] = rng.integers(0, 3)
    zero_point = case["zero_point"] = rng.integers(-128, 128)
    lo, hi = case["lo"], case["hi"] = np.sort(rng.integers(-128, 128, 2)) if rng.random() < 0.5 else (-128, 127)
    case["a"][:n], case["b"][:n] = _words(acc), multiplier
    case["c"][:n] = _words(-shift if kernel.endswith("_mve") else shift)
    want["y"][:n] = _codes(requantize(acc, multiplier, shift, zero_point, lo, hi, MODES[mode]))


def _relu(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(1, LANES + 1)
    zero_point = case["zero_point"] = rng.integers(-128, 128)
    case["x"] = _bytes(rng, LANES)
    want["y"][:n] = _codes(relu(case["x"][:n], zero_point))


def _dequantize(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(1, LANES + 1)
    acc, scale = _ints(rng, n), float32.bits_of(np.exp2(rng.uniform(-40, 40, n)).astype(np.float32))
    case["a"][:n], case["b"][:n] = _words(acc), scale
    want["y"][: 4 * n] = _words(dequantize(acc, scale)).view(np.uint8)


def _arg_max(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(1, LANES + 1)
    acc = _ints(rng, n) if rng.random() < 0.6 else rng.integers(-2, 2, n)  # few values: many ties
    case["a"][:n] = _words(acc)
    case["a"][n:] = 0x7FFFFFFF  # must not be read
    want["value"] = arg_max(acc)


def _softmax(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(2, LANES + 1)
    limit = int(rng.choice([4, 1 << 12, 1 << 20, 1 << 30]))
    acc = rng.integers(-limit, limit, n)
    multiplier, shift = _requantizer(rng, 1)
    case["multiplier"], case["shift"] = multiplier[0], shift[0]
    mode = case["rounding"] = rng.integers(0, 3)
    case["a"][:n] = _words(acc)
    weights = softmax_weights(acc[None], multiplier, shift, TABLE, MODES[mode])
    want["y"][:n], want["p"][:n] = weights[0], softmax_probabilities(weights)[0]


def _sample_discrete(rng, kernel, case, want) -> None:
    n = case["n"] = rng.integers(2, LANES + 1)
    weights = rng.integers(0, 128, n) * (rng.random(n) < 0.6)
    weights[rng.integers(0, n)] = 127
    word = case["word"] = int(rng.choice([0, 1, (1 << 32) - 1, int(rng.integers(0, 1 << 32))]))
    case["x"][:n] = weights
    want["value"] = sample_discrete(weights[None], np.array([word]))[0]


def _sample_continuous(rng, kernel, case, want) -> None:
    multiplier, shift = _requantizer(rng, 2)
    zero_point, acc = rng.integers(-128, 128, 2), _near_ties(rng, _ints(rng, 2), multiplier, shift)
    noise_multiplier, noise_shift = _requantizer(rng, 1)
    noise_shift = np.minimum(noise_shift, rng.integers(0, 12, 1))
    mode = case["rounding"] = rng.integers(0, 3)
    z = case["n"] = rng.integers(-128, 128)
    case["multiplier"], case["shift"] = noise_multiplier[0], noise_shift[0]
    case["a"][:2], case["b"][:2], case["c"][:2] = multiplier, shift, _words(zero_point)
    case["weight"][:8] = _words(acc).view(np.int8)
    codes = requantize(acc, multiplier, shift, zero_point, -128, 127, MODES[mode])
    want["value"] = sample_continuous(
        codes[:1], codes[1:], np.array([z]), noise_multiplier, noise_shift, TABLE, TABLE, MODES[mode]
    )[0]


def _xorshift(rng, kernel, case, want) -> None:
    word = case["word"] = int(rng.choice([0, 1, (1 << 32) - 1, int(rng.integers(0, 1 << 32))]))
    want["word"] = xorshift32(word)
    want["value"] = np.array([want["word"]], np.uint32).view(np.int32)[0]

"""Extreme and random cases of every kernel with what the integer reference says about them.

`make(kernel, first, count, seed)` gives (groups, wanted): groups of cases as the test program reads them
(kernel_support.GROUP), wanted as it must answer them (kernel_support.RESULT), poison included wherever the kernel must
not write. A group draws one shape, its weights, requantizers and scales, and INPUTS inputs for them.
"""

from __future__ import annotations

import numpy as np

from tests.kernel_support import GROUP, INPUTS, LANES, POISON, RESULT, SCALAR, VECTOR, WEIGHTS
from tinyverify.emit.tables import lane_order
from tinyverify.semantics import float32
from tinyverify.semantics.dense_s8 import HALF_WORD, INT16_MAX, dense_s8
from tinyverify.semantics.dequantize import arg_max, dequantize
from tinyverify.semantics.quantize_f32 import quantize_f32
from tinyverify.semantics.relu import relu
from tinyverify.semantics.requantize import RoundingMode, requantize
from tinyverify.semantics.sample import sample_continuous, sample_discrete, xorshift32
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights

EXTREME = 40  # the first groups of a kernel take everything from the ends of its range
MODES = tuple(RoundingMode)
SIZES = (1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 80, LANES - 1, LANES)
INT32 = np.array([-(1 << 31), -(1 << 31) + 1, -(1 << 30), -1, 0, 1, (1 << 30) - 1, 1 << 30, (1 << 31) - 1])
FLOATS = np.array([0, 1 << 31, 1, 0x807FFFFF, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFF800001])
# From 127 down to 0, as the contract of softmax_lut asks.
TABLE = np.rint(127 * np.exp(-np.arange(256) / 60.0) - 1.5 * (np.arange(256) > 250)).clip(0, 127).astype(np.int8)


def make(kernel: str, first: int, count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Groups number `first` to `first + count - 1` of `kernel` GROUP [count] and their results [count, INPUTS]."""
    groups, wanted = np.zeros(count, GROUP), np.zeros((count, INPUTS), RESULT)
    wanted.view(np.uint8)[:] = POISON
    groups["kernel"] = (SCALAR | VECTOR)[kernel]
    maker = _MAKERS[kernel.removesuffix("_mve")]
    for number in range(count):
        maker(Draw(kernel, first + number, seed), groups[number], wanted[number])
    return groups, wanted


class Draw:
    """Random numbers of one group; the same for the same kernel, group and seed."""

    def __init__(self, kernel: str, group: int, seed: int) -> None:
        self.kernel, self.vector, self.int16 = kernel, kernel.endswith("_mve"), kernel.endswith("int16_mve")
        self.rng = np.random.default_rng([seed, group, *kernel.encode()])
        self.extreme = group < EXTREME

    def size(self, least: int = 1) -> int:
        """A number of lanes."""
        choice = [size for size in SIZES if size >= least]
        return int(self.rng.choice(choice) if self.extreme else self.rng.integers(least, LANES + 1))

    def layer(self) -> tuple[int, int]:
        """A shape whose weights fit, padded."""
        while True:
            n, m = self.size(), self.size()
            if _padded(n) * _padded(m) <= WEIGHTS:
                return n, m

    def ints(self, shape, limit: int = 1 << 31) -> np.ndarray:
        """Uniform, small, or from the ends of int32; clipped to [-limit, limit - 1]."""
        rng = self.rng
        ends = rng.choice(INT32, shape)
        if not self.extreme:
            kinds = [rng.integers(-(1 << 31), 1 << 31, shape), rng.integers(-300, 300, shape), ends]
            ends = np.choose(rng.integers(0, 3, shape), kinds)
        return np.clip(ends, -limit, limit - 1)

    def codes(self, shape) -> np.ndarray:
        """Uniform, or from the ends of int8; in the extreme, all alike for once."""
        rng = self.rng
        if self.extreme:
            kinds = np.array([[-128, 127], [-128, -128], [127, 127]])
            return rng.choice(kinds[rng.integers(0, 3)], shape)
        return np.where(
            rng.random(shape) < rng.random(), rng.choice([-128, 127], shape), rng.integers(-128, 128, shape)
        )

    def zero_point(self, shape=None):
        """In [-128, 127]."""
        return self.rng.choice([-128, 0, 127], shape) if self.extreme else self.rng.integers(-128, 128, shape)

    def requantizers(self, shape) -> tuple[np.ndarray, np.ndarray]:
        """Multipliers and shifts."""
        rng = self.rng
        ends = rng.choice(np.array([1 << 30, (1 << 30) + 1, (1 << 31) - 1]), shape)
        multiplier = np.where(
            rng.random(shape) < (1 if self.extreme else 0.2), ends, rng.integers(1 << 30, 1 << 31, shape)
        )
        shift = np.where(rng.random(shape) < 0.3, rng.choice([0, 1, 31], shape), rng.integers(0, 32, shape))
        return multiplier, shift

    def near_ties(self, acc: np.ndarray, multiplier: np.ndarray, shift: np.ndarray) -> np.ndarray:
        """Half of `acc` replaced by accumulators whose quotient lies next to k + 1/2, |k| <= 140."""
        rng = self.rng
        k = rng.integers(-140, 141, acc.shape) + 0.5
        tie = np.rint(k * np.exp2(31.0 + shift) / multiplier) + rng.integers(-1, 2, acc.shape)
        tie = np.clip(tie, -(1 << 31), (1 << 31) - 1).astype(np.int64)
        return np.where(rng.random(acc.shape) < 0.5, tie, acc)

    def scales(self, shape) -> np.ndarray:
        """Patterns of float32 from 2^-40 to 2^40."""
        exponents = self.rng.choice([-40, 0, 40], shape) if self.extreme else self.rng.uniform(-40, 40, shape)
        return float32.bits_of(np.exp2(exponents).astype(np.float32))

    def words(self) -> np.ndarray:
        """uint32 [INPUTS]."""
        ends = self.rng.choice(np.array([0, 1, (1 << 31) - 1, 1 << 31, (1 << 32) - 1]), INPUTS)
        return np.where(self.rng.random(INPUTS) < 0.5, ends, self.rng.integers(0, 1 << 32, INPUTS))

    def mode(self) -> int:
        """Number of a rounding mode."""
        return int(self.rng.integers(0, len(MODES)))


def _padded(n: int) -> int:
    return -(-n // 16) * 16


def _codes(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.int64).astype(np.int8).view(np.uint8)


def _words(values: np.ndarray) -> np.ndarray:
    return (np.asarray(values, np.int64) & 0xFFFFFFFF).astype("<u4")


def _quantize(draw: Draw, group, want) -> None:
    rng, n = draw.rng, draw.size()
    inv_scale, zero_point = draw.scales(n), draw.zero_point(n)
    half = (rng.integers(-300, 301, (INPUTS, n)) / 2.0 - zero_point).astype(np.float64)
    products = float32.bits_of((half / float32.values_of(inv_scale).astype(np.float64)).astype(np.float32))
    products = np.clip(products + rng.integers(-2, 3, products.shape), 0, (1 << 32) - 1)
    kinds = [rng.integers(0, 1 << 32, products.shape), products, rng.choice(FLOATS, products.shape)]
    obs = np.choose(rng.choice(3, products.shape, p=[0, 0.5, 0.5] if draw.extreme else [0.2, 0.79, 0.01]), kinds)
    group["n"], group["b"][:n], group["c"][:n] = n, inv_scale, _words(zero_point)
    group["inputs"]["a"][:, :n] = obs
    codes, faults = quantize_f32(obs, inv_scale, zero_point)
    want["value"], want["y"][:, :n] = faults, _codes(codes)


def _layer(draw: Draw, group):
    """Shape, weights and inputs of a group, the weights stored as the kernel reads them; (x, weight, bias, lanes)."""
    rng, kernel = draw.rng, draw.kernel
    n, m = group["n"], group["m"] = draw.layer()
    weight, x = draw.codes((m, n)), draw.codes((INPUTS, n))
    bias = draw.ints((INPUTS, m), (1 << 31) - 1 - (n << 14))
    if draw.int16:
        weight = _int16_rows(rng, weight)
        bias = _int16_biases(weight, bias)
    group["inputs"]["x"][:, :n] = x
    # padding of x meets zero weights only
    group["inputs"]["x"][:, n:] = rng.integers(-128, 128, (INPUTS, LANES - n))
    fused = kernel.startswith("dense_requantize") and draw.vector
    lanes = lane_order(m, draw.int16) if fused else np.arange(m)
    stored = weight[lanes]
    if kernel.endswith("rows_mve") or kernel == "dense_s8_mve" or (not draw.vector and rng.random() < 0.5):
        stride = _padded(n)
        group["lo"], group["hi"] = stride, 1
        group["weight"][: m * stride] = np.pad(stored, ((0, 0), (0, stride - n))).ravel()
    else:
        stride = _padded(m)
        group["lo"], group["hi"] = 1, stride
        columns = np.pad(stored, ((0, stride - m), (0, 0)))
        blocks = columns.reshape(-1, 16, n).transpose(0, 2, 1) if draw.vector else columns.T
        group["weight"][: stride * n] = blocks.ravel()
    return x, weight, bias, lanes


def _int16_rows(rng: np.random.Generator, weight: np.ndarray) -> np.ndarray:
    """Rows within the license of int16 lanes: `|bias| + 128 sum |weight| <= 32767`, the limit itself included."""
    total = np.maximum(np.abs(weight).sum(axis=1), 1)
    budget = np.where(rng.random(len(weight)) < 0.5, 255, rng.integers(0, 256, len(weight)))
    return np.trunc(weight * np.minimum(1, budget / total)[:, None]).astype(int)


def _int16_biases(weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    left = INT16_MAX - 128 * np.abs(weight).sum(axis=1)
    return np.clip(bias, -left, left)


def _channels(table: np.ndarray, values: np.ndarray, int16: bool) -> None:
    """Write per-channel `values` [..., n] to the front of tables [..., LANES], as words or as halves."""
    if int16:
        halves = np.ascontiguousarray(table).view("<i2")
        halves[..., : values.shape[-1]] = values
        table[...] = halves.view("<u4")
    else:
        table[..., : values.shape[-1]] = _words(values)


def _dense(draw: Draw, group, want) -> None:
    x, weight, bias, _ = _layer(draw, group)
    acc = dense_s8(x, weight, bias)
    group["inputs"]["a"][:, : len(weight)] = _words(bias)
    want["y"][:, : 4 * len(weight)] = _words(acc).view(np.uint8)


def _fused(draw: Draw, group, want) -> None:
    x, weight, bias, lanes = _layer(draw, group)
    m, int16 = len(weight), draw.int16
    multiplier, shift = draw.requantizers(m)
    if int16:
        multiplier = multiplier // HALF_WORD * HALF_WORD
    # Biases that put half of the outputs next to a rounding tie.
    limit = (1 << 31) - 1 - (len(weight[0]) << 14)
    bias = np.clip(draw.near_ties(bias, multiplier, shift) - x @ weight.T, -limit, limit)
    if int16:
        bias = _int16_biases(weight, bias)
    mode = group["rounding"] = draw.mode()
    zero_point = group["zero_point"] = -128 if draw.rng.random() < 0.5 else draw.zero_point()
    _channels(group["inputs"]["a"], bias[:, lanes], int16)
    _channels(group["b"], multiplier[lanes] // (HALF_WORD if int16 else 1), int16)
    _channels(group["c"], -shift[lanes] if draw.vector else shift[lanes], int16)
    acc = dense_s8(x, weight, bias)
    want["y"][:, :m] = _codes(requantize(acc, multiplier, shift, zero_point, zero_point, 127, MODES[mode]))
    if draw.vector:  # the last group of lanes is stored whole; its padding has accumulator and multiplier 0
        width = 8 if int16 else 4
        want["y"][:, m : -(-m // width) * width] = _codes(np.array([zero_point]))


def _requantize(draw: Draw, group, want) -> None:
    rng, n = draw.rng, draw.size()
    multiplier, shift = draw.requantizers(n)
    acc = draw.near_ties(draw.ints((INPUTS, n)), multiplier, shift)
    mode = group["rounding"] = draw.mode()
    zero_point = group["zero_point"] = draw.zero_point()
    lo, hi = group["lo"], group["hi"] = np.sort(rng.integers(-128, 128, 2)) if rng.random() < 0.5 else (-128, 127)
    group["n"], group["b"][:n], group["c"][:n] = n, multiplier, _words(-shift if draw.vector else shift)
    group["inputs"]["a"][:, :n] = _words(acc)
    want["y"][:, :n] = _codes(requantize(acc, multiplier, shift, zero_point, lo, hi, MODES[mode]))


def _relu(draw: Draw, group, want) -> None:
    n = group["n"] = draw.size()
    zero_point = group["zero_point"] = draw.zero_point()
    x = group["inputs"]["x"] = draw.codes((INPUTS, LANES))
    want["y"][:, :n] = _codes(relu(x[:, :n], zero_point))


def _dequantize(draw: Draw, group, want) -> None:
    n = group["n"] = draw.size()
    acc, scale = draw.ints((INPUTS, n)), draw.scales(n)
    group["inputs"]["a"][:, :n], group["b"][:n] = _words(acc), scale
    want["y"][:, : 4 * n] = _words(dequantize(acc, scale)).view(np.uint8)


def _arg_max(draw: Draw, group, want) -> None:
    n = group["n"] = draw.size()
    few = draw.rng.integers(-2, 2, (INPUTS, n))  # few values: many ties
    acc = np.where(draw.rng.random((INPUTS, 1)) < 0.6, draw.ints((INPUTS, n)), few)
    group["inputs"]["a"][:, :n] = _words(acc)
    group["inputs"]["a"][:, n:] = 0x7FFFFFFF  # must not be read
    want["value"] = arg_max(acc)


def _softmax(draw: Draw, group, want) -> None:
    n = group["n"] = draw.size(2)
    limit = draw.rng.choice([4, 1 << 12, 1 << 20, 1 << 30], (INPUTS, 1))
    acc = (
        draw.rng.choice([-(1 << 30), (1 << 30) - 1], (INPUTS, n))
        if draw.extreme
        else draw.rng.integers(-limit, limit, (INPUTS, n))
    )
    multiplier, shift = (int(v) for v in draw.requantizers(()))
    group["multiplier"], group["shift"] = multiplier, shift
    mode = group["rounding"] = draw.mode()
    group["inputs"]["a"][:, :n] = _words(acc)
    weights = softmax_weights(acc, multiplier, shift, TABLE, MODES[mode])
    want["y"][:, :n], want["p"][:, :n] = weights, softmax_probabilities(weights)


def _sample_discrete(draw: Draw, group, want) -> None:
    rng, n = draw.rng, draw.size(2)
    weights = rng.integers(0, 128, (INPUTS, n)) * (rng.random((INPUTS, n)) < rng.random((INPUTS, 1)))
    weights[np.arange(INPUTS), rng.integers(0, n, INPUTS)] = 127
    word = draw.words()
    group["n"], group["inputs"]["x"][:, :n], group["inputs"]["word"] = n, weights, word
    want["value"] = sample_discrete(weights, word)


def _sample_continuous(draw: Draw, group, want) -> None:
    multiplier, shift = draw.requantizers(2)
    zero_point, acc = draw.zero_point(2), draw.near_ties(draw.ints((INPUTS, 2)), multiplier, shift)
    noise_multiplier, noise_shift = (int(v) for v in draw.requantizers(()))
    noise_shift = min(noise_shift, int(draw.rng.integers(0, 12)))
    mode = group["rounding"] = draw.mode()
    z = draw.codes(INPUTS)
    group["multiplier"], group["shift"] = noise_multiplier, noise_shift
    group["b"][:2], group["c"][:2], (group["lo"], group["hi"]) = multiplier, shift, zero_point
    group["inputs"]["a"][:, :2], group["inputs"]["word"] = _words(acc), _words(z)
    codes = requantize(acc, multiplier, shift, zero_point, -128, 127, MODES[mode])
    want["value"] = sample_continuous(
        codes[:, 0], codes[:, 1], z, noise_multiplier, noise_shift, TABLE, TABLE, MODES[mode]
    )


def _xorshift(draw: Draw, group, want) -> None:
    words = group["inputs"]["word"] = draw.words()
    want["word"] = [xorshift32(int(word)) for word in words]
    want["value"] = want["word"].view(np.int32)


_MAKERS = {
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
}

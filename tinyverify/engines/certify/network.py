"""The float32 network and its int8 program side by side, as integers with stated errors.

Serves `policy.logit_error`, `policy.action_agreement`. For an observation x and its codes q let `n = q - zero_point`
(integers), `u = x * inv_scale` (real) and `e = u - n`. In units of one hidden code:

    t[j] = acc[j](n) * multiplier[j] / 2^(31 + shift[j])        a[j] = clamp(round(t[j]), 0, 255)     int8 program
    g[j] = (sum_i W[j, i] * u[i] / inv_scale[i] + B[j]) / S     h[j] = max(g[j], 0)                   float32 network
    int8 logit[k] = sum_j s[k, j] * a[j] + const                float logit[k] = sum_j v[k, j] * h[j] + const

Every real coefficient is replaced by an integer over a power of two; what that changes, what float32 arithmetic may
change in any order of summation and with or without fused multiply-add, and what rounding an observation's product
in float32 may change, is computed in exact rationals and carried as `*_slack`. Covers one hidden layer with ReLU,
whose hidden codes start at -128; anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.quantize.fixed_point import exact
from tinyverify.semantics import float32
from tinyverify.semantics.quantize_f32 import quantize_f32

CODE_BITS = 26  # fractional bits of one hidden code
GRID = 256  # offsets e and real coordinates u are counted in 1/256 of an input code
CODES = 255  # hidden codes above the zero point
MAX_PARTS = 62  # every sum stays below 2^62 in absolute value
UNIT_ROUNDOFF = Fraction(1, 1 << 24)
UNDERFLOW = Fraction(1, 1 << 126)  # also covers a float32 unit that flushes subnormals to zero
Rationals = list[list[Fraction]]


@dataclass(frozen=True)
class Pair:
    """Integers (int64) of both networks. d inputs, h hidden units, k outputs.

    `code_low`, `code_high` [d]: range of n over the box; `edge_low`, `edge_high` [d]: range of u over the box in 1/256.
    `t_weight` [h, d], `t_bias` [h]: t in 2^-26 codes. `g_weight` [h, d] (for u in 1/256), `g_bias` [h]: g likewise.
    `t_error` [h]: what t may be off; `rounding` [h]: |a - clamp(t, 0, 255)| at most, both in 2^-26 codes.
    `s`, `v` [k, h]: 2^-output_bits logits a code; `s_const`, `v_const`, `s_slack`, `v_slack` [k]: 2^-unit_bits logits.
    """

    code_low: np.ndarray
    code_high: np.ndarray
    edge_low: np.ndarray
    edge_high: np.ndarray
    t_weight: np.ndarray
    t_bias: np.ndarray
    g_weight: np.ndarray
    g_bias: np.ndarray
    t_error: np.ndarray
    rounding: np.ndarray
    s: np.ndarray
    v: np.ndarray
    s_const: np.ndarray
    v_const: np.ndarray
    s_slack: np.ndarray
    v_slack: np.ndarray
    output_bits: int
    sliver: Fraction

    @property
    def unit_bits(self) -> int:
        """Results are integers over 2^unit_bits, in logits."""
        return CODE_BITS + self.output_bits

    @property
    def dim(self) -> int:
        return len(self.code_low)


def make_pair(policy: Policy, training: Training) -> Pair:
    """The integer form of `policy` and the float32 actor of `training`. Raises ArtifactError naming the field.

    `sliver` of the result: at most this share of the box's volume has a code that differs from round(u).
    """
    _check(policy, training)
    hidden, last = policy.layers
    (weight, bias), (out_weight, out_bias) = training.actor
    inv = [exact(v) for v in policy.inv_scale]
    unit = exact(hidden.output_scale)
    low, high, code_low, code_high = _input_range(policy, inv)
    edge_low, edge_high = ([round(value * GRID) for value in values] for values in (low, high))
    # What e may exceed its nominal range by: float32 rounding of the product, and the edges' rounding to 1/256.
    offset = [
        max((max(abs(a), abs(b)) + 1) * UNIT_ROUNDOFF * 2, abs(a - Fraction(ea, GRID)), abs(b - Fraction(eb, GRID)))
        for a, b, ea, eb in zip(low, high, edge_low, edge_high, strict=True)
    ]
    reach = [max(abs(a), abs(b)) + 1 for a, b in zip(low, high, strict=True)]

    one = 1 << CODE_BITS
    t_real, t_bias_real = _accumulators(policy)
    t_weight, t_bias, t_error = _rounded(t_real, t_bias_real, reach, one)
    g_real = [[exact(w) / scale / unit for w, scale in zip(row, inv, strict=True)] for row in weight]
    g_bias_real = [exact(b) / unit for b in bias]
    g_weight, g_bias, g_error = _rounded(
        [[w / GRID for w in row] for row in g_real], g_bias_real, [r * GRID for r in reach], one
    )
    h_max, h_error = [], []
    for row, b, fixed in zip(g_real, g_bias_real, g_error, strict=True):
        size = sum((abs(w) * r for w, r in zip(row, reach, strict=True)), abs(b))
        moved = sum(abs(w) * o for w, o in zip(row, offset, strict=True))
        h_error.append(fixed + moved + _dot_error(len(row) + 1, size, unit))
        h_max.append(size + h_error[-1])
    rounding = [
        Fraction(1, 2) + (Fraction(1, 1 << (int(shift) + 1)) if shift else 0) + error
        for shift, error in zip(hidden.shift, t_error, strict=True)
    ]

    s_real = [[exact(scale) * int(w) for w in row] for scale, row in zip(policy.logit_scale, last.weight, strict=True)]
    v_real = [[exact(w) * unit for w in row] for row in out_weight]
    # a counts from 0: the codes' zero point -128 moves into the constant.
    s_const = [
        exact(scale) * (int(b) - 128 * int(row.astype(np.int64).sum()))
        for scale, b, row in zip(policy.logit_scale, last.bias, last.weight, strict=True)
    ]
    v_const = [exact(b) for b in out_bias]
    output_bits = _output_bits(s_real, v_real, s_const, v_const, h_max, t_real, t_bias_real, reach)
    fine = 1 << output_bits
    s, v = ([[round(w * fine) for w in row] for row in real] for real in (s_real, v_real))
    whole = 1 << (CODE_BITS + output_bits)
    s_slack, v_slack = [], []
    for k in range(policy.outputs):
        coded = sum(abs(Fraction(i, fine) - r) for i, r in zip(s[k], s_real[k], strict=True)) * CODES
        logit_max = sum(map(abs, s_real[k])) * CODES + abs(s_const[k])
        s_slack.append(ceil((coded + logit_max * 3 * UNIT_ROUNDOFF + UNDERFLOW) * whole) + 1)
        moved = sum(
            abs(r) * error + abs(Fraction(i, fine) - r) * top
            for i, r, error, top in zip(v[k], v_real[k], h_error, h_max, strict=True)
        )
        size = sum((abs(r) * top for r, top in zip(v_real[k], h_max, strict=True)), abs(v_const[k]))
        v_slack.append(ceil((moved + _dot_error(len(v[k]) + 1, size)) * whole) + 1)

    def array(values: list) -> np.ndarray:
        return np.array(values, np.int64)

    return Pair(
        code_low=array(code_low), code_high=array(code_high), edge_low=array(edge_low), edge_high=array(edge_high),
        t_weight=array(t_weight), t_bias=array(t_bias), g_weight=array(g_weight), g_bias=array(g_bias),
        t_error=array([ceil(e * one) for e in t_error]), rounding=array([ceil(r * one) for r in rounding]),
        s=array(s), v=array(v),
        s_const=array([round(c * whole) for c in s_const]), v_const=array([round(c * whole) for c in v_const]),
        s_slack=array(s_slack), v_slack=array(v_slack), output_bits=output_bits,
        sliver=_sliver(low, high, code_low, code_high, edge_low, edge_high),
    )  # fmt: skip


def _check(policy: Policy, training: Training) -> None:
    """Refuse what the module does not cover, and a network that this policy was not made from."""
    path = training.path
    if policy.file.provenance.training_hash != training.artifact.reproducibility_hash:
        raise ArtifactError(
            path, "reproducibility_hash", "is not the network that the policy's provenance.training_hash names"
        )
    if len(policy.layers) != 2 or policy.layers[0].output_zero_point != -128:
        raise ArtifactError(
            path, "config.hidden_dim", "certified are policies of one hidden layer with codes from -128"
        )
    for index, layer in enumerate(policy.layers):
        most = np.abs(layer.bias.astype(np.int64)) + 128 * np.abs(layer.weight.astype(np.int64)).sum(axis=1)
        if most.max() >= 1 << 31:
            raise ArtifactError(
                path, f"actor.{index}.weight", "its int8 layer may overflow int32, and then means nothing"
            )
    shapes = [layer.weight.shape for layer in policy.layers]
    if shapes != [weight.shape for weight, _ in training.actor]:
        raise ArtifactError(path, "actor.0.weight", f"the policy has layers {shapes}")


def _input_range(policy: Policy, inv: list[Fraction]) -> tuple[list, list, list, list]:
    """Over the box: u (two lists of rationals) and n (two lists of ints); quantize_f32 is monotone."""
    box = policy.file.input
    bits = float32.bits_of(np.array([box.low, box.high], np.float32))
    zero_point = policy.input_zero_point.astype(np.int64)
    codes = quantize_f32(bits, float32.bits_of(policy.inv_scale), zero_point)[0] - zero_point
    low, high = ([exact(v) * scale for v, scale in zip(side, inv, strict=True)] for side in (box.low, box.high))
    return low, high, [int(v) for v in codes[0]], [int(v) for v in codes[1]]


def _sliver(low: list, high: list, code_low: list, code_high: list, edge_low: list, edge_high: list) -> Fraction:
    """The share of the box where float32 rounding may choose another code than round(u), or beyond the nominal edges.

    On either side of each middle between codes n and n + 1: 2^-24 of at most |n| + 1.
    """
    total = Fraction(0)
    for axis, (first, last) in enumerate(zip(code_low, code_high, strict=True)):
        middles = sum(abs(n) + 1 for n in range(first, last)) * 2 * UNIT_ROUNDOFF
        edges = abs(low[axis] - Fraction(edge_low[axis], GRID)) + abs(high[axis] - Fraction(edge_high[axis], GRID))
        total += (middles + edges) / (high[axis] - low[axis])
    return total


def _accumulators(policy: Policy) -> tuple[Rationals, list[Fraction]]:
    """t as an affine map of n: exact rationals."""
    layer = policy.layers[0]
    zero_point = policy.input_zero_point.astype(np.int64)
    rows, consts = [], []
    for weight, bias, multiplier, shift in zip(layer.weight, layer.bias, layer.multiplier, layer.shift, strict=True):
        factor = Fraction(int(multiplier), 1 << (31 + int(shift)))
        rows.append([int(w) * factor for w in weight])
        consts.append((int(bias) + int((weight.astype(np.int64) * zero_point).sum())) * factor)
    return rows, consts


def _rounded(real: Rationals, const: list[Fraction], reach: list[Fraction], one: int) -> tuple[list, list, list]:
    """`real` and `const` as integers over `one`, and what this changes for inputs up to `reach`."""
    weight = [[round(w * one) for w in row] for row in real]
    bias = [round(b * one) for b in const]
    error = [
        sum(
            (abs(Fraction(i, one) - r) * top for i, r, top in zip(ints, row, reach, strict=True)),
            abs(Fraction(b, one) - c),
        )
        for ints, row, b, c in zip(weight, real, bias, const, strict=True)
    ]
    return weight, bias, error


def _dot_error(terms: int, size: Fraction, unit: Fraction = Fraction(1)) -> Fraction:
    """Error of a float32 sum of `terms` products with sum of absolute values `size`, in any order (Higham, gamma_n).

    In units of `unit`; each product and each sum may lose an underflow besides.
    """
    rounding = terms * UNIT_ROUNDOFF
    return rounding / (1 - rounding) * size + 2 * terms * UNDERFLOW / unit


def _output_bits(s, v, s_const, v_const, h_max, t_real, t_bias, reach) -> int:
    """The finest output unit for which every sum of the relaxations stays below 2^62, with two rows subtracted."""
    t_max = [
        sum((abs(w) * r for w, r in zip(row, reach, strict=True)), abs(b))
        for row, b in zip(t_real, t_bias, strict=True)
    ]
    size = Fraction(1)
    for k in range(len(s)):
        parts = sum(
            (abs(a) + abs(b)) * (max(t, h) + 2 * CODES) for a, b, t, h in zip(s[k], v[k], t_max, h_max, strict=True)
        )
        size = max(size, parts + abs(s_const[k]) + abs(v_const[k]))
    # Two rows subtracted, three terms of a neuron, slope and residual: a factor 16 covers them.
    bits = MAX_PARTS - CODE_BITS - 4 - floor(size).bit_length()
    if bits < 8:
        raise ArtifactError("policy", "logit_scale", "logits are too large for 62-bit certificates")
    return bits

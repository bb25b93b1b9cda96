"""What holds on a box of codes: affine bounds of logits and of their errors, one linear relaxation a neuron.

Serves `policy.logit_error`, `policy.action_agreement`. The same formulas run in float64 for the search and in int64
for the check (`Numbers` holds either). Sound in int64 whatever slopes are chosen: a slope becomes an integer
coefficient first, and the residual of that very coefficient is then bounded exactly. In float64 they are a guide.

With ReLU as (.)+, one neuron adds to an error `s * a - v * h`, where clamp(t, 0, 255) = (t)+ - (t - 255)+,

    (s - v) * (t)+  +  v * ((t)+ - (g)+)  -  s * (t - 255)+  +  s * r

with |r| <= rounding, and r = 0 where t <= 0 or t >= 255.

The second term is v * theta * (t - g) for some theta in [0, 1]; t - g is small, which keeps the bound tight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.network import CODE_BITS, CODES, GRID, Pair

SLOPE_BITS = 16


@dataclass(frozen=True)
class Numbers:
    """A Pair's rows of interest as int64, or as float64 in units of one code and one logit.

    `s`, `v` [r, h], constants and slacks [r]: rows of the output layer, or differences of two of them.
    """

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
    edge_low: np.ndarray
    edge_high: np.ndarray
    code_low: np.ndarray
    code_high: np.ndarray
    one: int  # of a hidden code: 2^26, or 1 in float64

    @property
    def exact(self) -> bool:
        return self.s.dtype == np.int64


@dataclass(frozen=True)
class Affine:
    """`code @ n + offset @ e + [low, high]` on each of N boxes: [N, r, d], [N, r, d], [N, r], [N, r]; e in 1/256."""

    code: np.ndarray
    offset: np.ndarray
    low: np.ndarray
    high: np.ndarray
    loose: np.ndarray  # [N, r, h]: how much a neuron's relaxation loses, to choose a cut by


@dataclass(frozen=True)
class Boxes:
    """N boxes of codes n [N, d], both ends inside, with the range of e on them [N, d] in 1/256."""

    low: np.ndarray
    high: np.ndarray
    offset_low: np.ndarray
    offset_high: np.ndarray


def exact_numbers(pair: Pair, combination: np.ndarray) -> Numbers:
    """The rows `combination @ outputs` ([r, k], at most two entries of +-1 a row) as int64."""
    size = np.abs(combination)
    return Numbers(
        pair.t_weight, pair.t_bias, pair.g_weight, pair.g_bias, pair.t_error, pair.rounding,
        combination @ pair.s, combination @ pair.v, combination @ pair.s_const, combination @ pair.v_const,
        size @ pair.s_slack, size @ pair.v_slack,
        pair.edge_low, pair.edge_high, pair.code_low, pair.code_high, 1 << CODE_BITS,
    )  # fmt: skip


def float_numbers(pair: Pair, combination: np.ndarray) -> Numbers:
    """The same rows in float64, for the search."""
    numbers = exact_numbers(pair, combination)
    code, fine, whole = (2.0**-bits for bits in (CODE_BITS, pair.output_bits, pair.unit_bits))
    return Numbers(
        numbers.t_weight * code, numbers.t_bias * code, numbers.g_weight * code, numbers.g_bias * code,
        numbers.t_error * code, numbers.rounding * code, numbers.s * fine, numbers.v * fine,
        numbers.s_const * whole, numbers.v_const * whole, numbers.s_slack * whole, numbers.v_slack * whole,
        pair.edge_low, pair.edge_high, pair.code_low, pair.code_high, 1,
    )  # fmt: skip


def boxes(numbers: Numbers, low: np.ndarray, high: np.ndarray) -> Boxes:
    """Boxes of codes [N, d] with their range of e: half a code, but at the ends what the observation box leaves."""
    half = GRID // 2
    first, last = numbers.edge_low - GRID * numbers.code_low, numbers.edge_high - GRID * numbers.code_high
    at_low, at_high = low == numbers.code_low, high == numbers.code_high
    offset_low = np.where(at_low, np.where(high == low, first, np.minimum(first, -half)), -half)
    offset_high = np.where(at_high, np.where(high == low, last, np.maximum(last, half)), half)
    return Boxes(low, high, offset_low, offset_high)


def affine_range(affine: Affine, cells: Boxes) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest value [N, r] of `affine` on its boxes."""
    low, high = _linear(affine.code, cells.low[:, None], cells.high[:, None])
    more_low, more_high = _linear(affine.offset, cells.offset_low[:, None], cells.offset_high[:, None])
    return low + more_low + affine.low, high + more_high + affine.high


def error(numbers: Numbers, cells: Boxes) -> Affine:
    """int8 logits minus float32 logits."""
    t_low, t_high, g_low, g_high, d_low, d_high = ranges(numbers, cells)
    zero = np.zeros_like(t_low)
    s, v = numbers.s[None], numbers.v[None]
    change = s - v
    # (s - v) * (t)+ and -s * (t - 255)+
    on_t, low, high = _relu(numbers, change, t_low, t_high)
    clamp = CODES * numbers.one
    if (t_high > clamp).any():
        on_clamp, more_low, more_high = _relu(numbers, -s, t_low - clamp, t_high - clamp)
        constant = -(on_clamp.sum(axis=2) * clamp)
        on_t, low, high = on_t + on_clamp, low + more_low, high + more_high
    else:
        constant = np.zeros(on_t.shape[:2], on_t.dtype)
    # v * ((t)+ - (g)+), in the best of three forms: theta = 1/2 + rest, 0 + rest, 1 + rest
    up = np.maximum(t_high, zero), np.maximum(g_high, zero)
    down = np.maximum(-t_low, zero), np.maximum(-g_low, zero)
    half_width = np.maximum(np.abs(d_low), np.abs(d_high))
    form = np.argmin(np.stack([down[0] + down[1], up[0] + up[1], half_width]), axis=0)[:, None]
    down, up = ([part[:, None] for part in parts] for parts in (down, up))
    halved = v >> 1 if numbers.exact else v / 2
    on_g = np.where(form == 0, v, np.where(form == 1, 0 * v, halved))
    ends = (
        np.where(form == 0, -v * down[1], np.where(form == 1, -v * up[1], 0)),
        np.where(form == 0, v * down[0], np.where(form == 1, v * up[0], 0)),
    )
    corners = [c * d[:, None] for c in (-halved, v - halved) for d in (d_low, d_high)]
    middle = form == 2
    term_low = np.where(middle, np.minimum.reduce(corners), np.minimum(*ends))
    term_high = np.where(middle, np.maximum.reduce(corners), np.maximum(*ends))
    low, high = low + term_low, high + term_high
    loose = high - low
    # rounding of the hidden code
    settled = (t_high <= -numbers.t_error) | (t_low >= clamp + numbers.t_error)
    slack = np.abs(s) * np.where(settled, 0, numbers.rounding)[:, None]
    total = numbers.s_slack + numbers.v_slack - slack.sum(axis=2) * -1
    base = (on_t + on_g) @ numbers.t_bias - on_g @ numbers.g_bias + constant + (numbers.s_const - numbers.v_const)
    offset = -(on_g @ numbers.g_weight)
    code = (on_t + on_g) @ numbers.t_weight + GRID * offset
    return Affine(code, offset, base + low.sum(axis=2) - total, base + high.sum(axis=2) + total, loose)


def float_logits(numbers: Numbers, cells: Boxes) -> Affine:
    """float32 logits: here `code @ n + offset @ e` is `offset @ u`, since code = 256 * offset."""
    _, _, g_low, g_high, _, _ = ranges(numbers, cells)
    on_g, low, high = _relu(numbers, numbers.v[None], g_low, g_high)
    base = on_g @ numbers.g_bias + numbers.v_const
    offset = on_g @ numbers.g_weight
    return Affine(
        GRID * offset, offset,
        base + low.sum(axis=2) - numbers.v_slack, base + high.sum(axis=2) + numbers.v_slack, high - low,
    )  # fmt: skip


def ranges(numbers: Numbers, cells: Boxes) -> tuple[np.ndarray, ...]:
    """Ranges of t, g and t - g on each box, [N, h] each."""
    t_low, t_high = _product(numbers.t_weight, cells.low, cells.high)
    n_low, n_high = GRID * cells.low, GRID * cells.high
    g_low, g_high = _product(numbers.g_weight, n_low + cells.offset_low, n_high + cells.offset_high)
    d_low, d_high = _product(numbers.t_weight - GRID * numbers.g_weight, cells.low, cells.high)
    e_low, e_high = _product(-numbers.g_weight, cells.offset_low, cells.offset_high)
    d_bias = numbers.t_bias - numbers.g_bias
    return (
        t_low + numbers.t_bias, t_high + numbers.t_bias, g_low + numbers.g_bias, g_high + numbers.g_bias,
        d_low + e_low + d_bias, d_high + e_high + d_bias,
    )  # fmt: skip


def _product(weight: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Range [N, h] of `weight @ x` for x in [low, high]."""
    up, down = np.maximum(weight, 0).T, np.minimum(weight, 0).T
    low, high = low.astype(weight.dtype), high.astype(weight.dtype)
    return low @ up + high @ down, high @ up + low @ down


def _linear(coefficient: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at_low, at_high = coefficient * low, coefficient * high
    return np.minimum(at_low, at_high).sum(axis=2), np.maximum(at_low, at_high).sum(axis=2)


def _relu(numbers: Numbers, coefficient: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, ...]:
    """`coefficient * (x)+` for x in [low, high] as `slope * x + [least, greatest]`; [N, r, h] each.

    The slope is about coefficient * high / (high - low), the chord's. `coefficient * (x)+ - slope * x` is linear on
    either side of 0, so its extremes lie at low, high and, if between them, 0.
    """
    on, off = low >= 0, high <= 0
    width = np.where(on | off, 1, high - low)
    if numbers.exact:
        # Any share in [0, 1] is sound, so a product that wrapped would only be a poor choice.
        share = (np.maximum(high, 0) << SLOPE_BITS) // width
        share = np.clip(np.where(on, 1 << SLOPE_BITS, np.where(off, 0, share)), 0, 1 << SLOPE_BITS)
        slope = (coefficient * share[:, None]) >> SLOPE_BITS
    else:
        share = np.where(on, 1.0, np.where(off, 0.0, np.maximum(high, 0) / width))
        slope = coefficient * share[:, None]
    low, high = low[:, None], high[:, None]
    at_low = coefficient * np.maximum(low, 0) - slope * low
    at_high = coefficient * np.maximum(high, 0) - slope * high
    crosses = (low < 0) & (high > 0)
    least, greatest = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
    return slope, np.where(crosses, np.minimum(least, 0), least), np.where(crosses, np.maximum(greatest, 0), greatest)

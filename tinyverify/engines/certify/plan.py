"""The integers of one policy and one float32 network that Lean's certificate is counted in (`TinyVerify.Plan`).

Serves `policy.logit_error`, `policy.action_agreement`. Everything is exact: weights, scales and multipliers are dyadic
numbers, and a plan only chooses the units. `leaf_errors` evaluates what Lean's kernel will evaluate, in Python's
integers; it is no evidence. Covers what network.py covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.quantize.fixed_point import exact

ONE = 1 << 149  # of a float32 value in units of 2^-149
TINY = 1 << 196
BOUND_BITS = 20  # bounds are stated in 2^-20 logits
CODES = 255  # codes are counted from the least that any zero point allows
X_BITS = 20  # observations on the edge of a box are counted in 2^-20
SCALE_BITS = 18  # of the unit of a hidden code


@dataclass(frozen=True)
class Axis:
    """One input: `inv` its inverse scale in the plan's unit, `err`, `low`, `start` as in Lean."""

    inv: int
    err: int
    low: int
    start: int


@dataclass(frozen=True)
class Unit:
    """A hidden unit of both networks: `TinyVerify.Neuron`."""

    w: tuple[int, ...]
    m: int
    acc0: int
    g: tuple[int, ...]
    gb: int
    rounding: int
    floating: int
    s: tuple[int, ...]
    v: tuple[int, ...]


@dataclass(frozen=True)
class Output:
    """An output: `TinyVerify.Output` without limits; `constant`, `rest` and `unit` turn limits into a bound."""

    a1: int
    a2: int
    den: int
    sum_error: int = 0
    acc_error: int = 0
    logit_error: int = 0
    constant: int = 0
    rest: int = 0
    unit: int = 1

    def bound(self, scale: int, high: int, low: int) -> int:
        """The bound in 2^-20 logits that limits of twice the error, from above and below, give."""
        above = scale * self.den * high + self.constant + self.rest
        below = scale * self.den * low - self.constant + self.rest
        return max(0, up(max(above, below), 2 * self.unit << (149 - BOUND_BITS)))


@dataclass(frozen=True)
class Plan:
    """`TinyVerify.Plan`; `root_low`, `root_high` [d]: the box of codes, counted from 0.

    `reaches` [h]: at least every hidden float32 value, in units of 2^-149. `sides`: how a mixed unit may
    count, as in Lean.
    """

    rho: int
    cap: int
    fine: int
    coarse: int
    theta: int
    phi: int
    axes: tuple[Axis, ...]
    units: tuple[Unit, ...]
    outputs: tuple[Output, ...]
    root_low: np.ndarray
    root_high: np.ndarray
    reaches: tuple[int, ...]
    sides: bool = False

    @property
    def scale(self) -> int:
        return self.fine * self.coarse


def box_values(policy: Policy) -> list[tuple[int, int]]:
    """Both ends of the declared box, in units of 2^-149."""
    box = policy.file.input
    return [tuple(as_integer(np.float32(v)) for v in ends) for ends in zip(box.low, box.high, strict=True)]


def make_plan(policy: Policy, training: Training) -> Plan:
    """The plan of a policy of one hidden layer and the actor of `training`. network.make_pair says what is refused."""
    hidden, last = policy.layers
    (weight, bias), (out_weight, out_bias) = training.actor
    zero = [int(z) for z in policy.input_zero_point]
    top = 127 - hidden.output_zero_point
    inv = [exact(v) for v in policy.inv_scale]
    inv_bits = max(value.denominator.bit_length() - 1 for value in inv)
    box = box_values(policy)

    deepest = max(int(s) for s in hidden.shift)
    unit_scale = exact(hidden.output_scale)
    sigma = SCALE_BITS - (unit_scale.numerator.bit_length() - unit_scale.denominator.bit_length())
    mantissa = round(unit_scale * 2**sigma)
    # Enough of a power of two for every float32 weight and bias to be a whole number.
    bits = 31 + deepest + sigma
    finest = max((exact(v).denominator.bit_length() - 1 for v in [*weight.ravel(), *bias]), default=0)
    more = max(0, finest - bits - inv_bits)
    theta, phi = mantissa << (31 + deepest + more), 1 << (bits + more)

    fine, coarse, rho = 1 << (149 - inv_bits), 1 << (149 - X_BITS), 1 << (inv_bits + X_BITS)
    scale = fine * coarse
    axes, root_low, root_high = [], [], []
    for value, z, (low, high) in zip(inv, zero, box, strict=True):
        raw = int(value * ONE)
        reach = max(-low, high)
        err = up(reach * raw + (1 << 172) + (1 << 321), scale << 24)
        err = max(err, up(high * raw - (127 - z << 298), scale), up(((-128 - z) << 298) - low * raw, scale))
        whole = int(value * (1 << inv_bits))
        start = up(255 * rho + err, whole)
        axes.append(Axis(whole, err, whole * start - 255 * rho - err, start))
        root_high.append(-((-(high * raw + scale * err + 1)) >> 298) + 254)
        root_low.append(((low * raw - scale * err - 1) >> 298) + 256)
    edges = np.array(root_low, object), np.array(root_high, object)

    units, reaches = [], []
    terms = len(axes) + 1
    for j in range(len(bias)):
        w = tuple(int(x) for x in hidden.weight[j])
        shift = int(hidden.shift[j])
        m = (mantissa * int(hidden.multiplier[j])) << (deepest - shift + more)
        acc0 = int(hidden.bias[j]) + sum(a * (z - CODES) for a, z in zip(w, zero, strict=True))
        g = tuple(int(phi * exact(x) * (1 << inv_bits)) for x in weight[j])
        gb = int(phi * exact(bias[j]) * rho) - sum(a * axis.start for a, axis in zip(g, axes, strict=True))
        rounding = up(rho * theta * ((1 << (31 + shift)) + (1 << 31)), 1 << (32 + shift))
        reach = abs(ONE * as_integer(bias[j])) + sum(
            abs(as_integer(x)) * max(-low, high) for x, (low, high) in zip(weight[j], box, strict=True)
        )
        floating = up(phi * (terms * reach + 4 * terms * TINY), ((1 << 24) - terms) * scale)
        reaches.append((phi * reach + scale * floating) // (phi * ONE) + 1)
        units.append((w, m, acc0, g, gb, rounding, floating))

    outputs, columns = [], []
    for k in range(policy.outputs):
        w = [int(x) for x in last.weight[k]]
        v = [as_integer(x) for x in out_weight[k]]
        logit = as_integer(policy.logit_scale[k])
        den = 1 << min(twos(logit << sigma), *(twos(mantissa * x) for x in v if x))
        a1, a2 = (logit << sigma) // den, mantissa
        columns.append(([a1 * x for x in w], [a2 * x // den for x in v]))
        n = len(units) + 1
        float_reach = abs(ONE * as_integer(out_bias[k])) + sum(abs(x) * h for x, h in zip(v, reaches, strict=True))
        sum_error = up(n * float_reach + 4 * n * TINY, (1 << 24) - n)
        base = int(last.bias[k]) + hidden.output_zero_point * sum(w)
        acc_reach = abs(base) + sum(map(abs, w)) * top
        acc_error = up(ONE * ONE * acc_reach + TINY, ONE << 24)
        logit_error = up((ONE * acc_reach + acc_error) * logit + TINY, 1 << 24) + acc_error * logit
        step = a2 * phi * ONE
        constant = 2 * step * ONE * (logit * base - as_integer(out_bias[k]))
        outputs.append(
            Output(
                a1,
                a2,
                den,
                sum_error,
                acc_error,
                logit_error,
                constant,
                2 * step * (sum_error + logit_error),
                step * ONE,
            )
        )
    return Plan(
        rho=rho,
        cap=rho * theta * top,
        fine=fine,
        coarse=coarse,
        theta=theta,
        phi=phi,
        axes=tuple(axes),
        units=tuple(
            Unit(*unit, tuple(s[j] for s, _ in columns), tuple(v[j] for _, v in columns))
            for j, unit in enumerate(units)
        ),
        outputs=tuple(outputs),
        root_low=edges[0],
        root_high=edges[1],
        reaches=tuple(reaches),
    )


@dataclass(frozen=True)
class Tables:
    """A plan as arrays of Python integers. d inputs, h hidden units, k outputs."""

    t_code: np.ndarray  # [h, d]
    t_base: np.ndarray  # [h]
    d_slope: np.ndarray
    d_base: np.ndarray
    d_error: np.ndarray
    x_slope: np.ndarray  # [k, d, h]
    e_slope: np.ndarray
    constant: np.ndarray  # [k, h]
    code_constant: np.ndarray  # of int8 accumulators alone, in units of rho
    change_up: np.ndarray  # (s - v)+
    change_down: np.ndarray  # (v - s)+
    size: np.ndarray  # |v|
    twice: np.ndarray  # 2 |s|
    rounding: np.ndarray  # 2 |s| rounding
    floating: np.ndarray  # [k]: sum of 2 |v| floating


def tables(plan: Plan) -> Tables:
    """What Lean's columns hold."""
    w, g = (np.array([getattr(u, name) for u in plan.units], object) for name in "wg")
    m, acc0, gb, rounding, floating = (
        np.array([getattr(u, name) for u in plan.units], object) for name in ("m", "acc0", "gb", "rounding", "floating")
    )
    s, v = (np.array([getattr(u, name) for u in plan.units], object).T for name in "sv")
    inv, err, low = (np.array([getattr(a, name) for a in plan.axes], object) for name in ("inv", "err", "low"))
    mw = m[:, None] * w
    shifted = plan.rho * m * acc0 - mw @ (low + err)
    return Tables(
        t_code=plan.rho * mw,
        t_base=plan.rho * m * acc0,
        d_slope=mw * inv - g,
        d_base=shifted - gb,
        d_error=np.abs(mw) @ err,
        x_slope=(s[:, :, None] * (mw * inv) - v[:, :, None] * g).transpose(0, 2, 1),
        e_slope=(s[:, :, None] * mw).transpose(0, 2, 1),
        constant=s * shifted - v * gb,
        code_constant=s * (m * acc0),
        change_up=np.maximum(s - v, 0),
        change_down=np.maximum(v - s, 0),
        size=np.abs(v),
        twice=2 * np.abs(s),
        rounding=2 * np.abs(s) * rounding,
        floating=2 * np.abs(v) @ floating,
    )


@dataclass(frozen=True)
class LeafUnits:
    """Hidden units on N boxes of codes, Python integers: twice their slopes, and what the affine functions leave out.

    `x_low`, `x_high` [N, d]: the observations of a box. The rest [N, h]: `Cell.slope`, `above`, `apart`, `1 - off`,
    `excess`.
    """

    x_low: np.ndarray
    x_high: np.ndarray
    slope: np.ndarray
    above: np.ndarray
    apart: np.ndarray
    live: np.ndarray
    excess: np.ndarray


def leaf_units(plan: Plan, table: Tables, low: np.ndarray, high: np.ndarray) -> LeafUnits:
    """The units of `plan` on boxes of codes [N, d], counted from 0."""
    inv, err, edge = (np.array([getattr(a, name) for a in plan.axes], object) for name in ("inv", "err", "low"))
    x_low, x_high = (plan.rho * low + edge) // inv, (plan.rho * high + edge + 2 * err) // inv + 1
    t_high, t_low = largest(table.t_code, low, high) + table.t_base, largest(-table.t_code, low, high) - table.t_base
    d_high = largest(table.d_slope, x_low, x_high) + table.d_base + table.d_error
    d_low = largest(-table.d_slope, x_low, x_high) - table.d_base + table.d_error
    t_most, d_most = np.maximum(t_high, t_low), np.maximum(d_high, d_low)
    on, off = (d_most + t_low <= 0).astype(object), (t_high + d_most < 0).astype(object)
    mixed = 1 - on - off
    mostly_on, mostly_off = (plan.sides * mixed * part for part in (t_high >= 2 * t_low, t_low > 2 * t_high))
    half = mixed - mostly_on - mostly_off
    return LeafUnits(
        x_low,
        x_high,
        slope=1 + on + mostly_on - off - mostly_off,
        above=half * t_most + 2 * (mostly_on * np.maximum(t_low, 0) + mostly_off * np.maximum(t_high, 0)),
        apart=(2 * mixed - half) * d_most,
        live=1 - off,
        excess=np.maximum(t_high - plan.cap, 0),
    )


def leaf_errors(plan: Plan, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`errorHigh`, `errorLow` [leaves, k] (Python integers) on boxes of codes [leaves, d], counted from 0."""
    table = tables(plan)
    low, high = low.astype(object), high.astype(object)
    err = np.array([a.err for a in plan.axes], object)
    units = leaf_units(plan, table, low, high)
    residual = (
        units.apart @ table.size.T + units.live @ table.rounding.T + units.excess @ table.twice.T + table.floating
    )
    highs, lows = [], []
    for k in range(len(plan.outputs)):
        x, e = units.slope @ table.x_slope[k].T, units.slope @ table.e_slope[k].T
        base, spread = units.slope @ table.constant[k], np.abs(e) @ err + residual[:, k]
        up, down = (units.above @ change[k] for change in (table.change_up, table.change_down))
        above, below = np.maximum(x, 0), np.maximum(-x, 0)
        highs.append(base + (above * units.x_high - below * units.x_low).sum(axis=1) + spread + up)
        lows.append(-base + (below * units.x_high - above * units.x_low).sum(axis=1) + spread + down)
    return np.stack(highs, axis=1), np.stack(lows, axis=1)


def largest(slope: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The largest value of `slope @ z` [leaves, h] on boxes."""
    return high @ np.maximum(slope, 0).T - low @ np.maximum(-slope, 0).T


def as_integer(value: float) -> int:
    """A float32 in units of 2^-149."""
    return int(exact(value) * ONE)


def twos(value: int) -> int:
    """How often two divides `value`, which is not 0."""
    return (value & -value).bit_length() - 1


def up(numerator: int, denominator: int) -> int:
    """The quotient of two integers, rounded up."""
    return -(-numerator // denominator)


def as_logits(bound: int) -> Fraction:
    """A bound in 2^-20 logits."""
    return Fraction(bound, 1 << BOUND_BITS)

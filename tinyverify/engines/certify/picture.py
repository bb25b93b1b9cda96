"""Decision maps: over two state variables at a time, what float32 network and int8 program do, as SVG.

Serves `policy.action_agreement`; a picture is for the eye, shares of the box are computed elsewhere. Each point is
decided by its own cell of codes (points.py), finer than the leaves behind those shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.agreement import action_pairs
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.points import cell_logits, differences, verdicts

POINTS = 120  # a side of each map
SIDE, GAP = 190, 54  # pixels of a map, and between maps
MOST_PAIRS = 6
NAMES = {
    "CartPole-v1": ("cart position, m", "cart velocity, m/s", "pole angle, rad", "pole velocity, rad/s"),
    "Acrobot-v1": (
        "cos of first angle", "sin of first angle", "cos of second angle", "sin of second angle",
        "first velocity, rad/s", "second velocity, rad/s",
    ),
    "Pendulum-v1": ("cos of angle", "sin of angle", "velocity, rad/s"),
}  # fmt: skip
ACTIONS = {
    "CartPole-v1": ("push left", "push right"),
    "Acrobot-v1": ("torque -1", "no torque", "torque +1"),
}
_ACTION_COLOURS = ("#a8c8f0", "#f6d8a8", "#bfe3c0", "#d9c7ec", "#e8e3a5", "#c9d6dd")
_DIFFERS, _UNDECIDED = "#d62f3a", "#6b6f76"
_STEPS = ("#eef3f8", "#c4d8ec", "#f3c88b", _DIFFERS)


@dataclass(frozen=True)
class Map:
    """One map: class [rows, columns] of each point, top row first; axes' names and ranges; its heading."""

    classes: np.ndarray
    names: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    heading: str


def discrete_figure(policy: Policy, training: Training, pair: Pair) -> dict[str, str]:
    """Title, caption and SVG: for each pair of variables the whole box, and the part of it that the policy visits."""
    count = policy.outputs
    maps = []
    for names, axes, ranges in _views(policy, training):
        for heading, (low, high) in ranges.items():
            points = _points(training, policy, axes, low, high)
            bounds = cell_logits(policy, pair, points, action_pairs(policy.outputs))
            classes = verdicts(policy, points, bounds).reshape(POINTS, POINTS)
            maps.append(Map(classes, names, low, high, heading))
    labels = ACTIONS.get(policy.environment, tuple(f"action {k}" for k in range(count)))
    legend = [(colour, f"both: {label}") for colour, label in zip(_ACTION_COLOURS, labels, strict=False)]
    legend += [(_DIFFERS, "they act differently"), (_UNDECIDED, "not certified either way")]
    return {
        "title": "Where the int8 program acts like the float32 network",
        "caption": _caption(training)
        + " Left of each pair: the whole observation box; right: the states that the policy visits (1 % to 99 %).",
        "svg": draw(maps, legend, columns=4),
    }


def continuous_figure(policy: Policy, training: Training, pair: Pair, tolerance: float) -> dict[str, str]:
    """The same for a continuous action: what it is, and by how much it may differ."""
    bound = float(training.artifact.config.action_bound)
    edges = [tolerance / 4, tolerance / 2, tolerance]
    maps = []
    for names, axes, ranges in _views(policy, training):
        low, high = ranges["whole box"]
        points = _points(training, policy, axes, low, high)
        action, difference = differences(policy, training, pair, points)
        shade = np.clip(((action / bound + 1) * 3.5).astype(int), 0, 6) + len(_STEPS)
        for heading, classes in (("action", shade), ("difference", np.digitize(difference, edges))):
            maps.append(Map(classes.reshape(POINTS, POINTS), names, low, high, heading))
    legend = [(_STEPS[0], f"differ by at most {edges[0]:g}")]
    legend += [(_STEPS[k], f"by at most {edges[k]:g}") for k in (1, 2)] + [(_STEPS[3], "by more, or not certified")]
    legend += [(_SHADES[0], f"action {-bound:g}"), (_SHADES[3], "0"), (_SHADES[6], f"{bound:g}")]
    return {
        "title": "What the int8 program does, and how far it can be from the float32 network",
        "caption": _caption(training) + " Left of each pair: the int8 action; right: the certified difference.",
        "svg": draw(maps, legend, columns=4),
    }


_SHADES = ("#2f6fb5", "#7aa6d6", "#bcd3ea", "#f4f4f4", "#f3d3b0", "#e0a062", "#b5651d")
_COLOURS = (*_STEPS, *_SHADES)


def _views(policy: Policy, training: Training):
    """Pairs of the variables on which the outputs depend most: names, axes, and the ranges to draw."""
    box = policy.file.input
    low, high = np.array(box.low), np.array(box.high)
    (weight, _), (out_weight, _) = training.actor
    influence = np.abs(out_weight.astype(np.float64) @ weight).sum(axis=0) * (high - low)
    names = NAMES.get(policy.environment, tuple(f"input {i}" for i in range(policy.obs_dim)))
    chosen = sorted(np.argsort(-influence)[:4])
    states = training.tensors["calibration.observations"]
    visited = np.quantile(states, 0.01, axis=0), np.quantile(states, 0.99, axis=0)
    for axes in list(combinations(chosen, 2))[:MOST_PAIRS]:
        i, j = axes
        yield (
            (names[i], names[j]),
            axes,
            {
                "whole box": ((low[i], low[j]), (high[i], high[j])),
                "visited": tuple((float(end[i]), float(end[j])) for end in visited),
            },
        )


def _points(training: Training, policy: Policy, axes: Sequence[int], low, high) -> np.ndarray:
    """Observations float32 [POINTS^2, d], top row first; the other variables at the visited states' median."""
    box = policy.file.input
    middle = np.median(training.tensors["calibration.observations"], axis=0)
    points = np.tile(middle.astype(np.float32), (POINTS * POINTS, 1))
    share = (np.arange(POINTS) + 0.5) / POINTS
    points[:, axes[0]] = np.tile(low[0] + share * (high[0] - low[0]), POINTS)
    points[:, axes[1]] = np.repeat(high[1] - share * (high[1] - low[1]), POINTS)
    return np.clip(points, np.float32(box.low), np.float32(box.high))


def _caption(training: Training) -> str:
    middle = ", ".join(f"{v:.2g}" for v in np.median(training.tensors["calibration.observations"], axis=0))
    return f"Each map varies two state variables; the others stay at their median over visited states ({middle})."


def draw(maps: Sequence[Map], legend: Sequence[tuple[str, str]], columns: int) -> str:
    """The maps in rows of `columns`, a legend above. Classes count the legend's entries, but see `_COLOURS`."""
    colours = _COLOURS if legend[0][0] == _STEPS[0] else tuple(colour for colour, _ in legend)
    columns = min(columns, len(maps))
    rows = -(-len(maps) // columns)
    step = SIDE + GAP
    per_row = max(1, columns * step // 230)
    top = 12 + 20 * -(-len(legend) // per_row)
    width, height = columns * step + GAP, top + rows * (step + 18)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11" fill="#1c2024">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for index, (colour, text) in enumerate(legend):
        x, y = GAP + 230 * (index % per_row), 6 + 20 * (index // per_row)
        parts.append(f'<rect x="{x}" y="{y}" width="14" height="14" fill="{colour}" stroke="#9a9fa6"/>')
        parts.append(f'<text x="{x + 20}" y="{y + 11}" font-size="13">{text}</text>')
    for index, one in enumerate(maps):
        x, y = GAP + (index % columns) * step, top + 20 + (index // columns) * (step + 18)
        parts += _map(one, x, y, colours)
    return "\n".join([*parts, "</svg>"])


def _map(one: Map, x: int, y: int, colours: Sequence[str]) -> list[str]:
    (x_low, y_low), (x_high, y_high) = one.low, one.high
    shapes = [
        f'<g transform="translate({x} {y}) scale({SIDE / POINTS:.5f})" shape-rendering="crispEdges">',
        *(f'<path fill="{colours[k]}" d="{_runs(one.classes == k)}"/>' for k in np.unique(one.classes)),
        "</g>",
        f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#60646c"/>',
        f'<text x="{x}" y="{y - 5}" font-weight="bold">{one.heading}</text>',
    ]
    below = y + SIDE + 12
    shapes += [
        f'<text x="{x}" y="{below}">{x_low:.3g}</text>',
        f'<text x="{x + SIDE}" y="{below}" text-anchor="end">{x_high:.3g}</text>',
        f'<text x="{x + SIDE / 2}" y="{below + 12}" text-anchor="middle">{one.names[0]}</text>',
        f'<text x="{x - 4}" y="{y + 9}" text-anchor="end">{y_high:.3g}</text>',
        f'<text x="{x - 4}" y="{y + SIDE}" text-anchor="end">{y_low:.3g}</text>',
        f'<text transform="translate({x - 8} {y + SIDE / 2}) rotate(-90)" text-anchor="middle">{one.names[1]}</text>',
    ]
    return shapes


def _runs(mask: np.ndarray) -> str:
    """A path of one rectangle for each run of true points in a row."""
    parts = []
    for row, line in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
        parts += [f"M{a} {row}h{b - a}v1h{a - b}z" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return "".join(parts)

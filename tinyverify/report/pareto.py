"""The table of students by width, as a page, and its picture: return against cycles, a dot a policy.

Renders `pareto.Point`; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinyverify.artifacts.files import write_atomic
from tinyverify.pareto import Point

_WIDTH, _HEIGHT, _LEFT, _TOP = 300, 220, 64, 40
HEADER = (
    "policy",
    "hidden units",
    "return",
    "float32",
    "flash, bytes",
    "cycles",
    "like the teacher",
    "certified error",
)


def rows(points: Sequence[Point]) -> list[tuple[str, ...]]:
    """Cells of the table, without the header."""
    return [
        (
            f"{p.environment} {p.kind}",
            str(p.hidden),
            f"{p.reward:.1f}",
            f"{p.float_reward:.1f}",
            f"{p.flash_bytes:,}",
            f"{p.cycles:,}",
            f"{p.agreement:.1%}",
            f"{p.certified:.2f}",
        )
        for p in points
    ]


def page(points: Sequence[Point], command: str, picture: str) -> str:
    """The page in Markdown; `picture` is the name of the SVG beside it."""
    head = f"| {' | '.join(HEADER)} |"
    body = "\n".join(f"| {' | '.join(row)} |" for row in rows(points))
    return f"""# Choosing a size

Written by `{command}`; do not edit.

Each student is distilled from the shipped teacher, fine-tuned for int8 and quantized; the teacher is quantized as it
is. **MEASURED**: return of the emitted C over 100 episodes (float32: the network it was made from, same seeds), and how
often it takes the action of the float32 teacher on 10,000 states that the teacher visits (Pendulum: within 5 % of the
bound). Flash is that of the linked firmware, code included. Cycles: the worst case of one inference under the timing
model, no hardware measurement. Certified error: the largest bound on |int8 logit - float32 logit| over the box, by a
short search.

{head}
|---|---:|---:|---:|---:|---:|---:|---:|
{body}

![Return against cycles]({picture})

Up and left is better. A policy that another one beats in return and cycles is drawn hollow. Returns within one
environment differ by the seed of training as well, and little against the spread of episodes on Acrobot and Pendulum.
"""


def picture(points: Sequence[Point]) -> str:
    """A panel an environment: mean return over worst-case cycles; filled dots are the Pareto front."""
    names = list(dict.fromkeys(p.environment for p in points))
    step = _WIDTH + _LEFT + 20
    width, height = step * len(names) + 20, _TOP + _HEIGHT + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12" fill="#1c2024">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for index, name in enumerate(names):
        parts += _panel(name, [p for p in points if p.environment == name], index * step + _LEFT)
    return "\n".join([*parts, "</svg>"])


def write(points: Sequence[Point], out: Path, command: str) -> None:
    """Write the page to `out` and the picture beside it. Raises ArtifactError."""
    image = out.with_suffix(".svg")
    write_atomic(image, picture(points).encode())
    write_atomic(out, page(points, command, image.name).encode())


def on_front(point: Point, points: Sequence[Point]) -> bool:
    """Whether no other of `points` is at least as good in return and cycles, and better in one."""
    return not any(
        p.reward >= point.reward and p.cycles <= point.cycles and (p.reward > point.reward or p.cycles < point.cycles)
        for p in points
    )


def _panel(name: str, points: Sequence[Point], x: int) -> list[str]:
    low, high = min(p.reward for p in points), max(p.reward for p in points)
    margin = max((high - low) * 0.25, abs(high) * 0.005, 0.5)
    low, high = low - margin, high + margin
    most = max(p.cycles for p in points) * 1.15
    parts = [
        f'<text x="{x}" y="{_TOP - 14}" font-weight="bold">{name}: mean return over cycles</text>',
        f'<rect x="{x}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#9a9fa6"/>',
        f'<text x="{x + _WIDTH / 2}" y="{_TOP + _HEIGHT + 34}" text-anchor="middle">cycles, at most</text>',
    ]
    for k in range(5):
        at, value = _TOP + _HEIGHT * (1 - k / 4), low + (high - low) * k / 4
        parts.append(f'<text x="{x - 6}" y="{at + 4}" text-anchor="end">{value:.1f}</text>')
        parts.append(f'<line x1="{x}" x2="{x + _WIDTH}" y1="{at}" y2="{at}" stroke="#ececef"/>')
        across = x + _WIDTH * k / 4
        parts.append(f'<text x="{across}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{most * k / 4:,.0f}</text>')
    for p in points:
        across = x + _WIDTH * p.cycles / most
        up = _TOP + _HEIGHT * (1 - (p.reward - low) / (high - low))
        colour = "#b5651d" if p.kind == "teacher" else "#2f6fb5"
        fill = colour if on_front(p, points) else "#ffffff"
        label = f"{p.hidden}" if p.kind == "student" else f"teacher, {p.hidden}"
        below = 16 if p.kind == "teacher" else -9
        parts.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
        )
        parts.append(f'<text x="{across:.1f}" y="{up + below:.1f}" text-anchor="middle">{label}</text>')
    return parts

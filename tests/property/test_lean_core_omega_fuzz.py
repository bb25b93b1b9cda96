"""Random linear goals for omega, decided by enumeration here: nothing invalid is accepted, and no other error appears.

Valid goals that omega does not prove are allowed (it has no dark or grey shadows) but must stay few.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping

from tinyverify.engines.lean import check_file

COUNT, SEED = 150, 20
Values = Mapping[str, int]
OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "≤": int.__le__,
    "<": int.__lt__,
    "=": int.__eq__,
    "≠": int.__ne__,
}
CONNECTIVES: dict[str, Callable[[bool, bool], bool]] = {
    "∧": lambda p, q: p and q,
    "∨": lambda p, q: p or q,
    "→": lambda p, q: not p or q,
    "↔": lambda p, q: p == q,
}


def random_term(rng: random.Random, names: list[str], natural: bool) -> tuple[str, Callable[[Values], int]]:
    parts: list[tuple[str, Callable[[Values], int]]] = []
    for name in names:
        factor = rng.choice([0, 1, 1, 2, 3, 5] if natural else [0, 1, -1, 2, -3, 5])
        divisor, kind = rng.choice([2, 3, 8]), rng.random()
        if not factor:
            continue
        if kind < 0.12:
            parts.append((f"({factor}) * ({name} / {divisor})", lambda v, n=name, f=factor, d=divisor: f * (v[n] // d)))
        elif kind < 0.24:
            parts.append((f"({factor}) * ({name} % {divisor})", lambda v, n=name, f=factor, d=divisor: f * (v[n] % d)))
        elif kind < 0.34 and natural:
            other = rng.choice(names)
            parts.append((f"({name} - {other})", lambda v, n=name, o=other: max(0, v[n] - v[o])))
        elif kind < 0.34:
            parts.append((f"(({name}).natAbs : Int)", lambda v, n=name: abs(v[n])))
        else:
            parts.append((f"({factor}) * {name}", lambda v, n=name, f=factor: f * v[n]))
    constant = rng.randint(0 if natural else -6, 6)
    text = " + ".join([*(part for part, _ in parts), f"({constant})"])
    return text, lambda v: sum(value(v) for _, value in parts) + constant


def random_proposition(
    rng: random.Random, names: list[str], natural: bool, depth: int
) -> tuple[str, Callable[[Values], bool]]:
    kind = rng.random() if depth else 1.0
    if kind < 0.1:
        text, holds = random_proposition(rng, names, natural, depth - 1)
        return f"¬ ({text})", lambda v: not holds(v)
    if kind < 0.5:
        left, left_holds = random_proposition(rng, names, natural, depth - 1)
        right, right_holds = random_proposition(rng, names, natural, depth - 1)
        symbol = rng.choice("∧∧∨→↔")
        combine = CONNECTIVES[symbol]
        return f"({left}) {symbol} ({right})", lambda v: combine(left_holds(v), right_holds(v))
    (left, left_value), (right, right_value) = (
        random_term(rng, names, natural),
        random_term(rng, rng.sample(names, 1), natural),
    )
    symbol = rng.choice("≤≤<=≠")
    return f"{left} {symbol} {right}", lambda v: OPERATORS[symbol](left_value(v), right_value(v))


def random_goal(rng: random.Random, index: int) -> tuple[str, bool]:
    natural = rng.random() < 0.5
    names = ["x", "y", "z"][: rng.choice([1, 2, 2, 3])]
    low = 0 if natural else rng.randint(-5, 0)
    high = low + rng.randint(2, 8)
    hypotheses = [random_proposition(rng, names, natural, 1) for _ in range(rng.randint(1, 3))]
    goal, goal_holds = random_proposition(rng, names, natural, 1)
    points = [dict(zip(names, p, strict=True)) for p in itertools.product(range(low, high + 1), repeat=len(names))]
    valid = all(goal_holds(v) for v in points if all(holds(v) for _, holds in hypotheses))
    box = " ".join(f"(_l{n} : {low} ≤ {n}) (_u{n} : {n} ≤ {high})" for n in names)
    given = " ".join(f"(_h{i} : {text})" for i, (text, _) in enumerate(hypotheses))
    type_ = "Nat" if natural else "Int"
    return f"theorem g{index} ({' '.join(names)} : {type_}) {box} {given} : {goal} := by omega", valid


def test_omega_agrees_with_enumeration() -> None:
    rng = random.Random(SEED)
    goals = [random_goal(rng, index) for index in range(COUNT)]
    source = "set_option maxRecDepth 4000\n" + "\n".join(text for text, _ in goals) + "\n"
    result = check_file(source, options=["-Dlinter.all=false"])
    refused = {message.line - 2: message.text for message in result.errors}
    assert all("omega could not prove the goal" in text for text in refused.values()), refused
    accepted_invalid = [text for i, (text, valid) in enumerate(goals) if not valid and i not in refused]
    assert accepted_invalid == []
    valid_count = sum(valid for _, valid in goals)
    missed = sum(valid and i in refused for i, (_, valid) in enumerate(goals))
    assert 20 <= valid_count <= COUNT - 20 and missed <= valid_count // 10

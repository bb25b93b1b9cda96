"""Changes of recorded programs that evaluation tells from the original, and Lean's answer to them.

Serves `tests/mutants/test_lean_object_code_mutants.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from tests import lean_programs
from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle.theorems import NAMESPACE
from tinyverify.engines.lean_object_code.program import Expr, Program, Selection, text
from tinyverify.engines.lean_object_code.prove import definitions

SAMPLES = 4000
SCALAR = ("orZero", "orZeroInput", "atLeast", "atMost")
# constructors whose numbers may be negative
INTEGERS = ("add", "mul", "clamp", "max", "min", "atLeast", "atMost", "select", "ite", "carry", "const")
RUN_CHECK = "fun run : Program => run.ok policy logit_scales action_scales"


def changes(e: Expr) -> Iterator[Expr]:
    """`e` with one number moved, one operation taken away, or two operands swapped."""
    name, *parts = e
    for at, part in enumerate(parts):
        if isinstance(part, int):
            steps = [256**3] if (name, at) == ("dot", 1) else [] if name == "dot" else [1, -1]
            if name in ("signed", "unsigned"):
                steps = [1 - part]
            if name == "margin" and part == 0:
                steps = [1]
            for moved in (part + step for step in steps):
                if moved >= 0 or name in INTEGERS:
                    yield (name, *parts[:at], moved, *parts[at + 1 :])
        else:
            for changed in changes(part):
                yield (name, *parts[:at], changed, *parts[at + 1 :])
    if name in ("floor", "mul", "add", "clamp", "max", "min", "carry", "plus", *SCALAR):
        yield parts[0]
    if name in ("min", "max", "add", "plus") and isinstance(parts[1], tuple):
        yield parts[1]
    if name in ("ifZero", "ifNatural"):
        yield from (parts[1], parts[2], (name, parts[0], parts[2], parts[1]))
    if name in ("max", "min") and isinstance(parts[1], int):
        yield ({"max": "min", "min": "max"}[name], *parts)
    if name == "ite" and len(parts) == 3:
        yield (name, parts[0], parts[2], parts[1])
    elif name in ("ite", "join"):
        yield (name, parts[1], parts[0], *parts[2:])


def differing_selections(s: Selection, domain: np.ndarray, every: int = 1) -> list[Selection]:
    """The changes of `s`, one out of `every`, that some of the accumulators in `domain` tell from it."""
    found = [dataclasses.replace(s, result=e) for e in changes(s.result)]
    for at, step in enumerate(s.steps):
        changed = [e if len(e) > 2 else ("add", e, ("const", 0)) for e in changes(step)]  # a step taken away
        if step[0] in ("max", "min"):
            changed.append(({"max": "min", "min": "max"}[step[0]], *step[1:]))
        found += [dataclasses.replace(s, steps=(*s.steps[:at], e, *s.steps[at + 1 :])) for e in changed]
    rows = [(x, (at % 2 * 5 - 2**31,) * 8) for at, x in enumerate(domain.tolist())]
    wanted = [lean_programs.selection(s, *row) for row in rows]
    return [
        changed
        for changed in found[::every]
        if any(lean_programs.selection(changed, *row) != w for row, w in zip(rows, wanted, strict=True))
    ]


def orders(n: int) -> np.ndarray:
    """`n` accumulators: in many orders with ties; all equal; one, or two, just larger than the rest."""
    few = np.random.default_rng(1).integers(-3, 4, (SAMPLES // 40, n))
    pairs = np.eye(n, dtype=int)[:, None] | np.eye(n, dtype=int)
    bases = np.array([-(2**31), -5, 2**31 - 2])[:, None]
    return np.concatenate([few, *(base + pairs.reshape(-1, n) for base in bases), np.repeat(bases, n, axis=1)])


def differing(e: Expr, domain: np.ndarray, value=lean_programs.expression) -> list[Expr]:
    """The changes of `e` that some of the inputs in `domain` tell from it; `value(e, x)` evaluates."""
    rows = domain.tolist()
    wanted = [value(e, x) for x in rows]
    found = []
    for changed in changes(e):
        try:
            same = all(value(changed, x) == w for x, w in zip(rows, wanted, strict=True))
        except (IndexError, AssertionError):  # an accumulator that there is none of
            same = False
        if not same:
            found.append(changed)
    return found


def refused(policy: Policy, program: Program, mutants: list[str], check: str = RUN_CHECK) -> None:
    """Have the kernel show that `check` says false to every one of `mutants` (Lean terms)."""
    claims = [f"theorem no{i} : ({check}) ({term}) = false := by decide +kernel" for i, term in enumerate(mutants)]
    source = ["import TinyVerify.ObjectCode.Thm", definitions(policy, program), f"namespace {NAMESPACE}", *claims]
    names = [f"{NAMESPACE}.no{i}" for i in range(len(mutants))]
    checked = check_file("\n".join([*source, f"end {NAMESPACE}", ""]), theorems=names)
    assert checked.accepted, checked.messages


def selection_text(s: Selection) -> str:
    """`s` as a Lean term."""
    return f"⟨[{', '.join(map(text, s.steps))}], {text(s.result)}⟩"


def layer_text(items: tuple[Expr, ...], at: int, e: Expr) -> str:
    """The layer `items` with `e` in the place `at`, as a Lean term."""
    return "[" + ", ".join(text(e if i == at else item) for i, item in enumerate(items)) + "]"

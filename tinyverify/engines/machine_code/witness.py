"""Observations on which a rounding of the machine code and of the reference differ, when random ones do not.

Serves `kernel.object_code`. A wrong multiplier may differ at a handful of values of the sum that is rounded: both are
tabulated over its range, and a search (search.py) or a solver finds an observation that reaches such a value.
Untrusted: what is proposed is only tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.machine_code import floats
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.linear import Linear, Value, single
from tinyverify.engines.machine_code.search import reaching
from tinyverify.engines.machine_code.smt_residue import closure, zero_query
from tinyverify.engines.machine_code.terms import Terms
from tinyverify.engines.smt.answer import Answer
from tinyverify.engines.smt.query import Query
from tinyverify.semantics import float32

MAX_TRIES = 4
MAX_QUERIES = 8
MAX_TABLE = 1 << 22


def proposals(
    terms: Terms,
    policy: Policy,
    observation: list[Value],
    machine: Value,
    wanted: Value,
    solve: Callable[[Query], list[Answer]],
    evaluated: Callable[[np.ndarray], Evaluation],
) -> np.ndarray:
    """Observations uint32 [n, obs_dim] on which some unit of the two terms differs; n may be 0.

    `evaluated(observations)`: values of terms on them. Asks at most MAX_QUERIES queries, of different units first.
    """
    left, right = closure(terms, machine), closure(terms, wanted)
    of_machine = _units(terms, left - right)
    of_reference = _units(terms, right - left)
    rounded = _rounded(terms, policy, observation)
    keys = sorted(of_machine.keys() & of_reference.keys())
    values: dict[tuple, np.ndarray] = {}
    for key in keys:
        differing = _differing(terms, key, of_machine[key], of_reference[key])
        if len(differing):
            values[key] = differing
        if len(values) == MAX_QUERIES:  # a fault of every unit differs in each: all of them would take hours
            break
    for key, targets in values.items():
        reached = reaching(policy, _tried(evaluated, Linear(0, dict(key)), machine, wanted), targets)
        if len(reached):
            return reached
    turns = [(turn, key) for turn in range(MAX_TRIES) for key in values if turn < len(values[key])]
    found = []
    for turn, key in turns[:MAX_QUERIES]:
        query = zero_query(terms, Linear(-int(values[key][turn]), dict(key)))
        answer = next((a for a in solve(query) if a.verdict == "sat"), None)
        if answer is not None:
            found.append(_observation(policy, rounded, answer.model))
        if len(found) >= MAX_TRIES:
            break
    return np.array(found, np.uint32).reshape(len(found), policy.obs_dim)


def _tried(evaluated: Callable[[np.ndarray], Evaluation], direction: Linear, machine: Value, wanted: Value):
    """For observations: the value of `direction` on each, and whether the two terms differ."""

    def tried(cases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        samples = evaluated(cases)
        return samples.value(direction), samples.value(machine) != samples.value(wanted)

    return tried


@dataclass(frozen=True)
class _Unit:
    """`clamp((times * direction + constant) >> shift, low, high)`; the direction's coefficients share no factor."""

    times: int
    constant: int
    shift: int
    low: int
    high: int

    def tabulate(self, values: np.ndarray) -> np.ndarray:
        return np.clip((values * self.times + self.constant) >> self.shift, self.low, self.high)


def _units(terms: Terms, atoms: set[int]) -> dict[tuple, _Unit]:
    """Rounded and clamped linear forms, by direction."""
    units = {}
    for atom in atoms:
        operation, arguments, _, _ = terms.atoms[atom]
        one = single(terms.value(arguments[0])) if operation == "clamp" else None
        if one is None or one[1:] != (1, 0) or terms.atoms[one[0]].operation != "floor":
            continue
        inner, shift = terms.atoms[one[0]].arguments
        base = terms.value(inner)
        if isinstance(base, Linear) and len(base.terms) > 1:
            common = gcd(*base.terms.values())
            direction = tuple(sorted((a, k // common) for a, k in base.terms.items()))
            units[direction] = _Unit(common, base.constant, shift, arguments[1], arguments[2])
    return units


def _differing(terms: Terms, direction: tuple, a: _Unit, b: _Unit) -> np.ndarray:
    """Values of the direction at which the two units differ, in a random order."""
    low, high = terms.bounds(Linear(0, dict(direction)))
    if high - low > MAX_TABLE or max(a.times, b.times) * max(-low, high) >= 1 << 62:
        return np.zeros(0, np.int64)
    values = np.arange(low, high + 1, dtype=np.int64)
    different = values[a.tabulate(values) != b.tabulate(values)]
    return np.random.default_rng(0).permutation(different)


def _rounded(terms: Terms, policy: Policy, observation: list[Value]) -> list[str]:
    """The solver's name of each feature's rounded product."""
    names = []
    for bits, inv_scale in zip(observation, float32.bits_of(policy.inv_scale), strict=True):
        value = floats.to_int32(terms, floats.multiply(terms, bits, int(inv_scale)))
        names.append(f"a{next(iter(value.terms))}" if isinstance(value, Linear) else "")
    return names


def _observation(policy: Policy, rounded: list[str], model: dict[str, str]) -> np.ndarray:
    """Float32 patterns whose rounded products are the model's, as far as the codes can tell."""
    values = []
    for name, inv_scale, zero_point in zip(rounded, policy.inv_scale, policy.input_zero_point, strict=True):
        number = int(model.get(name, "0").replace("(", "").replace(")", "").replace("- ", "-"))
        number = max(-129 - int(zero_point), min(128 - int(zero_point), number))
        values.append(np.float32(number) / np.float32(inv_scale))
    return np.array(values, np.float32).view(np.uint32)

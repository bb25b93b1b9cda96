"""Compare what the emulated core computed with the integer reference, bit for bit.

Serves `kernel.*` at the strength CHECKED (differential), no more: agreement on all inputs tried. Every field of
every output is compared, fault flags, probabilities and sampled actions included.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.observations import KINDS, observations
from tinyverify.engines.emulator.run import STATUS_MEANING, EmulatorRun, record_dtype, run
from tinyverify.semantics.policy import action_bits, infer, sample_action
from tinyverify.semantics.sample import xorshift32

Runner = Callable[[Path, np.ndarray, bool, np.ndarray], EmulatorRun]


@dataclass(frozen=True)
class Difference:
    """The first case that differs: its index, `field`, both values, and what reproduces it."""

    index: int
    field: str
    expected: str
    got: str
    observation: tuple[int, ...]
    state: int

    def __str__(self) -> str:
        bits = ", ".join(f"0x{v:08x}" for v in self.observation)
        return (
            f"case {self.index}, {self.field}: reference {self.expected}, firmware {self.got};"
            f" observation bits [{bits}], generator state 0x{self.state:08x}"
        )


@dataclass(frozen=True)
class Comparison:
    """`count` cases, `differing` of them wrong; `kinds`: cases of each kind of input; faults: cases that raised one."""

    count: int
    differing: int
    first: Difference | None
    kinds: dict[str, int]
    faults: int
    stack_bytes: int
    seconds: float

    def __str__(self) -> str:
        text = f"{self.differing} differences over {self.count:,} observations in {self.seconds:.1f} s"
        return f"{text}; first: {self.first}" if self.first else text


def compare(policy: Policy, elf: Path, n: int = 100_000, seed: int = 0, runner: Runner = run) -> Comparison:
    """Run test program `elf` on `n` observations and compare each with the reference of `policy`.

    `runner` runs it: the emulator, or `tinyverify.engines.host_build.run_host` for a program of this machine. Raises
    EmulatorMissing or EmulatorError (run.py): a run that did not end is never a comparison.
    """
    start = time.perf_counter()
    cases, kind = observations(policy, n, seed)
    states = np.random.default_rng(seed + 1).integers(0, 1 << 32, n, dtype=np.uint32)
    states[: min(n, 4)] = 0
    result = runner(elf, cases, policy.discrete, states)
    wanted = expected_records(policy, cases, states)
    differing, first = differences(wanted, result.records, cases, states)
    counts = np.bincount(kind, minlength=len(KINDS))
    return Comparison(
        count=n,
        differing=differing,
        first=first,
        kinds=dict(zip(KINDS, (int(v) for v in counts), strict=True)),
        faults=int(np.count_nonzero(wanted["inferred"]["faults"])),
        stack_bytes=result.stack_bytes,
        seconds=time.perf_counter() - start,
    )


def expected_records(policy: Policy, cases: np.ndarray, states: np.ndarray) -> np.ndarray:
    """What the reference says about `cases` uint32 [n, obs_dim], as the records of a run; padding bytes are 0."""
    inference = infer(policy, cases)
    next_states = np.array([xorshift32(int(state)) for state in states], np.uint32)
    sampled = sample_action(policy, inference, next_states)
    records = np.zeros(len(cases), record_dtype(policy.outputs, policy.discrete))
    for name, action in (("inferred", inference.action), ("sampled", sampled)):
        output = records[name]
        output["faults"] = inference.faults
        output["acc"] = inference.acc
        output["logits"] = inference.logit_bits
        output["action"] = action if policy.discrete else action_bits(policy, action)
        if policy.discrete:
            output["probability"] = inference.probabilities
            output["weight"] = inference.weights
    records["state"] = next_states
    return records


def differences(
    expected: np.ndarray, got: np.ndarray, cases: np.ndarray, states: np.ndarray
) -> tuple[int, Difference | None]:
    """How many records differ in any field, and the first of them."""
    wrong = np.zeros(len(expected), bool)
    firsts: list[tuple[int, str, str, str]] = []
    for field, want, have in _leaves(expected, got):
        unequal = (want != have).reshape(len(want), -1).any(axis=1)
        wrong |= unequal
        if unequal.any():
            index = int(np.argmax(unequal))
            firsts.append((index, field, _show(field, want[index]), _show(field, have[index])))
    if not firsts:
        return 0, None
    index, field, want, have = min(firsts, key=lambda item: item[0])
    observation = tuple(int(v) for v in cases[index])
    return int(wrong.sum()), Difference(index, field, want, have, observation, int(states[index]))


def _leaves(expected: np.ndarray, got: np.ndarray, prefix: str = ""):
    for name in expected.dtype.names or ():
        want, have = expected[name], got[name]
        if want.dtype.names:
            yield from _leaves(want, have, f"{prefix}{name}.")
        else:
            yield prefix + name, want, have


def _show(field: str, value: np.ndarray) -> str:
    if field == "status":
        return ", ".join(text for bit, text in STATUS_MEANING.items() if int(value) & bit) or "0"
    return str(np.asarray(value).tolist())

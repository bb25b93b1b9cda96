"""What is said of planted faults: by the prover, and by the emulated core, which runs all of them in few starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np

from tests.planted_faults.entries import entries
from tests.planted_faults.faults import Fault, faulty
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.engines.emulator.caller import Change
from tinyverify.engines.emulator.covering import probing
from tinyverify.engines.emulator.replay import Departure, departures, first_departure
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.instructions import decoder as all_instructions
from tinyverify.engines.machine_code.prove import ACCESS, Outcome, prove
from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.obligations.object_code import MORE_CASES, REPEATS
from tinyverify.results import Status

CASES = 1024
HEAD_TABLES = ("tv_table_exp", "tv_table_tanh")


class Verdict(StrEnum):
    """What became of a fault. Refuted by the core is what the obligation says, too, where its terms do not decide."""

    REFUTED = "refuted by the terms, and so on the core"
    ACCESS = "refuted by the terms: an access outside of its object, which the core does not show"
    RUN = "refuted by running the core: another output"
    CRASHED = "refuted by running the core: fault, no return, or a register or word that is not its own"
    UNLISTED = "refused, an encoding that no table lists; no difference seen"
    OPEN = "unknown, no difference seen"
    UNREACHED = "unknown, but of an entry of a table that no observation reads"
    EQUIVALENT = "proved, no difference seen"
    UNREAD = "proved, as the run reads no such byte; no difference seen"
    WRONG = "proved, but the core differs"
    CONTRADICTED = "refuted by the terms, but not so on the core"


@dataclass(frozen=True)
class Judged:
    """A fault, its verdict, and why: the prover's words, or what the core did."""

    fault: Fault
    verdict: Verdict
    reason: str


@dataclass
class Bench:
    """One ELF and its prover: `base` is the outcome without a fault; `read`: the constant bytes that its run reads."""

    policy: Policy
    firmware: Firmware
    cases: np.ndarray
    more: np.ndarray
    base: Outcome
    decoder: Decoder
    read: frozenset[int]

    def tried(self) -> np.ndarray:
        """The observations that the prover tries where terms differ."""
        return self.cases

    def prove(self, fault: Fault) -> Outcome:
        """The prover's outcome for the firmware with `fault`."""
        limit = 3 * self.base.instructions + 1000
        return prove(self.policy, faulty(self.firmware, fault), self.tried, solve, self.decoder, limit)

    def judge(self, faults: Sequence[Fault]) -> list[Judged]:
        """The verdict on each. All are run on the core, one start for as many as do not bring it down.

        Of a byte of a table that the base's run does not read that run is the fault's run, too: on the core all of
        its bits are turned at once.
        """
        unread = [fault.part == "table" and fault.address not in self.read for fault in faults]
        flips = [0xFF if skipped else fault.flip for fault, skipped in zip(faults, unread, strict=True)]
        changes = [Change(fault.address, flip) for fault, flip in zip(faults, flips, strict=True)]
        seen = departures(self.policy, self.firmware, self.cases, changes)
        judged = []
        for fault, skipped, departure in zip(faults, unread, seen, strict=True):
            outcome = None if skipped else self.prove(fault)
            judged.append(self._verdict(fault, outcome, departure))
        return self._again(judged)

    def _again(self, judged: list[Judged]) -> list[Judged]:
        """`judged`, with what is open tried on more observations, as the obligation does."""
        left = [at for at, item in enumerate(judged) if item.verdict in (Verdict.OPEN, Verdict.UNLISTED)]
        if not left:
            return judged
        changes = [Change(judged[at].fault.address, judged[at].fault.flip) for at in left]
        seen = departures(self.policy, self.firmware, self.more, changes)
        found = {at: departure for at, departure in zip(left, seen, strict=True) if departure is not None}
        return [
            self._ran(item.fault, found[at], item.reason) if at in found else self._reached(item)
            for at, item in enumerate(judged)
        ]

    def _reached(self, item: Judged) -> Judged:
        """`item`, but for an open one that concerns an entry of the head's table outside of what is ever read."""
        table, _, at = item.fault.place.partition("+")
        if item.verdict is Verdict.OPEN and table in HEAD_TABLES and int(at) not in self.entries:
            return replace(item, verdict=Verdict.UNREACHED)
        return item

    @cached_property
    def entries(self) -> range:
        """Of the head's table, from the first to the last that any observation reads."""
        return entries(self.policy)

    def _verdict(self, fault: Fault, outcome: Outcome | None, seen: Departure | None) -> Judged:
        if outcome is None or outcome.status is Status.PROVED:
            agreed = Verdict.UNREAD if outcome is None else Verdict.EQUIVALENT
            return Judged(fault, agreed if seen is None else Verdict.WRONG, "" if seen is None else seen.text)
        if outcome.status is Status.REFUTED:
            if seen is None and outcome.observation is not None:  # a rare one, which a solver found
                observation = np.array([outcome.observation], np.uint32)
                seen = first_departure(self.policy, faulty(self.firmware, fault), observation)
            unseen = Verdict.ACCESS if outcome.difference == ACCESS else Verdict.CONTRADICTED
            return Judged(fault, Verdict.REFUTED if seen else unseen, outcome.detail)
        if seen is None:
            verdict = Verdict.UNLISTED if outcome.detail.endswith("is not in the tables") else Verdict.OPEN
            return Judged(fault, verdict, outcome.detail)
        return self._ran(fault, seen, outcome.detail)

    def _ran(self, fault: Fault, seen: Departure, reason: str) -> Judged:
        ran = seen.field not in ("fault", "limit", "register", "memory", "stopped")
        return Judged(fault, Verdict.RUN if ran else Verdict.CRASHED, f"{seen.text} ({reason})")


@dataclass(frozen=True)
class _Watched(Firmware):
    """A firmware that notes which constant bytes are read: without one of them a run is the same whatever it holds."""

    read_bytes: set[int] = field(default_factory=set)

    def constant(self, address: int, size: int) -> bytes | None:
        self.read_bytes.update(range(address, address + size))
        return super().constant(address, size)


def solve(query):
    """Both solvers, a second each."""
    return [z3_solver.solve(query, 1.0), cvc5_solver.solve(query, 1.0)]


def bench(policy: Policy, elf: Path) -> Bench:
    """The bench for `elf`, which must be proved as it is."""
    cases = probing(policy, CASES, 3)
    firmware = read_elf(elf)
    decoder = all_instructions()
    watched = _Watched(**{item.name: getattr(firmware, item.name) for item in fields(firmware)})
    base = prove(policy, watched, lambda: cases, solve, decoder)
    if base.status is not Status.PROVED:
        raise AssertionError(f"the firmware without a fault is {base.status}: {base.detail}")
    more = probing(policy, MORE_CASES, 4, REPEATS)
    return Bench(policy, firmware, cases, more, base, decoder, frozenset(watched.read_bytes))

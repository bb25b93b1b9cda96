"""What is said of a planted fault: by the prover, and by the emulated core where the prover does not refute it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from tests.planted_faults.faults import Fault, faulty, plant
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.replay import first_difference
from tinyverify.engines.emulator.run import EmulatorError
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.instructions import decoder as all_instructions
from tinyverify.engines.machine_code.prove import Outcome, prove
from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.results import Status

CASES = 1024
REPLAYED = 1000
HANGS = 3  # seconds; a thousand observations take a tenth of one


class Verdict(StrEnum):
    """What became of a fault."""

    REFUTED = "refuted with an observation"
    RUN = "refuted by running the core"
    CRASHED = "not provable, and the core faults or hangs"
    REFUSED = "not provable, no difference seen"
    OPEN = "not provable, not run"
    EQUIVALENT = "proved, no difference seen"
    UNREAD = "proved, as the run reads no such byte; no difference seen"
    WRONG = "proved, but the core differs"


@dataclass
class Bench:
    """One test ELF and its prover: `base` is the outcome without a fault."""

    policy: Policy
    elf: Path
    firmware: Firmware
    cases: np.ndarray
    base: Outcome
    decoder: Decoder
    read: frozenset[int]
    _unread: dict[int, Verdict] = field(default_factory=dict)

    def prove(self, fault: Fault) -> Outcome:
        """The prover's outcome for the firmware with `fault`."""
        limit = 3 * self.base.instructions + 1000
        return prove(self.policy, faulty(self.firmware, fault), self.cases, solve, self.decoder, limit)

    def judge(self, fault: Fault, folder: Path, run_open: bool = True) -> Verdict:
        """The verdict; needs the emulator unless the prover refutes. `run_open`: also run what is not provable."""
        if fault.part == "table" and fault.address not in self.read:
            return self._unread_byte(fault, folder)
        outcome = self.prove(fault)
        if outcome.status is Status.REFUTED:
            return Verdict.REFUTED
        proved = outcome.status is Status.PROVED
        if not proved and not run_open:
            return Verdict.OPEN
        try:
            differs = self._differs(fault, folder, 60 if proved else HANGS)
        except EmulatorError:
            return Verdict.WRONG if proved else Verdict.CRASHED
        if proved:
            return Verdict.WRONG if differs else Verdict.EQUIVALENT
        return Verdict.RUN if differs else Verdict.REFUSED

    def _unread_byte(self, fault: Fault, folder: Path) -> Verdict:
        """The base's run is this fault's run, too; the core is asked once for all bits of the byte together."""
        if fault.address not in self._unread:
            differs = self._differs(replace(fault, flip=0xFF), folder, 60)
            self._unread[fault.address] = Verdict.WRONG if differs else Verdict.UNREAD
        return self._unread[fault.address]

    def _differs(self, fault: Fault, folder: Path, seconds: float) -> bool:
        """Whether the core departs from the reference. Raises EmulatorError."""
        patched = plant(self.elf, self.firmware, fault, folder / "patched.elf")
        cases, _ = observations(self.policy, REPLAYED, 11)
        return first_difference(self.policy, patched, cases, seconds) is not None


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
    cases, _ = observations(policy, CASES, 3)
    firmware = read_elf(elf)
    decoder = all_instructions()
    watched = _Watched(**{item.name: getattr(firmware, item.name) for item in fields(firmware)})
    base = prove(policy, watched, cases, solve, decoder)
    if base.status is not Status.PROVED:
        raise AssertionError(f"the firmware without a fault is {base.status}: {base.detail}")
    return Bench(policy, elf, firmware, cases, base, decoder, frozenset(watched.read_bytes))

"""What is said of a planted fault: by the prover, and by the emulated core where the prover does not refute it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from tests.planted_faults.faults import Fault, plant
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.replay import first_difference
from tinyverify.engines.emulator.run import EmulatorError
from tinyverify.engines.machine_code.prove import Outcome, prove
from tinyverify.engines.smt import cvc5_solver, z3_solver
from tinyverify.results import Status

CASES = 1024
REPLAYED = 1000


class Verdict(StrEnum):
    """What became of a fault."""

    REFUTED = "refuted with an observation"
    RUN = "refuted by running the core"
    CRASHED = "not provable, and the core faults or hangs"
    REFUSED = "not provable, no difference seen"
    OPEN = "not provable, not run"
    EQUIVALENT = "proved, no difference seen"
    WRONG = "proved, but the core differs"


@dataclass
class Bench:
    """One test ELF and its prover: `base` is the outcome without a fault."""

    policy: Policy
    elf: Path
    firmware: Firmware
    cases: np.ndarray
    base: Outcome

    def prove(self, fault: Fault, folder: Path) -> Outcome:
        """The prover's outcome for `fault`; the firmware with it is `folder`/patched.elf."""
        patched = plant(self.elf, self.firmware, fault, folder / "patched.elf")
        limit = 3 * self.base.instructions + 1000
        return prove(self.policy, read_elf(patched), self.cases, solve, max_steps=limit)

    def judge(self, fault: Fault, folder: Path, run_open: bool = True) -> Verdict:
        """The verdict; needs the emulator unless the prover refutes. `run_open`: also run what is not provable."""
        outcome = self.prove(fault, folder)
        if outcome.status is Status.REFUTED:
            return Verdict.REFUTED
        proved = outcome.status is Status.PROVED
        if not proved and not run_open:
            return Verdict.OPEN
        cases, _ = observations(self.policy, REPLAYED, 11)
        try:
            differs = first_difference(self.policy, folder / "patched.elf", cases, 60 if proved else 5) is not None
        except EmulatorError:
            return Verdict.WRONG if proved else Verdict.CRASHED
        if proved:
            return Verdict.WRONG if differs else Verdict.EQUIVALENT
        return Verdict.RUN if differs else Verdict.REFUSED


def solve(query):
    """Both solvers, two seconds each."""
    return [z3_solver.solve(query, 2.0), cvc5_solver.solve(query, 2.0)]


def bench(policy: Policy, elf: Path) -> Bench:
    """The bench for `elf`, which must be proved as it is."""
    cases, _ = observations(policy, CASES, 3)
    firmware = read_elf(elf)
    base = prove(policy, firmware, cases, solve)
    if base.status is not Status.PROVED:
        raise AssertionError(f"the firmware without a fault is {base.status}: {base.detail}")
    return Bench(policy, elf, firmware, cases, base)

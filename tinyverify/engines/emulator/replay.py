"""What `tv_infer` of a test ELF does on given observations, on the emulated core, against the reference.

Serves `kernel.object_code`: a counterexample from the symbolic run is run for real, and a run that could not be judged
is tried on concrete observations. Agreement here proves nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.compare import Difference, differences, expected_records
from tinyverify.engines.emulator.run import STATUS_MEANING, run

ABOUT_INFERENCE = 1 | 2 | 4  # of STATUS_MEANING: a guard or the observation overwritten, another returned value


def first_difference(policy: Policy, elf: Path, cases: np.ndarray, seconds: float = 60) -> Difference | None:
    """The first of `cases` uint32 [n, obs_dim] on which `tv_infer` of `elf` departs from the reference.

    Raises EmulatorMissing, or EmulatorError if the program did not end.
    """
    states = np.ones(len(cases), np.uint32)
    got = run(elf, cases, policy.discrete, seconds=seconds).records
    _, found = differences(expected_records(policy, cases, states)["inferred"], got["inferred"], cases, states)
    wrong = np.flatnonzero(got["status"] & ABOUT_INFERENCE)
    if len(wrong) and (found is None or wrong[0] < found.index):
        at = int(wrong[0])
        meaning = ", ".join(
            text for bit, text in STATUS_MEANING.items() if int(got["status"][at]) & ABOUT_INFERENCE & bit
        )
        return Difference(at, "status", "0", meaning, tuple(int(v) for v in cases[at]), 1)
    return found

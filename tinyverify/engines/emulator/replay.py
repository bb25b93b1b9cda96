"""What `tv_infer` of a linked ELF does on given observations, on the emulated core, against the reference.

Serves `kernel.object_code`: a counterexample from the symbolic run is run for real, and a run that could not be judged
is tried on concrete observations. Agreement here proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.emulator.caller import PLACES, Calls, Change, Finding, Kind, find_differences
from tinyverify.engines.emulator.compare import differences, expected_records

FUNCTION = "tv_infer"


@dataclass(frozen=True)
class Departure:
    """Where the core departs from the reference: on `observation` (float32 patterns), in `field`, as `text` says."""

    observation: tuple[int, ...]
    field: str
    text: str


def departures(
    policy: Policy, firmware: Firmware, cases: np.ndarray, changes: Sequence[Change]
) -> list[Departure | None]:
    """For each of `changes` of `firmware` the first of `cases` uint32 [n, obs_dim] that departs from the reference.

    A processor fault, a run without end, a register not preserved and a word overwritten depart as well; not what
    concerns writable sections of the firmware, which are not there. Raises as `find_differences` does.
    """
    wanted = expected_records(policy, cases, np.ones(len(cases), np.uint32))["inferred"]
    mask = np.zeros(wanted.dtype.itemsize, np.uint8)
    for kind, offset in (field[:2] for field in (wanted.dtype.fields or {}).values()):
        mask[offset : offset + kind.itemsize] = 1
    output = np.ascontiguousarray(wanted).view(np.uint8).reshape(len(cases), -1)
    calls = Calls(FUNCTION, cases, wanted["faults"], output, mask)
    found = find_differences(firmware, calls, changes)
    return [_departure(firmware, calls, wanted, finding) for finding in found]


def first_departure(policy: Policy, firmware: Firmware, cases: np.ndarray) -> Departure | None:
    """The first of `cases` uint32 [n, obs_dim] that departs, each tried with several places of stack and buffers."""
    repeats = -(-PLACES // len(cases))
    return departures(policy, firmware, np.tile(cases, (repeats, 1)), [Change()])[0]


def _departure(firmware: Firmware, calls: Calls, wanted: np.ndarray, finding: Finding) -> Departure | None:
    if finding.kind is Kind.SAME or (finding.kind is Kind.FAULT and _is_writable(firmware, finding)):
        return None
    at = finding.case
    observation = calls.observations[at : at + 1]
    text, field = str(finding), finding.kind.name.lower()
    if finding.kind is Kind.RESULT:
        got = np.frombuffer(finding.output, wanted.dtype)
        _, seen = differences(wanted[at : at + 1], got, observation, np.ones(1, np.uint32))
        field = "return value" if seen is None else seen.field
        text = text if seen is None else f"{field} is {seen.got}, the reference says {seen.expected}"
    return Departure(tuple(int(v) for v in observation[0]), field, text)


def _is_writable(firmware: Firmware, finding: Finding) -> bool:
    """Whether the fault comes of a writable section, whose contents are not those of a firmware that has started."""
    sections = (firmware.section_at(address) for address in (finding.touched, finding.numbers[1]))
    return any(section is not None and section.writable for section in sections)

"""Calls of one function of a linked ELF on the emulated core, for the firmware as it is and with bytes changed.

Serves `kernel.object_code`. Unlike the test program (run.py) this runs the very ELF that is proved, from many states at
entry, and ends with a finding where the code faults, hangs, or breaks the procedure call standard: the program
kernels_c/harness/tv_caller.c survives all of that. Agreement here proves nothing.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np

from tinyverify.binary.elf import Firmware
from tinyverify.data import data_dir
from tinyverify.engines.emulator.compiler import cache_dir, compile_program, require_compiler
from tinyverify.engines.emulator.run import EmulatorError, execute

COMPILED = ("tv_caller.c", "tv_caller_entry.c")
SOURCES = (*COMPILED, "tv_semihosting.h", "caller.ld")
MAX_INSTRUCTIONS = 5_000_000  # of one call: as many as the symbolic run follows (executor.MAX_STEPS)
MAX_REGIONS = 4  # TV_REGIONS
CLOSE = 0x10000
ERASED = b"\xff"
OWN = ((0x21100000, 0x21110000), (0x70000000, 0x80000000))  # where tv_caller.c and its objects lie
PLACES = 64  # cases after which stack, observation and output have had every combination of places

_MAGIC = 0x54564333
_INSTRUCTIONS_A_TICK = 31.25  # -icount shift=0: a nanosecond each; the processor's clock is 32 MHz
_CLOCK = ("-icount", "shift=0,sleep=off")
_HEAD_WORDS = 6
_RETURN_VALUE = 0xFFFFFFFF
_SYSTEM = {2: "NMI", 3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault", 7: "SecureFault", 11: "SVCall"}
_CFSR = {
    0: "instruction access violation",
    1: "data access violation",
    8: "instruction bus error",
    9: "bus error",
    10: "bus error",
    12: "bus error while stacking",
    16: "undefined instruction",
    17: "invalid state",
    18: "invalid pc",
    19: "no coprocessor",
    24: "unaligned access",
    25: "division by zero",
}


class Kind(IntEnum):
    """How the first case that differs does; SAME: none does. STOPPED: the emulator itself ended."""

    SAME = 0
    RESULT = 1
    FAULT = 2
    LIMIT = 3
    REGISTER = 4
    MEMORY = 5
    STOPPED = 6


@dataclass(frozen=True)
class Finding:
    """What one variant did: `case`: the first that differs, or how many were run; `numbers` as in tv_caller.c.

    `touched`: the address that the function must not touch and did, or 0.
    """

    kind: Kind
    case: int
    numbers: tuple[int, int, int]
    output: bytes
    touched: int = 0

    def __str__(self) -> str:
        what, got, expected = self.numbers
        if self.kind is Kind.RESULT:
            place = "the returned value" if what == _RETURN_VALUE else f"word {what} of the output"
            return f"{place} is {got:#x}, expected {expected:#x}"
        if self.kind is Kind.FAULT:
            causes = ", ".join(dict.fromkeys(text for bit, text in _CFSR.items() if what >> bit & 1))
            where = (f" at {got:#x}" if got else "") + (f", touching {self.touched:#x}" if self.touched else "")
            name = _SYSTEM.get(expected, f"exception {expected}")
            return f"the core takes a {name}{where}" + (causes and f": {causes}")
        if self.kind is Kind.LIMIT:
            return f"does not return within {MAX_INSTRUCTIONS:,} instructions"
        if self.kind is Kind.REGISTER:
            name = {13: "sp", 48: "VPR.MASK", 49: "FPSCR"}.get(what, f"r{what}" if what < 16 else f"s{what - 16}")
            return f"{name} is {got:#x} after the call, expected {expected:#x}"
        if self.kind is Kind.MEMORY:
            return f"the word at {what:#x} is overwritten, outside of the output"
        return (
            "the core locks up or ends the program"
            if self.kind is Kind.STOPPED
            else f"{self.case:,} cases: no difference"
        )


@dataclass(frozen=True)
class Calls:
    """Cases of `function`: `observations` uint32 [n, obs_dim], and for each what must come of it.

    `returned` uint32 [n]; `output` uint8 [n, size]: the expected bytes, size a multiple of 4; `mask` uint8 [size]: 0
    for padding.
    """

    function: str
    observations: np.ndarray
    returned: np.ndarray
    output: np.ndarray
    mask: np.ndarray

    def first(self, count: int) -> Calls:
        """The first `count` cases."""
        return Calls(self.function, self.observations[:count], self.returned[:count], self.output[:count], self.mask)


@dataclass(frozen=True)
class Change:
    """The bits `flip` of the byte at `address`, turned over; none: the firmware as it is."""

    address: int = 0
    flip: int = 0


def find_differences(
    firmware: Firmware, calls: Calls, changes: Sequence[Change], seconds: float = 300
) -> list[Finding]:
    """What each of `changes` makes of `firmware`, all in one start of the emulator where none brings it down.

    Raises EmulatorMissing, CompilerMissing or BuildError (the calling program cannot be built), EmulatorError if the
    firmware's sections do not fit the memory of the emulated board.
    """
    found: list[Finding] = []
    while len(found) < len(changes):
        found += _run(firmware, calls, changes[len(found) :], seconds)
        if len(found) < len(changes):  # one brought it down, or the time was up: that one by itself
            change = changes[len(found)]
            found += _run(firmware, calls, [change], seconds) or [_stopped(firmware, calls, change, seconds)]
    return found


def _stopped(firmware: Firmware, calls: Calls, change: Change, seconds: float) -> Finding:
    """The first case at which the emulator itself ends, by halving; it does on all. Raises EmulatorError if on none."""
    if not _run(firmware, calls.first(0), [change], seconds):
        raise EmulatorError(f"{firmware.path}: does not fit the memory of the emulated board")
    low, high = 0, len(calls.observations)  # runs of `low` cases end well, of `high` cases do not
    while high - low > 1:
        middle = (low + high) // 2
        ended = _run(firmware, calls.first(middle), [change], seconds)
        if ended and ended[0].kind is not Kind.SAME:
            return ended[0]
        low, high = (middle, high) if ended else (low, middle)
    return Finding(Kind.STOPPED, high - 1, (0, 0, 0), b"")


def _run(firmware: Firmware, calls: Calls, changes: Sequence[Change], seconds: float) -> list[Finding]:
    """The findings of one start: fewer than `changes` if one of them brought the emulator down."""
    size = calls.output.shape[1]
    with tempfile.TemporaryDirectory(prefix="tinyverify-calls-") as name:
        folder = Path(name)
        (folder / "calls.bin").write_bytes(_input(firmware, calls, changes))
        with suppress(EmulatorError):  # the file says how far it came
            execute(_program(), folder, seconds, more=_CLOCK)
        answer = folder / "differences.bin"
        data = answer.read_bytes() if answer.exists() else b""
    step = 4 * _HEAD_WORDS + size
    findings = []
    for at in range(0, min(len(data), step * len(changes)) - step + 1, step):
        kind, case, a, b, c, touched = (int(v) for v in np.frombuffer(data[at : at + 4 * _HEAD_WORDS], "<u4"))
        findings.append(Finding(Kind(kind), case, (a, b, c), data[at + 4 * _HEAD_WORDS : at + step], touched))
    return findings


def _input(firmware: Firmware, calls: Calls, changes: Sequence[Change]) -> bytes:
    """`calls.bin`: tv_setup, regions, their words, observations, mask, returned values with outputs, changes."""
    regions = _regions(firmware)
    taken = [s.name for s in firmware.sections if s.allocated and any(s.address < b and s.end > a for a, b in OWN)]
    if taken:
        raise EmulatorError(f"{firmware.path}: {taken[0]} lies where the calling program does")
    if len(regions) > MAX_REGIONS:
        raise EmulatorError(f"{firmware.path}: lies in more than {MAX_REGIONS} places")
    count, obs_dim = calls.observations.shape
    mask = np.where(calls.mask, 0xFF, 0).astype(np.uint8)
    size = len(mask)
    setup = [
        _MAGIC,
        firmware.function(calls.function).address | 1,
        obs_dim,
        size // 4,
        count,
        len(changes),
        len(regions),
        round(MAX_INSTRUCTIONS / _INSTRUCTIONS_A_TICK),
    ]
    expected = np.concatenate(
        [calls.returned.astype("<u4")[:, None], np.ascontiguousarray(calls.output & mask).view("<u4")], axis=1
    )
    arrays = [
        np.array(setup, "<u4"),
        np.array([(start, len(data) // 4) for start, data in regions], "<u4"),
        *(np.frombuffer(data, np.uint8) for _, data in regions),
        calls.observations.astype("<u4"),
        mask,
        expected,
        np.array([(change.address, change.flip) for change in changes], "<u4"),
    ]
    return b"".join(part.tobytes() for part in arrays)


def _regions(firmware: Firmware) -> list[tuple[int, bytes]]:
    """(address, bytes) of the unwritable sections; those that lie close are one, with erased flash between them."""
    regions: list[tuple[int, bytes]] = []
    kept = [s for s in firmware.sections if s.allocated and not s.writable and s.data]
    for section in sorted(kept, key=lambda s: s.address):
        start, data = section.address, section.data or b""
        if regions and start - regions[-1][0] - len(regions[-1][1]) < CLOSE:
            start, before = regions.pop()
            data = before + ERASED * (section.address - start - len(before)) + data
        else:
            start, data = start & ~3, ERASED * (start % 4) + data
        regions.append((start, data))
    return [(start, data + ERASED * (-len(data) % 4)) for start, data in regions]


@cache
def _program() -> Path:
    """The calling program, built once and kept under the hash of its sources and compiler."""
    compiler = require_compiler()
    harness = data_dir("kernels_c") / "harness"
    digest = hashlib.sha256(compiler.version.encode())
    for name in SOURCES:
        digest.update((harness / name).read_bytes())
    target = cache_dir() / f"caller-{digest.hexdigest()[:16]}.elf"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        compile_program(compiler, harness, list(COMPILED), Path("caller.ld"), target)
    return target

"""Programs with one bit of their code flipped: refused, or bounded so that no executed run costs more."""

from __future__ import annotations

import random

import pytest

from tests.wcet_support import PROGRAMS, build_programs, patched
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.stack import StackAnalysis
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.run import EmulatorError, find_emulator
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.engines.wcet.trace import replay, trace

FLIPS = 40


@pytest.mark.skipif(find_emulator() is None or find_compiler("zig") is None, reason="needs qemu and a cross compiler")
def test_flipped_programs_are_refused_or_bounded(tmp_path):
    firmware = build_programs(tmp_path, find_compiler("zig"), "-Os")
    rng = random.Random(7)
    refused = bounded = 0
    for _ in range(FLIPS):
        name = rng.choice(PROGRAMS)
        symbol = firmware.functions[name]
        address = symbol.address + rng.randrange(symbol.size)
        flipped = bytes([firmware.read(address, 1)[0] ^ 1 << rng.randrange(8)])
        changed = patched(firmware, address, flipped, tmp_path / "flipped.elf")
        try:
            StackAnalysis(changed).depth(symbol.address)
            found = analyse(changed, name, most=2_000)
        except NotUnderstood:
            refused += 1
            continue
        try:
            seen = trace(changed, name, tmp_path, seconds=3)
        except EmulatorError:
            continue  # it faults or does not end: no run to compare with
        assert all(replay(found, path).cycles <= found.cycles for path in seen.paths), (name, hex(address))
        bounded += 1
    assert refused >= 5
    assert bounded >= 10

"""How the proof of the machine code grows with the number of weights: CPU seconds, and the fitted exponent.

Asserts a ratio within one run and a bound on memory, never seconds; `-s` prints the table for docs/machine-code.md. The
largest shape is what the flash of the memory map holds.
"""

from __future__ import annotations

import gc
import resource
import time

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.binary.elf import read_elf
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.machine_code.prove import prove
from tinyverify.results import Status

SHAPES = ((64, 64, 2), (64, 128, 128, 2), (4, 128, 256, 2))
MOST_BYTES = 1 << 30


@pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")
def test_the_proof_grows_about_linearly_with_the_weights(tmp_path, capsys) -> None:
    points = []
    for index, shape in enumerate(SHAPES):
        policy = synthetic_policy(shape)
        made = build(emit(policy, None, tmp_path / str(index), unproved=True), find_compiler("zig"))
        firmware = read_elf(made.product)
        cases, _ = observations(policy, 16, 0)
        gc.collect()
        start = time.process_time()
        outcome = prove(policy, firmware, cases, lambda query: [])
        seconds = time.process_time() - start
        assert outcome.status is Status.PROVED, outcome.detail
        weights = sum(layer.weight.size for layer in policy.layers)
        points.append((weights, outcome.instructions, seconds))
    slope = float(np.polyfit(np.log([p[0] for p in points]), np.log([p[2] for p in points]), 1)[0])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with capsys.disabled():
        print()
        for shape, (weights, instructions, seconds) in zip(SHAPES, points, strict=True):
            name = "-".join(map(str, shape))
            print(f"  {name:>14}: {weights:6,} weights, {instructions:6,} instructions, {seconds:.2f} s CPU")
        print(f"  fitted exponent {slope:.2f}, {memory / 2**20:.0f} MB in this process")
    assert slope <= 1.2
    assert memory <= MOST_BYTES

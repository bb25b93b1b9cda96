"""The instruction semantics against the emulated core, instruction by instruction, on random and extreme states.

Each encoding is drawn many times with random fields, alone and under IT and VPST, and run from 64 states. The semantics
run three ways: once with every register unknown (the terms are evaluated for all 64 states), from constant states, and
from states whose registers are unknown inside random intervals, which is what the simplifications look at.
`TINYVERIFY_COSIMULATION=10` draws ten times as many.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.cosimulation.cases import NONE, Case, make_case, make_states, single_encodings
from tests.cosimulation.emulate import emulate
from tests.cosimulation.model import Model, Outside
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator
from tinyverify.engines.machine_code.encoding import encode
from tinyverify.engines.machine_code.executor import StuckAt
from tinyverify.engines.machine_code.instructions import decoder

emulated = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
DRAWS, STATES = 16, 64
CONSTANT_STATES, INTERVAL_STATES = 3, 2


def _adjusted(case: Case, states: np.ndarray) -> np.ndarray:
    """What the runner makes of the states: small offsets where the case addresses memory by them."""
    states = states.copy()
    if case.index != NONE:
        states[:, 32 + case.index] &= 15
    if case.offsets != NONE:
        states[:, 4 * case.offsets : 4 * case.offsets + 4] &= np.uint32(case.mask)
    return states


def _draw(rng: np.random.Generator, draws: int) -> list[Case]:
    decode = decoder()
    cases = []
    for encoding in single_encodings(decode.encodings):
        found = 0
        for _ in range(400 * draws):
            case = make_case(encoding, rng)
            if case is not None and _alone(case, decode):
                cases.append(case)
                found += 1
                if found == draws:
                    break
    return cases


def _alone(case: Case, decode) -> bool:
    """Whether the case touches no sp, lr or pc."""
    states, buffers = make_states(np.random.default_rng(1), 1)
    bare = replace(case, code=encode(case.encoding, case.fields))
    try:
        Model(bare, decode, _adjusted(case, states)[0], buffers[0]).run()
    except Outside:
        return False
    except StuckAt:
        return True
    return True


@emulated
def test_semantics_agree_with_the_emulated_core(tmp_path) -> None:
    rng = np.random.default_rng(20240)
    draws = DRAWS * int(os.environ.get("TINYVERIFY_COSIMULATION", "1"))
    cases = _draw(rng, draws)
    states, buffers = make_states(rng, STATES)
    results = emulate(cases, states, buffers, require_compiler(), tmp_path)
    decode = decoder()
    checked, stuck, wrong = Counter(), Counter(), []
    for case, (after, after_buffer) in zip(cases, results, strict=True):
        given = _adjusted(case, states)
        runs = [(Model(case, decode), slice(0, STATES))]
        for at in rng.choice(STATES, CONSTANT_STATES + INTERVAL_STATES, replace=False):
            widths = None if len(runs) <= CONSTANT_STATES else 1 << rng.integers(0, 32, 11)
            runs.append((Model(case, decode, given[at], buffers[at], widths), slice(at, at + 1)))
        for model, part in runs:
            try:
                model.run()
            except StuckAt:
                stuck[case.encoding.mnemonic] += 1
                continue
            stored = None if after_buffer is None else after_buffer[part]
            found = model.differences(given[part], buffers[part], after[part], stored)
            wrong += [f"{case.prefix} {case.encoding.mnemonic} {case.fields}: {text}" for text in found[:1]]
            checked[case.encoding.mnemonic] += part.stop - part.start
    print(f"{sum(checked.values()):,} states of {len(checked)} mnemonics, {len(cases):,} encodings")
    assert wrong == []
    alone = {e.mnemonic for e in single_encodings(decode.encodings)}
    assert min(checked.values()) >= 32 and set(checked) == alone, alone - set(checked)

"""Draw cases, run them on the core, run the semantics on the same states, list the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tests.cosimulation.cases import NONE, Case, make_case, make_states, single_encodings
from tests.cosimulation.emulate import emulate
from tests.cosimulation.model import Model, Outside
from tinyverify.engines.emulator.compiler import Compiler
from tinyverify.engines.machine_code.encoding import Decoder, encode
from tinyverify.engines.machine_code.executor import StuckAt

INTERVALS = 11  # widths given to the unknowns in turn


@dataclass
class Agreement:
    """`checked`: states by mnemonic; `wrong`: one line for each case that differs; `cases`: encodings tried."""

    cases: int
    checked: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def draw(decode: Decoder, rng: np.random.Generator, draws: int, only: Container[str] | None = None) -> list[Case]:
    """`draws` cases of every encoding that can be run alone, or of those whose mnemonic is in `only`."""
    cases = []
    for encoding in single_encodings(decode.encodings):
        if only is not None and encoding.mnemonic not in only:
            continue
        found = 0
        for _ in range(400 * draws):
            case = make_case(encoding, rng)
            if case is not None and _alone(case, decode):
                cases.append(case)
                found += 1
                if found == draws:
                    break
    return cases


def compare(
    decode: Decoder,
    compiler: Compiler,
    folder: Path,
    rng: np.random.Generator,
    draws: int,
    count: int,
    single: int,
    only: Container[str] | None = None,
) -> Agreement:
    """`draws` cases an encoding from `count` states each; where the unknowns must be constant, `single` states.

    `only`: the mnemonics to draw (all).
    """
    cases = draw(decode, rng, draws, only)
    states, buffers = make_states(rng, count)
    agreement = Agreement(len(cases))
    for case, (after, after_buffer) in zip(cases, emulate(cases, states, buffers, compiler, folder), strict=True):
        given = _adjusted(case, states)
        general = _check(agreement, Model(case, decode), given, buffers, after, after_buffer, slice(0, count))
        constant = 2 if general else single
        for turn, at in enumerate(rng.choice(count, constant + 2, replace=False)):
            widths = None if turn < constant else 1 << rng.integers(0, 32, INTERVALS)
            model = Model(case, decode, given[at], buffers[at], widths)
            _check(agreement, model, given, buffers, after, after_buffer, slice(at, at + 1))
    return agreement


def _check(agreement: Agreement, model: Model, states, buffers, after, after_buffer, part: slice) -> bool:
    """Whether the semantics had an answer."""
    case = model.case
    try:
        model.run()
    except StuckAt:
        return False
    stored = None if after_buffer is None else after_buffer[part]
    found = model.differences(states[part], buffers[part], after[part], stored)
    agreement.wrong += [f"{case.prefix} {case.encoding.mnemonic} {case.fields}: {text}" for text in found[:1]]
    agreement.checked[case.encoding.mnemonic] += part.stop - part.start
    return True


def _adjusted(case: Case, states: np.ndarray) -> np.ndarray:
    """What the runner makes of the states: small offsets where the case addresses memory by them."""
    states = states.copy()
    if case.index != NONE:
        states[:, 32 + case.index] &= 15
    if case.offsets != NONE:
        states[:, 4 * case.offsets : 4 * case.offsets + 4] &= np.uint32(case.mask)
    return states


def _alone(case: Case, decode: Decoder) -> bool:
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

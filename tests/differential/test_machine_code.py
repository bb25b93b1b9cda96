"""The instruction semantics against the emulated core, instruction by instruction, on random and extreme states.

Each encoding is drawn with random fields, alone and under IT and VPST, and run from 512 states. The semantics run three
ways: once with every register unknown (the terms are evaluated for all states), from constant states, and from states
whose registers are unknown inside random intervals, which is what the simplifications look at.
`TINYVERIFY_COSIMULATION=10` draws ten times as many.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from tests.cosimulation.cases import single_encodings
from tests.cosimulation.compare import compare
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator
from tinyverify.engines.machine_code.instructions import decoder

emulated = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
DRAWS, STATES, SINGLE_STATES = 2, 512, 20


@emulated
def test_semantics_agree_with_the_emulated_core(tmp_path) -> None:
    draws = DRAWS * int(os.environ.get("TINYVERIFY_COSIMULATION", "1"))
    decode = decoder()
    rng = np.random.default_rng(20240)
    agreement = compare(decode, require_compiler(), tmp_path, rng, draws, STATES, SINGLE_STATES)
    checked = agreement.checked
    print(f"{sum(checked.values()):,} states of {len(checked)} mnemonics, {agreement.cases:,} encodings")
    assert agreement.wrong == []
    needs_sp = {"push", "pop", "sub"}  # run as part of whole programs (test_machine_code_object_code.py)
    alone = {e.mnemonic for e in single_encodings(decode.encodings)} - needs_sp
    assert set(checked) == alone, alone - set(checked)
    assert sum(count >= 1000 for count in checked.values()) >= 120
    assert min(checked.values()) >= 40

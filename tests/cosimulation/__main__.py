"""`python -m tests.cosimulation [LEAST]`: every mnemonic from at least LEAST states (10,000), in minutes.

Draws again for the mnemonics that have fewer, until none has, and prints how many states each was compared in.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from tests.cosimulation.cases import single_encodings
from tests.cosimulation.compare import compare
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.machine_code.instructions import decoder

DRAWS, STATES, SINGLE_STATES = 4, 512, 200
NEEDS_SP = {"push", "pop", "sub"}  # run as part of whole programs


def main(least: int) -> int:
    """0 if nothing differs."""
    decode, compiler, rng = decoder(), require_compiler(), np.random.default_rng(20241)
    checked = Counter(dict.fromkeys({e.mnemonic for e in single_encodings(decode.encodings)} - NEEDS_SP, 0))
    start = time.monotonic()
    encodings = 0
    while few := {mnemonic for mnemonic, count in checked.items() if count < least}:
        with tempfile.TemporaryDirectory() as folder:
            found = compare(decode, compiler, Path(folder), rng, DRAWS, STATES, SINGLE_STATES, few)
        if found.wrong:
            print(*found.wrong, sep="\n")
            return 1
        before = sum(checked.values())
        checked.update(found.checked)
        encodings += found.cases
        print(f"{time.monotonic() - start:.0f} s: {len(few)} mnemonics were below {least:,}", file=sys.stderr)
        if sum(checked.values()) == before:
            print("no further state could be compared for:", *sorted(few))
            return 1
    for mnemonic, count in sorted(checked.items()):
        print(f"{mnemonic:16} {count:>9,}")
    print(f"{sum(checked.values()):,} states of {len(checked)} mnemonics, {encodings:,} encodings, 0 differences")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))

"""`python -m tests.planted_faults [ENVIRONMENT [EVERY]]`: every bit of the instructions and the tables of `tv_infer`.

Prints what the prover and the emulated core say of them, every fault that is proved, and every one that stays open.
Ends with 1 if one that is proved changes what the core computes, or one that is refuted does not. An hour of processor
time for cartpole, which is the default; EVERY takes every EVERY-th fault only.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path

from tests.planted_faults.faults import code_faults, table_faults
from tests.planted_faults.judge import Verdict, bench
from tinyverify.artifacts.training import load_training
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, require_compiler
from tinyverify.pretrained import artifact_path
from tinyverify.quantize.quantize import quantize

BITS = 8
BATCH = 500  # faults in one start of the emulator
COUNTED = (Verdict.REFUTED, Verdict.RUN, Verdict.CRASHED, Verdict.UNREAD)  # all others are listed


def main(environment: str, every: int) -> int:
    """0 if no fault that is proved changes anything, and every one that is refuted does."""
    policy = quantize(load_training(artifact_path(environment)))
    counts: dict[str, Counter] = defaultdict(Counter)
    unread = defaultdict(set)
    with tempfile.TemporaryDirectory() as name:
        made = build(emit(policy, None, Path(name) / "firmware", unproved=True), require_compiler())
        tried = bench(policy, made.product)
    code = code_faults(tried.firmware, tried.base.addresses, tried.decoder)
    faults = list(chain(code, table_faults(policy, tried.firmware, BITS)))[::every]
    random.Random(0).shuffle(faults)  # a run that is cut short is a sample
    for start in range(0, len(faults), BATCH):
        for judged in tried.judge(faults[start : start + BATCH]):
            fault = judged.fault
            counts[fault.part][judged.verdict] += 1
            if judged.verdict not in COUNTED:
                bit = fault.flip.bit_length() - 1
                print(f"{fault.address:#x} bit {bit} ({fault.part} of {fault.place}): {judged.verdict}", judged.reason)
            if judged.verdict is Verdict.UNREAD:
                table, _, at = fault.place.partition("+")
                unread[table].add(int(at))
        print(f"{min(start + BATCH, len(faults)):,} of {len(faults):,}", *_lines(counts), sep="\n", file=sys.stderr)
    print(*(f"{table}: bytes {spans(places)} are not read" for table, places in sorted(unread.items())), sep="\n")
    print(*_lines(counts), sep="\n")
    return int(any(found[Verdict.WRONG] or found[Verdict.CONTRADICTED] for found in counts.values()))


def _lines(counts: dict[str, Counter]) -> list[str]:
    return [
        f"{part}: {sum(found.values()):,} faults; " + ", ".join(f"{n:,} {v}" for v, n in sorted(found.items()))
        for part, found in sorted(counts.items())
    ]


def spans(numbers: set[int]) -> str:
    """`numbers` as ranges: 1 to 4, 7 to 9."""
    starts = sorted(n for n in numbers if n - 1 not in numbers)
    ends = sorted(n for n in numbers if n + 1 not in numbers)
    return ", ".join(f"{start} to {end}" for start, end in zip(starts, ends, strict=True))


if __name__ == "__main__":
    arguments = dict(enumerate(sys.argv[1:]))
    sys.exit(main(arguments.get(0, "cartpole"), int(arguments.get(1, 1))))

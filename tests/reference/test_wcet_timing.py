"""The timing table and the pipeline: every row has a source, nothing gets faster, small sequences by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tinyverify.binary import timing_table
from tinyverify.binary.decode import Instruction, Memory, NotUnderstood, Shift
from tinyverify.binary.pipeline import TimingModel, after_penalty, join_pending, run, timing, timings
from tinyverify.binary.timing_table import BRANCH_PENALTY, ROWS


def instruction(name, *operands, types=(), condition=None, writeback=False):
    vector = any(isinstance(o, str) and o[:1] == "q" for o in operands) or name.startswith(("vpst", "vctp"))
    text = f"{name} {operands}"
    return Instruction(0x100, 4, name, tuple(types), operands, condition, False, writeback, vector, text, b"")


def cycles(*instructions, model=None, pending=None):
    return sum(run([timing(i, model or TimingModel()) for i in instructions], pending or {})[0])


def test_rows():
    assert all(row.source and 1 <= row.issue <= row.latency for row in ROWS)
    named = [(row.kind, name) for row in ROWS for name in row.names]
    assert len(named) == len(set(named)), "an instruction is in two rows"
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_a_branch_covers_what_its_caller_leaves_pending():
    """An explored function starts with nothing pending: whatever came before the call is ready after BL."""
    slowest = max(row.latency - row.issue for row in ROWS)
    assert slowest <= 1 + BRANCH_PENALTY


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ([("add", "r0", "r1", "r2"), ("add", "r3", "r0", 1)], 2),
        ([("ldr", "r0", Memory("r1")), ("add", "r3", "r2", 1)], 2),
        ([("ldr", "r0", Memory("r1")), ("add", "r3", "r0", 1)], 3),  # load, use: one cycle more
        ([("add", "r0", "r1", "r2", Shift("lsl", 3)), ("add", "r3", "r0", 1)], 3),
        ([("mul", "r0", "r1", "r2"), ("mul", "r3", "r0", "r0")], 3),
        ([("udiv", "r0", "r1", "r2")], 20),
        ([("push", ("r4", "r5", "lr"))], 4),
        ([("vpush", ("d8", "d9", "d10", "d11"))], 9),
        ([("vadd", "q0", "q1", "q2"), ("vadd", "q3", "q4", "q5")], 4),  # two beats each
        ([("vadd", "q0", "q1", "q2"), ("vadd", "q3", "q0", "q5")], 5),
        ([("vmla", "q0", "q1", "r2"), ("vmla", "q0", "q3", "r2")], 5),
        ([("vqmovnb", "q0", "q1"), ("vqmovnt", "q0", "q2")], 6),
        ([("vmlava", "r0", "q1", "q2"), ("add", "r1", "r0", 1)], 5),
        ([("vstrw", "q0", Memory("r0")), ("vldrw", "q1", Memory("r1"))], 5),  # a load behind a store
    ],
)
def test_sequences_by_hand(sequence, expected):
    assert cycles(*(instruction(*item, types=("32",)) for item in sequence)) == expected


def test_later_registers_never_make_a_block_earlier():
    rng = np.random.default_rng(0)
    names = ["r0", "r1", "r2", "q0", "q1", "q2", "flags", "vpr", "loads"]
    pool = [
        instruction("add", "r0", "r1", "r2"),
        instruction("ldr", "r1", Memory("r0", 4, mode="post")),
        instruction("cmp", "r0", "r1"),
        instruction("csel", "r2", "r0", "r1", "gt"),
        instruction("vldrw", "q0", Memory("r0"), types=("u32",)),
        instruction("vmla", "q1", "q0", "r1", types=("s32",)),
        instruction("vminv", "r2", "q1", types=("s32",)),
        instruction("vstrw", "q2", Memory("r2"), types=("32",)),
    ]
    for _ in range(300):
        block = [timing(pool[k], TimingModel()) for k in rng.integers(0, len(pool), rng.integers(1, 9))]
        early = {n: int(v) for n, v in zip(names, rng.integers(0, 6, len(names)), strict=True)}
        late = {n: v + int(d) for (n, v), d in zip(early.items(), rng.integers(0, 4, len(names)), strict=True)}
        (a, left_a), (b, left_b) = run(block, early), run(block, late)
        assert sum(a) <= sum(b)
        # what is left ends no earlier either, counted from the block's start
        assert all(sum(a) + left_a.get(n, 0) <= sum(b) + max(left_b.get(n, 0), 0) for n in left_a)
        joined = join_pending(early, late)
        assert sum(run(block, joined)[0]) >= max(sum(a), sum(b))
        assert all(v > 0 for v in after_penalty(late, 3).values())


def test_parameters_add_and_unknown_instructions_are_refused():
    load = instruction("ldrd", "r0", "r1", Memory("r2"))
    assert cycles(load, model=TimingModel(data_wait_states=2)) == cycles(load) + 4
    assert cycles(load, model=TimingModel(fetch_wait_states=3)) == cycles(load) + 3
    with pytest.raises(NotUnderstood, match="no time known"):
        timing(instruction("wfi"), TimingModel())


def test_the_documentation_shows_the_table():
    page = (Path(__file__).parents[2] / "docs" / "timing-model.md").read_text()
    for row in ROWS:
        assert f"| `{row.id}` | {row.issue} | {row.latency} |" in page, row.id
    for constant in ("BRANCH_PENALTY", "GATHER_ADDRESS_DELAY", "STORE_LOAD_GAP"):
        assert f"`{constant}` = {getattr(timing_table, constant)}" in page


def at(address, size, *item):
    """`item` as an instruction of `size` bytes at `address`."""
    return replace(instruction(*item), address=address, size=size)


def test_a_word_of_code_is_fetched_once_in_a_row():
    slow = TimingModel(fetch_wait_states=5)
    narrow = [at(0x100 + 2 * k, 2, "adds", "r0", "r0", "r1") for k in range(4)]
    assert sum(run(timings(narrow, slow), {})[0]) == 4 + 2 * 5  # two words
    across = [at(0x102, 4, "add", "r0", "r0", "r1"), at(0x106, 2, "adds", "r0", "r0", "r1")]
    assert sum(run(timings(across, slow), {})[0]) == 2 + 2 * 5  # 0x100 and 0x104, which both use
    assert timing(at(0x102, 4, "add", "r0", "r0", "r1"), slow).issue == 1 + 2 * 5  # entered here: both words

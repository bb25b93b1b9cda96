"""Each guard taken away or weakened: the scenario that provokes its fault (tests/firmware) must come out otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from tests.firmware.guard_programs import build_guards, file_offset, guard_cases, provoke
from tests.firmware.test_guards import GOES_ON, STOPS
from tinyverify.emit.firmware import FLASH_BASE
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator, write_cases

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")

START, FLASH, READABLE, CRC = (f"hal/tv_{n}.c" for n in ("startup", "flash_guard", "flash_readable", "crc32"))
TAKE, GIVE, BLOCK = "hal/tv_heap_take.c", "hal/tv_heap_give.c", "hal/tv_heap_block.h"
CHECKED, BEFORE, AFTER = (f"hal/tv_{n}.c" for n in ("infer_checked", "check_observation", "check_output"))
CRITICAL, PENDED = "include/tv_critical.h", "hal/tv_resource_take.c"
# (scenario that must differ, file, original, fault). One build each for the rows of a list.
MUTANTS = [
    [
        ("main stack", START, '"msr msplim, r0\\n\\t"', '""'),
        ("heap", TAKE, "if (size == 0u) {", "if (size == 0xFFFFFFFFu) {"),
        ("flash", FLASH, "tv_crc32(table->at, table->size) != table->crc", "table->crc == 0u"),
        ("observations", BEFORE, "fault = TV_FAULT_UNDERFLOW;", "fault = 0u;"),
        ("critical", CRITICAL, '"msr primask, %0\\n\\tisb"', '"cpsie i\\n\\tisb"'),
    ],
    [
        ("no process stack", START, '"msr psplim, r0\\n\\t"', '""'),
        ("heap", TAKE, "tv_heap_span(size) > (heap->size - heap->used)", "size > (heap->size - heap->used)"),
        ("flash", READABLE, "<= (TV_FLASH_BYTES - size)", "< TV_FLASH_BYTES"),
        ("observations", BEFORE, "> tv_observation_limits[i].span", "> tv_observation_limits[i].span + 1u"),
        ("critical", PENDED, "tv_critical_enter()", "1u"),
        ("output", AFTER, "out->probability[j] <= 32768u", "out->probability[j] <= 65535u"),
    ],
    [
        ("main stack", START, "(TV_CFSR & TV_CFSR_STKOF) != 0u", "(TV_CFSR & 1u) != 0u"),
        ("heap", GIVE, "tv_heap_intact(heap, heap->latest) == 0u", "tv_heap_intact(heap, heap->latest) == 2u"),
        ("flash", CRC, "return ~crc;", "return crc;"),
        ("observations", CHECKED, "out->action = monitor->safe;", ""),
        ("low stack", CHECKED, "tv_stack_left() < TV_INFER_STACK", "tv_stack_left() < 16u"),
        ("critical", CRITICAL, "\\n\\tcpsid i", ""),
    ],
    [
        ("heap", GIVE, "if (place != heap->latest) {", "if (place > heap->used) {"),
        ("observations", CHECKED, "monitor->faults |= faults;", "monitor->faults = faults;"),
        ("flash", AFTER, "sound &= tv_finite(out->logits[j]);", "sound &= tv_finite(0.0f);"),
        ("process stack", "include/tv_stack.h", "msr psplim, %0\\n\\t", ""),
    ],
    [
        ("heap", BLOCK, "heap->faults |= 1u << (uint32_t)why;", "heap->faults = 1u << (uint32_t)why;"),
        ("observations", "include/tv_checked.h", "(TV_FAULT_NAN | TV_FAULT_INF |", "(TV_FAULT_INF |"),
        ("output", AFTER, "out->acc[j] <= out->acc[out->action]", "out->acc[j] >= INT32_MIN"),
    ],
    [
        ("heap", GIVE, "block[header->size + i] != TV_HEAP_GUARD_BYTE", "block[header->size + i] == 0u"),
        ("observations", BEFORE, "(TV_SMALLEST_NORMAL_BITS - 1u)", "(TV_SMALLEST_NORMAL_BITS - 2u)"),
        ("output", AFTER, "out->weight[j] <= 127u", "out->weight[j] <= 255u"),
    ],
]


@pytest.fixture(scope="module")
def intact(policies, tmp_path_factory):
    """What every scenario says with all guards in place."""
    folder = tmp_path_factory.mktemp("intact")
    elf = build_guards(policies["cartpole"], folder, require_compiler())
    return {scenario: _outcome(elf, scenario, policies["cartpole"], folder) for scenario in _scenarios()}


def _scenarios() -> set[str]:
    return {mutant[0] for group in MUTANTS for mutant in group}


def _outcome(elf, scenario, policy, folder):
    """Exit code and text; for `observations` also what was recorded of each."""
    cases = guard_cases(policy, 500, seed=5)
    write_cases(folder, cases, np.zeros(len(cases), np.uint32))
    outcome = provoke(elf, scenario, folder, seconds=5)
    recorded = folder / "checked.bin"
    return outcome, recorded.read_bytes() if scenario == "observations" and recorded.exists() else b""


def test_the_scenarios_pass_with_all_guards(intact) -> None:
    for scenario, (outcome, _) in intact.items():
        if scenario in STOPS:
            assert outcome == STOPS[scenario]
        else:
            assert outcome.code == 0 and outcome.text.endswith(GOES_ON.get(scenario, f"{scenario}\n"))


@pytest.mark.parametrize("group", MUTANTS, ids=range(len(MUTANTS)))
def test_a_guard_taken_away_is_noticed(group, intact, policies, tmp_path) -> None:
    elf = build_guards(policies["cartpole"], tmp_path, require_compiler(), edits=[m[1:] for m in group])
    for scenario, file, _, new in group:
        found = _outcome(elf, scenario, policies["cartpole"], tmp_path)
        assert found != intact[scenario], f"{file}: {new!r} changes nothing"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tv_crc32(table->at, table->size) != table->crc", "table->crc == 0u"),
        ("return tv_flash_guard();", "return 0u;"),
        ("i < tv_flash_table_count", "i + 1u < tv_flash_table_count"),
    ],
)
def test_a_flipped_bit_gets_past_a_flash_guard_that_does_not_look(old, new, policies, tmp_path) -> None:
    """The last table's first byte: the intact guard names it (tests/firmware), this one starts the program."""
    policy = policies["cartpole"]
    elf = build_guards(policy, tmp_path, require_compiler(), edits=[(FLASH, old, new)])
    data = bytearray(elf.read_bytes())
    data[file_offset(elf, FLASH_BASE + policy.layout.objects[-1].offset)] ^= 1
    elf.write_bytes(data)
    assert provoke(elf, "ready", tmp_path).code == 0


def test_a_table_out_of_place_gets_past_a_guard_that_does_not_compare_addresses(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    last = max((item for item in policy.layout.objects if item.region == "policy"), key=lambda item: item.offset)
    old, place = (f"{FLASH_BASE + at:#010x} : {{ KEEP(*(.tv.{last.name}" for at in (last.offset, last.offset + 16))
    edits = [("policy-test.ld", old, place), (FLASH, "(address != (TV_FLASH_BASE + table->offset)) ||", "")]
    elf = build_guards(policy, tmp_path, require_compiler(), edits=edits)
    assert provoke(elf, "ready", tmp_path).code == 0

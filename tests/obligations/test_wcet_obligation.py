"""`wcet.total_cycles`: what it says, what it rests on, and when it does not hold."""

from __future__ import annotations

import itertools

import pytest

from tests.wcet_support import patched
from tinyverify.binary.flow import flow_graph
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.emulator.compiler import CompilerMissing, find_compiler
from tinyverify.engines.wcet import interrupts
from tinyverify.engines.wcet.certificate import check, from_json
from tinyverify.engines.wcet.report import BUDGETS, inference_bound
from tinyverify.obligations import critical_sections, interrupt_latency, slowest_memory, wcet
from tinyverify.obligations.linked import linked, linked_hal
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.question import Question
from tinyverify.obligations.registry import all_obligations
from tinyverify.obligations.timing import time_question
from tinyverify.results import EngineRun, Report, Result, Status, summarize
from tinyverify.semantics.locks import RESOURCES, TASKS

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


def discharged(obligation_id, policy) -> Result:
    obligation = next(o for o in all_obligations() if o.id == obligation_id)
    return obligation.discharge(policy, Settings())


def question() -> Question:
    return time_question(wcet.ID, wcet.STATEMENT)


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_shipped_policies_meet_the_budget(policies, name):
    result = discharged(wcet.ID, policies[name])
    assert result.status is Status.PROVED
    kernel = [run for run in result.engines if run.engine.startswith("lean")]
    assert len(kernel) == 2, "Lean's kernel speaks about tv_infer and about tv_sample"
    assert all("theorem TinyVerify.Flow.tv_" in run.detail for run in kernel)
    assert "model bound, no hardware measurement" in result.detail
    rows = {row["operation"]: row for row in result.evidence["operations"]}
    assert next(iter(rows)) == "input quantization"
    assert next(reversed(rows)) == "total"
    assert rows["total"]["cycles"] <= 1_500
    assert rows["total"]["microseconds"] == pytest.approx(rows["total"]["cycles"] / 80, abs=1e-3)
    parts = sum(row["cycles"] for operation, row in rows.items() if operation != "total")
    assert parts >= rows["total"]["cycles"]
    assert rows["matrix multiply, requantize"]["within_budget"]
    assert 1 <= result.evidence["tightness"] <= 1.02
    certified = sum(check(from_json(c)) for c in result.evidence["certificates"])
    assert certified == rows["total"]["cycles"]
    assert any("tv_dense" in line["where"] and "vmla" in line["text"] for line in result.evidence["hottest"])
    infer, sample = result.evidence["worst_path"]
    assert {"tv_forward", "tv_softmax_lut.c"} & {child["name"] for child in infer["children"]}
    assert all(child["name"].endswith((".c", ".h")) for child in sample["children"]), "tv_sample has source lines, too"
    assert sum(child["cycles"] for child in infer["children"]) == infer["cycles"]


def test_the_other_compiler_tells_operations_apart_as_well(policies):
    firmware = linked(policies["cartpole"], find_compiler("gcc")) if find_compiler("gcc") else pytest.skip("no gcc")
    found = wcet.bound_inference(firmware)
    rows = {row.operation: row.cycles for row in found.rows}
    assert found.told_apart
    assert rows["output dequantization"] > 0 and rows["softmax"] > rows["calls and copies"]


def test_a_bound_above_the_budget_is_not_proved(policies):
    firmware = linked(policies["cartpole"])
    found = inference_bound(firmware.product, firmware.holding("tv_sample"), firmware.lines)
    at_bound = wcet.judge(found, firmware, question(), budget=found.cycles)
    below = wcet.judge(found, firmware, question(), budget=found.cycles - 1)
    assert at_bound.status is Status.PROVED
    assert below.status is Status.UNKNOWN
    assert "above the budget" in below.detail


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_every_operation_meets_its_row(policies, name):
    result = discharged(wcet.OPERATIONS_ID, policies[name])
    assert result.status is Status.PROVED, result.detail
    rows = [row for row in result.evidence["operations"] if row["operation"] in BUDGETS]
    assert len(rows) == 6 and all(row["within_budget"] for row in rows)
    assert sum(run.engine.startswith("lean") for run in result.engines) == 6


def test_an_operation_above_its_row_is_named_and_not_proved(policies):
    firmware = linked(policies["acrobot"])
    slow = inference_bound(
        firmware.product, firmware.holding("tv_sample"), firmware.lines, TimingModel(fetch_wait_states=1)
    )
    result = wcet.judge_operations(slow, firmware, question())
    assert result.status is Status.UNKNOWN and "input quantization" in result.detail


def test_without_source_lines_no_operation_is_proved(policies):
    firmware = linked(policies["cartpole"])
    found = inference_bound(firmware.product, firmware.holding("tv_sample"), None)
    result = wcet.judge_operations(found, firmware, question())
    assert result.status is Status.UNKNOWN and "source lines" in result.detail


@pytest.mark.parametrize("status", [Status.ERROR, Status.TIMEOUT, Status.UNCHECKED])
def test_what_lean_does_not_accept_is_not_proved(policies, status):
    firmware = linked(policies["cartpole"])
    found = inference_bound(firmware.product, firmware.holding("tv_sample"), firmware.lines)
    run = EngineRun(engine="lean", status=status, seconds=0, detail="why not")
    result = wcet.judge(found, firmware, question()).joined_by([run])
    assert result.status is status
    assert "why not" in result.detail


def test_slow_flash_is_part_of_the_model(policies):
    """With the specification's slowest flash (200 ns: 16 cycles a word) the bound leaves the budget, and says so."""
    slow = Settings(timing=slowest_memory.slowest(TimingModel()))
    result = wcet.total_cycles(policies["cartpole"], slow).result
    assert result.status is Status.UNKNOWN
    assert "16 fetch and 16 data wait states" in result.evidence["model"] and "16 fetch" in result.detail
    assert result.evidence["closed_form"] is None, "the formula is about memory without wait states"


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_the_maximum_holds_from_the_slowest_memory(policies, name):
    result = discharged(slowest_memory.ID, policies[name])
    assert result.status is Status.PROVED, result.detail
    assert sum(run.engine.startswith("lean") for run in result.engines) == 2
    assert 8_548 < result.evidence["cycles"] <= 80_000, "within the millisecond, not within the table"


def test_a_memory_slower_still_leaves_the_maximum(policies):
    slow = Settings(timing=TimingModel(fetch_wait_states=1000, data_wait_states=1000))
    result = slowest_memory.slowest_memory(policies["cartpole"], slow).result
    assert result.status is Status.UNKNOWN and "of 5000 us" in result.detail


def test_interrupts_are_a_row_and_part_of_the_total(policies):
    firmware = linked(policies["cartpole"])
    plain = wcet.bound_inference(firmware)
    found = wcet.bound_inference(firmware, TimingModel(interrupts=3, interrupt_cycles=50))
    rows = {row.operation: row.cycles for row in found.rows}
    assert rows["interrupts"] == 150 and rows["total"] == plain.cycles + 150 == found.cycles
    result = wcet.judge(found, firmware, question())
    report = Report(bundle="", policy_hash="", tools={}, obligations=(result,), summary=summarize([result]))
    assert wcet.certified_cycles(report) == found.cycles, "the gate counts interrupts, too"


def test_a_missing_compiler_is_unchecked(policies, monkeypatch):
    def missing(policy, choice):
        raise CompilerMissing("no cross compiler; install one with: pip install ziglang")

    monkeypatch.setattr("tinyverify.obligations.question.linked_as", missing)
    result = discharged(wcet.ID, policies["cartpole"])
    assert result.status is Status.UNCHECKED
    assert "pip install" in result.detail
    assert not result.status.holds


def test_interrupts_wait_for_no_critical_section(policies):
    result = discharged(interrupt_latency.ID, policies["cartpole"])
    assert result.status is Status.PROVED
    assert result.evidence["masking"] == []
    assert "tv_infer" in result.evidence["functions"]


def test_masked_interrupts_are_seen(policies, tmp_path):
    """A short instruction of the inference turned into `cpsid i`: no longer proved, and the place is named."""
    product = linked(policies["acrobot"]).product
    graph = flow_graph(product, product.functions["tv_infer"].address)
    short = next(
        i for b in graph.blocks.values() for i in b.instructions if i.size == 2 and i.name == "mov" and not i.in_it
    )
    changed = patched(product, short.address, b"\x72\xb6", tmp_path / "masked.elf")
    result = interrupt_latency.judge(changed, question(), interrupts.interrupt_latency(changed))
    assert result.status is Status.UNKNOWN
    assert f"cpsid i at {short.address:#x}" in result.detail


def test_critical_sections_of_the_hal(policies):
    result = discharged(critical_sections.ID, policies["cartpole"])
    assert result.status is Status.PROVED, result.detail
    assert [run.status for run in result.engines] == [Status.PROVED] * 3
    assert all(50 < cycles <= 800 for cycles in result.evidence["cycles"].values())


def test_a_section_above_ten_microseconds_is_not_proved():
    firmware = linked_hal(critical_sections.SECTIONS)
    found = critical_sections.bounds(firmware)
    longest = max(a.microseconds for a in found)
    least = time_question(critical_sections.ID, critical_sections.STATEMENT)
    assert critical_sections.judge(firmware, found, least, most=longest).status is Status.PROVED
    assert critical_sections.judge(firmware, found, least, most=longest - 0.01).status is Status.UNKNOWN


def test_the_cases_of_a_critical_section_are_all_there_are():
    """Every task and resource lies in one of the cases, the largest words included."""
    edges = (0, 1, TASKS, TASKS + 1, RESOURCES, RESOURCES + 1, 2**31, 2**32 - 1)
    anything = (0, 2**32 - 1)
    for task, resource in itertools.product(edges, edges):
        values = {"r1": task, "r2": resource}
        ranges = [[case.get(r, anything) for r in values] for case in critical_sections.CASES]
        assert any(all(lo <= v <= hi for v, (lo, hi) in zip(values.values(), r, strict=True)) for r in ranges)

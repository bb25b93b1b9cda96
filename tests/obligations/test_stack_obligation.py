"""`stack.depth` and `elf_layout.*` of the linked firmware, and firmware that does not meet them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tinyverify.artifacts.layout import BUDGETS
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.lean_bundle.elf_layout import budget_facts
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.obligations import elf_budget, elf_layout, stack, wcet
from tinyverify.obligations.linked import linked
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.question import Question
from tinyverify.results import Status

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def product(policies):
    return linked(policies["cartpole"]).product


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_shipped_policies(policies, name):
    for obligation in (*stack.OBLIGATIONS, *elf_layout.OBLIGATIONS, *elf_budget.OBLIGATIONS):
        result = obligation.discharge(policies[name], Settings())
        assert result.status is Status.PROVED, result.detail
        assert obligation.claim == "memory_bounds"
        kernel = [run for run in result.engines if run.engine.startswith("lean")]
        assert len(kernel) == {"stack.depth": 1, "elf_layout.budget": len(BUDGETS)}.get(result.id, 2)
        assert result.evidence.get("heap_bytes", 0) == 0
        assert all("theorem TinyVerify." in run.detail for run in kernel)
        if result.id == "stack.depth":
            assert 0 <= result.evidence["public_calls"]["tv_sample"] < result.evidence["public_calls"]["tv_infer"]


def question() -> Question:
    return Question(stack.ID, stack.STATEMENT, stack.ENGINE)


def test_the_stack_holds_a_frame_with_floating_point(product):
    result = stack.judge(product, question())
    assert EXCEPTION_FRAME_BYTES >= 4 * 26
    evidence = result.evidence
    total = evidence["thread_bytes"] + EXCEPTION_FRAME_BYTES + evidence["handler_bytes"]
    assert evidence["thread_path"][:2] == ["tv_reset_handler", "tv_start"]
    assert "tv_infer" in evidence["thread_path"]
    assert stack.judge(product, question(), limit=total).status is Status.PROVED
    assert stack.judge(product, question(), limit=total - 1).status is Status.UNKNOWN


def moved(product, name, **changes):
    sections = tuple(replace(s, **changes) if s.name == name else s for s in product.sections)
    return replace(product, sections=sections)


def test_sections_that_leave_their_regions(product):
    assert elf_layout.inside_faults(product) == []
    hal = next(s for s in product.sections if s.name == ".hal")
    assert "leaves the hal region" in elf_layout.inside_faults(moved(product, ".hal", address=hal.address + 0x2000))[0]
    assert "leaves the hal region" in elf_layout.inside_faults(moved(product, ".hal", size=0x2004))[0]
    assert "leaves the heap region" in elf_layout.inside_faults(moved(product, ".bss", address=0x20000FFC, size=8))[0]
    assert "leaves the heap region" in elf_layout.inside_faults(moved(product, ".bss", size=0x7004))[0]
    weights = next(s for s in product.sections if s.name.startswith(".policy."))
    assert "policy region" in elf_layout.inside_faults(moved(product, weights.name, address=0x0100A000))[0]


def test_symbols_that_leave_their_sections_and_heaps(product):
    first = next(s for s in product.symbols if s.name == "tv_infer")
    rest = tuple(s for s in product.symbols if s is not first)
    grown = replace(product, symbols=(*rest, replace(first, size=0x3000)))
    assert any("tv_infer" in fault for fault in elf_layout.inside_faults(grown))
    assert any("overlaps" in fault for fault in elf_layout.disjoint_faults(grown))
    heap = replace(product, symbols=(*product.symbols, replace(first, name="malloc")))
    assert any("heap" in fault for fault in elf_layout.inside_faults(heap))


def test_sections_that_overlap(product):
    assert elf_layout.disjoint_faults(product) == []
    tables = [s for s in product.sections if s.name.startswith(".scales.")]
    onto = moved(product, tables[1].name, address=tables[0].address)
    assert any("overlaps" in fault for fault in elf_layout.disjoint_faults(onto))


@pytest.mark.parametrize("index", [0, 1])
def test_the_solvers_see_the_same_faults(product, policies, monkeypatch, index):
    """The second opinion is about the same extents: it refutes where the exact comparison does."""
    obligation = elf_layout.OBLIGATIONS[index]
    tables = [s for s in product.sections if s.name.startswith(".scales.")]
    broken = moved(product, tables[1].name, address=tables[0].address if index else 0x0100E000 - 4)
    whole = replace(linked(policies["cartpole"]), product=broken)
    monkeypatch.setattr("tinyverify.obligations.question.linked_as", lambda policy, choice: whole)
    result = obligation.discharge(policies["cartpole"], Settings(lean=True))
    assert result.status is Status.REFUTED
    assert [run.status for run in result.engines] == [Status.REFUTED] * 3


def test_a_part_above_its_budget_is_refuted(product):
    """Code that grows beyond 32 KB, and tables: every engine adds up the same."""
    grown = moved(product, ".hal", size=0x8001)
    stated = elf_budget.judge(grown, Settings(), question())
    assert stated.result.status is Status.REFUTED and stated.facts is None
    assert "flash: code" in stated.result.detail
    assert [run.status for run in stated.result.engines] == [Status.REFUTED] * 3
    assert not prove_facts(budget_facts({"code": ((0x8000, 1), 0x8000)})).passed


def test_a_policy_that_has_no_firmware_is_unknown(policies):
    """The emitter refuses it; that is neither a failure of ours nor a fault of a layout that does not exist."""
    content = json.loads(policies["cartpole"].file.model_dump_json())
    content["layers"][0]["bias"][17] = 2**31 - 1
    policy = policy_from_content(Path("policy.json"), content)
    for obligation in (*stack.OBLIGATIONS, *elf_layout.OBLIGATIONS, *elf_budget.OBLIGATIONS, *wcet.OBLIGATIONS):
        result = obligation.discharge(policy, Settings(lean=False))
        assert result.status is Status.UNKNOWN
        assert "layers.0.bias" in result.detail

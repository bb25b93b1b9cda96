"""Every way to fool the gate that we know of, one file each in `lean/`, must be refused by the reading it names.

A mutant's first line says which finding is expected: `rule:` by the reading of the source, `environment:` by the
reading of the compiled module alone (what would be seen if the first reading were blind).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinyverify.engines.lean.gate import gate, judge_environment, read_source

MUTANTS = Path(__file__).parent / "lean"
STATEMENT = {"claim": "∀ a b : Nat, a < b → a + 1 ≤ b"}
HONEST = "/-- What the mutants pretend to prove. -/\ntheorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega\n"


def expected(path: Path, reading: str) -> str | None:
    first = path.read_text("utf-8").splitlines()[0]
    match = re.search(rf"\b{reading}: ([\w-]+)", first)
    return match[1] if match else None


def mutants(reading: str) -> list[Path]:
    return sorted(path for path in MUTANTS.glob("*.lean") if expected(path, reading))


def test_every_mutant_names_a_reading() -> None:
    assert set(mutants("rule")) | set(mutants("environment")) == set(MUTANTS.glob("*.lean"))
    assert len(list(MUTANTS.glob("*.lean"))) >= 30


@pytest.mark.parametrize("path", sorted(MUTANTS.glob("*.lean")), ids=lambda path: path.stem)
def test_gate_refuses(path: Path) -> None:
    result = gate(path.read_text("utf-8"), STATEMENT)
    assert not result.passed
    assert result.axioms == {}


@pytest.mark.parametrize("path", mutants("rule"), ids=lambda path: path.stem)
def test_source_reading_names_the_reason(path: Path) -> None:
    assert expected(path, "rule") in {finding.rule for finding in read_source(path.read_text("utf-8"))}


@pytest.mark.parametrize("path", mutants("environment"), ids=lambda path: path.stem)
def test_environment_reading_alone_refuses(path: Path) -> None:
    result = judge_environment(path.read_text("utf-8"), STATEMENT)
    assert expected(path, "environment") in {finding.rule for finding in result.findings}


def test_honest_file_passes() -> None:
    result = gate(HONEST, STATEMENT)
    assert result.passed, result.findings
    assert set(result.axioms) == {"claim"}


def test_nothing_claimed_is_refused() -> None:
    assert {finding.rule for finding in gate(HONEST, {}).findings} == {"nothing-claimed"}


def test_definitions_are_compared() -> None:
    source = "def bound : Nat := 4\ntheorem claim : bound = 4 := rfl\n"
    assert gate(source, {"claim": "bound = 4"}, definitions="def bound : Nat := 4").passed
    changed = source.replace("4", "5")
    result = gate(changed, {"claim": "bound = 4"}, definitions="def bound : Nat := 4")
    assert {"other-definition", "other-statement"} <= {finding.rule for finding in result.findings}
    assert not gate(source, {"claim": "bound = 5"}, definitions="def bound : Nat := 4").passed


def test_statement_that_does_not_parse_is_no_proof() -> None:
    assert {finding.rule for finding in gate(HONEST, {"claim": "∀ a b : Nat,"}).findings} == {"statement-text"}


def test_time_limit_is_no_proof() -> None:
    result = gate(HONEST, STATEMENT, timeout=0.01)
    assert {finding.rule for finding in result.findings} == {"timeout"}

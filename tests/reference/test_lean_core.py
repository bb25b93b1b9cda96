"""The hermetic core: it declares no axiom beyond Lean's own, its omega proves and refuses what it must, and every
tactic, law and notation that it adds is used by a theorem that rests on Lean's three axioms only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinyverify.engines.lean import ALLOWED_AXIOMS, build_core, check_file, find_lean
from tinyverify.engines.lean.olean import ConstantGraph, OleanFile
from tinyverify.engines.lean.replay import replay_trees
from tinyverify.engines.lean.signatures import SIGNATURES, used_core_constants

FILES = Path(__file__).parents[1] / "lean"
CORE = Path(__file__).parents[2] / "lean" / "core"
# The compiler's own placeholders are unsafe, so no theorem can use them; sorryAx marks unfinished proofs.
PLACEHOLDERS = {"lcErased", "lcAny", "lcVoid", "lcProof", "lcUnreachable", "lcCast", "sorryAx"}

pytestmark = pytest.mark.skipif(not find_lean().hermetic, reason="an elan toolchain brings its own Init")


def theorem_names(path: Path) -> list[str]:
    return re.findall(r"^theorem (\S+)", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("stem", ["omega_true", "tactics", "laws", "agreement", "bitvec", "recursion"])
def test_theorems_are_accepted_on_the_three_axioms(stem: str) -> None:
    path = FILES / f"{stem}.lean"
    names = theorem_names(path)
    result = check_file(path, theorems=names)
    assert result.accepted, [message.render() for message in result.errors]
    assert set(result.axioms) == set(names) and len(names) >= 10


def test_false_goals_are_refused_by_omega_itself() -> None:
    path = FILES / "omega_false.lean"
    lines = [i for i, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.startswith("theorem")]
    result = check_file(path)
    assert not result.accepted
    refused = {m.line for m in result.errors if m.text.startswith("omega could not prove the goal")}
    assert refused == set(lines) and len(lines) >= 20


def test_core_declares_no_other_axiom() -> None:
    core = build_core()
    declared = {
        constant.name
        for module in core.module_keys
        for constant in OleanFile(core.olean(module)).constants
        if constant.kind == "axiom"
    }
    assert declared == ALLOWED_AXIOMS | PLACEHOLDERS


def test_no_theorem_of_the_core_rests_on_sorry() -> None:
    core = build_core()
    files = [OleanFile(core.olean(module)) for module in core.module_keys]
    users = [c.name for file in files for c in file.constants if "sorryAx" in c.uses]
    assert users == []
    graph = ConstantGraph(files)
    for name in ("Lean.Omega.tidy_sat", "Nat.gcd_spec", "Nat.lt_log2_self", "Nat.land_spec"):
        assert graph.axioms_of(name) <= ALLOWED_AXIOMS


def test_kernel_accepts_every_module_of_the_core_again() -> None:
    assert replay_trees(find_lean(), [build_core()]) == {}


def test_evaluation_prints_what_is_expected() -> None:
    result = check_file(FILES / "evaluation.lean")
    assert result.accepted, [message.render() for message in result.errors]
    wrong = check_file((FILES / "evaluation.lean").read_text("utf-8").replace("info: 4950", "info: 4951"))
    assert not wrong.accepted and "4950" in wrong.errors[0].text


def test_sources_are_small_and_say_what_they_are() -> None:
    for path in CORE.rglob("*.lean"):
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= 400, path
        assert any(line.startswith("/-!") for line in lines), f"{path}: no module docstring"


def test_signatures_file_covers_what_the_library_uses() -> None:
    text = (FILES.parents[1] / SIGNATURES).read_text("utf-8")
    stated = set(re.findall(r":= @(\S+)$", text, re.MULTILINE))
    missing = set(used_core_constants()) - stated
    assert not missing, f"run: python -m tinyverify.engines.lean.signatures ({sorted(missing)})"
    assert check_file(FILES.parents[1] / SIGNATURES).accepted


@pytest.mark.parametrize(
    ("goal", "shown"),
    [
        ("(if 1 = 2 then 3 else 4) = 5", "(if 1 = 2 then 3 else 4) = 5"),
        ("[1, 2] = []", "[1, 2] = []"),
        ("∃ x : Nat, x = 3", "∃ x, x = 3"),
        ("∃ x y : Nat, x = y", "∃ x y, x = y"),
        ("(1, 2, 3) = (1, 2, 4)", "(1, 2, 3) = (1, 2, 4)"),
        ("min 1 2 ≤ 3", "min 1 2 ≤ 3"),
        ("∀ n : Nat, (n : Int) = 1", "∀ (n : Nat), ↑n = 1"),
        ("¬(1 + 2 * 3 - 4 ≠ 5 ∧ -(1 : Int) < 2 ^ 3)", "¬(1 + 2 * 3 - 4 ≠ 5 ∧ -1 < 2 ^ 3)"),
        (
            "∀ x : { n : Nat // n ∣ 4 }, (x.val == 2 && !true) = true",
            "∀ (x : { n // n ∣ 4 }), (x.val == 2 && !true) = true",
        ),
    ],
)
def test_goals_are_printed_as_they_are_written(goal: str, shown: str) -> None:
    result = check_file(f"theorem t : {goal} := by skip\n")
    assert f"⊢ {shown}" in result.errors[0].text

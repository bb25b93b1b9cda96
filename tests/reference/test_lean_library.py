"""The theorem library: it compiles, nothing in it is left out, and its headline theorems rest on Lean's axioms only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinyverify.engines.lean.check import ALLOWED_AXIOMS, check_file
from tinyverify.engines.lean.gate import blank_comments
from tinyverify.engines.lean.modules import unimported_modules
from tinyverify.engines.lean.paths import library_dir

LIBRARY = library_dir()
HEADLINE = (LIBRARY / "TinyVerify" / "Headline.lean").read_text("utf-8")
SOURCES = sorted((LIBRARY / "TinyVerify").rglob("*.lean"))


def test_every_module_is_imported():
    assert unimported_modules(LIBRARY, "TinyVerify") == ()


def test_every_headline_theorem_rests_on_leans_axioms_only():
    names = [f"TinyVerify.Headline.{name}" for name in re.findall(r"^theorem (\w+)", HEADLINE, re.MULTILINE)]
    result = check_file("import TinyVerify\n", theorems=names)
    assert result.accepted, result.messages
    assert set(result.axioms) == set(names) and len(names) >= 15
    assert all(set(axioms) <= ALLOWED_AXIOMS for axioms in result.axioms.values())


def test_every_headline_theorem_prints_its_axioms():
    proved = re.findall(r"^theorem (\w+)", HEADLINE, re.MULTILINE)
    printed = re.findall(r"^#print axioms TinyVerify\.Headline\.(\w+)", HEADLINE, re.MULTILINE)
    assert printed == proved


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_no_source_weakens_what_a_theorem_means(path):
    words = set(re.findall(r"[\w.']+", blank_comments(path.read_text("utf-8"))))
    bad = {"sorry", "admit", "axiom", "native_decide", "unsafe", "opaque", "partial", "implemented_by", "extern"}
    assert not words & bad
    assert "noncomputable" not in words


def test_each_operator_has_specification_and_theorems():
    folders = {path.parent for path in SOURCES if path.parent.name != "TinyVerify"} - {LIBRARY / "TinyVerify" / "Basic"}
    for folder in folders:
        assert {"Spec.lean", "Thm.lean"} <= {path.name for path in folder.iterdir()}, folder


def test_the_example_proofs_are_accepted():
    path = Path(__file__).parents[1] / "lean" / "proofs.lean"
    names = [
        f"TinyVerify.Examples.{name}" for name in re.findall(r"^theorem (\S+)", path.read_text("utf-8"), re.MULTILINE)
    ]
    result = check_file(path, theorems=names)
    assert result.accepted, [message.render() for message in result.messages]
    assert len(names) >= 10 and all(set(axioms) <= ALLOWED_AXIOMS for axioms in result.axioms.values())


CERTIFICATES = """import TinyVerify
namespace TinyVerify

/-- A loop of cost 7 taken at most 10 times: 0 -> 1 -> 1 -> 2. -/
def graph : List Edge := [⟨0, 1, 5⟩, ⟨1, 1, 7⟩, ⟨1, 2, 3⟩]
def loop : Limit := ⟨coefficients [⟨1, 1, 1⟩, ⟨0, 1, -10⟩], 0⟩
def certificate : Certificate := ⟨1, potentials [78, 3, 0], [⟨loop, 7⟩]⟩

theorem certificate_ok : certificate.ok graph = true := by decide +kernel
theorem every_path {path : List Edge} (hp : Path graph 0 2 path) (hl : Respects [loop] path) : pathCost path ≤ 78 := by
  have h := certificate.bounds_every_path certificate_ok hp hl
  have e : certificate.bound 0 2 = 78 := by decide +kernel
  have e1 : (certificate.scale : Int) = 1 := rfl
  rw [e, e1, Int.one_mul] at h
  exact h

def bus : List Step := [.take 1, .take 2, .give 2, .give 1]
theorem bus_ascending : ascending bus = true := by decide +kernel
theorem no_deadlock_on_the_bus (done : Nat → Nat) : ¬ Moment.Deadlock ⟨fun _ => bus, done⟩ :=
  no_deadlock _ (fun _ => bus_ascending)

/-- `y = relu(round((x0 - x1) / 2))`, then outputs `3 y` and `100`. -/
def net : Network :=
  ⟨.doubleTiesUp, [⟨⟨2, [⟨0, 0x7f81⟩]⟩, [⟨1073741824, 0⟩], 0⟩], ⟨1, [⟨0, 0x83⟩, ⟨100, 0x80⟩]⟩⟩
theorem net_ok : net.requantizeOk = true := by decide +kernel
def box : List Interval := [⟨-10, 20⟩, ⟨0, 4⟩]
theorem outputs : ∀ x, InBox box x → InBox [⟨0, 30⟩, ⟨100, 100⟩] (net.run x) :=
  net.bounds_of_ok net_ok (by decide +kernel)
theorem action : ∀ x, InBox box x → argMax (net.run x) = 1 := net.action_of_ok net_ok (by decide +kernel)

/-- Outputs `3 y` and `100`: action 1 while `y ≤ 33`, action 0 from `y = 34` on; linear bounds leave a gap. -/
def low : List Interval := [⟨-128, 60⟩, ⟨0, 20⟩]
def high : List Interval := [⟨89, 127⟩, ⟨0, 20⟩]
theorem below : ∀ x, InBox low x → argMax (net.run x) = 1 :=
  net.linearAction_of_ok net_ok (grid := 65536) (by decide +kernel)
theorem above : ∀ x, InBox high x → argMax (net.run x) = 0 :=
  net.linearAction_of_ok net_ok (grid := 65536) (by decide +kernel)
end TinyVerify
"""
CLAIMED = ("every_path", "no_deadlock_on_the_bus", "outputs", "action", "below", "above")


def test_certificates_become_theorems():
    result = check_file(CERTIFICATES, theorems=[f"TinyVerify.{name}" for name in CLAIMED])
    assert result.accepted, result.messages


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("potentials [78, 3, 0]", "potentials [77, 3, 0]"),
        ("[⟨loop, 7⟩]", "[⟨loop, 6⟩]"),
        ("[.take 1, .take 2, .give 2, .give 1]", "[.take 2, .take 1, .give 1, .give 2]"),
        ("InBox [⟨0, 30⟩", "InBox [⟨0, 29⟩"),
        ("= 1 := net.action_of_ok", "= 0 := net.action_of_ok"),
        ("= 1 :=\n  net.linearAction", "= 0 :=\n  net.linearAction"),
        ("[⟨-128, 60⟩, ⟨0, 20⟩]", "[⟨-128, 75⟩, ⟨0, 20⟩]"),
        ("[⟨89, 127⟩, ⟨0, 20⟩]", "[⟨80, 127⟩, ⟨0, 20⟩]"),
    ],
)
def test_a_wrong_certificate_is_refused(right, wrong):
    assert CERTIFICATES.count(right) == 1
    result = check_file(CERTIFICATES.replace(right, wrong), theorems=[f"TinyVerify.{name}" for name in CLAIMED])
    assert result.outcome == "rejected"


def test_the_guides_example_is_accepted():
    guide = (LIBRARY.parent / "docs" / "proof.md").read_text("utf-8")
    example = re.search(r"```lean\n(.*?)```", guide, re.DOTALL)[1]
    assert check_file(example, theorems=["TinyVerify.requantize_zero"]).accepted


def test_the_guide_names_every_headline_theorem():
    guide = (LIBRARY.parent / "docs" / "proof.md").read_text("utf-8")
    proved = re.findall(r"^theorem (\w+)", HEADLINE, re.MULTILINE)
    assert [name for name in proved if f"`{name}`" not in guide] == []

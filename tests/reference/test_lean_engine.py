"""The Lean engine: messages as data, limits kept, oleans never stale and never damaged, imports understood."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tinyverify.engines.lean import LeanBuildError, LeanNotFound, build_library, check_file, find_lean
from tinyverify.engines.lean import cache as olean_cache
from tinyverify.engines.lean.build import build_core, build_tree
from tinyverify.engines.lean.modules import parse_imports, read_modules, unimported_modules
from tinyverify.engines.lean.olean import OleanError, OleanFile
from tinyverify.engines.lean.paths import cache_dir, core_dir, data_dir
from tinyverify.engines.lean.toolchain import LIBRARY_SHA256, verify_library

SMALL = {
    "Small.lean": "prelude\nimport Small.Logic\nimport Small.Extra\n",
    "Small/Logic.lean": "prelude\ninductive Yes : Prop where | intro\n",
    "Small/Extra.lean": "prelude\nimport Small.Logic\ntheorem yes : Yes := Yes.intro\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A source tree of three modules that needs no core."""
    for name, text in SMALL.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "src"


def build(root: Path, cache: Path) -> tuple[olean_cache.OleanTree, list[str]]:
    compiled: list[str] = []
    tree = build_tree(
        find_lean(), read_modules(root, "Small"), root, (), lambda done, total, name: compiled.append(name), cache
    )
    return tree, compiled


def test_messages_carry_position_and_text() -> None:
    result = check_file("theorem a : 1 = 1 := rfl\ntheorem b : 1 = 2 := by\n  omega\n")
    assert result.outcome == "rejected" and not result.accepted
    (message,) = result.errors
    assert (message.severity, message.line, message.column) == ("error", 3, 2)
    assert message.text.startswith("omega could not prove the goal")
    assert result.seconds > 0 and 20e6 < result.peak_rss_bytes < 2e9


def test_sorry_and_warnings_are_errors() -> None:
    assert not check_file("theorem a : 1 = 2 := sorry\n", theorems=["a"]).accepted
    unused = check_file("theorem a (n : Nat) : 1 = 1 := rfl\n")
    assert unused.outcome == "rejected"


def test_axioms_are_reported_and_limited() -> None:
    accepted = check_file("theorem a (p : Prop) : p ∨ ¬p := Classical.em p\n", theorems=["a"])
    assert accepted.accepted and set(accepted.axioms["a"]) == {"propext", "Classical.choice", "Quot.sound"}
    extra = check_file("axiom x : 1 = 2\ntheorem a : 1 = 2 := x\n", theorems=["a"])
    assert extra.axioms["a"] == ("x",) and not extra.accepted
    assert not check_file("theorem a : 1 = 1 := rfl\n", theorems=["b"]).accepted


def test_time_limit_is_kept() -> None:
    slow = (
        "def all (n : Nat) (p : Nat → Bool) : Bool := match n with | 0 => true | k + 1 => p k && all k p\n"
        "theorem long : all 2000 (fun x => all 2000 (fun y => Nat.beq (x + y) (y + x))) = true := by decide +kernel\n"
    )
    result = check_file(slow, timeout=1.5)
    assert result.outcome == "timeout" and result.seconds < 5


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.lean"):
        check_file(tmp_path / "absent.lean")
    with pytest.raises(FileNotFoundError, match="_data"):
        data_dir("no-such-folder")


def test_lean_is_not_found_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TINYVERIFY_LEAN", "elan")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LeanNotFound, match=r"elan toolchain install leanprover/lean4:v4\.35\.0"):
        find_lean()
    monkeypatch.setenv("TINYVERIFY_LEAN", "newest")
    with pytest.raises(LeanNotFound, match="neither elan nor wheel"):
        find_lean()


def test_lean_of_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "lean"
    fake.write_text("#!/bin/sh\necho 'Lean (version 4.34.0, x86_64-unknown-linux-gnu, commit 0123, Release)'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    with pytest.raises(LeanNotFound):
        find_lean("elan")


@pytest.mark.skipif(not find_lean().hermetic, reason="needs the wheel")
def test_library_hash_is_checked(tmp_path: Path) -> None:
    lean = find_lean()
    verify_library(lean)
    assert len(LIBRARY_SHA256) == 64
    copy = tmp_path / "libleanshared.so"
    copy.write_bytes(b"not Lean")
    with pytest.raises(LeanNotFound, match="SHA-256"):
        verify_library(type(lean)("wheel", lean.version, lean.command, library=copy))


def test_build_compiles_once_and_only_what_changed(small: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, compiled = build(small, cache)
    assert compiled == ["Small.Logic", "Small.Extra", "Small"]
    again, compiled = build(small, cache)
    assert again.root == first.root and compiled == []
    (small / "Small/Extra.lean").write_text(SMALL["Small/Extra.lean"] + "theorem again : Yes := yes\n")
    before = {path.name for path in (cache / "lean/modules").glob("*.olean")}
    third, _ = build(small, cache)
    new = {path.name for path in (cache / "lean/modules").glob("*.olean")} - before
    assert third.root != first.root and len(new) == 2  # Extra and Small, not Logic
    assert "again" in OleanFile(third.olean("Small.Extra")).names


def test_an_edit_below_makes_everything_above_new(small: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, _ = build(small, cache)
    (small / "Small/Logic.lean").write_text(SMALL["Small/Logic.lean"] + "-- a comment\n")
    second, _ = build(small, cache)
    assert all(first.module_keys[name] != second.module_keys[name] for name in first.module_keys)


@pytest.mark.parametrize("store", ["trees", "modules"])
def test_damaged_olean_is_noticed_and_rebuilt(small: Path, tmp_path: Path, store: str) -> None:
    cache = tmp_path / "cache"
    tree, _ = build(small, cache)
    good = tree.olean("Small.Extra").read_bytes()
    for path in (cache / "lean" / store).rglob("*.olean"):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.unlink()
        path.write_bytes(bytes(data))
    rebuilt, _ = build(small, cache)
    assert rebuilt.olean("Small.Extra").read_bytes() == good


def test_removed_files_are_rebuilt(small: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    tree, _ = build(small, cache)
    shutil.rmtree(tree.root / "Small")
    rebuilt, _ = build(small, cache)
    assert rebuilt.olean("Small.Extra").exists()


def test_a_module_that_fails_is_named_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    (small / "Small/Extra.lean").write_text("prelude\nimport Small.Logic\ntheorem yes : Yes := no\n")
    with pytest.raises(LeanBuildError, match=r"module Small.Extra does not compile\n.*Extra.lean:3:21: error"):
        build(small, tmp_path / "cache")
    assert not list((tmp_path / "cache" / "lean").glob("trees/*"))


def test_a_name_that_nothing_binds_is_an_error_as_it_is_under_lake(small: Path, tmp_path: Path) -> None:
    (small / "Small/Extra.lean").write_text("prelude\nimport Small.Logic\ntheorem same (a : A) (h : Yes) : Yes := h\n")
    with pytest.raises(LeanBuildError, match=r"Extra.lean:3:18: error"):
        build(small, tmp_path / "cache")


def test_cycle_of_imports_is_an_error(small: Path, tmp_path: Path) -> None:
    (small / "Small/Logic.lean").write_text("prelude\nimport Small.Extra\n")
    with pytest.raises(ValueError, match="cycle"):
        build(small, tmp_path / "cache")


def test_imports_are_read_from_the_header_only() -> None:
    assert parse_imports("/- import No /- nested -/ -/\nimport A.B -- import C\nimport D\n\ndef import_ := 1") == (
        "Init",
        "A.B",
        "D",
    )
    assert parse_imports("prelude\nimport Init.Nat.Basic\n") == ("Init.Nat.Basic",)
    assert parse_imports("module\npublic import A\nimport all B\n") == ("Init", "A", "B")
    assert parse_imports("theorem x : 1 = 1 := rfl\nimport No\n") == ("Init",)


def test_theorem_file_that_is_not_imported_is_found(small: Path) -> None:
    assert unimported_modules(small, "Small") == ()
    (small / "Small/Forgotten.lean").write_text("prelude\nimport Small.Logic\n")
    assert unimported_modules(small, "Small") == ("Small.Forgotten",)


def test_every_theorem_file_of_the_library_is_imported() -> None:
    assert unimported_modules(data_dir("lean"), "TinyVerify") == ()
    assert unimported_modules(core_dir(), "Init") == ()


def test_library_stands_on_the_core() -> None:
    trees = build_library()
    assert [tree.root for tree in trees][:1] == [build_core().root] or not find_lean().hermetic
    assert any("TinyVerify" in tree.module_keys for tree in trees)


def test_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TINYVERIFY_CACHE", str(tmp_path / "a"))
    assert cache_dir() == tmp_path / "a"
    monkeypatch.delenv("TINYVERIFY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "b"))
    assert cache_dir() == tmp_path / "b" / "tinyverify"


def test_a_file_that_is_no_olean_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.olean"
    path.write_bytes(b"\x7fELF" + bytes(200))
    with pytest.raises(OleanError, match="not a compiled module"):
        OleanFile(path)


def test_an_expression_that_holds_something_else_is_refused(small: Path, tmp_path: Path) -> None:
    (small / "Small/Extra.lean").write_text(
        "prelude\nimport Small.Logic\ntheorem same : Yes := (fun (h : Yes) => h) Yes.intro\n"
    )
    tree, _ = build(small, tmp_path / "cache")
    path = tree.olean("Small.Extra")
    module = OleanFile(path)
    assert module.constant("same").uses == {"Yes", "Yes.intro"}
    data = bytearray(path.read_bytes())
    data[module.constant("same").value + 8] |= 1  # what is applied: a number, and no expression
    damaged = tmp_path / "damaged.olean"
    damaged.write_bytes(bytes(data))
    with pytest.raises(OleanError, match="expression expected at"):
        OleanFile(damaged).constant("same")

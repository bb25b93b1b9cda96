"""The main job, from the shipped artifact of each environment to 0 differences on the emulated M55."""

from __future__ import annotations

import json

import pytest

from tests.command_line import tinyverify

FILES = ("training.json", "policy.json", "bundle.json", "results.json", "report.html", "firmware/policy.elf")


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_pipeline_of_each_environment(name, tmp_path):
    done = tinyverify("pipeline", name, "--out", tmp_path / name)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in FILES:
        assert (tmp_path / name / file).is_file(), file
    results = json.loads((tmp_path / name / "results.json").read_text())
    run = next(o for o in results["obligations"] if o["id"] == "kernel.differential")
    assert run["status"] == "CHECKED"
    assert run["evidence"]["observations"] >= 100_000 and run["evidence"]["differences"] == 0
    assert results["summary"]["exit_code"] == 0 and results["summary"]["proved"] >= 21
    proved_elves = {o["evidence"]["elf_sha256"] for o in results["obligations"] if "elf_sha256" in o["evidence"]}
    assert proved_elves == {run["evidence"]["policy.elf_sha256"]}, "the firmware is not the binary that was proved"
    # The emitted folder can be run again by itself, and the queries replay in a solver of the user's choice.
    assert tinyverify("run", tmp_path / name / "bundle.json", "--count", 2000).returncode == 0
    assert len(list((tmp_path / name / "queries").glob("*.smt2"))) >= 19
    bundle = json.loads((tmp_path / name / "bundle.json").read_text())
    assert bundle["verification_results"]["memory_bounds"] is True
    assert set(bundle["proof"]["statuses"].values()) <= {"PROVED", "CHECKED", "MEASURED"}
    theorems = bundle["lean_theorems"]
    assert len(theorems) >= 18 and all("axioms: " in theorem for theorem in theorems)
    assert any("NoOverflow" in theorem for theorem in theorems)


def test_pipeline_distills_to_another_width(tmp_path):
    """With few steps: proofs and comparison are as strict about a student that has learned little."""
    done = tinyverify("pipeline", "cartpole", "--hidden", 16, "--steps", 500, "--out", tmp_path, "--count", 2000)
    assert done.returncode == 0, done.stdout + done.stderr
    training = json.loads((tmp_path / "training.json").read_text())
    assert training["config"]["hidden_dim"] == 16 and training["config"]["kind"] == "student"
    assert training["config"]["temperature"] == 2.0 and training["config"]["total_timesteps"] == 500
    assert (tmp_path / "teacher.json").is_file()

"""The verbs one after another, from training on a reduced budget to a firmware that runs."""

from __future__ import annotations

import json
import os

from tests.command_line import tinyverify


def test_every_verb_in_turn(tmp_path):
    steps = [
        ("train", "cartpole", "--timesteps", 2048, "--seed", 3, "--out", "teacher.json"),
        ("distill", "teacher.json", "--hidden", 8, "--seed", 3, "--steps", 400, "--out", "training.json"),
        ("quantize", "training.json", "--out", "policy.json"),
        ("bundle", "policy.json", "--training", "training.json"),
        ("prove", "bundle.json", "--json", "results.json"),
        ("emit", "bundle.json", "--out", "firmware"),
        ("run", "bundle.json", "--count", 1000),
    ]
    for step in steps:
        done = tinyverify(*step, cwd=tmp_path)
        assert done.returncode == 0, f"{step[0]}: {done.stdout}{done.stderr}"
    teacher = json.loads((tmp_path / "teacher.json").read_text())
    student = json.loads((tmp_path / "training.json").read_text())
    assert student["config"]["teacher_hash"] == teacher["reproducibility_hash"]
    assert student["config"]["hidden_dim"] == 8 and teacher["config"]["hidden_dim"] == 64
    policy = json.loads((tmp_path / "policy.json").read_text())
    assert policy["provenance"]["training_hash"] == student["reproducibility_hash"]
    assert {"weights_int8", "scales", "lut_tables", "memory_layout"} <= set(policy)
    assert {"policy_offset", "scales_offset", "lut_offset"} <= set(policy["memory_layout"])


def test_training_repeats_and_reports_its_memory(tmp_path):
    outputs = []
    for name in ("a.json", "b.json"):
        done = tinyverify("train", "cartpole", "--timesteps", 2048, "--seed", 5, "--out", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        outputs.append(json.loads((tmp_path / name).read_text()))
        assert "training memory" in done.stdout and "10,200,000" in done.stdout
        assert "MEASURED" in done.stdout
    assert outputs[0]["reproducibility_hash"] == outputs[1]["reproducibility_hash"]


def test_training_without_its_extra_says_what_to_install(tmp_path):
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "torch.py").write_text("raise ImportError('torch')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "hide")}
    done = tinyverify("train", "cartpole", "--out", "t.json", cwd=tmp_path, env=environment)
    assert done.returncode == 3 and "tinyverify[train]" in done.stderr
    assert not (tmp_path / "t.json").exists()

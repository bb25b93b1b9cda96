"""`policy.*` from a bundle in a folder: statuses, figures, and what is said when something is missing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from typer.testing import CliRunner

from tinyverify.artifacts.bundle import claims, load_bundle, write_bundle
from tinyverify.cli.console import VerbError
from tinyverify.cli.main import app
from tinyverify.engines.reward import paired
from tinyverify.obligations import policy_error
from tinyverify.obligations.obligation import Settings
from tinyverify.prove import report_of
from tinyverify.results import Status
from tinyverify.train import runtime

BY_ID = {obligation.id: obligation for obligation in policy_error.OBLIGATIONS}


def test_ids_and_claims() -> None:
    assert list(BY_ID) == ["policy.logit_error", "policy.action_agreement", "policy.sampling_distance", "policy.reward"]
    assert [o.claim for o in BY_ID.values()] == [None, "reward_preservation", None, "reward_preservation"]
    assert all(o.statement.endswith(".") for o in BY_ID.values())


def test_acrobot_error_and_agreement(bundle_folder, policies) -> None:
    settings = Settings(bundle=bundle_folder("acrobot") / "bundle.json", timeout=8.0, lean=False)
    error = BY_ID["policy.logit_error"].discharge(policies["acrobot"], settings)
    assert error.status is Status.CHECKED
    assert all(
        f <= b <= i / 3
        for f, b, i in zip(*(error.evidence[k] for k in ("found", "bound", "interval_bound")), strict=True)
    )
    agreement = BY_ID["policy.action_agreement"].discharge(policies["acrobot"], settings)
    assert agreement.status is Status.CHECKED and agreement.evidence["agree"] >= 0.95
    assert agreement.evidence["agree"] + agreement.evidence["differ"] + agreement.evidence[
        "undecided"
    ] == pytest.approx(1)
    visited = agreement.evidence["visited"]
    assert 0.98 < visited["agree"] <= visited["same"] <= visited["agree"] + visited["undecided"]
    assert visited["agree"] + visited["differ"] + visited["undecided"] == pytest.approx(1)
    assert agreement.evidence["figures"][0]["svg"].startswith("<svg")


def test_leans_share_reaches_what_is_asked_for(bundle_folder, policies) -> None:
    settings = Settings(bundle=bundle_folder("cartpole") / "bundle.json", timeout=60.0)
    result = BY_ID["policy.action_agreement"].discharge(policies["cartpole"], settings)
    assert result.status is Status.PROVED, result.detail
    assert 0.99 <= result.evidence["lean_volume"] <= result.evidence["lean_share"] < 1
    assert [run.status for run in result.engines] == [Status.CHECKED, Status.PROVED]
    statuses = {"reward_preservation": [result.status, Status.MEASURED]}
    assert claims(statuses).reward_preservation is True


def test_too_little_time_is_unknown_and_keeps_what_is_certified(bundle_folder, policies) -> None:
    settings = Settings(bundle=bundle_folder("cartpole") / "bundle.json", timeout=0.2)
    result = BY_ID["policy.action_agreement"].discharge(policies["cartpole"], settings)
    assert result.status is Status.UNKNOWN
    assert 0.3 < result.evidence["agree"] < 0.99 and "undecided" in result.detail


def test_a_bundle_without_a_training_artifact_is_unchecked(bundle_folder, policies) -> None:
    path = bundle_folder("cartpole") / "bundle.json"
    bundle, _ = load_bundle(path)
    write_bundle(path, {**bundle.model_dump(mode="json"), "training": None})
    for obligation in (o for o in BY_ID.values() if o.id != "policy.sampling_distance"):
        result = obligation.discharge(policies["cartpole"], Settings(bundle=path))
        assert result.status is Status.UNCHECKED and "training names no file" in result.detail


def test_without_gymnasium_the_reward_is_unchecked(bundle_folder, policies, monkeypatch) -> None:
    def missing(name: str):
        raise runtime.MissingExtra(f"needs {name}: pip install 'tinyverify[train]'")

    monkeypatch.setattr("tinyverify.engines.reward.episodes.require", missing)
    settings = Settings(bundle=bundle_folder("cartpole") / "bundle.json")
    result = BY_ID["policy.reward"].discharge(policies["cartpole"], settings)
    assert result.status is Status.UNCHECKED and "pip install" in result.detail


def test_the_reward_is_measured(bundle_folder, policies, monkeypatch) -> None:
    pytest.importorskip("gymnasium")
    monkeypatch.setattr(paired.lowest, "__defaults__", (2, 8))
    settings = Settings(bundle=bundle_folder("cartpole") / "bundle.json")
    result = BY_ID["policy.reward"].discharge(policies["cartpole"], settings)
    assert result.status is Status.MEASURED
    evidence = result.evidence
    assert evidence["pairs"] == evidence["planned_pairs"] and evidence["first_seed"] == paired.SEED
    assert evidence["lowest_found"]["int8"] <= evidence["int8_mean"]
    assert evidence["actions_compared"] > 10_000 and evidence["action_differences"] == 0
    assert "which the average does not bound" in result.detail


@pytest.mark.parametrize("name", ["cartpole", "acrobot"])
def test_sampling_distance_is_checked(policies, name: str) -> None:
    result = BY_ID["policy.sampling_distance"].discharge(policies[name], Settings())
    assert result.status is Status.CHECKED and 0 < result.evidence["sampled"] <= 0.02


def test_a_bent_table_misses_the_sampling_distance(policies) -> None:
    policy = policies["cartpole"]
    bent = {"exp": np.where(np.arange(256) > 20, policy.tables["exp"] // 2, policy.tables["exp"]).astype(np.int8)}
    result = BY_ID["policy.sampling_distance"].discharge(dataclasses.replace(policy, tables=bent), Settings())
    assert result.status is Status.UNKNOWN


def test_an_environment_that_does_not_end_is_bad_input(bundle_folder, policies, monkeypatch) -> None:
    pytest.importorskip("gymnasium")
    monkeypatch.setattr(paired.returns, "__defaults__", (None, 20))
    settings = Settings(bundle=bundle_folder("cartpole") / "bundle.json")
    result = BY_ID["policy.reward"].discharge(policies["cartpole"], settings)
    assert result.status is Status.ERROR and "CartPole-v1: an episode is still running" in result.detail
    monkeypatch.setattr(
        "tinyverify.cli.prove.prove", lambda *_, **__: report_of(settings.bundle, policies["cartpole"], [result])
    )
    done = CliRunner().invoke(app, ["prove", str(settings.bundle)])
    assert isinstance(done.exception, VerbError) and done.exception.exit_code == 2
    assert "policy.reward" in done.output  # the report is shown all the same

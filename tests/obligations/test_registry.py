"""The registry says which engines show an obligation; this holds it against what the engines state."""

from __future__ import annotations

import pytest

from tinyverify.artifacts.bundle import claims
from tinyverify.data import data_dir
from tinyverify.engines.lean_bundle.engine import stated
from tinyverify.obligations.registry import NoSuchObligation, all_obligations, select
from tinyverify.results import Status, summarize, weakest


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
def test_lean_states_exactly_what_the_registry_says(name, policies):
    policy = policies[name]
    assert set(stated(policy)) == {o.id for o in select(policy) if o.theorem}


def test_every_query_file_belongs_to_an_obligation():
    root = data_dir("smt")
    files = {f"{p.parent.name}.{p.stem}" for p in root.rglob("*.smt2") if not p.name.startswith("_")}
    assert files == {o.id for o in all_obligations() if o.query is not None}


def test_a_pattern_without_a_match_is_an_error(policies):
    with pytest.raises(NoSuchObligation):
        select(policies["cartpole"], "sample.action_bounded")


def test_the_weakest_engine_decides():
    assert weakest([Status.PROVED, Status.CHECKED]) is Status.CHECKED
    assert weakest([Status.PROVED, Status.TIMEOUT]) is Status.TIMEOUT
    assert weakest([Status.UNKNOWN, Status.REFUTED]) is Status.REFUTED
    assert weakest([]) is Status.UNCHECKED


def test_nothing_proved_is_not_success():
    assert summarize([]).exit_code == 3


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [([], False), ([Status.PROVED], True), ([Status.PROVED, Status.CHECKED], False), ([Status.ASSUMED], False)],
)
def test_a_boolean_needs_a_proof_of_every_part(statuses, expected):
    assert claims({"memory_bounds": statuses, "latency_bounds": statuses}).memory_bounds is expected
    assert claims({"latency_bounds": statuses}).latency_bounds is expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([Status.MEASURED], False),
        ([Status.PROVED], False),
        ([Status.PROVED, Status.MEASURED], True),
        ([Status.CHECKED, Status.MEASURED], False),
        ([Status.PROVED, Status.MEASURED, Status.UNKNOWN], False),
    ],
)
def test_reward_needs_a_proved_and_a_measured_part(statuses, expected):
    assert claims({"reward_preservation": statuses}).reward_preservation is expected

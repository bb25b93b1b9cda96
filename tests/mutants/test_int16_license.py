"""A policy whose own numbers do not license int16 lanes: it gets the wider kernel, and a forged license is refused.

The license is `dense_s8.acc_fits_int16` and `requantize.int16_form`; the last word has the machine code's prover.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import plan
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.lean_bundle import find_faults, prove
from tinyverify.obligations.linked import linked
from tinyverify.obligations.object_code import object_code_of
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.registry import select
from tinyverify.results import Status
from tinyverify.semantics.dense_s8 import INT16_MAX

NARROW, WIDE = "dense_requantize_s8_outer_int16_mve", "dense_requantize_s8_outer_mve"
LICENSE = {"dense_s8.acc_fits_int16", "requantize.int16_form"}
ROW = 11


@pytest.fixture(scope="module")
def policy() -> Policy:
    return synthetic_policy((4, 20, 2), int16=True)


def _bias(policy: Policy, over: int) -> Policy:
    """The bias of a row raised so far that the row's bound exceeds int16 by `over`."""
    layer = policy.layers[0]
    bias = layer.bias.copy()
    bias[ROW] = INT16_MAX - 128 * np.abs(layer.weight[ROW].astype(int)).sum() + over
    return replace(policy, layers=(replace(layer, bias=bias), *policy.layers[1:]))


def _multiplier(policy: Policy, more: int) -> Policy:
    layer = policy.layers[0]
    multiplier = layer.multiplier.copy()
    multiplier[ROW] += more
    return replace(policy, layers=(replace(layer, multiplier=multiplier), *policy.layers[1:]))


def _kernel(policy: Policy) -> str:
    return plan(policy, mve=True).steps[0].kernel


def test_what_the_bounds_do_not_license_takes_the_wider_kernel(policy) -> None:
    assert _kernel(policy) == _kernel(_bias(policy, 0)) == NARROW
    assert _kernel(_bias(policy, 1)) == _kernel(_multiplier(policy, 1)) == WIDE
    assert {o.id for o in select(policy)} >= LICENSE
    assert not {o.id for o in select(_bias(policy, 1))} & LICENSE


@pytest.mark.parametrize(
    ("forged", "lost", "place"),
    [
        (lambda p: _bias(p, 300), "dense_s8.acc_fits_int16", f"layer 0 row {ROW}"),
        (lambda p: _bias(p, 9_000), "dense_s8.acc_fits_int16", f"layer 0 row {ROW}"),
        (lambda p: _multiplier(p, 1 << 15), "requantize.int16_form", f"layer 0 row {ROW}"),
    ],
    ids=["near", "far", "multiplier"],
)
def test_a_forged_license_is_refused(forged, lost, place, policy, monkeypatch) -> None:
    monkeypatch.setattr("tinyverify.emit.kernels.fits_int16", lambda *numbers: True)
    bad = forged(policy)
    assert _kernel(bad) == NARROW
    (obligation,) = select(bad, lost)
    result = obligation.discharge(bad, Settings())
    assert result.status is Status.REFUTED
    assert [run.status for run in result.engines] == [Status.REFUTED] * 2
    assert [t.obligation_id for t in prove(bad).refused if t.obligation_id in LICENSE] == [lost]
    assert place in {fault.place for fault in find_faults(bad) if fault.check.startswith("int16")}
    firmware = linked(bad, require_compiler()).holding("tv_infer")
    assert object_code_of(bad, firmware, Settings(lean=False)).status is not Status.PROVED


def test_machine_code_without_license_is_refuted_with_an_observation(policy, monkeypatch) -> None:
    monkeypatch.setattr("tinyverify.emit.kernels.fits_int16", lambda *numbers: True)
    bad = _bias(policy, 9_000)
    result = object_code_of(bad, linked(bad, require_compiler()).holding("tv_infer"), Settings(lean=False))
    assert result.status is Status.REFUTED, result.detail
    assert result.evidence["counterexample"]

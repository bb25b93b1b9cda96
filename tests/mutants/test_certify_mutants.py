"""What the check of a certificate must refuse, and what must change when a weight does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.certify_networks import small_network
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import policy_from_content
from tinyverify.engines.certify.agreement import search_agreement
from tinyverify.engines.certify.certificate import (
    CertificateRefused,
    certify_agreement,
    certify_error,
    check,
    leaf_errors,
    load_certificate,
    write_certificate,
)
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.search import Budget, search_error
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.policy_error import OBLIGATIONS
from tinyverify.results import Status


@pytest.fixture(scope="module")
def made():
    policy, training = small_network(dim=2, hidden=8, seed=20)
    tree = search_error(make_pair(policy, training), Budget(5, 200))
    return policy, training, certify_error(policy, training, tree)


def edited(certificate, **changes):
    return certificate.model_copy(update=changes)


def test_an_untouched_certificate_passes(made) -> None:
    check(*made)


def test_a_bound_lowered_by_one_unit_is_refused(made) -> None:
    policy, training, certificate = made
    lower = edited(certificate, bound=(certificate.bound[0] - 1, *certificate.bound[1:]))
    with pytest.raises(CertificateRefused, match=r"bound\.0: leaf \d+ exceeds"):
        check(policy, training, lower)


def test_a_merged_leaf_is_refused(made) -> None:
    policy, training, certificate = made
    axis = certificate.tree().axis.copy()
    axis[np.flatnonzero(axis >= 0)[-1]] = -1  # two leaves left over that nothing reaches
    with pytest.raises(CertificateRefused, match="another number of inner nodes"):
        check(policy, training, edited(certificate, axis=encode(axis, "i1")))


def test_a_subtree_cut_off_is_refused(made) -> None:
    """Dropping the deepest cut altogether leaves a proper tree, but its coarser leaf misses the claim."""
    policy, training, certificate = made
    root_only = edited(certificate, nodes=1, axis=encode(np.array([-1]), "i1"), cut=encode(np.array([0]), "<i2"))
    with pytest.raises(CertificateRefused, match="exceeds the claim"):
        check(policy, training, root_only)


@pytest.mark.parametrize("value", [200, -200])
def test_a_cut_outside_its_box_is_refused(made, value: int) -> None:
    policy, training, certificate = made
    cut = certificate.tree().cut.copy()
    cut[0] = value
    with pytest.raises(CertificateRefused, match="node 0 cuts axis"):
        check(policy, training, edited(certificate, cut=encode(cut, "<i2")))


def test_an_axis_that_is_not_there_is_refused(made) -> None:
    policy, training, certificate = made
    axis = certificate.tree().axis.copy()
    axis[0] = 2
    with pytest.raises(CertificateRefused, match="node 0 cuts axis 2 of 2"):
        check(policy, training, edited(certificate, axis=encode(axis, "i1")))


def test_a_truncated_list_is_refused(made, tmp_path) -> None:
    policy, training, certificate = made
    short = edited(certificate, nodes=certificate.nodes - 2)
    with pytest.raises(CertificateRefused, match="bytes, expected"):
        check(policy, training, short)
    write_certificate(tmp_path / "c.json", short)
    with pytest.raises(ArtifactError, match=r"c\.json: axis"):
        load_certificate(tmp_path / "c.json")


def test_claims_in_other_units_are_refused(made) -> None:
    policy, training, certificate = made
    with pytest.raises(CertificateRefused, match="bound: needs"):
        check(policy, training, edited(certificate, unit_bits=certificate.unit_bits - 1))


def test_an_agreement_claimed_too_high_is_refused() -> None:
    policy, training = small_network(dim=2, hidden=8, seed=21)
    tree = search_agreement(make_pair(policy, training), Budget(5, 300))
    certificate = certify_agreement(policy, training, tree)
    check(policy, training, certificate)
    with pytest.raises(CertificateRefused, match="more than the claim"):
        check(policy, training, edited(certificate, bound=(certificate.bound[0] * 99 // 100,)))
    with pytest.raises(CertificateRefused):
        check(policy, training, edited(certificate, kind="logit_error"))


def test_one_weight_by_one_unit_changes_the_bounds_and_the_hash(made) -> None:
    policy, training, certificate = made
    before = leaf_errors(make_pair(policy, training), certificate.tree())
    refused = 0
    for layer, row, column in ((0, 0, 0), (0, 5, 1), (1, 0, 3), (1, 1, 7)):
        weights = [one.weight.copy() for one in policy.layers]
        weights[layer][row, column] += -1 if weights[layer][row, column] > 0 else 1
        content = policy.file.model_dump(mode="json")
        content["weights_int8"] = encode(np.concatenate([w.ravel() for w in weights]), "i1")
        other = policy_from_content("policy.json", content)
        with pytest.raises(CertificateRefused, match="policy_hash"):
            check(other, training, certificate)
        after = leaf_errors(make_pair(other, training), certificate.tree())
        assert any((a != b).any() for a, b in zip(before, after, strict=True))
        try:  # the numbers alone, hash aside
            check(other, training, edited(certificate, policy_hash=other.hash))
        except CertificateRefused:
            refused += 1
    assert refused


def test_another_float_network_is_refused(made) -> None:
    policy, _, certificate = made
    _, other = small_network(dim=2, hidden=8, seed=22)
    with pytest.raises(ArtifactError, match="reproducibility_hash"):
        check(policy, other, certificate)


@pytest.mark.parametrize(("low", "high"), [((1.0, -1.0), (-1.0, 1.0)), ((float("nan"), -1.0), (1.0, 1.0))])
def test_a_box_with_swapped_or_nan_bounds_is_refused(made, low, high) -> None:
    content = made[0].file.model_dump(mode="json")
    content["input"] = {**content["input"], "low": list(low), "high": list(high)}
    with pytest.raises((ArtifactError, ValueError)):
        policy_from_content("policy.json", content)


def test_without_the_float_network_nothing_is_checked(policies) -> None:
    for obligation in (o for o in OBLIGATIONS if o.id != "policy.sampling_distance"):
        result = obligation.discharge(policies["cartpole"], Settings())
        assert result.status is Status.UNCHECKED and "training.json" in result.detail


def test_an_edited_certificate_beside_the_bundle_is_replaced(bundle_folder, policies) -> None:
    folder = bundle_folder("pendulum")
    settings = Settings(bundle=folder / "bundle.json", timeout=2.0, lean=False)
    (logit_error,) = (o for o in OBLIGATIONS if o.id == "policy.logit_error")
    first = logit_error.discharge(policies["pendulum"], settings)
    assert first.status is Status.CHECKED and "refused" not in first.detail
    path = folder / "certificates" / "policy.logit_error.json"
    certificate = load_certificate(path)
    assert logit_error.discharge(policies["pendulum"], settings).evidence["bound"] == first.evidence["bound"]
    write_certificate(path, edited(certificate, bound=tuple(b // 2 for b in certificate.bound)))
    again = logit_error.discharge(policies["pendulum"], settings)
    assert again.status is Status.CHECKED and "exceeds the claim" in again.detail
    # Search time differs between runs, so bounds may; the lie must be gone.
    assert all(b > 0.6 * a for a, b in zip(first.evidence["bound"], again.evidence["bound"], strict=True))


def test_a_tampered_pair_cannot_hide_rounding(made) -> None:
    """Without the rounding of hidden codes in the model, some observation escapes: the term is needed."""
    policy, training, certificate = made
    pair = make_pair(policy, training)
    without = dataclasses.replace(pair, rounding=pair.rounding * 0)
    with_, less = (np.maximum(-a, b).max() for a, b in (leaf_errors(p, certificate.tree()) for p in (pair, without)))
    assert less < with_

"""Certificates: the cuts that a search found and what is claimed of them, and the check that alone is believed.

Serves `policy.logit_error`, `policy.action_agreement`. A certificate holds no bound of any leaf: the check computes
every leaf anew in int64 (relaxation.py states why nothing overflows) and compares the worst with the claim. Bound to
one policy and one float32 network by their hashes.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from tinyverify.artifacts.encoding import decode, encode
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import read_model, write_model
from tinyverify.artifacts.policy import Policy, Sha256
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.agreement import shares
from tinyverify.engines.certify.network import Pair, make_pair
from tinyverify.engines.certify.relaxation import affine_range, boxes, error, exact_numbers
from tinyverify.engines.certify.tree import Tree, TreeError, leaf_boxes
from tinyverify.engines.certify.volume import SHARE_BITS

CERTIFICATE_SCHEMA = "tinyverify.certificate/1"
CHUNK = 4096


class CertificateRefused(Exception):
    """The check does not confirm a certificate; the message says where."""


class Certificate(BaseModel):
    """A certificate's file. `bound`: one claim an output in 2^-`unit_bits` logits, or one undecided share in 2^-60."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_version: Literal["tinyverify.certificate/1"]
    kind: Literal["logit_error", "action_agreement"]
    policy_hash: Sha256
    training_hash: Sha256
    nodes: int = Field(ge=1, le=1 << 24)
    axis: str
    cut: str
    bound: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, max_length=64)]
    unit_bits: int = Field(ge=1, le=62)

    def tree(self) -> Tree:
        """The decoded cuts. Raises ValueError if they are not `nodes` long."""
        return Tree(decode(self.axis, "i1", self.nodes), decode(self.cut, "<i2", self.nodes))


def leaf_errors(pair: Pair, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest int8 logit minus float32 logit on every leaf, int64 [leaves, k] in 2^-unit_bits logits."""
    numbers = exact_numbers(pair, np.eye(len(pair.s), dtype=np.int64))
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    parts = []
    for start in range(0, len(lows), CHUNK):
        cells = boxes(numbers, lows[start : start + CHUNK], highs[start : start + CHUNK])
        parts.append(affine_range(error(numbers, cells), cells))
    return np.concatenate([low for low, _ in parts]), np.concatenate([high for _, high in parts])


def certify_error(policy: Policy, training: Training, tree: Tree) -> Certificate:
    """The certificate that `tree` gives for the error of every logit."""
    pair = make_pair(policy, training)
    least, greatest = leaf_errors(pair, tree)
    bound = np.maximum(-least, greatest).max(axis=0)
    return _certificate("logit_error", policy, tree, tuple(int(b) for b in bound), pair.unit_bits)


def certify_agreement(policy: Policy, training: Training, tree: Tree) -> Certificate:
    """The certificate that `tree` gives for the undecided share of the box."""
    share = shares(policy, make_pair(policy, training), tree, cells=0).undecided
    claim = -((-share.numerator << SHARE_BITS) // share.denominator)
    return _certificate("action_agreement", policy, tree, (claim,), SHARE_BITS)


def check(policy: Policy, training: Training, certificate: Certificate) -> tuple[Fraction, ...]:
    """The claims as rationals (logits an output, or the undecided share) if every leaf confirms them.

    Raises CertificateRefused, saying where; ArtifactError if `policy` was not made from `training`.
    """
    pair = make_pair(policy, training)
    if certificate.policy_hash != policy.hash:
        raise CertificateRefused(
            f"policy_hash: is about policy {certificate.policy_hash[:12]}..., not {policy.hash[:12]}..."
        )
    if certificate.training_hash != training.artifact.reproducibility_hash:
        raise CertificateRefused("training_hash: is about another float32 network")
    try:
        tree = certificate.tree()
        if certificate.kind == "action_agreement":
            _check_share(certificate, shares(policy, pair, tree, cells=0).undecided)
        else:
            _check_errors(certificate, pair, *leaf_errors(pair, tree))
    except TreeError as error_:
        raise CertificateRefused(f"axis, cut: {error_}") from error_
    except ValueError as error_:
        raise CertificateRefused(f"axis, cut: {error_}") from error_
    return tuple(Fraction(value, 1 << certificate.unit_bits) for value in certificate.bound)


def load_certificate(path: Path) -> Certificate:
    """Read a certificate. Raises ArtifactError naming file and field."""
    path = Path(path)
    certificate = read_model(path, Certificate)
    try:
        certificate.tree()
    except ValueError as fault:
        raise ArtifactError(path, "axis", str(fault)) from fault
    return certificate


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Write it atomically."""
    write_model(Path(path), certificate)


def _check_errors(certificate: Certificate, pair: Pair, least: np.ndarray, greatest: np.ndarray) -> None:
    if certificate.unit_bits != pair.unit_bits or len(certificate.bound) != least.shape[1]:
        raise CertificateRefused(f"bound: needs {least.shape[1]} claims in units of 2^-{pair.unit_bits} logits")
    over = np.maximum(-least, greatest) > np.array([min(b, (1 << 63) - 1) for b in certificate.bound], np.int64)
    if over.any():
        leaf, output = (int(index[0]) for index in np.nonzero(over))
        raise CertificateRefused(f"bound.{output}: leaf {leaf} exceeds the claim")


def _check_share(certificate: Certificate, share: Fraction) -> None:
    if certificate.unit_bits != SHARE_BITS or len(certificate.bound) != 1:
        raise CertificateRefused("bound: needs one share in units of 2^-60")
    if share > Fraction(certificate.bound[0], 1 << SHARE_BITS):
        raise CertificateRefused(f"bound.0: {float(share):.6g} of the box is undecided, more than the claim")


def _certificate(kind: str, policy: Policy, tree: Tree, bound: tuple[int, ...], unit_bits: int) -> Certificate:
    return Certificate(
        schema_version=CERTIFICATE_SCHEMA,
        kind=kind,
        policy_hash=policy.hash,
        training_hash=policy.file.provenance.training_hash,
        nodes=len(tree.axis),
        axis=encode(tree.axis, "i1"),
        cut=encode(tree.cut, "<i2"),
        bound=bound,
        unit_bits=unit_bits,
    )

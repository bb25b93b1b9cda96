"""What obligations about quantization share: the bundle's float32 network, budgets, certificates beside the bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import resolve_inside
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training, load_training
from tinyverify.engines.certify.certificate import (
    Certificate,
    CertificateRefused,
    check,
    load_certificate,
    write_certificate,
)
from tinyverify.engines.certify.search import Budget
from tinyverify.obligations.obligation import Settings
from tinyverify.results import EngineRun, Status

LEAVES = 60_000
LEAN_PATIENCE = 10  # times the limit of a check, for the kernel
SECONDS = 30.0  # of each search at most; leaves end it first on an idle core, after 2 to 8 seconds
CERTIFICATES = "certificates"
Outcome = tuple[Status, str, dict[str, Any]] | tuple[Status, str, dict[str, Any], EngineRun]


def budget_of(settings: Settings, leaves: int) -> Budget:
    """Searches take at most SECONDS with the default limit of 60 seconds a check, and less in proportion."""
    return Budget(SECONDS * min(1.0, settings.timeout / 60), leaves)


def certificate_of(
    policy: Policy, training: Training, settings: Settings, kind: str, make: Callable[[], Certificate]
) -> tuple[Certificate, str]:
    """The certificate beside the bundle if it still passes its check, else a new one, written there; and a remark."""
    path = settings.folder / CERTIFICATES / f"policy.{kind}.json"
    note = ""
    if path.exists():
        try:
            stored = load_certificate(path)
            if stored.kind == kind:
                check(policy, training, stored)
                return stored, ""
            note = f"; {path.name} was refused (it is about {stored.kind}) and replaced"
        except (CertificateRefused, ArtifactError) as error:
            note = f"; {path.name} was refused ({error}) and replaced"
    certificate = make()
    write_certificate(path, certificate)
    return certificate, note


def training_of(settings: Settings) -> Training | str:
    """The float32 network that the bundle names, or what is missing."""
    if settings.bundle is None:
        return "there is no bundle that names training.json, the float32 network"
    bundle, _ = load_bundle(settings.bundle)
    if bundle.training is None:
        return f"{settings.bundle}: training names no file, so there is no float32 network to compare with"
    path = resolve_inside(Path(settings.bundle).parent, bundle.training.path, settings.bundle, "training.path")
    return load_training(path)

"""`FormalProofBundle`: which policy, which statements, and what a `prove` run found about them.

Serves `integrity.hashes`. The three booleans of the contract are derived in one place, `claims`, at the very end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import canonical_json, read_bytes, read_model, resolve_inside, sha256, write_model
from tinyverify.artifacts.policy import Policy, Sha256, check_policy_hash, load_policy
from tinyverify.results import Status

BUNDLE_SCHEMA = "tinyverify.bundle/1"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileRecord(_Model):
    """A file beside the bundle: relative `path` and SHA-256 of its bytes."""

    path: Annotated[str, Field(min_length=1, max_length=1024)]
    sha256: Sha256


class VerificationResults(_Model):
    """The contract's booleans; true only by `claims`."""

    reward_preservation: bool
    memory_bounds: bool
    latency_bounds: bool


NOTHING_VERIFIED = VerificationResults(reward_preservation=False, memory_bounds=False, latency_bounds=False)


class ProofRecord(_Model):
    """What the last full `prove` found: a status per obligation, the digest of each statement, the tools.

    `firmware_sha256`: the C that goes with it (`emit.firmware.sources_digest`); None if the kernels refuse the policy.
    `elf_sha256`: the linked firmware that the obligations about the binary speak of; None if none could be built.
    """

    policy_hash: Sha256
    firmware_sha256: Sha256 | None
    elf_sha256: Sha256 | None
    statuses: dict[str, Status]
    digests: dict[str, Sha256]
    tools: dict[str, str]


class FormalProofBundle(_Model):
    """The file `bundle.json`."""

    schema_version: Literal["tinyverify.bundle/1"]
    policy: FileRecord
    policy_hash: Sha256
    training: FileRecord | None = None
    lean_file: FileRecord
    lean_theorems: tuple[str, ...]
    smt_queries: tuple[str, ...]
    statement_digests: dict[str, Sha256]
    verification_results: VerificationResults
    proof: ProofRecord | None = None
    bundle_hash: Sha256


def seal(content: dict) -> FormalProofBundle:
    """The bundle of `content` (JSON types, `bundle_hash` ignored) with its own hash set."""
    content = {key: value for key, value in content.items() if key != "bundle_hash"}
    return FormalProofBundle.model_validate_json(
        canonical_json({**content, "bundle_hash": sha256(canonical_json(content))})
    )


def write_bundle(path: Path, content: dict) -> FormalProofBundle:
    """Seal `content` and write it atomically."""
    bundle = seal(content)
    write_model(path, bundle)
    return bundle


def load_bundle(path: Path) -> tuple[FormalProofBundle, Policy]:
    """Read `bundle.json` and the policy it names, recomputing every hash. Raises ArtifactError."""
    path = Path(path)
    bundle = read_model(path, FormalProofBundle)
    expected = seal(bundle.model_dump(mode="json")).bundle_hash
    if bundle.bundle_hash != expected:
        raise ArtifactError(
            path, "bundle_hash", f"is {bundle.bundle_hash[:12]}..., the content hashes to {expected[:12]}..."
        )
    policy_path = _check_file(path, bundle.policy, "policy")
    policy = load_policy(policy_path)
    check_policy_hash(path, policy, bundle.policy_hash, "policy_hash")
    _check_file(path, bundle.lean_file, "lean_file")
    if bundle.training is not None:
        _check_file(path, bundle.training, "training")
    return bundle, policy


def file_record(folder: Path, path: Path, source: Path, field: str) -> FileRecord:
    """The record of `path`, which must lie inside `folder`. Raises ArtifactError otherwise."""
    path = path.resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ArtifactError(source, field, f"{path.name} must lie in the bundle's folder {folder}")
    return FileRecord(path=str(path.relative_to(folder.resolve())), sha256=sha256(read_bytes(path)))


def claims(by_claim: dict[str, list[Status]]) -> VerificationResults:
    """The three booleans from the statuses of the obligations that each rests on.

    True needs at least one obligation, and PROVED for every one; `reward_preservation` needs a measured part beside
    the proved one.
    """

    def proved(name: str) -> bool:
        statuses = by_claim.get(name, [])
        return bool(statuses) and all(s is Status.PROVED for s in statuses)

    reward = by_claim.get("reward_preservation", [])
    measured = any(s is Status.MEASURED for s in reward)
    shown = [s for s in reward if s is not Status.MEASURED]
    return VerificationResults(
        reward_preservation=measured and bool(shown) and all(s is Status.PROVED for s in shown),
        memory_bounds=proved("memory_bounds"),
        latency_bounds=proved("latency_bounds"),
    )


def _check_file(bundle_path: Path, record: FileRecord, field: str) -> Path:
    path = resolve_inside(bundle_path.parent, record.path, bundle_path, f"{field}.path")
    actual = sha256(read_bytes(path))
    if actual != record.sha256:
        raise ArtifactError(
            bundle_path, f"{field}.sha256", f"names {record.sha256[:12]}..., {record.path} hashes to {actual[:12]}..."
        )
    return path

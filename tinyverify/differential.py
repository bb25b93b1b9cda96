"""`kernel.differential`: the linked firmware on the emulated M55 against the Python reference, bit for bit.

CHECKED over the observations that were run, which is not a proof for all. Refuses a firmware folder that is not the
one that was emitted.
"""

from __future__ import annotations

import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import read_bytes, read_model, resolve_inside, sha256
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.firmware import MANIFEST
from tinyverify.engines.emulator.compare import compare
from tinyverify.engines.emulator.compiler import Build, CompilerKind, CompilerMissing, build, require_compiler
from tinyverify.engines.emulator.run import EmulatorMissing, emulator_version
from tinyverify.results import EngineRun, Result, Status

ID = "kernel.differential"
STATEMENT = (
    "The linked firmware on the emulated Cortex-M55 and the Python reference agree on every output, bit for bit, over "
    "the observations that were run: random, boundary, NaN, infinite, subnormal and all-extreme ones."
)


class _Manifest(BaseModel):
    """The fields of a firmware's MANIFEST.json that bind it to its policy."""

    model_config = ConfigDict(extra="ignore", strict=True)

    policy_hash: str
    files: dict[str, str]


def run_differential(
    policy: Policy, firmware: Path, count: int, seed: int, prefer: CompilerKind | None = None
) -> Result:
    """Build `firmware` in place and compare `count` observations.

    UNCHECKED if compiler or emulator is missing, with the command that installs it. Raises ArtifactError if the
    folder is not the firmware that was emitted for `policy`; BuildError and EmulatorError pass through.
    """
    start = time.perf_counter()
    check_manifest(firmware, policy)
    try:
        compiler = require_compiler(prefer)
        built = build(firmware, compiler)
        comparison = compare(policy, built.test, count, seed)
    except (CompilerMissing, EmulatorMissing) as error:
        return _result(Status.UNCHECKED, start, str(error))
    status = Status.CHECKED if comparison.differing == 0 and comparison.count == count else Status.REFUTED
    evidence = {
        "observations": comparison.count,
        "differences": comparison.differing,
        "kinds": comparison.kinds,
        "faults_raised": comparison.faults,
        "stack_bytes": comparison.stack_bytes,
        "seed": seed,
        "compiler": compiler.version,
        **_elf_hashes(built),
    }
    if comparison.first is not None:
        evidence["counterexample"] = {"check": comparison.first.field, "replay": str(comparison.first)}
    engine = f"{(emulator_version() or 'qemu').split(' (')[0]}, {compiler.version}"
    return _result(status, start, str(comparison), engine, evidence)


def check_manifest(firmware: Path, policy: Policy) -> None:
    """Raise ArtifactError unless every file of `firmware` is as MANIFEST.json says, and made for `policy`."""
    path = firmware / MANIFEST
    manifest = read_model(path, _Manifest)
    if manifest.policy_hash != policy.hash:
        raise ArtifactError(path, "policy_hash", f"is not the bundle's policy {policy.hash[:12]}...; emit it again")
    for name, digest in manifest.files.items():
        if sha256(read_bytes(resolve_inside(firmware, name, path, f"files.{name}"))) != digest:
            raise ArtifactError(path, f"files.{name}", "was changed after it was emitted; emit it again")


def _elf_hashes(built: Build) -> dict[str, str]:
    return {f"{path.name}_sha256": sha256(path.read_bytes()) for path in (built.product, built.test)}


def _result(status: Status, start: float, detail: str, engine: str = "qemu", evidence: dict | None = None) -> Result:
    seconds = round(time.perf_counter() - start, 3)
    return Result(
        id=ID,
        statement=STATEMENT,
        status=status,
        engines=(EngineRun(engine=engine, status=status, seconds=seconds),),
        seconds=seconds,
        detail=detail,
        evidence=evidence or {},
    )

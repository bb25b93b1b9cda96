"""`integrity.*`: the hashes bind bundle, policy, training artifact and statements to one another.

A bundle that cannot be read at all is refused before any obligation runs.
"""

from __future__ import annotations

import time

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.artifacts.policy import Policy
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status

ID = "integrity.hashes"
STATEMENT = (
    "Every SHA-256 in the bundle equals the recomputed one: of the bundle itself, of the policy's bytes and content, "
    "and of the training artifact."
)


def _discharge(policy: Policy, settings: Settings) -> Result:
    start = time.perf_counter()
    if settings.bundle is None:
        return Result(id=ID, statement=STATEMENT, status=Status.UNCHECKED, detail="there is no bundle to check")
    bundle, read = load_bundle(settings.bundle)
    status = Status.CHECKED if read.hash == policy.hash else Status.STALE
    seconds = round(time.perf_counter() - start, 4)
    return Result(
        id=ID,
        statement=STATEMENT,
        status=status,
        engines=(EngineRun(engine="sha256", status=status, seconds=seconds),),
        seconds=seconds,
        detail="" if status is Status.CHECKED else "the policy on disk changed while it was being proved",
        evidence={"policy_sha256": bundle.policy.sha256, "policy_hash": bundle.policy_hash},
    )


OBLIGATIONS = (Obligation(ID, "integrity", STATEMENT, ("sha256",), _discharge),)

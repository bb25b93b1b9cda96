"""A policy as a Lean file, its theorems accepted by the kernel, and the Lean semantics compared on vectors."""

from tinyverify.engines.lean_bundle.faults import Fault, find_faults
from tinyverify.engines.lean_bundle.prove import (
    AcceptedTheorem,
    BundleProof,
    RefusedTheorem,
    diagnose,
    first_difference,
    judge,
    prove,
)
from tinyverify.engines.lean_bundle.render import definitions, render
from tinyverify.engines.lean_bundle.theorems import TheoremSpec, expected_theorems

__all__ = [
    "AcceptedTheorem",
    "BundleProof",
    "Fault",
    "RefusedTheorem",
    "TheoremSpec",
    "definitions",
    "diagnose",
    "expected_theorems",
    "find_faults",
    "first_difference",
    "judge",
    "prove",
    "render",
]

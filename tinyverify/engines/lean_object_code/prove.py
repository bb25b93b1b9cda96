"""A recorded run as a Lean file, and the kernel's verdict on it.

Serves `kernel.object_code`. The theorem says that this run computes this policy, for all observations; that the run is
the machine code's is the symbolic execution's word.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean.gate import GateResult, gate
from tinyverify.engines.lean_bundle.render import definitions as policy_definitions
from tinyverify.engines.lean_bundle.theorems import NAMESPACE
from tinyverify.engines.lean_object_code import program as printing
from tinyverify.engines.lean_object_code.program import Program
from tinyverify.semantics import float32

THEOREM = f"{NAMESPACE}.kernel.object_code"
STATEMENT = "run.Computes policy logit_scales action_scales"
CHECK = "run.ok policy logit_scales action_scales = true"


def definitions(policy: Policy, program: Program) -> str:
    """What the policy is and what the run is: no theorem, no import."""
    scales = [] if policy.discrete else [policy.head.action_scale]
    patterns = ", ".join(f"{int(bits):#010x}" for bits in float32.bits_of(np.array(scales, np.float32)))
    lines = [
        "open TinyVerify.ObjectCode",
        "",
        f"namespace {NAMESPACE}",
        "",
        "/-- The scale of a continuous action, a float32 pattern. -/",
        f"def action_scales : List Nat := [{patterns}]",
        printing.definitions(program),
    ]
    return "\n".join([policy_definitions(policy), *lines, f"end {NAMESPACE}", ""])


def render_object_code(policy: Policy, program: Program) -> str:
    """The Lean file that proves that `program` computes `policy`."""
    return "\n".join(
        [
            "import TinyVerify.ObjectCode.Thm",
            "",
            "/-! What the linked machine code computes is the policy. -/",
            "",
            definitions(policy, program),
            f"namespace {NAMESPACE}",
            "",
            f"theorem run_ok : {CHECK} := by decide +kernel",
            "",
            f"theorem kernel.object_code : {STATEMENT} :=",
            "  run.computes_of_ok policy logit_scales action_scales run_ok",
            "",
            f"end {NAMESPACE}",
            "",
        ]
    )


def prove_object_code(
    policy: Policy, program: Program, source: str | None = None, timeout: float = 300.0
) -> GateResult:
    """The gate's verdict on `source` (default: the file printed here) as a proof that `program` computes `policy`.

    Passed means that Lean's kernel accepted the theorem `THEOREM`. Raises LeanNotFound, LeanBuildError.
    """
    trusted = definitions(policy, program) + f"\nopen {NAMESPACE}\n"
    text = render_object_code(policy, program) if source is None else source
    return gate(text, {THEOREM: STATEMENT}, definitions=trusted, timeout=timeout)

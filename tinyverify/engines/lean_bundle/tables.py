"""The tables of a head as facts for Lean's kernel: every entry within 0.501 of a code of the real function.

Serves `softmax_lut.table_error`, `sample.table_errors`. The theorem speaks of the head as the policy's own file prints
it, and of the policy's float32 scales, as exact ratios (lean/TinyVerify/Tables/Spec.lean).
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.render import head_term
from tinyverify.quantize.fixed_point import exact

NAMESPACE = "TinyVerify.Tables"
THEOREM = f"{NAMESPACE}.table_errors"


def table_facts(policy: Policy) -> Facts:
    """What is claimed of the head of `policy`; the kernel refuses it where an entry is further off."""
    head = policy.head
    if policy.discrete:
        scales = f"step : Ratio := {_ratio(head.difference_scale)}"
        statement, proof = "head.SoftmaxWithin step", "Head.softmaxWithin_of_ok"
        check = "head.softmaxOk step = true"
    else:
        ratios = ", ".join(map(_ratio, (*head.output_scale, head.std_scale, head.gauss_scale)))
        scales = f"scales : GaussianScales := ⟨{ratios}⟩"
        statement, proof = "head.GaussianWithin scales", "Head.gaussianWithin_of_ok"
        check = "head.gaussianOk scales = true"
    return Facts(
        modules=frozenset({"TinyVerify.Tables.Thm"}),
        terms={NAMESPACE: [head_term(policy), "/-- What codes are worth. -/", f"def {scales}"]},
        proofs={
            NAMESPACE: [
                f"theorem table_errors_ok : {check} := by decide +kernel",
                f"theorem table_errors : {statement} :=\n  {proof} table_errors_ok",
                "",
            ]
        },
        wanted={THEOREM: statement},
    )


def _ratio(scale: float) -> str:
    value = exact(scale)
    return f"⟨{value.numerator}, {value.denominator}⟩"

"""A certificate of the agreement of actions as a Lean file: a plan, columns of all pairs of actions, and a tree.

Serves `policy.action_agreement` of discrete policies. The theorem says on how many cells of the box's codes, of how
many, the int8 program and the float32 network take the same action, whatever the observation in the cell. Leaves
without an action, and what lies between two halves of a leaf, count for nothing, here and in the theorem.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.margins import Judge
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import tables
from tinyverify.engines.certify.sides import Decided
from tinyverify.engines.certify.tree import Tree
from tinyverify.engines.lean_bundle.certified import float_network, observation_box, plan_lines
from tinyverify.engines.lean_bundle.columns import Lanes, lean_int, lean_ints, unit_columns
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.lean_bundle.regions import Parts, Share, decided_share
from tinyverify.engines.lean_bundle.render import terms as policy_terms
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY

NAMESPACE = "TinyVerify.Alike"
THEOREM = f"{NAMESPACE}.action_agreement"
FORMS = "Bundle.policy.network Bundle.policy.input float_network box"


def alike_statement(share: Share) -> str:
    """What the theorem says."""
    return f"AlikeOn {FORMS} root {share.cells} {share.whole}"


def alike_facts(
    policy: Policy, training: Training, pair: Pair, judge: Judge, tree: Tree, decided: list[Decided]
) -> Facts:
    """The file about `tree`, whose leaves have the halves of `decided`. Raises ValueError if a column is negative."""
    plan = judge.plan
    shown = [
        *float_network(training),
        *observation_box(policy),
        *plan_lines(plan, [0] * len(judge.highs), judge.highs, judge.lows),
        *_column_lines(judge),
        "/-- The box of codes. -/",
        f"def root : Cell :=\n  ⟨{lean_ints(plan.root_low)}, {lean_ints(plan.root_high)}⟩",
        "/-- What decides a leaf. -/",
        f"def judge : Judge :=\n  ⟨plan, columns, pair_columns, {judge.actions}⟩",
    ]
    parts = Parts(tree, decided, plan.root_low, plan.root_high)
    share = decided_share(pair, decided)
    proofs = [
        *parts.proofs,
        f"theorem orders_ok : judge.plan.ordersOk {FORMS} judge.actions = true := by decide +kernel",
        "theorem columns_ok : judge.columnsOk = true := by decide +kernel",
        "theorem pairs_ok : judge.pairsHold = true := by decide +kernel",
        f"theorem count_ok : Nat.ble {share.cells} (regions.cells root.lo root.hi) = true := by decide +kernel",
        f"theorem size_ok : Nat.beq (cellsIn root.lo root.hi) {share.whole} = true := by decide +kernel",
        f"theorem action_agreement : {alike_statement(share)} :=",
        f"  AlikeOn.of_ok orders_ok columns_ok pairs_ok {parts.root_proof} count_ok size_ok",
        "",
    ]
    return Facts(
        modules=frozenset({"TinyVerify.Agreement.Thm"}),
        terms={POLICY: policy_terms(policy), NAMESPACE: [*shown, *parts.terms]},
        proofs={NAMESPACE: proofs},
        wanted={THEOREM: alike_statement(share)},
    )


def _column_lines(judge: Judge) -> list[str]:
    """`columns`, and `pair_columns`: those of each pair of actions with its limits."""
    plan, table = judge.plan, tables(judge.plan)
    codes, floats = slice(0, None, 2), slice(1, None, 2)
    lifted = table.e_slope[codes], table.code_constant[codes], table.x_slope[floats], table.constant[floats]
    lift = max(np.abs(part).max() for part in lifted)
    lanes = Lanes.of(plan, table, lift, max(table.change_up.max(), table.change_down.max()), 0)
    pairs = []
    for r, (a, b) in enumerate(judge.pairs):
        k, f = 2 * r, 2 * r + 1
        rest = int(table.floating[f])
        pairs.append(
            f"⟨{a}, {b},\n   {lanes.each(table.e_slope[k] + lift)},\n"
            f"   {lanes.reverse(table.code_constant[k] + lift)},\n"
            f"   {lanes.reverse(table.change_up[k])}, {lanes.reverse(table.change_down[k])},\n"
            f"   {lanes.reverse(table.rounding[k])}, {lanes.reverse(table.twice[k])},\n"
            f"   {lean_int(judge.highs[k])}, {lean_int(judge.lows[k])},\n"
            f"   {lanes.each(table.x_slope[f] + lift)},\n   {lanes.reverse(table.constant[f] + lift)},\n"
            f"   {lanes.reverse(table.change_up[f])}, {lanes.reverse(table.change_down[f])},\n"
            f"   {lean_int(judge.highs[f] - rest)}, {lean_int(judge.lows[f] - rest)}⟩"
        )
    lines, _ = list_definitions(
        "pair_columns", "PairColumns", pairs, "Columns of each pair of actions, and its limits."
    )
    return [*lines, *unit_columns(plan, table, lanes, "[]")]

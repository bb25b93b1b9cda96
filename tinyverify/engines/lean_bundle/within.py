"""A certificate of how near a continuous action is as a Lean file: a plan, a table of codes of the mean, bands, a tree.

Serves `policy.action_agreement` of continuous policies. The theorem says on how many cells of the box's codes, of how
many, the int8 program's deterministic action is within a tolerance of the float32 policy's, `action_bound * tanh(mean)`
with what float32 arithmetic may add, whatever the observation in the cell. A leaf without a band counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.means import Band, MeanTable, sum_rest
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import BOUND_BITS, ONE, Plan, as_integer, tables
from tinyverify.engines.certify.sides import Decided
from tinyverify.engines.certify.tree import Tree
from tinyverify.engines.lean_bundle.certified import float_network, observation_box, plan_lines
from tinyverify.engines.lean_bundle.columns import Lanes, lean_int, lean_ints, limit_pair, unit_columns
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.lean_bundle.regions import Parts, Share, decided_share
from tinyverify.engines.lean_bundle.render import terms as policy_terms
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY

NAMESPACE = "TinyVerify.Within"
THEOREM = f"{NAMESPACE}.action_agreement"
FORMS = "Bundle.policy.network Bundle.policy.input"


def within_statement(share: Share) -> str:
    """What the theorem says."""
    forms = f"{FORMS} Bundle.policy.head action_scale float_network action_bound tolerance box"
    return f"WithinOn {forms} root {share.cells} {share.whole}"


def within_facts(
    policy: Policy, training: Training, pair: Pair, plan: Plan, table: MeanTable, bands: Sequence[Band], tree: Tree,
    decided: list[Decided], tolerance: Fraction,
) -> Facts:  # fmt: skip
    """The file about `tree`, whose leaves have the bands of `decided`. Raises ValueError if a column is negative."""
    floating, error = [int(v) for v in tables(plan).floating], plan.outputs[0]
    judge = [
        as_integer(policy.logit_scale[0]), table.base, as_integer(training.actor[1][1][0]), error.unit // ONE,
    ]  # fmt: skip
    scale = int(np.float32(policy.head.action_scale).view(np.uint32))
    shown = [
        *float_network(training),
        *observation_box(policy),
        "/-- The scale of the int8 program's action, a float32 pattern. -/",
        f"def action_scale : Nat := {scale:#010x}",
        "/-- The largest action of the float32 policy, in units of 2^-149. -/",
        f"def action_bound : Int := {as_integer(training.artifact.config.action_bound)}",
        "/-- How far the actions may differ, in units of 2^-149. -/",
        f"def tolerance : Int := {int(tolerance * ONE)}",
        *plan_lines(plan, [0] * 2, floating, floating),
        *_columns(plan),
        *_bands(plan, table, bands),
        *_table(table, bands),
        "/-- The box of codes. -/",
        f"def root : Cell :=\n  ⟨{lean_ints(plan.root_low)}, {lean_ints(plan.root_high)}⟩",
        "/-- What decides a leaf. -/",
        f"def judge : ActionJudge :=\n  ⟨plan, columns, error_columns, code_columns,\n"
        f"   {', '.join(map(lean_int, judge))}, mean_codes, bands⟩",
    ]
    parts = Parts(tree, decided, plan.root_low, plan.root_high)
    share = decided_share(pair, decided)
    proofs = [
        *parts.proofs,
        f"theorem bands_ok : judge.bandsOk {FORMS} float_network box = true := by decide +kernel",
        "theorem table_ok : judge.tableOk Bundle.policy.head action_scale action_bound tolerance = true := by",
        "  decide +kernel",
        "theorem columns_ok : judge.columnsOk = true := by decide +kernel",
        f"theorem count_ok : Nat.ble {share.cells} (regions.cells root.lo root.hi) = true := by decide +kernel",
        f"theorem size_ok : Nat.beq (cellsIn root.lo root.hi) {share.whole} = true := by decide +kernel",
        f"theorem action_agreement : {within_statement(share)} :=",
        f"  WithinOn.of_ok bands_ok table_ok columns_ok {parts.root_proof} count_ok size_ok",
        "",
    ]
    return Facts(
        modules=frozenset({"TinyVerify.Agreement.WithinThm"}),
        terms={POLICY: policy_terms(policy), NAMESPACE: [*shown, *parts.terms]},
        proofs={NAMESPACE: proofs},
        wanted={THEOREM: within_statement(share)},
    )


def _table(table: MeanTable, bands: Sequence[Band]) -> list[str]:
    """`mean_codes`: the codes that bands have."""
    rows = [
        (_counted(table.first[k]), _counted(table.last[k]), table.low[k], table.high[k], table.above[k], table.below[k])
        for k in _used(bands)
    ]
    lines, _ = list_definitions(
        "mean_codes",
        "MeanCode",
        [f"⟨{', '.join(map(lean_int, row))}⟩" for row in rows],
        "Accumulators of each code of the mean, and float32 means where the actions are close.",
    )
    return lines


def _used(bands: Sequence[Band]) -> list[int]:
    return sorted({code for band in bands for code in range(band.start, band.stop + 1)})


def _counted(acc: int) -> int:
    """An accumulator, counted from the least int32."""
    return acc + (1 << 31)


def _columns(plan: Plan) -> list[str]:
    """`columns` of the hidden units, and those of the two outputs, whose own limits are 0."""
    numbers = tables(plan)
    lift = max(np.abs(a).max() for a in (numbers.x_slope, numbers.e_slope, numbers.constant))
    change = max(numbers.change_up.max(), numbers.change_down.max())
    lanes = Lanes.of(plan, numbers, lift, change, numbers.size.max())
    lines = unit_columns(plan, numbers, lanes, "[]")
    for k, (name, what) in enumerate((("error", "int8 mean less the float32 one"), ("code", "int8 mean"))):
        lines += [
            f"/-- Columns of the {what}. -/",
            f"def {name}_columns : OutColumns :=\n"
            f"  ⟨{lanes.each(numbers.x_slope[k] + lift)},\n   {lanes.each(numbers.e_slope[k] + lift)},\n"
            f"   {lanes.reverse(numbers.constant[k] + lift)}, {lanes.reverse(numbers.change_up[k])}, "
            f"{lanes.reverse(numbers.change_down[k])},\n   {lanes.reverse(numbers.size[k])}, "
            f"{lanes.reverse(numbers.rounding[k])}, {lanes.reverse(numbers.twice[k])},\n   0, 0, 0, 0⟩",
        ]
    return lines


def _bands(plan: Plan, table: MeanTable, bands: Sequence[Band]) -> list[str]:
    floating, used, shown = tables(plan).floating, _used(bands), []
    for band in bands:
        ends = _counted(table.first[band.start]), _counted(table.last[band.stop])
        limits = [
            f"⟨{limit_pair(high - int(rest))}, {limit_pair(low - int(rest))}⟩"
            for (high, low), rest in zip(_limits(plan, table, band), floating, strict=True)
        ]
        rows = used.index(band.start), band.stop + 1 - band.start
        numbers = ", ".join(map(str, (*ends, *rows, band.above, band.below)))
        shown.append(f"⟨{numbers},\n   {limits[0]},\n   {limits[1]}⟩")
    return list_definitions("bands", "Band", shown, "Accumulators and errors that leaves name.")[0]


def _limits(plan: Plan, table: MeanTable, band: Band) -> list[tuple[int, int]]:
    """The largest limits of both outputs, from above and below, from which the band follows."""
    error, code = plan.outputs[0], 2 * plan.rho * plan.theta
    rest, step = sum_rest(error), 2 * error.unit << (149 - BOUND_BITS)
    size = plan.scale * error.den
    first, last = table.first[band.start], table.last[band.stop]
    return [
        ((step * band.below - error.constant - rest) // size, (step * band.above + error.constant - rest) // size),
        (code * (last + 1 - table.base) - 1, code * (table.base - first + 1) - 1),
    ]

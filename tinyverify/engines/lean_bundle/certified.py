"""A certificate of the logits' error as a Lean file: the float32 network, a plan, its packed columns, and cuts.

Serves `policy.logit_error`. The theorem speaks about the policy of the bundle, the float32 patterns of the training
artifact and the declared box. What a search chose (units, cuts) is printed, and the kernel checks it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.plan import CODES, Plan, box_values, leaf_errors, tables
from tinyverify.engines.certify.tree import Tree, leaf_boxes
from tinyverify.engines.lean_bundle.columns import Lanes, lean_int, lean_ints, limit_pair, unit_columns
from tinyverify.engines.lean_bundle.facts import Facts
from tinyverify.engines.lean_bundle.packing import list_definitions
from tinyverify.engines.lean_bundle.render import terms as policy_terms
from tinyverify.engines.lean_bundle.theorems import NAMESPACE as POLICY

NAMESPACE = "TinyVerify.Certified"
THEOREM = f"{NAMESPACE}.logit_error"
FORMS = ("Bundle.policy.network", "Bundle.policy.input", "Bundle.logit_scales", "float_network", "box")


def certified_bounds(plan: Plan, tree: Tree, low: np.ndarray, high: np.ndarray) -> list[int]:
    """What `certified_facts` claims, in 2^-20 logits, an output."""
    return _limits(plan, tree, low, high)[0]


def certified_statement(bounds: Sequence[int]) -> str:
    """What the theorem says."""
    return f"LogitsWithin {' '.join(FORMS)} [{', '.join(map(str, bounds))}]"


def certified_facts(
    policy: Policy, training: Training, plan: Plan, tree: Tree, low: np.ndarray, high: np.ndarray
) -> Facts:
    """The file about `tree` over the codes [low, high]; raises ValueError if a column is no natural number."""
    bounds, highs, lows = _limits(plan, tree, low, high)
    used = f"plan.linked {' '.join(FORMS)} = true"
    proofs = [
        f"theorem linked_ok : {used} := by decide +kernel",
        "theorem columns_ok : columns.ok plan = true := by decide +kernel",
        "theorem cuts_ok : cuts.all (fastOk columns plan.pairing) plan.root = true := by decide +kernel",
        f"theorem logit_error : {certified_statement(bounds)} :=",
        "  LogitsWithin.of_ok linked_ok columns_ok cuts_ok",
        "",
    ]
    shown = [
        *float_network(training),
        *observation_box(policy),
        *plan_lines(plan, bounds, highs, lows),
        *column_lines(plan, highs, lows),
        *_cuts(tree),
    ]
    return Facts(
        modules=frozenset({"TinyVerify.Certified.FastThm"}),
        terms={POLICY: policy_terms(policy), NAMESPACE: shown},
        proofs={NAMESPACE: proofs},
        wanted={THEOREM: certified_statement(bounds)},
    )


def _limits(plan: Plan, tree: Tree, low: np.ndarray, high: np.ndarray) -> tuple[list[int], list[int], list[int]]:
    """Bounds in 2^-20 logits, and twice the error that the leaves keep from above and from below, an output."""
    leaf_low, leaf_high = leaf_boxes(tree, low, high)
    above, below = leaf_errors(plan, leaf_low + CODES, leaf_high + CODES)
    highs, lows = [max(column) for column in above.T], [max(column) for column in below.T]
    bounds = [o.bound(plan.scale, h, m) for o, h, m in zip(plan.outputs, highs, lows, strict=True)]
    return bounds, highs, lows


def float_network(training: Training) -> list[str]:
    """The weights and biases as patterns, bias first."""
    lines, names = [], []
    for name, (weight, bias) in zip(("hidden", "last"), training.actor, strict=True):
        patterns = np.concatenate([bias[:, None], weight], axis=1).astype(np.float32).view(np.uint32)
        rows = []
        for j, row in enumerate(patterns):
            more, row_name = list_definitions(
                f"float_{name}_{j}",
                "Nat",
                [f"{int(bits):#010x}" for bits in row],
                f"Row {j}: patterns of bias and weights.",
            )
            lines += more
            rows.append(row_name)
        more, list_name = list_definitions(
            f"float_{name}", "(List Nat)", rows, f"The {name} layer of the float32 network."
        )
        lines += more
        names.append(list_name)
    return [
        *lines,
        "/-- The float32 network. -/",
        f"def float_network : FloatNetwork :=\n  ⟨floatRows {names[0]}, floatRows {names[1]}⟩",
    ]


def observation_box(policy: Policy) -> list[str]:
    """The declared box as intervals of float32 values."""
    ends = [f"⟨{lean_int(low)}, {lean_int(high)}⟩" for low, high in box_values(policy)]
    return list_definitions("box", "Interval", ends, "The declared box of observations, in units of 2^-149.")[0]


def plan_lines(plan: Plan, bounds: Sequence[int], highs: Sequence[int], lows: Sequence[int]) -> list[str]:
    """`plan`, with the limits of each output."""
    axes = [f"⟨{a.inv}, {a.err}, {a.low}⟩" for a in plan.axes]
    lines, axes_name = list_definitions("axes", "Axis", axes, "Per input: inverse scale, error, shift.")
    units = []
    for u in plan.units:
        numbers = [
            lean_ints(u.w),
            *map(lean_int, (u.m, u.acc0)),
            lean_ints(u.g),
            *map(lean_int, (u.gb, u.rounding, u.floating)),
        ]
        units.append(f"⟨{', '.join([*numbers, lean_ints(u.s), lean_ints(u.v)])}⟩")
    more, units_name = list_definitions("units", "Neuron", units, "Hidden units of both networks.")
    outputs = []
    for o, h, m, b in zip(plan.outputs, highs, lows, bounds, strict=True):
        numbers = ", ".join(map(lean_int, (o.sum_error, o.acc_error, o.logit_error, h, m)))
        outputs.append(f"⟨{lean_int(o.a1)}, {o.a2}, {o.den}, {numbers}, {b}⟩")
    last, outputs_name = list_definitions(
        "outputs", "Output", outputs, "Units, errors, limits and bound of each output."
    )
    start = ", ".join(str(a.start) for a in plan.axes)
    return [
        *lines, *more, *last,
        "/-- What is bounded on every box of codes. -/",
        f"def pairing : Pairing :=\n  ⟨{plan.rho}, {lean_int(plan.cap)}, {str(plan.sides).lower()},\n"
        f"  {axes_name}, {units_name}⟩",
        "/-- The plan. -/",
        f"def plan : Plan :=\n  ⟨pairing, {plan.fine}, {plan.coarse}, {plan.theta}, {plan.phi},\n"
        f"  [{start}],\n"
        f"  ⟨[{', '.join(map(str, plan.root_low))}], [{', '.join(map(str, plan.root_high))}]⟩, {outputs_name}⟩",
    ]  # fmt: skip


def column_lines(plan: Plan, highs: Sequence[int], lows: Sequence[int]) -> list[str]:
    """`columns`: the plan's packed numbers and limits. Raises ValueError if a column is no natural number."""
    table = tables(plan)
    lift = max(np.abs(a).max() for a in (table.x_slope, table.e_slope, table.constant))
    lanes = Lanes.of(plan, table, lift, max(table.change_up.max(), table.change_down.max()), table.size.max())
    outs = []
    for k in range(len(plan.outputs)):
        rest = int(table.floating[k])
        outs.append(
            f"⟨{lanes.each(table.x_slope[k] + lift)},\n   {lanes.each(table.e_slope[k] + lift)},\n"
            f"   {lanes.reverse(table.constant[k] + lift)}, {lanes.reverse(table.change_up[k])}, "
            f"{lanes.reverse(table.change_down[k])},\n"
            f"   {lanes.reverse(table.size[k])}, {lanes.reverse(table.rounding[k])}, {lanes.reverse(table.twice[k])},\n"
            f"   {limit_pair(highs[k] - rest)}, {limit_pair(lows[k] - rest)}⟩"
        )
    lines, name = list_definitions("out_columns", "OutColumns", outs, "Columns of each output, and its limits.")
    return [*lines, *unit_columns(plan, table, lanes, name)]


def _cuts(tree: Tree, depth: int = 6) -> list[str]:
    """The tree, with a definition of its own for every subtree `depth` levels apart, so that no term nests deeply."""
    inner = tree.axis >= 0
    rank = np.cumsum(inner) - 1
    lines: list[str] = []

    def term(node: int, level: int) -> str:
        if not inner[node]:
            return ".leaf"
        if level == depth:
            name = f"cuts_{node}"
            lines.append(f"def {name} : Cuts :=\n  {term(node, 0)}")
            return name
        first = 2 * int(rank[node]) + 1
        axis, cut = int(tree.axis[node]), int(tree.cut[node]) + CODES
        return f".split {axis} {cut} ({term(first, level + 1)}) ({term(first + 1, level + 1)})"

    root = term(0, 0)
    return [*lines, "/-- The cuts. -/", f"def cuts : Cuts :=\n  {root}"]

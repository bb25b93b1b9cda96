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
    ends = [f"⟨{_int(low)}, {_int(high)}⟩" for low, high in box_values(policy)]
    return list_definitions("box", "Interval", ends, "The declared box of observations, in units of 2^-149.")[0]


def plan_lines(
    plan: Plan, bounds: Sequence[int], highs: Sequence[int], lows: Sequence[int], suffix: str = ""
) -> list[str]:
    """`plan`, with the limits of each output; `suffix` tells the names of several plans apart."""
    axes = [f"⟨{a.inv}, {a.err}, {a.low}⟩" for a in plan.axes]
    lines, axes_name = list_definitions(f"axes{suffix}", "Axis", axes, "Per input: inverse scale, error, shift.")
    units = []
    for u in plan.units:
        numbers = [_ints(u.w), *map(_int, (u.m, u.acc0)), _ints(u.g), *map(_int, (u.gb, u.rounding, u.floating))]
        units.append(f"⟨{', '.join([*numbers, _ints(u.s), _ints(u.v)])}⟩")
    more, units_name = list_definitions(f"units{suffix}", "Neuron", units, "Hidden units of both networks.")
    outputs = [
        f"⟨{_int(o.a1)}, {o.a2}, {o.den}, {_int(o.sum_error)}, {_int(o.acc_error)}, {_int(o.logit_error)}, {_int(h)}, "
        f"{_int(m)}, {b}⟩"
        for o, h, m, b in zip(plan.outputs, highs, lows, bounds, strict=True)
    ]
    last, outputs_name = list_definitions(
        f"outputs{suffix}", "Output", outputs, "Units, errors, limits and bound of each output."
    )
    start = ", ".join(str(a.start) for a in plan.axes)
    return [
        *lines, *more, *last,
        "/-- What is bounded on every box of codes. -/",
        f"def pairing{suffix} : Pairing :=\n  ⟨{plan.rho}, {_int(plan.cap)}, {str(plan.sides).lower()},\n"
        f"  {axes_name}, {units_name}⟩",
        "/-- The plan. -/",
        f"def plan{suffix} : Plan :=\n  ⟨pairing{suffix}, {plan.fine}, {plan.coarse}, {plan.theta}, {plan.phi},\n"
        f"  [{start}],\n"
        f"  ⟨[{', '.join(map(str, plan.root_low))}], [{', '.join(map(str, plan.root_high))}]⟩, {outputs_name}⟩",
    ]  # fmt: skip


def column_lines(plan: Plan, highs: Sequence[int], lows: Sequence[int], suffix: str = "") -> list[str]:
    """`columns`: the plan's packed numbers and limits. Raises ValueError if a column is no natural number."""
    table = tables(plan)
    x_most = np.array([(plan.rho * 510 + a.low + 2 * a.err) // a.inv + 1 for a in plan.axes], object)
    t_max = max(max(np.abs(table.t_base) + (np.abs(table.t_code) * 510).sum(axis=1)), plan.cap)
    d_max = max(np.abs(table.d_base) + table.d_error + np.abs(table.d_slope) @ x_most)
    lift = max(np.abs(a).max() for a in (table.x_slope, table.e_slope, table.constant))
    most = {name: getattr(table, name).max() for name in ("size", "rounding", "twice")}
    most["change"] = max(table.change_up.max(), table.change_down.max())
    count = len(plan.units)
    fit = max(4 * lift, 2, t_max * most["change"], 2 * d_max * most["size"], most["rounding"], t_max * most["twice"])
    bits = max((4 * t_max + 4 * d_max + 4).bit_length(), (count * fit + 1).bit_length())
    half, width = 1 << bits, bits + 1

    def lanes(values: np.ndarray) -> str:
        return _hex(sum(int(v) << (width * j) for j, v in enumerate(values)))

    def reverse(values: np.ndarray) -> str:
        return lanes(values[::-1])

    def each(rows: np.ndarray, pack) -> str:
        return "[" + ",\n   ".join(pack(row) for row in rows) + "]"

    one = np.array([1] * count, object)
    outs = []
    for k in range(len(plan.outputs)):
        rest = int(table.floating[k])
        outs.append(
            f"⟨{each(table.x_slope[k] + lift, reverse)},\n   {each(table.e_slope[k] + lift, reverse)},\n"
            f"   {reverse(table.constant[k] + lift)}, {reverse(table.change_up[k])}, {reverse(table.change_down[k])},\n"
            f"   {reverse(table.size[k])}, {reverse(table.rounding[k])}, {reverse(table.twice[k])},\n"
            f"   {max(0, rest - highs[k])}, {max(0, highs[k] - rest)}, {lows[k] - rest}⟩"
        )
    lines, outs_name = list_definitions(
        f"out_columns{suffix}", "OutColumns", outs, "Columns of each output, and its limits."
    )
    numbers = [
        str(bits), _hex(half), _hex(2 * half), str(width * (count - 1)), lanes(half * one), lanes(one), reverse(one),
        lanes(plan.cap * one), lanes(table.t_base + half), lanes(-table.t_base + half),
        lanes(table.d_base + table.d_error + half), lanes(-table.d_base + table.d_error + half),
        each(np.maximum(table.t_code, 0).T, lanes), each(np.maximum(-table.t_code, 0).T, lanes),
        each(np.maximum(table.d_slope, 0).T, lanes), each(np.maximum(-table.d_slope, 0).T, lanes),
        *map(str, (lift, t_max, d_max, *(most[name] for name in ("change", "size", "rounding", "twice")))),
        outs_name,
    ]  # fmt: skip
    return [
        *lines,
        "/-- Packed columns, one lane a hidden unit. -/",
        f"def columns{suffix} : Columns :=\n  ⟨" + ",\n   ".join(numbers) + "⟩",
    ]


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


def _int(value: int) -> str:
    return str(int(value)) if value >= 0 else f"({int(value)})"


def _ints(values: Sequence[int]) -> str:
    return "[" + ", ".join(map(_int, values)) + "]"


def _hex(value: int) -> str:
    if value < 0:
        raise ValueError("a column is negative")
    return f"{value:#x}"

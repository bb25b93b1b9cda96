"""`policy.action_agreement`: on which share of the observation box both networks act alike.

Lean's kernel proves a share of the box's cells of codes on which the actions are the same, or, continuous, within a
tolerance; integers outside it check a larger one, and what is PROVED and what is CHECKED are never added.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tinyverify.artifacts.files import write_atomic
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify import agreement, continuous
from tinyverify.engines.certify.attack import differing_observations
from tinyverify.engines.certify.certificate import certify_agreement
from tinyverify.engines.certify.margins import make_judge
from tinyverify.engines.certify.means import decide_means, mean_plan, mean_table, search_means
from tinyverify.engines.certify.network import Pair, make_pair
from tinyverify.engines.certify.picture import continuous_figure, discrete_figure
from tinyverify.engines.certify.plan import make_plan
from tinyverify.engines.certify.plane_search import search_sides
from tinyverify.engines.certify.points import point_logits, verdicts
from tinyverify.engines.certify.search import search_error, search_planes
from tinyverify.engines.certify.sides import decide_leaves
from tinyverify.engines.certify.tree import leaf_boxes
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.host_batch import EmittedPolicy
from tinyverify.engines.lean_bundle.alike import THEOREM as ALIKE
from tinyverify.engines.lean_bundle.alike import alike_facts
from tinyverify.engines.lean_bundle.facts import Facts, kernel_word
from tinyverify.engines.lean_bundle.regions import Share, decided_share, largest_leaves
from tinyverify.engines.lean_bundle.within import THEOREM as WITHIN
from tinyverify.engines.lean_bundle.within import within_facts
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.quantization import (
    CERTIFICATES,
    LEAN_PATIENCE,
    LEAVES,
    Outcome,
    budget_of,
    certificate_of,
)
from tinyverify.quantize.fixed_point import exact
from tinyverify.results import Status
from tinyverify.semantics.policy import infer
from tinyverify.train.network import actor_from_tensors

PLANE_LEAVES = 200_000
CELLS = 200_000_000  # about ten seconds of compiled C
AGREEMENT, AGREEMENT_MANY_INPUTS = 0.99, 0.95  # shares of the box; the second from five inputs on
ACTION_TOLERANCE = Fraction(1, 8)  # of the range of a continuous action
LEAN_STEPS = ((16, 100_000), (120, 20_000), (1_200, 8_000))  # leaves, and how far `c . n` reaches on one
LEAN_LEAVES = 800  # with an action, at most
FEW_LEAVES = 100  # where more would not suffice either
MEAN_STEPS = (1_000, 2_000, 8_000)  # leaves
LEAN_MARGIN = Fraction(1, 1000)  # of the share, beyond what is asked for


def action_agreement(policy: Policy, training: Training, settings: Settings) -> Outcome:
    return (_discrete if policy.discrete else _continuous)(policy, training, settings)


def _discrete(policy: Policy, training: Training, settings: Settings) -> Outcome:
    pair = make_pair(policy, training)
    budget = budget_of(settings, LEAVES)
    certificate, note = certificate_of(
        policy, training, settings, "action_agreement",
        lambda: certify_agreement(policy, training, agreement.search_agreement(pair, budget)),
    )  # fmt: skip
    tree = certificate.tree()
    try:
        shares = agreement.shares(policy, pair, tree, int(CELLS * min(1.0, settings.timeout / 60)))
    except BuildError as error:
        shares, note = agreement.shares(policy, pair, tree, 0), f"; single cells were not evaluated: {error}"
    wanted = AGREEMENT if policy.obs_dim <= 4 else AGREEMENT_MANY_INPUTS
    differing = differing_observations(policy, training, shares.witnesses[:8])
    agree, differ, undecided = (float(share) for share in (shares.agree, shares.differ, shares.undecided))
    evidence = {
        "agree": agree,
        "differ": differ,
        "undecided": undecided,
        "required": wanted,
        "leaves": tree.leaves,
        "cells": shares.cells,
        "differing_observations": differing.tolist(),
        "visited": (visited := _visited(policy, training)),
        "figures": [discrete_figure(policy, training, pair)],
    }
    detail = (
        f"same action on {agree:.2%} of the box, another on {differ:.2%}, undecided {undecided:.2%}; of visited states "
        f"on {visited['agree']:.2%}, another on {visited['differ']:.2%}, undecided {visited['undecided']:.2%}{note}"
    )
    status = Status.CHECKED if agree >= wanted else Status.UNKNOWN
    if differ > 1 - wanted and len(differing):
        status = Status.REFUTED
    if not settings.lean:
        return status, detail, evidence
    facts, share = _alike(policy, training, settings, pair, wanted)
    return _with_lean((status, detail, evidence), "same action", facts, ALIKE, share, pair, wanted, settings)


def _with_lean(
    checked: tuple[Status, str, dict], what: str, facts: Facts, theorem: str, share: Share, pair: Pair, wanted: float,
    settings: Settings,
) -> Outcome:  # fmt: skip
    """The outcome outside Lean with the kernel's word on `facts`: PROVED if the volume that follows is `wanted`.

    The file lies beside the bundle.
    """
    status, detail, evidence = checked
    write_atomic(settings.folder / CERTIFICATES / "policy.action_agreement.lean", facts.text.encode())
    run = kernel_word(facts, LEAN_PATIENCE * settings.timeout)[theorem]
    if run.status is not Status.PROVED:
        return status, f"Lean: {run.status}; CHECKED outside Lean: {detail}", evidence, run
    evidence |= {"lean_cells": share.cells, "lean_whole": share.whole, "lean_share": share.cells / share.whole}
    evidence |= {"lean_leaves": share.leaves, "lean_volume": (volume := float(share.volume(pair)))}
    detail = (
        f"{what} PROVED on {share.cells / share.whole:.2%} of the box's {share.whole:,} cells of codes; "
        f"CHECKED outside Lean: {detail}"
    )
    if status is Status.REFUTED and volume >= wanted:
        return Status.ERROR, f"{detail}; both cannot be, please report this policy", evidence, run
    return (Status.PROVED if volume >= wanted else status), detail, evidence, run


def _alike(policy: Policy, training: Training, settings: Settings, pair: Pair, wanted: float) -> tuple[Facts, Share]:
    """What Lean is asked about a discrete policy, and on how many cells of codes."""
    judge = make_judge(policy, training, make_plan(policy, training))
    enough = Fraction(wanted) + LEAN_MARGIN
    for leaves, reach in LEAN_STEPS:
        tree = search_sides(pair, budget_of(settings, leaves))
        decided = decide_leaves(judge, *leaf_boxes(tree, pair.code_low, pair.code_high), reach)
        if decided_share(pair, decided).volume(pair) >= enough:
            break
    decided = largest_leaves(pair, decided, enough, LEAN_LEAVES)
    return alike_facts(policy, training, pair, judge, tree, decided), decided_share(pair, decided)


def _within(
    policy: Policy, training: Training, settings: Settings, pair: Pair, tolerance: Fraction
) -> tuple[Facts, Share]:
    """What Lean is asked about a continuous policy, and on how many cells of codes."""
    plan, table = mean_plan(make_plan(policy, training)), mean_table(policy, training, tolerance)
    enough = Fraction(AGREEMENT) + LEAN_MARGIN
    most = LEAN_LEAVES
    for leaves in MEAN_STEPS:
        tree = search_means(pair, table, budget_of(settings, leaves))
        bands, decided = decide_means(plan, table, *leaf_boxes(tree, pair.code_low, pair.code_high))
        if decided_share(pair, decided).volume(pair) >= enough:
            break
    else:
        most = FEW_LEAVES
    decided = largest_leaves(pair, decided, enough, most)
    facts = within_facts(policy, training, pair, plan, table, bands, tree, decided, tolerance)
    return facts, decided_share(pair, decided)


def _continuous(policy: Policy, training: Training, settings: Settings) -> Outcome:
    pair = make_pair(policy, training)
    tolerance = ACTION_TOLERANCE * 2 * exact(training.artifact.config.action_bound)
    cells = int(np.prod(pair.code_high - pair.code_low + 1.0))
    if cells > CELLS:
        tree = search_error(pair, budget_of(settings, LEAVES))
        worst = float(continuous.action_difference(policy, training, pair, tree))
        evidence = {"bound": worst, "tolerance": float(tolerance), "leaves": tree.leaves}
        return (
            Status.CHECKED if worst <= tolerance else Status.UNKNOWN,
            f"actions differ by at most {worst:.4g} anywhere in the box",
            evidence,
        )
    lattice = continuous.lattice_difference(
        policy, training, pair, search_planes(pair, budget_of(settings, PLANE_LEAVES))
    )
    steps = [float(step) for step in lattice.steps]
    within = [float(share) for share in lattice.within]
    agree = max((share for step, share in zip(steps, within, strict=True) if step <= tolerance), default=0.0)
    evidence = {
        "bound": float(lattice.worst),
        "tolerance": float(tolerance),
        "agree": agree,
        "required": AGREEMENT,
        "cells": lattice.cells,
        "bound_by_share": {
            str(share): next((step for step, part in zip(steps, within, strict=True) if part >= share), None)
            for share in (0.5, 0.9, 0.95, 0.99, 0.999)
        },
        "figures": [continuous_figure(policy, training, pair, float(tolerance))],
    }
    detail = f"within {float(tolerance):g} on {agree:.2%} of the box, and within {float(lattice.worst):.4g} everywhere"
    try:
        run = EmittedPolicy(policy).lattice(training)
    except (CompilerMissing, BuildError) as error:
        return Status.UNCHECKED, f"{detail}; the emitted C could not be built for this machine: {error}", evidence
    evidence["emitted_c"] = {"cells": run.points, "largest_difference": run.action, "logit_error": run.error.tolist()}
    if run.points != lattice.cells or run.action > lattice.worst:
        return Status.ERROR, f"{detail}, but the emitted C differs by {run.action:.4g} in a cell", evidence
    detail += f"; the emitted C, run in the middle of all {run.points:,} cells, by at most {run.action:.4g}"
    status = Status.CHECKED if agree >= AGREEMENT else Status.UNKNOWN
    if not settings.lean:
        return status, detail, evidence
    facts, share = _within(policy, training, settings, pair, tolerance)
    what = f"within {float(tolerance):g}"
    return _with_lean((status, detail, evidence), what, facts, WITHIN, share, pair, AGREEMENT, settings)


def _visited(policy: Policy, training: Training) -> dict[str, float]:
    """Shares of the calibration states: surely the same action, surely another, undecided; and the same as computed."""
    box = policy.file.input
    x = np.clip(training.tensors["calibration.observations"], np.float32(box.low), np.float32(box.high))
    x = np.ascontiguousarray(x)
    found = verdicts(policy, x, point_logits(training, x, agreement.action_pairs(policy.outputs)))
    same = infer(policy, x.view(np.uint32)).action == np.argmax(actor_from_tensors(training.tensors)(x), axis=1)
    return {
        "states": len(x),
        "agree": float((found < policy.outputs).mean()),
        "differ": float((found == policy.outputs).mean()),
        "undecided": float((found > policy.outputs).mean()),
        "same": float(same.mean()),
    }

"""`policy.*`: what quantization changes, in logits, in actions and in returns, against the float32 network.

The float32 network is the training artifact that the bundle names; without it these are UNCHECKED. `logit_error` and
`action_agreement` hold over the whole observation box. Lean's kernel proves a bound of the error, and for discrete
policies the agreement on a share of the box; integers outside it check a tighter bound and a larger share. What is
PROVED and what is CHECKED are never added. `sampling_distance` is exhaustive over the codes of the softmax table.
`reward` is MEASURED: a confidence bound on an average, which bounds no single episode.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import canonical_json, resolve_inside, sha256, write_atomic
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training, load_training
from tinyverify.engines.certify import agreement, continuous
from tinyverify.engines.certify.attack import differing_observations, find_error
from tinyverify.engines.certify.certificate import (
    Certificate,
    CertificateRefused,
    certify_agreement,
    certify_error,
    check,
    load_certificate,
    write_certificate,
)
from tinyverify.engines.certify.interval import interval_bounds
from tinyverify.engines.certify.lean_search import search_halves
from tinyverify.engines.certify.margins import decided_leaves, search_winners, winner
from tinyverify.engines.certify.network import Pair, make_pair
from tinyverify.engines.certify.picture import continuous_figure, discrete_figure
from tinyverify.engines.certify.plan import BOUND_BITS, make_plan
from tinyverify.engines.certify.points import point_logits, verdicts
from tinyverify.engines.certify.search import Budget, search_error, search_planes
from tinyverify.engines.certify.softmax import softmax_distance
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.host_batch import EmittedPolicy
from tinyverify.engines.lean_bundle.alike import THEOREM as ALIKE
from tinyverify.engines.lean_bundle.alike import Share, alike_facts, decided_share
from tinyverify.engines.lean_bundle.certified import THEOREM, certified_bounds, certified_facts
from tinyverify.engines.lean_bundle.facts import kernel_word
from tinyverify.engines.reward.episodes import WORLDS, EmittedC
from tinyverify.engines.reward.paired import MARGIN, compare, lowest
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status
from tinyverify.semantics.policy import infer
from tinyverify.train.environments import find
from tinyverify.train.evaluate import NeverEnds
from tinyverify.train.network import actor_from_tensors
from tinyverify.train.runtime import MissingExtra

LEAVES, PLANE_LEAVES = 60_000, 200_000
LEAN_LEAVES = 200  # 20 to 80 ms each, twice: the gate replays what the kernel accepted
LEAN_ALIKE_LEAVES = 400  # with an action, 35 to 90 ms each, twice; cut from ten times as many
LEAN_PATIENCE = 10  # times the limit of a check, for the kernel
SECONDS = 30.0  # of each search at most; leaves end it first on an idle core, after 2 to 8 seconds
CELLS = 200_000_000  # about ten seconds of compiled C
AGREEMENT, AGREEMENT_MANY_INPUTS = 0.99, 0.95  # shares of the box; the second from five inputs on
ACTION_TOLERANCE = 1 / 8  # of the range of a continuous action
SAMPLING_DISTANCE = Fraction(2, 100)
CERTIFICATES = "certificates"

_STATEMENTS = {
    "policy.logit_error": (
        "For every observation of the declared box, each int8 logit is within the stated bound of the float32 logit."
    ),
    "policy.action_agreement": (
        "On at least 99 % of the observation box's volume (95 % from five inputs on), int8 program and float32 network "
        "take the same action; a continuous action, one within 1/8 of its range."
    ),
    "policy.sampling_distance": (
        "For every input, the sampled action's distribution is within total variation 0.02 of the softmax of the int8 "
        "logits."
    ),
    "policy.reward": (
        "The int8 program's mean return is at most 5 % worse than the float32 policy's, with 99 % confidence, over the "
        "environment's own initial states."
    ),
}
_Outcome = tuple[Status, str, dict[str, Any]] | tuple[Status, str, dict[str, Any], EngineRun]


def _logit_error(policy: Policy, training: Training, settings: Settings) -> _Outcome:
    pair = make_pair(policy, training)
    found = find_error(policy, training, population=1024, rounds=30)
    budget = _budget(settings, LEAVES)
    certificate, note = _certificate(
        policy, training, settings, "logit_error",
        lambda: certify_error(policy, training, search_error(pair, budget, 1.05 * found.error)),
    )  # fmt: skip
    checked = [float(value) for value in check(policy, training, certificate)]
    interval = interval_bounds(pair)
    evidence = {
        "bound": checked,
        "checked_bound": checked,
        "found": found.error.tolist(),
        "found_at": found.observation.tolist(),
        "interval_bound": interval.separate.tolist(),
        "differential_interval_bound": interval.differential.tolist(),
        "leaves": certificate.tree().leaves,
        "certificate_sha256": sha256(canonical_json(certificate.model_dump(mode="json"))),
        "unit": "logits",
    }
    if any(least > most for least, most in zip(found.error, checked, strict=True)):
        return Status.ERROR, "an observation exceeds the certified bound; please report this policy", evidence
    reach = f"the largest found is {_list(found.error)}{note}"
    if not settings.lean:
        return Status.CHECKED, f"at most {_list(checked)} logits; {reach}", evidence
    proved, leaves, run = _lean_error(policy, training, settings, pair, found.error)
    if run.status is not Status.PROVED:
        return Status.CHECKED, f"at most {_list(checked)} logits (Lean: {run.status}); {reach}", evidence, run
    evidence |= {"bound": proved, "lean_bound": proved, "lean_leaves": leaves}
    if any(least > most for least, most in zip(found.error, proved, strict=True)):
        return (
            Status.ERROR,
            "an observation exceeds the bound that Lean accepted; please report this policy",
            evidence,
            run,
        )
    return (
        Status.PROVED,
        f"at most {_list(proved)} logits; CHECKED outside Lean: {_list(checked)}; {reach}",
        evidence,
        run,
    )


def _lean_error(
    policy: Policy, training: Training, settings: Settings, pair: Pair, found: np.ndarray
) -> tuple[list[float], int, EngineRun]:
    """A bound an output, the leaves that it takes, and what Lean's kernel says; the file lies beside the bundle."""
    plan = make_plan(policy, training)
    tree = search_halves(pair, _budget(settings, LEAN_LEAVES), np.maximum(found, 1e-6))
    facts = certified_facts(policy, training, plan, tree, pair.code_low, pair.code_high)
    write_atomic(settings.folder / CERTIFICATES / "policy.logit_error.lean", facts.text.encode())
    run = kernel_word(facts, LEAN_PATIENCE * settings.timeout)[THEOREM]
    bounds = certified_bounds(plan, tree, pair.code_low, pair.code_high)
    return [bound / (1 << BOUND_BITS) for bound in bounds], tree.leaves, run


def _action_agreement(policy: Policy, training: Training, settings: Settings) -> _Outcome:
    return (_discrete if policy.discrete else _continuous)(policy, training, settings)


def _discrete(policy: Policy, training: Training, settings: Settings) -> _Outcome:
    pair = make_pair(policy, training)
    budget = _budget(settings, LEAVES)
    certificate, note = _certificate(
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
    share, run = _lean_agreement(policy, training, settings, pair)
    if run.status is not Status.PROVED:
        return status, f"Lean: {run.status}; CHECKED outside Lean: {detail}", evidence, run
    evidence |= {"lean_cells": share.cells, "lean_whole": share.whole, "lean_share": share.cells / share.whole}
    evidence |= {"lean_leaves": share.leaves, "lean_volume": (volume := float(share.volume(pair)))}
    detail = (
        f"same action PROVED on {share.cells / share.whole:.2%} of the box's {share.whole:,} cells of codes; "
        f"CHECKED outside Lean: {detail}"
    )
    if status is Status.REFUTED and volume >= wanted:
        return Status.ERROR, f"{detail}; both cannot be, please report this policy", evidence, run
    return (Status.PROVED if volume >= wanted else status), detail, evidence, run


def _lean_agreement(policy: Policy, training: Training, settings: Settings, pair: Pair) -> tuple[Share, EngineRun]:
    """The cells of codes on which Lean's kernel proves the agreement, and its word; the file lies beside the bundle."""
    plan = make_plan(policy, training)
    winners = [winner(policy, training, plan, action) for action in range(policy.outputs)]
    tree, action = search_winners(pair, _budget(settings, 10 * LEAN_ALIKE_LEAVES))
    action = decided_leaves(winners, pair, tree, action, LEAN_ALIKE_LEAVES)
    facts = alike_facts(policy, training, pair, winners, tree, action)
    write_atomic(settings.folder / CERTIFICATES / "policy.action_agreement.lean", facts.text.encode())
    return decided_share(pair, tree, action), kernel_word(facts, LEAN_PATIENCE * settings.timeout)[ALIKE]


def _continuous(policy: Policy, training: Training, settings: Settings) -> _Outcome:
    pair = make_pair(policy, training)
    bound = float(training.artifact.config.action_bound)
    tolerance = ACTION_TOLERANCE * 2 * bound
    cells = int(np.prod(pair.code_high - pair.code_low + 1.0))
    if cells > CELLS:
        tree = search_error(pair, _budget(settings, LEAVES))
        worst = float(continuous.action_difference(policy, training, pair, tree))
        evidence = {"bound": worst, "tolerance": tolerance, "leaves": tree.leaves}
        return (
            Status.CHECKED if worst <= tolerance else Status.UNKNOWN,
            f"actions differ by at most {worst:.4g} anywhere in the box",
            evidence,
        )
    lattice = continuous.lattice_difference(
        policy, training, pair, search_planes(pair, _budget(settings, PLANE_LEAVES))
    )
    steps = [float(step) for step in lattice.steps]
    within = [float(share) for share in lattice.within]
    agree = max((share for step, share in zip(steps, within, strict=True) if step <= tolerance), default=0.0)
    evidence = {
        "bound": float(lattice.worst),
        "tolerance": tolerance,
        "agree": agree,
        "required": AGREEMENT,
        "cells": lattice.cells,
        "bound_by_share": {
            str(share): next((step for step, part in zip(steps, within, strict=True) if part >= share), None)
            for share in (0.5, 0.9, 0.95, 0.99, 0.999)
        },
        "figures": [continuous_figure(policy, training, pair, tolerance)],
    }
    detail = f"within {tolerance:g} on {agree:.2%} of the box, and within {float(lattice.worst):.4g} everywhere"
    try:
        run = EmittedPolicy(policy).lattice(training)
    except (CompilerMissing, BuildError) as error:
        return Status.UNCHECKED, f"{detail}; the emitted C could not be built for this machine: {error}", evidence
    evidence["emitted_c"] = {"cells": run.points, "largest_difference": run.action, "logit_error": run.error.tolist()}
    if run.points != lattice.cells or run.action > lattice.worst:
        return Status.ERROR, f"{detail}, but the emitted C differs by {run.action:.4g} in a cell", evidence
    detail += f"; the emitted C, run in the middle of all {run.points:,} cells, by at most {run.action:.4g}"
    return Status.CHECKED if agree >= AGREEMENT else Status.UNKNOWN, detail, evidence


def _reward(policy: Policy, training: Training, settings: Settings) -> _Outcome:
    environment = find(policy.environment)
    if environment.gym_id not in WORLDS:
        return Status.UNCHECKED, f"the range of {environment.gym_id}'s returns is not known", {}
    try:
        emitted = EmittedC(policy)
    except (CompilerMissing, BuildError) as error:
        return Status.UNCHECKED, f"the emitted C could not be built for this machine: {error}", {}
    result = compare(emitted, training, environment)
    worst = lowest(emitted, training, environment)
    evidence = {
        "run_by": "the emitted C, built for this machine",
        "actions_compared": emitted.actions,
        "action_differences": emitted.differences,
        "int8_mean": float(result.int8.mean()),
        "float_mean": float(result.float32.mean()),
        "margin": MARGIN,
        "confidence": 0.99,
        "pairs": result.pairs,
        "planned_pairs": result.planned,
        "first_seed": result.first_seed,
        "difference_lower_bound": result.difference,
        "margin_statistic_lower_bound": result.evidence,
        "lowest_found": {"int8": worst.int8, "float": worst.float32, "start": worst.start, "episodes": worst.episodes},
    }
    means = f"mean return {result.int8.mean():.2f}, float32 {result.float32.mean():.2f}, {result.pairs} pairs"
    low = f"the lowest found is {worst.int8:.1f} (float32 {worst.float32:.1f} from there)"
    if emitted.differences:
        return Status.ERROR, f"{emitted.differences} actions of the emitted C are not the reference's", evidence
    if result.shown:
        return Status.MEASURED, f"{means}; {low}, which the average does not bound", evidence
    if result.contrary < 0:
        return Status.REFUTED, f"{means}: more than 5 % worse; {low}", evidence
    return Status.UNKNOWN, f"{means}: too few to show the margin at 99 %; {low}", evidence


def _sampling_distance(policy: Policy, settings: Settings) -> Result:
    start = time.perf_counter()
    distance = softmax_distance(policy)
    status = Status.CHECKED if distance.sampled <= SAMPLING_DISTANCE else Status.UNKNOWN
    evidence = {
        "sampled": float(distance.sampled),
        "probabilities": float(distance.probabilities),
        "weight": float(distance.weight),
        "required": float(SAMPLING_DISTANCE),
    }
    detail = f"total variation at most {float(distance.sampled):.4g}"
    return _result("policy.sampling_distance", "all table codes, rationals", start, (status, detail, evidence))


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


def _budget(settings: Settings, leaves: int) -> Budget:
    """Searches take at most SECONDS with the default limit of 60 seconds a check, and less in proportion."""
    return Budget(SECONDS * min(1.0, settings.timeout / 60), leaves)


def _certificate(
    policy: Policy, training: Training, settings: Settings, kind: str, make: Callable[[], Certificate]
) -> tuple[Certificate, str]:
    """The certificate beside the bundle if it still passes its check, else a new one, written there; and a remark."""
    path = settings.folder / CERTIFICATES / f"policy.{kind}.json"
    note = ""
    if path.exists():
        try:
            stored = load_certificate(path)
            if stored.kind == kind:
                check(policy, training, stored)
                return stored, ""
            note = f"; {path.name} was refused (it is about {stored.kind}) and replaced"
        except (CertificateRefused, ArtifactError) as error:
            note = f"; {path.name} was refused ({error}) and replaced"
    certificate = make()
    write_certificate(path, certificate)
    return certificate, note


def _training(settings: Settings) -> Training | str:
    """The float32 network that the bundle names, or what is missing."""
    if settings.bundle is None:
        return "there is no bundle that names training.json, the float32 network"
    bundle, _ = load_bundle(settings.bundle)
    if bundle.training is None:
        return f"{settings.bundle}: training names no file, so there is no float32 network to compare with"
    path = resolve_inside(Path(settings.bundle).parent, bundle.training.path, settings.bundle, "training.path")
    return load_training(path)


def _obligation(
    obligation_id: str,
    engine: str,
    run: Callable[[Policy, Training, Settings], _Outcome],
    claim: str | None,
    *more: str,
) -> Obligation:
    def discharge(policy: Policy, settings: Settings) -> Result:
        start = time.perf_counter()
        training, lean = _training(settings), []
        if isinstance(training, str):
            status, detail, evidence = Status.UNCHECKED, training, {}
        elif len(policy.layers) != 2:
            status, detail, evidence = Status.UNCHECKED, f"covers one hidden layer, not {len(policy.layers) - 1}", {}
        else:
            try:
                status, detail, evidence, *lean = run(policy, training, settings)
            except MissingExtra as error:
                status, detail, evidence = Status.UNCHECKED, str(error), {}
            except NeverEnds as error:
                status, detail, evidence = Status.ERROR, str(error), {"bad_input": True}
        result = _result(obligation_id, engine, start, (status, detail, evidence))
        if not lean:
            return result
        # The integers check a bound of their own; what is stated is Lean's where Lean proves one.
        own = result.engines[0].model_copy(update={"status": Status.CHECKED if status.holds else status})
        return result.model_copy(update={"engines": (own, *lean)})

    statement = _STATEMENTS[obligation_id]
    return Obligation(obligation_id, "quantization", statement, (engine, *more), discharge, claim=claim, stage="all")


def _result(obligation_id: str, engine: str, start: float, outcome: _Outcome) -> Result:
    status, detail, evidence = outcome
    seconds = round(time.perf_counter() - start, 4)
    return Result(
        id=obligation_id,
        statement=_STATEMENTS[obligation_id],
        status=status,
        engines=(EngineRun(engine=engine, status=status, seconds=seconds),),
        seconds=seconds,
        detail=detail,
        evidence=evidence,
    )


def _list(values: list[float] | np.ndarray) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


OBLIGATIONS = (
    _obligation("policy.logit_error", "branch and bound, integers", _logit_error, None, "lean"),
    _obligation(
        "policy.action_agreement", "branch and bound, integers", _action_agreement, "reward_preservation", "lean"
    ),
    Obligation(
        "policy.sampling_distance",
        "quantization",
        _STATEMENTS["policy.sampling_distance"],
        ("all table codes, rationals",),
        _sampling_distance,
        applies=lambda policy: policy.discrete,
        stage="all",
    ),
    _obligation("policy.reward", "paired episodes", _reward, "reward_preservation"),
)

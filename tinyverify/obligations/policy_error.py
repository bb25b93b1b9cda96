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

import numpy as np

from tinyverify.artifacts.files import canonical_json, sha256, write_atomic
from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.attack import find_error
from tinyverify.engines.certify.certificate import certify_error, check
from tinyverify.engines.certify.interval import interval_bounds
from tinyverify.engines.certify.lean_search import search_halves
from tinyverify.engines.certify.network import Pair, make_pair
from tinyverify.engines.certify.plan import BOUND_BITS, make_plan
from tinyverify.engines.certify.search import search_error
from tinyverify.engines.certify.softmax import softmax_distance
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.lean_bundle.certified import THEOREM, certified_bounds, certified_facts
from tinyverify.engines.lean_bundle.facts import kernel_word
from tinyverify.engines.reward.episodes import WORLDS, EmittedC
from tinyverify.engines.reward.paired import MARGIN, compare, lowest
from tinyverify.obligations.action_agreement import action_agreement
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.quantization import (
    CERTIFICATES,
    LEAN_PATIENCE,
    LEAVES,
    Outcome,
    budget_of,
    certificate_of,
    training_of,
)
from tinyverify.results import EngineRun, Result, Status
from tinyverify.train.environments import find
from tinyverify.train.evaluate import NeverEnds
from tinyverify.train.runtime import MissingExtra

LEAN_LEAVES = 200  # 20 to 80 ms each, twice: the gate replays what the kernel accepted
SAMPLING_DISTANCE = Fraction(2, 100)

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


def _logit_error(policy: Policy, training: Training, settings: Settings) -> Outcome:
    pair = make_pair(policy, training)
    found = find_error(policy, training, population=1024, rounds=30)
    budget = budget_of(settings, LEAVES)
    certificate, note = certificate_of(
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
    tree = search_halves(pair, budget_of(settings, LEAN_LEAVES), np.maximum(found, 1e-6))
    facts = certified_facts(policy, training, plan, tree, pair.code_low, pair.code_high)
    write_atomic(settings.folder / CERTIFICATES / "policy.logit_error.lean", facts.text.encode())
    run = kernel_word(facts, LEAN_PATIENCE * settings.timeout)[THEOREM]
    bounds = certified_bounds(plan, tree, pair.code_low, pair.code_high)
    return [bound / (1 << BOUND_BITS) for bound in bounds], tree.leaves, run


def _reward(policy: Policy, training: Training, settings: Settings) -> Outcome:
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


def _obligation(
    obligation_id: str,
    engine: str,
    run: Callable[[Policy, Training, Settings], Outcome],
    claim: str | None,
    *more: str,
) -> Obligation:
    def discharge(policy: Policy, settings: Settings) -> Result:
        start = time.perf_counter()
        training, lean = training_of(settings), []
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


def _result(obligation_id: str, engine: str, start: float, outcome: Outcome) -> Result:
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
        "policy.action_agreement", "branch and bound, integers", action_agreement, "reward_preservation", "lean"
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

"""`kernel.*_exhaustive`: the scalar C of a kernel on every one of 2^32 inputs, for each scale of the policy.

CHECKED: the C is compiled for this machine and compared with integers that share no code with it. Minutes for a policy
of 64 hidden units. The vector kernels are `kernel.object_code`'s.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.exhaustive import INPUTS, Difference, feature_case, requantizer_case, run_exhaustive
from tinyverify.engines.lean_bundle.faults import all_requantizers
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status

ENGINE = "exhaustive (scalar C on this machine)"
_STATEMENTS = {
    "requantize": "tv_requantize in scalar C gives the reference's code for each of the 2^32 accumulators, with every "
    "multiplier, shift and zero point of the policy.",
    "quantize_f32": "tv_quantize_f32 in scalar C gives the reference's code and fault flags for each of the 2^32 "
    "float32 patterns, with every inverse scale and zero point of the policy.",
}


def requantizer_cases(policy: Policy) -> dict[bytes, str]:
    """Each different requantizer of `policy` as a case, and where it first stands."""
    cases: dict[bytes, str] = {}
    for place, multiplier, shift, zero_point, _ in all_requantizers(policy):
        low = zero_point if place.startswith("layer") else -128  # hidden layers clamp at the zero point: ReLU
        cases.setdefault(requantizer_case(multiplier, shift, zero_point, low, 127, policy.rounding), place)
    return cases


def feature_cases(policy: Policy) -> dict[bytes, str]:
    """Each different feature of `policy` as a case, and which it is."""
    cases: dict[bytes, str] = {}
    patterns = policy.inv_scale.astype(np.float32).view(np.uint32)
    for index, (bits, zero_point) in enumerate(zip(patterns, policy.input_zero_point, strict=True)):
        cases.setdefault(feature_case(int(bits), int(zero_point)), f"feature {index}")
    return cases


def _obligation(kernel: str, cases_of: Callable[[Policy], dict[bytes, str]]) -> Obligation:
    identity, statement = f"kernel.{kernel}_exhaustive", _STATEMENTS[kernel]

    def discharge(policy: Policy, settings: Settings) -> Result:
        start = time.perf_counter()
        cases = cases_of(policy)
        try:
            status, detail, evidence = judge(cases, run_exhaustive(kernel, list(cases)))
        except CompilerMissing as error:
            status, detail, evidence = Status.UNCHECKED, str(error), {}
        except BuildError as error:
            status, detail, evidence = Status.ERROR, str(error), {}
        seconds = round(time.perf_counter() - start, 4)
        return Result(
            id=identity,
            statement=statement,
            status=status,
            engines=(EngineRun(engine=ENGINE, status=status, seconds=seconds),),
            seconds=seconds,
            detail=detail,
            evidence=evidence,
        )

    return Obligation(identity, "kernel", statement, ("exhaustive",), discharge, stage="all")


def judge(cases: dict[bytes, str], difference: Difference | None) -> tuple[Status, str, dict]:
    """CHECKED if nothing differs, REFUTED with the input and its place if something does; UNKNOWN without any case."""
    evidence: dict = {"cases": len(cases), "inputs": len(cases) * INPUTS}
    if not cases:
        return Status.UNKNOWN, "the policy has nothing to compare", evidence
    if difference is None:
        return Status.CHECKED, f"{len(cases)} cases, {len(cases) * INPUTS:,} inputs", evidence
    place = list(cases.values())[difference.case]
    replay = f"{place}, {difference.what} {difference.input}: C gives {difference.got}, not {difference.wanted}"
    return Status.REFUTED, replay, {**evidence, "counterexample": {"check": place, "replay": replay}}


OBLIGATIONS = (_obligation("requantize", requantizer_cases), _obligation("quantize_f32", feature_cases))

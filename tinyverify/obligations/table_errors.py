"""`softmax_lut.table_error`, `sample.table_errors`: each entry of the heads' tables beside the real function.

PROVED by Lean's kernel (lean/TinyVerify/Tables); CHECKED in rationals, all 256 entries, beside it and without Lean.
What follows for the sampled distribution is `policy.sampling_distance`; for a continuous policy a draw is one of 256
quantiles, each of probability 1 / 256.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.certify.table_errors import softmax_error, table_errors
from tinyverify.engines.lean_bundle.tables import table_facts
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.question import Stated, settle
from tinyverify.results import EngineRun, Result, Status

LIMIT = Fraction(1, 2) + Fraction(1, 1000)  # of a code: rounding, and that of the scales
TAIL = Fraction(1, 500)  # a side
ENGINE = "all entries, rationals"
_SOFTMAX = (
    "Every entry of the softmax table is within 0.501 of a code of 127 exp(-difference), 0.4 % of the largest weight."
)
_SAMPLE = (
    "Every entry of the tables of a continuous policy is within 0.501 of a code of exp(log std), 127 tanh(mean) and "
    "the normal quantile at (k + 1/2) / 256; noise beyond the first and the last quantile has probability at most "
    "0.2 % on each side."
)


def _softmax(policy: Policy) -> dict[str, Fraction]:
    return {"exp": softmax_error(policy)}


def _sample(policy: Policy) -> dict[str, Fraction]:
    found = table_errors(policy)
    return {"std": found.std, "tanh": found.tanh, "quantile": found.quantile, "tail": found.tail}


def _obligation(
    identity: str, family: str, statement: str, find: Callable[[Policy], dict[str, Fraction]], discrete: bool
) -> Obligation:
    def stated(policy: Policy, settings: Settings) -> Stated:
        start = time.perf_counter()
        errors = find(policy)
        over = [name for name, value in errors.items() if value > (TAIL if name == "tail" else LIMIT)]
        listed = ", ".join(f"{name} {float(value):.4g}" for name, value in errors.items())
        status = Status.REFUTED if over else Status.CHECKED
        seconds = round(time.perf_counter() - start, 4)
        result = Result(
            id=identity,
            statement=statement,
            status=status,
            engines=(EngineRun(engine=ENGINE, status=status, seconds=seconds),),
            seconds=seconds,
            detail=f"in codes: {listed}" + (f"; too much: {', '.join(over)}" if over else ""),
            evidence={name: float(value) for name, value in errors.items()},
        )
        return Stated(result, None if over else table_facts(policy), suffices=True)

    def discharge(policy: Policy, settings: Settings) -> Result:
        return settle([stated(policy, settings)], settings.timeout, settings.lean)[0]

    return Obligation(
        identity,
        family,
        statement,
        (ENGINE, "lean"),
        discharge,
        applies=lambda policy: policy.discrete is discrete,
        stated=stated,
    )


OBLIGATIONS = (
    _obligation("softmax_lut.table_error", "softmax", _SOFTMAX, _softmax, discrete=True),
    _obligation("sample.table_errors", "sampling", _SAMPLE, _sample, discrete=False),
)

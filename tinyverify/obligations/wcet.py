"""`wcet.total_cycles`: one inference of the linked firmware meets its cycle budget on every path.

PROVED is relative to the timing model: the bound comes from untrusted search (abstract execution, linear programming)
and is accepted by an exact check of its certificate against the flow graph of the binary. No hardware was measured.
Code that is not understood, or a bound above the budget, is UNKNOWN: neither is a counterexample.
"""

from __future__ import annotations

import time
from importlib.metadata import version

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.engines.wcet.analyse import Analysis
from tinyverify.engines.wcet.certificate import CertificateError, to_json
from tinyverify.engines.wcet.report import (
    TOTAL_CYCLES,
    TOTAL_MICROSECONDS,
    InferenceBound,
    hottest,
    inference_bound,
    rows_json,
)
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status

ID = "wcet.total_cycles"
STATEMENT = (
    f"Under the timing model of docs/timing-model.md, one inference of the linked firmware (tv_infer, then tv_sample) "
    f"takes at most {TOTAL_CYCLES:,} cycles and {TOTAL_MICROSECONDS / 1000:g} ms at 80 MHz, whatever its input."
)
MODEL_BOUND = "model bound, no hardware measurement"


def total_cycles(policy: Policy, settings: Settings, model: TimingModel | None = None) -> Result:
    """Build the firmware of `policy`, bound it, check the certificate, compare with the budget."""
    start = time.perf_counter()
    try:
        firmware = linked(policy)
        found = inference_bound(firmware.product, firmware.holding("tv_sample"), firmware.lines, model)
    except CompilerMissing as error:
        return _result(Status.UNCHECKED, start, str(error))
    except (NotUnderstood, CertificateError, ArtifactError) as error:
        return _result(Status.UNKNOWN, start, f"no bound: {error}")
    except BuildError as error:
        return _result(Status.ERROR, start, f"no firmware: {error}")
    return judge(found, firmware, start)


def judge(found: InferenceBound, firmware: Linked, start: float, budget: int = TOTAL_CYCLES) -> Result:
    """The result of a bound: PROVED within `budget` cycles and the millisecond, UNKNOWN above."""
    total = found.rows[-1]
    within = total.cycles <= budget and total.microseconds <= TOTAL_MICROSECONDS
    detail = f"{total.cycles:,} of {budget:,} cycles, {total.microseconds:.2f} us at 80 MHz: {MODEL_BOUND}"
    if not within:
        detail += "; the bound is above the budget, which does not show that a run is"
    evidence = {
        "elf_sha256": firmware.product.sha256,
        "compiler": firmware.compiler,
        "model": str(found.infer.model),
        "operations": rows_json(found.rows),
        "costliest_abstract_run": found.executed,
        "tightness": round(found.cycles / found.executed, 4),
        "hottest": hottest(found.infer, firmware.lines),
        "certificates": [_certificate(part) for part in (found.infer, found.sample)],
    }
    return _result(Status.PROVED if within else Status.UNKNOWN, start, detail, evidence)


def _certificate(part: Analysis) -> dict:
    loops = {f"{address:#x}": rounds for address, rounds in sorted(part.loops.items())}
    return {
        "function": part.function,
        "cycles": part.certified,
        "lean_theorem": "TinyVerify.Certificate.bounds_every_path",
        "loops": loops,
        **to_json(part.certificate),
    }


def _result(status: Status, start: float, detail: str, evidence: dict | None = None) -> Result:
    seconds = round(time.perf_counter() - start, 4)
    engine = f"wcet (abstract execution, HiGHS of scipy {version('scipy')}, exact check)"
    return Result(
        id=ID,
        statement=STATEMENT,
        status=status,
        engines=(EngineRun(engine=engine, status=status, seconds=seconds, detail=detail),),
        seconds=seconds,
        detail=detail,
        evidence=evidence or {},
    )


OBLIGATIONS = (Obligation(ID, "latency", STATEMENT, ("wcet",), total_cycles),)

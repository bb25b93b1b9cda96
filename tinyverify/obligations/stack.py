"""`stack.depth`: the linked firmware's stack stays inside its 4 KB, one exception frame with FP state included.

From the instructions of the binary (binary/stack.py), over the call graph from the reset handler, plus the deepest
handler of the vector table. One exception at a time: the firmware enables no interrupt.
"""

from __future__ import annotations

import time

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.layout import STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.elf import Firmware
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES, StackAnalysis, worst_depth
from tinyverify.engines.emulator.compiler import BuildError, CompilerMissing
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status

ID = "stack.depth"
STATEMENT = (
    f"The stack of the linked firmware, from its reset handler over every chain of calls, with one exception frame "
    f"that holds FP state and the deepest exception handler, takes at most {STACK_BYTES:,} bytes."
)


def depth(policy: Policy, settings: Settings) -> Result:
    """Build the firmware of `policy` and bound its stack."""
    start = time.perf_counter()
    try:
        firmware = linked(policy)
        return judge(firmware.product, start, called=_public(firmware))
    except CompilerMissing as error:
        return _result(Status.UNCHECKED, start, str(error))
    except (NotUnderstood, ArtifactError) as error:
        return _result(Status.UNKNOWN, start, f"no bound: {error}")
    except BuildError as error:
        return _result(Status.ERROR, start, f"no firmware: {error}")


def _public(firmware: Linked) -> dict[str, int]:
    """Bytes below its caller that each public call takes, for applications of another shape than the example."""
    depths = {}
    for name in ("tv_infer", "tv_sample"):
        home = firmware.holding(name)
        depths[name] = StackAnalysis(home).depth(home.function(name).address).total
    return depths


def judge(firmware: Firmware, start: float, limit: int = STACK_BYTES, called: dict[str, int] | None = None) -> Result:
    """PROVED if the bound stays within `limit` bytes, UNKNOWN above. Raises NotUnderstood.

    `called`: depths of the public calls, for the evidence.
    """
    thread, handler, total = worst_depth(firmware)
    analysis = StackAnalysis(firmware)
    functions = {name: analysis.depth(firmware.functions[name].address) for name in thread.path}
    evidence = {
        "elf_sha256": firmware.sha256,
        "thread_bytes": thread.total,
        "thread_path": list(thread.path),
        "exception_frame_bytes": EXCEPTION_FRAME_BYTES,
        "handler_bytes": handler.total if handler else 0,
        "handler_path": list(handler.path) if handler else [],
        "frames": {name: found.own for name, found in functions.items()},
        "public_calls": called or {},
        "heap_bytes": 0,
    }
    detail = f"{total:,} of {limit:,} bytes: {thread.total} in {' > '.join(thread.path)}, {EXCEPTION_FRAME_BYTES} frame"
    return _result(Status.PROVED if total <= limit else Status.UNKNOWN, start, detail, evidence)


def _result(status: Status, start: float, detail: str, evidence: dict | None = None) -> Result:
    seconds = round(time.perf_counter() - start, 4)
    return Result(
        id=ID,
        statement=STATEMENT,
        status=status,
        engines=(EngineRun(engine="stack analysis of the ELF", status=status, seconds=seconds, detail=detail),),
        seconds=seconds,
        detail=detail,
        evidence=evidence or {},
    )


OBLIGATIONS = (Obligation(ID, "memory bounds", STATEMENT, ("stack",), depth, claim="memory_bounds"),)

"""`stack.depth`: the linked firmware's stack stays inside its 4 KB, one exception frame with FP state included.

From the instructions of the binary (binary/stack.py), over the call graph from the reset handler, plus the deepest
handler of the vector table. One exception at a time: the firmware enables no interrupt.
"""

from __future__ import annotations

from tinyverify.artifacts.layout import STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.binary.stack import EXCEPTION_FRAME_BYTES, StackAnalysis, worst_depth
from tinyverify.engines.lean_bundle.flow import flow_facts
from tinyverify.engines.stack_certificate import stack_certificate
from tinyverify.engines.wcet.certificate import CertificateError, check
from tinyverify.obligations.linked import PUBLIC, Linked
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.results import Result, Status

ID = "stack.depth"
ENGINE = "stack analysis of the ELF"
STATEMENT = (
    f"The stack of the linked firmware, from its reset handler over every chain of calls, with one exception frame "
    f"that holds FP state and the deepest exception handler, takes at most {STACK_BYTES:,} bytes."
)


def depth(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy` and bound its stack; every path of the call graph is Lean's to bound."""
    question = Question(ID, STATEMENT, ENGINE)

    def bound(firmware: Linked) -> Stated:
        result = judge(firmware.product, question, called=_public(firmware))
        return Stated(result, flow_facts({"stack": stack_certificate(firmware.product)}))

    return question.about(policy, settings.build, bound)


def _public(firmware: Linked) -> dict[str, int]:
    """Bytes below its caller that each public call takes, for applications of another shape than the example."""
    depths = {}
    for name in PUBLIC:
        home = firmware.holding(name)
        depths[name] = StackAnalysis(home).depth(home.function(name).address).total
    return depths


def judge(
    firmware: Firmware,
    question: Question,
    limit: int = STACK_BYTES,
    called: dict[str, int] | None = None,
) -> Result:
    """PROVED if the bound stays within `limit` bytes, UNKNOWN above. Raises NotUnderstood, CertificateError.

    `called`: depths of the public calls, for the evidence.
    """
    thread, handler, total = worst_depth(firmware)
    if check(stack_certificate(firmware)) != total:
        raise CertificateError(f"the certificate shows another depth than the {total} bytes of the analysis")
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
    return question.answer(Status.PROVED if total <= limit else Status.UNKNOWN, detail, evidence)


OBLIGATIONS = (about_binary(ID, "memory bounds", STATEMENT, ("stack",), depth, claim="memory_bounds"),)

"""`wcet.interrupt_latency`: how long the linked firmware keeps an interrupt waiting.

PROVED is relative to the timing model of docs/timing-model.md. Handlers, and interrupts of higher priority, are the
application's and not covered.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.engines.lean_bundle.flow import flow_facts
from tinyverify.engines.wcet.analyse import microseconds
from tinyverify.engines.wcet.interrupts import InterruptLatency, interrupt_latency
from tinyverify.obligations.linked import Linked
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.obligations.timing import MODEL_BOUND, time_question, waiting_row
from tinyverify.results import Result, Status

ID = "wcet.interrupt_latency"
MOST_MICROSECONDS = 50.0
STATEMENT = (
    "Nothing that main can reach masks interrupts, and under the "
    f"timing model an interrupt waits at most {MOST_MICROSECONDS:g} us at 80 MHz for its handler to start."
)


def latency(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy` and bound how long it keeps an interrupt waiting."""
    question = time_question(ID, STATEMENT)

    def bound(firmware: Linked) -> Stated:
        found = interrupt_latency(firmware.product, model=settings.timing)
        return Stated(judge(firmware.product, question, found), flow_facts({"interrupts": found.certificate}))

    return question.about(policy, settings.build, bound)


def judge(firmware: Firmware, question: Question, found: InterruptLatency) -> Result:
    """PROVED if nothing masks interrupts and the wait is within 50 us; UNKNOWN otherwise."""
    wait = microseconds(found.cycles)
    masked = [f"{i.text} at {i.address:#x}" for i in found.masking]
    detail = (
        f"{found.cycles} cycles, {wait:.2f} of {MOST_MICROSECONDS:g} us, longest {found.longest.text}: {MODEL_BOUND}"
    )
    if masked:
        detail = f"interrupts are masked by {', '.join(masked)}: how long is not bounded"
    evidence = {
        "elf_sha256": firmware.sha256,
        "cycles": found.cycles,
        "longest_instruction": found.longest.text,
        "masking": masked,
        "functions": found.functions,
    }
    if not masked:
        evidence["time_row"] = waiting_row("interrupt latency", found.cycles, MOST_MICROSECONDS, found.longest.text)
    status = Status.PROVED if not masked and wait <= MOST_MICROSECONDS else Status.UNKNOWN
    return question.answer(status, detail, evidence)


OBLIGATIONS = (about_binary(ID, "latency", STATEMENT, ("wcet",), latency, claim="latency_bounds"),)

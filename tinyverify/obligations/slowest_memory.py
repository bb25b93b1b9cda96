"""`wcet.slowest_memory`: one inference ends within the specified maximum from the slowest specified memory, too.

PROVED is relative to the timing model of docs/timing-model.md, as `wcet.total_cycles`, which has memory without wait
states and the target of 1 ms. The 8,548 cycles of the specification's table do not hold with such a memory, and are
not claimed for it.
"""

from __future__ import annotations

from dataclasses import replace

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.lean_bundle.flow import flow_facts
from tinyverify.engines.wcet.analyse import microseconds
from tinyverify.engines.wcet.report import InferenceBound
from tinyverify.obligations.linked import Linked
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.obligations.timing import MODEL_BOUND, time_question, waiting_row
from tinyverify.obligations.wcet import bound_inference
from tinyverify.results import Result, Status

ID = "wcet.slowest_memory"
MOST_MICROSECONDS = 5_000.0
FLASH_WORD_CYCLES = 16  # 200 ns at 80 MHz, charged on top of the access; the specified 100 ns of RAM are less
STATEMENT = (
    f"Under the timing model of docs/timing-model.md, with {FLASH_WORD_CYCLES} cycles (200 ns at 80 MHz) more for each "
    "word of code and of data, one inference of the linked firmware (tv_infer, then tv_sample) takes at most "
    f"{MOST_MICROSECONDS / 1000:g} ms."
)


def slowest(model: TimingModel) -> TimingModel:
    """`model` with a memory as slow as the specification allows, or slower where `model` has one."""
    return replace(
        model,
        fetch_wait_states=max(model.fetch_wait_states, FLASH_WORD_CYCLES),
        data_wait_states=max(model.data_wait_states, FLASH_WORD_CYCLES),
    )


def slowest_memory(policy: Policy, settings: Settings) -> Stated:
    """Build the firmware of `policy` and bound it from slow memory."""
    question = time_question(ID, STATEMENT)

    def bound(firmware: Linked) -> Stated:
        found = bound_inference(firmware, slowest(settings.timing))
        certificates = {f"slowest_{part.function}": part.certificate for part in (found.infer, found.sample)}
        return Stated(judge(found, firmware, question), flow_facts(certificates))

    return question.about(policy, settings.build, bound)


def judge(found: InferenceBound, firmware: Linked, question: Question, most: float = MOST_MICROSECONDS) -> Result:
    """PROVED if the bound stays within `most` microseconds, UNKNOWN above."""
    taken = microseconds(found.cycles)
    evidence = {
        "elf_sha256": firmware.product.sha256,
        "model": str(found.infer.model),
        "cycles": found.cycles,
        "time_row": waiting_row("total, slowest memory", found.cycles, most, "200 ns for every word of code and data"),
    }
    detail = f"{found.cycles:,} cycles, {taken:.2f} of {most:g} us at 80 MHz: {MODEL_BOUND}"
    return question.answer(Status.PROVED if taken <= most else Status.UNKNOWN, detail, evidence)


OBLIGATIONS = (about_binary(ID, "latency", STATEMENT, ("wcet",), slowest_memory, claim="latency_bounds"),)

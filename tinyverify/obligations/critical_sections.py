"""`wcet.critical_sections`: how long the HAL's own critical sections keep interrupts masked.

PROVED is relative to the timing model of docs/timing-model.md. The functions are bounded whole, from their first
instruction to their return, which is more than the masked part. An application's own sections are not covered.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.emulator.compiler import require_compiler
from tinyverify.engines.lean_bundle.flow import flow_facts
from tinyverify.engines.wcet.analyse import Analysis, analyse, microseconds
from tinyverify.engines.wcet.certificate import to_json
from tinyverify.obligations.linked import BuildChoice, linked_hal
from tinyverify.obligations.obligation import Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.obligations.timing import MODEL_BOUND, time_question, waiting_row
from tinyverify.results import Result, Status
from tinyverify.semantics.locks import RESOURCES, TASKS

ID = "wcet.critical_sections"
SECTIONS = ("tv_resource_take", "tv_resource_give")
MOST_MICROSECONDS = 10.0
STATEMENT = (
    "Under the timing model of docs/timing-model.md, no critical section of the HAL (tv_resource_take, "
    f"tv_resource_give) lasts longer than {MOST_MICROSECONDS:g} us at 80 MHz, whatever task and resource it is for."
)
_LARGEST = (1 << 32) - 1
# Every pair of arguments: no such task, no such resource, and all others.
_TASK, _RESOURCE = (1, TASKS), (1, RESOURCES)
CASES = (
    {"r1": (0, 0)},
    {"r1": (TASKS + 1, _LARGEST)},
    {"r1": _TASK, "r2": (0, 0)},
    {"r1": _TASK, "r2": (RESOURCES + 1, _LARGEST)},
    {"r1": _TASK, "r2": _RESOURCE},
)


def critical_sections(policy: Policy, settings: Settings) -> Stated:
    """Build the HAL and bound each critical section; the same for every `policy`."""
    question = time_question(ID, STATEMENT)

    def bound() -> Stated:
        firmware = _holding_sections(settings.build)
        found = bounds(firmware, settings.timing)
        return Stated(judge(firmware, found, question), flow_facts({a.function: a.certificate for a in found}))

    return question.try_to(bound)


def _holding_sections(choice: BuildChoice) -> Firmware:
    """The user's ELF if it holds the sections; else the HAL linked by itself, as an application would link it."""
    given = read_elf(choice.elf) if choice.elf is not None else None
    if given is not None and set(SECTIONS) <= set(given.functions):
        return given
    return linked_hal(SECTIONS, require_compiler(choice.compiler), choice.level)


def bounds(firmware: Firmware, model: TimingModel | None = None) -> list[Analysis]:
    """Each section over all cases of its arguments. Raises ArtifactError, NotUnderstood, CertificateError."""
    return [analyse(firmware, function, model, cases=CASES) for function in SECTIONS]


def judge(
    firmware: Firmware,
    found: list[Analysis],
    question: Question,
    most: float = MOST_MICROSECONDS,
) -> Result:
    """PROVED if every section ends within `most` microseconds; UNKNOWN above, which shows no longer one."""
    longest = max(found, key=lambda a: a.certified)  # no interrupt of the model comes while they are masked
    cycles, taken = longest.certified, microseconds(longest.certified)
    detail = f"{longest.function}: {cycles} cycles, {taken:.2f} of {most:g} us, {MODEL_BOUND}"
    evidence = {
        "hal_elf_sha256": firmware.sha256,
        "model": str(found[0].model),
        "cycles": {a.function: a.certified for a in found},
        "time_row": waiting_row("critical section", cycles, most, longest.function),
        "certificates": [{"function": a.function, **to_json(a.certificate)} for a in found],
    }
    status = Status.PROVED if taken <= most else Status.UNKNOWN
    return question.answer(status, detail, evidence)


OBLIGATIONS = (about_binary(ID, "latency", STATEMENT, ("wcet",), critical_sections, claim="latency_bounds"),)

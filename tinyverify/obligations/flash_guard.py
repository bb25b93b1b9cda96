"""`flash_guard.tables`: what the firmware's flash guard compares with is what was emitted, and start-up asks it.

CHECKED: every entry of the linked ELF against the policy, by a program that is not proved. That the guard's code finds
a change is for tests/firmware to show, on the emulated core.
"""

from __future__ import annotations

import struct
import zlib

from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.binary.flow import flow_graph
from tinyverify.emit.firmware import FLASH_BASE
from tinyverify.emit.tables import flash_tables
from tinyverify.obligations.linked import Linked
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.obligations.question import Question, Stated
from tinyverify.results import Result, Status

ID = "flash_guard.tables"
ENGINE = "exact comparison"
STATEMENT = (
    "The flash guard of the linked firmware holds every table of the policy, once: the address that the memory map "
    "states, the size, and the CRC-32 of the policy's bytes, which lie there; and no path of start-up reaches main "
    "around it."
)
_ENTRY = struct.Struct("<IIII")  # tv_flash_table: at, offset, size, crc


def tables(policy: Policy, settings: Settings) -> Result:
    """Build the firmware of `policy` and compare its guard with the policy."""
    question = Question(ID, STATEMENT, ENGINE)

    def compared(firmware: Linked) -> Stated:
        return Stated(judge(policy, firmware.product, question))

    return question.about(policy, settings.build, compared).result


def judge(policy: Policy, firmware: Firmware, question: Question) -> Result:
    """CHECKED if nothing departs from the policy, else REFUTED. Raises NotUnderstood, ArtifactError."""
    found = [*table_faults(policy, firmware), *start_faults(firmware)]
    names = [item.name for item in policy.layout.objects]
    evidence = {"elf_sha256": firmware.sha256, "tables": names, "faults": found}
    detail = "; ".join(found[:3]) or f"{len(names)} tables, {sum(item.size for item in policy.layout.objects):,} bytes"
    return question.answer(Status.REFUTED if found else Status.CHECKED, detail, evidence)


def table_faults(policy: Policy, firmware: Firmware) -> list[str]:
    """Every way in which the guard's entries, or the bytes they speak of, depart from the tables of `policy`."""
    wanted = flash_tables(policy, mve=True)
    symbols = {symbol.name: symbol for symbol in firmware.symbols if symbol.kind == "object"}
    if not {"tv_flash_tables", "tv_flash_table_count"} <= set(symbols):
        return ["the firmware holds no tv_flash_tables"]
    data = firmware.constant(symbols["tv_flash_tables"].address, symbols["tv_flash_tables"].size) or b""
    count = firmware.constant(symbols["tv_flash_table_count"].address, 4)
    if count != len(wanted).to_bytes(4, "little") or len(data) != _ENTRY.size * len(wanted):
        return [f"the guard does not hold {len(wanted)} entries"]
    found = []
    for table, (at, offset, size, crc) in zip(wanted, _ENTRY.iter_unpack(data), strict=True):
        item, content = table.item, table.values.tobytes()
        if (at, offset, size) != (FLASH_BASE + item.offset, item.offset, item.size):
            found.append(f"{item.name}: the guard has it at {at:#x}, offset {offset:#x}, {size} bytes")
        if crc != zlib.crc32(content):
            found.append(f"{item.name}: the guard expects CRC {crc:#010x}, the policy's bytes have another")
        if firmware.constant(FLASH_BASE + item.offset, item.size) != content:
            found.append(f"{item.name}: the bytes at its address are not the policy's")
    return found


def start_faults(firmware: Firmware) -> list[str]:
    """Whether start-up can reach `main` without asking the guard."""
    start, check, guard, main = (
        firmware.function(name).address for name in ("tv_start", "tv_start_check", "tv_flash_guard", "main")
    )
    found = []
    if not any(block.target == guard for block in flow_graph(firmware, check).blocks.values()):
        found.append("what start-up calls is not the flash guard")
    graph = flow_graph(firmware, start)
    seen: set[int] = set()
    todo = [graph.entry]
    while todo:
        address = todo.pop()
        block = graph.blocks[address]
        if address in seen or block.target == check:
            continue
        seen.add(address)
        if block.target == main:
            found.append("a path of start-up reaches main around the flash guard")
        todo.extend(graph.successors[address])
    return found


OBLIGATIONS = (Obligation(ID, "integrity", STATEMENT, ("exact",), tables),)

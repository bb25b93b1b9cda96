"""`elf_layout.*`: the linked firmware lies where the specification's memory map says, and nothing overlaps.

About the ELF, beside `layout.*`, which is about the plan. The intervals are compared in exact integers; sections
against regions by both SMT solvers as well, sections and symbols by Lean. Flash is the 64 KB map, the stricter of the
specification's two figures.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyverify.artifacts.layout import FLASH_BYTES, FLASH_REGIONS, HEAP_BYTES, RAM_BASE, STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware
from tinyverify.emit.firmware import FLASH_BASE
from tinyverify.engines.lean_bundle.elf_layout import Extent, Placement, layout_facts
from tinyverify.engines.smt.discharge import SOLVERS
from tinyverify.engines.smt.query import render
from tinyverify.obligations.obligation import Obligation, Settings, about_binary
from tinyverify.obligations.question import Question, Stated
from tinyverify.results import EngineRun, Status

VECTOR_BYTES = 0x40
_ALLOCATORS = frozenset({"malloc", "calloc", "realloc", "free", "_sbrk", "sbrk", "_malloc_r", "tv_heap_take"})


def regions() -> tuple[Extent, ...]:
    """The specified regions as addresses: vector table, flash, stack, and the RAM that holds .data and .bss."""
    flash = [Extent(r.name, FLASH_BASE + r.offset, FLASH_BASE + r.offset + r.size, "flash") for r in FLASH_REGIONS]
    ram = RAM_BASE + STACK_BYTES
    return (
        Extent("vectors", 0, VECTOR_BYTES, "flash"),
        *flash,
        Extent("stack", RAM_BASE, ram, "ram"),
        Extent("heap", ram, ram + HEAP_BYTES, "ram"),
    )


def extents(firmware: Firmware) -> list[Extent]:
    """Allocated sections, each with the region that it is named after, and the images that start-up copies."""
    names = {r.name for r in regions()}
    found = []
    for section in firmware.sections:
        if not section.allocated or not section.size:
            continue
        named = section.name.strip(".").split(".")[0]
        region = "heap" if section.writable else named if named in names else "hal"
        found.append(Extent(section.name, section.address, section.end, region))
    for segment in firmware.segments:
        if segment.load_address != segment.address and segment.data:
            start = segment.load_address
            found.append(Extent(f"image at {start:#x}", start, start + len(segment.data), "hal"))
    return found


def inside_faults(firmware: Firmware) -> list[str]:
    """What leaves its region, each symbol that leaves its section, and each sign of a heap."""
    where = {r.name: r for r in regions()}
    faults = []
    for e in extents(firmware):
        region = where[e.region]
        if not (region.start <= e.start and e.end <= region.end):
            limits = f"{region.start:#x}..{region.end:#x}"
            faults.append(f"{e.name} at {e.start:#x}..{e.end:#x} leaves the {e.region} region {limits}")
    sections = {s.name: s for s in firmware.sections}
    for symbol in firmware.symbols:
        home = sections.get(symbol.section)
        if (
            symbol.kind != "other"
            and home is not None
            and not (home.address <= symbol.address and symbol.end <= home.end)
        ):
            faults.append(f"symbol {symbol.name} at {symbol.address:#x}..{symbol.end:#x} leaves {home.name}")
        if symbol.name in _ALLOCATORS:
            faults.append(f"symbol {symbol.name}: the firmware must not have a heap")
    return faults


def disjoint_faults(firmware: Firmware) -> list[str]:
    """Pairs of sections and images, and pairs of symbols, that share a byte."""
    return [
        f"{b.name} at {b.start:#x} overlaps {a.name} at {a.start:#x}..{a.end:#x}"
        for group in (extents(firmware), symbols(firmware))
        for a, b in _overlaps(group)
    ]


def symbols(firmware: Firmware) -> list[Extent]:
    """Functions and objects, each with the section that it lies in. Aliases (equal extents) are one symbol."""
    homes = {s.name for s in firmware.sections if s.allocated and s.size}
    found = {
        (s.address, s.end): Extent(f"symbol {s.name}", s.address, s.end, s.section)
        for s in firmware.symbols
        if s.kind != "other" and s.size and s.section in homes
    }
    return list(found.values())


def placements(firmware: Firmware) -> tuple[Placement, Placement]:
    """Sections and images in the specified regions; symbols in the sections."""
    sections = [Extent(s.name, s.address, s.end, "") for s in firmware.sections if s.allocated and s.size]
    return (
        Placement("sections", extents(firmware), regions()),
        Placement("symbols", symbols(firmware), sections),
    )


def _overlaps(group: list[Extent]) -> list[tuple[Extent, Extent]]:
    found, furthest = [], None
    for extent in sorted(group, key=lambda e: (e.start, e.end)):
        if furthest is not None and extent.start < furthest.end:
            found.append((furthest, extent))
        if furthest is None or extent.end > furthest.end:
            furthest = extent
    return found


def parameters(firmware: Firmware) -> dict:
    """The extents in the form that the queries of `layout.inside` and `layout.disjoint` take, as addresses."""
    where = {r.name: r for r in regions()}
    objects = [
        {
            "name": e.name,
            "offset": e.start,
            "size": e.end - e.start,
            "region_offset": where[e.region].start,
            "region_size": where[e.region].end - where[e.region].start,
        }
        for e in extents(firmware)
    ]
    parts = [{"name": f"region {r.name}", "offset": r.start, "size": r.end - r.start} for r in regions()]
    return {"objects": objects, "regions": parts, "flash": 1 << 32}


def _obligation(prop: str, statement: str, faults: Callable[[Firmware], list[str]]) -> Obligation:
    identity = f"elf_layout.{prop}"

    def stated(policy: Policy, settings: Settings) -> Stated:
        question = Question(identity, statement, "exact intervals")
        return question.about(policy, settings.build, lambda found: judge(found.product, settings, question))

    def judge(firmware: Firmware, settings: Settings, question: Question) -> Stated:
        found = faults(firmware)
        runs = []
        query = render(f"layout.{prop}", parameters(firmware))
        for name in settings.solvers:
            answer = SOLVERS[name](query, settings.timeout)
            runs.append(EngineRun(engine=answer.solver, status=answer.status, seconds=round(answer.seconds, 4)))
        detail = "; ".join(found[:3]) or _sizes(firmware)
        status = Status.REFUTED if found else Status.PROVED
        result = question.answer(status, detail, _evidence(firmware, found), tuple(runs))
        # Of a layout with a fault there is no theorem; that it is refuted is the other engines' word.
        return Stated(result, None if found else layout_facts(prop, placements(firmware)))

    return about_binary(identity, "memory bounds", statement, ("exact", "z3", "cvc5"), stated, claim="memory_bounds")


def _used(firmware: Firmware) -> tuple[int, int]:
    """Bytes of flash, and of RAM beside the stack."""
    found = extents(firmware)
    ram = sum(e.end - e.start for e in found if e.region == "heap")
    return sum(e.end - e.start for e in found) - ram, ram


def _sizes(firmware: Firmware) -> str:
    flash, ram = _used(firmware)
    return f"{flash:,} bytes of flash, {ram:,} of RAM beside the stack, heap 0"


def _evidence(firmware: Firmware, faults: list[str]) -> dict:
    flash, ram = _used(firmware)
    sizes = {r.name: r.end - r.start for r in regions()}
    return {
        "elf_sha256": firmware.sha256,
        "flash_bytes_used": flash,
        "flash_bytes_limit": FLASH_BYTES,
        "ram_bytes_used": ram + STACK_BYTES,
        "heap_bytes": 0,
        "faults": faults,
        "extents": [
            {"name": e.name, "start": e.start, "end": e.end, "region": e.region, "region_bytes": sizes[e.region]}
            for e in sorted(extents(firmware), key=lambda e: e.start)
        ],
    }


OBLIGATIONS = (
    _obligation(
        "inside",
        "Every section of the linked firmware, and every image that start-up copies, lies inside its region of the "
        "specified 64 KB flash map or of RAM, every symbol inside its section, and there is no heap.",
        inside_faults,
    ),
    _obligation(
        "disjoint",
        "No two sections or images of the linked firmware share a byte, no two of its symbols, and no two regions.",
        disjoint_faults,
    ),
)

"""Whether the sections of an ELF are what its program headers load: the bytes that are proved are those that run.

Serves `kernel.object_code`. Everything else reads sections; a loader reads segments.
"""

from __future__ import annotations

from itertools import pairwise

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.binary.elf import Firmware


def check_image(firmware: Firmware) -> None:
    """Raise ArtifactError if allocated sections overlap, or hold other bytes than the segments that load them."""
    sections = sorted((s for s in firmware.sections if s.allocated and s.size), key=lambda s: s.address)
    for before, after in pairwise(sections):
        if after.address < before.end:
            raise ArtifactError(firmware.path, after.name, f"overlaps {before.name} at {after.address:#x}")
    for section in sections:
        if section.data is None:
            continue
        holding = [s for s in firmware.segments if s.address <= section.address < s.address + max(1, s.memory_size)]
        if len(holding) != 1:
            raise ArtifactError(firmware.path, section.name, f"is loaded by {len(holding)} segments, expected one")
        start = section.address - holding[0].address
        if holding[0].data[start : start + section.size] != section.data:
            raise ArtifactError(firmware.path, section.name, "holds other bytes than the segment that loads it")

"""Executed instructions of each public function, exactly, on the emulated core.

Serves the benchmarks and gives timing analyses a check from below. Instructions, not cycles: the emulator has no
cycle model. The counting plugin (count_plugin.c) is compiled for this machine on first use.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.engines.emulator.compiler import BuildError
from tinyverify.engines.emulator.elf import functions, sections
from tinyverify.engines.emulator.plugin import compiled
from tinyverify.engines.emulator.run import execute, write_cases

FUNCTIONS = ("tv_infer", "tv_sample", "tv_quantize_observation", "tv_forward")


@dataclass(frozen=True)
class Counts:
    """Instructions of every call of a function, in the order of the cases; `paths`: distinct sequences of addresses."""

    name: str
    instructions: tuple[int, ...]
    paths: int

    @property
    def worst(self) -> int:
        return max(self.instructions)


def count_instructions(elf: Path, observations: np.ndarray, seconds: float = 300) -> dict[str, Counts]:
    """Run test program `elf` on `observations` uint32 [n, obs_dim] and count each of FUNCTIONS, by name.

    tv_infer contains its stages; tv_quantize_observation and tv_forward are also called by themselves. Raises
    EmulatorMissing, EmulatorError or BuildError.
    """
    addresses = {name: address for name, (address, _) in functions(elf, *FUNCTIONS).items()}
    code = next(section for section in sections(elf) if section.name == ".hal")
    plugin = compiled(Path(__file__).with_name("count_plugin.c"))
    with tempfile.TemporaryDirectory(prefix="tinyverify-count-") as name:
        folder = Path(name)
        write_cases(folder, observations, np.ones(len(observations), np.uint32))
        arguments = [f"lo={code.address:#x}", f"hi={code.address + code.size:#x}", f"out={folder / 'counts'}"]
        arguments += [f"fn={address:#x}" for address in addresses.values()]
        execute(elf, folder, seconds, ",".join([str(plugin), *arguments]))
        lines = [line.split() for line in (folder / "counts").read_text().splitlines()]
    result = {}
    for function, address in addresses.items():
        mine = [(int(count), digest) for entry, count, digest in lines if int(entry, 16) == address]
        if len(mine) != len(observations):
            raise BuildError(f"{elf}: {function} was seen {len(mine)} times in {len(observations)} cases")
        result[function] = Counts(function, tuple(count for count, _ in mine), len({digest for _, digest in mine}))
    return result

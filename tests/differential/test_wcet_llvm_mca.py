"""The bound of an inference against LLVM's own estimate for the Cortex-M55, which is optimistic.

llvm-mca issues two instructions a cycle where the core may not, charges one cycle for a push of many registers, two for
a division and none for branches, and does not know low-overhead loops. So it must stay under our bound for the same
instructions in the same order; where it does not, a row of the timing model is too low. It is no measurement.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tinyverify.binary.elf import Firmware
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.engines.wcet.explore import Exploration, explore
from tinyverify.obligations.linked import linked

MCA = "llvm-mca-19"
pytestmark = [
    pytest.mark.skipif(shutil.which(MCA) is None, reason="no llvm-mca-19: apt-get install llvm-19"),
    pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler"),
]
COMMAND = (MCA, "-mtriple=thumbv8.1m.main-none-eabi", "-mcpu=cortex-m55", "-mattr=+mve.fp", "--iterations=1")
# Without targets that an assembler could resolve, or without a meaning outside their block.
CONTROL = re.compile(r"^(b|bl|bx|b(eq|ne|gt|ge|lt|le|hi|ls|cs|cc)|cbn?z|dls|wls|le|it[te]*|vp[st][te]*)(\.\w+)?$")


def executed(exploration: Exploration) -> list:
    """The instructions of the only path, in order: no shipped policy branches on data."""
    following = {}
    for source, target, (block, _) in exploration.unrolled:
        assert source not in following, "more than one path"
        following[source] = (target, block)
    found, at = [], 1
    while at in following:
        at, block = following[at]
        found += exploration.blocks[block].instructions
    return found


def estimated_cycles(firmware: Firmware, function: str) -> tuple[int, int, int]:
    """LLVM's estimate for `function`, how many instructions it is for, and how many the path has."""
    path = executed(explore(firmware, function)[0])
    straight = [i.text for i in path if not CONTROL.match(i.name)]
    source = "\n".join(straight) + "\n"
    done = subprocess.run([*COMMAND, "-"], input=source, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr[:2000]
    assert int(re.search(r"^Instructions:\s+(\d+)$", done.stdout, re.MULTILINE)[1]) == len(straight)
    return int(re.search(r"^Total Cycles:\s+(\d+)$", done.stdout, re.MULTILINE)[1]), len(straight), len(path)


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
@pytest.mark.parametrize("function", ["tv_infer", "tv_sample"])
def test_llvm_estimates_less(policies, name, function):
    firmware = linked(policies[name]).holding(function)
    estimate, straight, instructions = estimated_cycles(firmware, function)
    assert straight >= 0.85 * instructions
    bound = analyse(firmware, function).cycles
    print(
        f"{name} {function}: llvm-mca {estimate} cycles for {straight} instructions, bound {bound} for {instructions}"
    )
    assert 0.25 * bound < estimate <= bound

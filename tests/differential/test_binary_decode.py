"""The decoder against an independent disassembler, instruction by instruction, over whole firmwares."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tinyverify.binary.decode import NotUnderstood, decode
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.obligations.linked import linked

OBJDUMP = shutil.which("arm-none-eabi-objdump")
pytestmark = pytest.mark.skipif(OBJDUMP is None, reason="arm-none-eabi-objdump is not installed")
_LINE = re.compile(r"^\s*([0-9a-f]+):\s+((?:[0-9a-f]{4} ?){1,2})\s*\t(\S+)", re.MULTILINE)
# Names of one instruction in either disassembler.
_ALIASES = [
    {"push", "str", "stmdb"},
    {"pop", "ldr", "ldmia", "ldm"},
    {"stm", "stmia"},
    {"ldmdb", "ldm"},
    {"rrx", "mov"},
    {"lsl", "lsr", "asr", "ror", "mov", "lsls", "lsrs", "asrs", "movs"},
    {"neg", "rsb", "rsbs", "negs"},
    {"add", "adr", "addw"},
    {"sub", "subw"},
    {"vldmia", "vpop", "vldm"},
    {"vstmdb", "vpush"},
    {"vmlava", "vmladava"},
    {"vmlav", "vmladav"},
    {"vorr", "vmov"},
    {"vsel", "vselgt", "vselge", "vselvs", "vseleq"},
]


def same(ours: str, theirs: str) -> bool:
    """Whether two mnemonics name one instruction: conditions and predication letters aside, aliases allowed."""
    if theirs == ours or any({ours, theirs} <= group for group in _ALIASES):
        return True
    conditions = "eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
    bare = re.sub(rf"(?:{conditions})$", "", theirs)
    bare = bare if bare else theirs
    if bare != theirs and (bare == ours or bare == ours.removesuffix("s") or any({ours, bare} <= g for g in _ALIASES)):
        return True
    return theirs[:1] == "v" and theirs[:-1] == ours and theirs[-1] in "te"  # inside a VPT block


@pytest.mark.parametrize("name", ["cartpole", "acrobot"])
@pytest.mark.parametrize("kind", ["zig", "gcc"])
@pytest.mark.parametrize("mve", [True, False])
def test_mnemonics_and_lengths_agree(policies, name, kind, mve):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    firmware = linked(policies[name], compiler, "-O3", mve).product
    listing = subprocess.run(
        [OBJDUMP, "-d", "-m", "armv8.1-m.main", str(firmware.path)], check=True, capture_output=True, text=True
    ).stdout
    compared, different = 0, []
    for match in _LINE.finditer(listing):
        address, code = int(match[1], 16), match[2].split()
        mnemonic = match[3]
        if mnemonic.startswith(".") or mnemonic.startswith("<") or firmware.section_at(address).executable is False:
            continue
        try:
            ours = decode(firmware, address)
        except NotUnderstood:
            assert mnemonic in ("udf", "UNDEFINED") or mnemonic.startswith("udf"), (hex(address), mnemonic)
            continue
        theirs = mnemonic.split(".")[0]
        compared += 1
        if ours.size != 2 * len(code) or not same(ours.name, theirs):
            different.append((hex(address), ours.text, mnemonic, code))
    assert compared > 250
    assert not different, different[:10]

"""The decoder against two other disassemblers, instruction by instruction, over whole firmwares.

GNU's is independent of ours; LLVM's has the same tables behind it, and shows that nothing is lost on the way to plain
operands.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tinyverify.binary.decode import Instruction, Memory, NotUnderstood, Shift, decode
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.obligations.linked import linked

TOOLS = {
    "arm-none-eabi-objdump": ("-d", "-m", "armv8.1-m.main"),
    "llvm-objdump-19": ("-d", "--mcpu=cortex-m55"),
}
_LINE = re.compile(r"^\s*([0-9a-f]+):\s+((?:[0-9a-f]{4} ?){1,2})\s*\t(\S+)([^\n]*)", re.MULTILINE)
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
_REGISTERS = {"sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12", "r13": "sp", "r14": "lr", "r15": "pc"}
_CONDITIONS = {"cs": "hs", "cc": "lo"}
_SHIFTS = {"lsl", "lsr", "asr", "ror", "rrx"}
_CODES = "eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
_GOES = re.compile(rf"(bl?({_CODES})?|le|letp|wls|wlstp|cbn?z)(\.[nw])?$")  # with a target address


def same(ours: str, theirs: str) -> bool:
    """Whether two mnemonics name one instruction: conditions and predication letters aside, aliases allowed."""
    if theirs == ours or any({ours, theirs} <= group for group in _ALIASES):
        return True
    bare = re.sub(rf"(?:{_CODES})$", "", theirs)
    bare = bare if bare else theirs
    if bare != theirs and (bare == ours or bare == ours.removesuffix("s") or any({ours, bare} <= g for g in _ALIASES)):
        return True
    return theirs[:1] == "v" and theirs[:-1] == ours and theirs[-1] in "te"  # inside a VPT block


def our_operands(instruction: Instruction) -> list[str]:
    """Registers and numbers of the decoded operands in order, without zero offsets and names of shifts."""
    found: list[str] = []
    for operand in instruction.operands:
        if isinstance(operand, Memory):
            found += [operand.base, *([operand.index] if operand.index else [])]
            found += [str(n) for n in (operand.offset, operand.shift) if n]
        elif isinstance(operand, Shift):
            found += [] if operand.kind == "rrx" else [str(operand.amount)]
        elif isinstance(operand, tuple):
            found += operand
        else:
            found.append(str(operand).lower())
    return found


def their_operands(name: str, text: str) -> list[str]:
    """The same of a disassembler's text, brought to the forms of ours."""
    text = re.sub(r"\s*[@;].*|\s*<.*>", "", text).strip().lower()
    if name.startswith(("stmdb", "ldmia", "ldm")):
        text = re.sub(r"sp!, (?=\{)", "", text)  # push, pop
    if name.startswith(("ldr", "str")):
        text = re.sub(r"\[sp\], #4$|\[sp, #-4\]!$", "", text)  # push, pop of one register
    if name.startswith("add"):
        text = text.replace(", pc, ", ", ")  # adr
    text = re.sub(r", #-?(0x)?0(?=\])", "", text)
    text = re.sub(r"\bd(\d+)-d(\d+)", lambda m: ", ".join(f"d{i}" for i in range(int(m[1]), int(m[2]) + 1)), text)
    if _GOES.match(name):
        text = re.sub(r"(?:0x)?([0-9a-f]{5,})$", lambda m: str(int(m[1], 16)), text)
    found = []
    for word in re.findall(r"-?0x[0-9a-f]+|[a-z][a-z0-9_]*|-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+", text):
        word = _REGISTERS.get(word, _CONDITIONS.get(word, word))
        if word not in _SHIFTS:
            found.append(str(int(word, 16)) if re.match(r"-?0x", word) else word)
    return found


def same_operands(ours: list[str], theirs: list[str]) -> bool:
    """Equal, or two operands for three of which the last is the first: `add r3, sp` is `add r3, sp, r3`."""
    return ours == theirs or (ours[:1] == ours[2:] and ours[:-1] == theirs)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", ["cartpole", "acrobot"])
@pytest.mark.parametrize("kind", ["zig", "gcc"])
@pytest.mark.parametrize("mve", [True, False])
def test_instructions_agree(policies, tool, name, kind, mve):
    compiler, path = find_compiler(kind), shutil.which(tool)
    if compiler is None or path is None:
        pytest.skip(f"no {kind} compiler, or no {tool}")
    firmware = linked(policies[name], compiler, "-O3", mve).test
    command = [path, *TOOLS[tool], str(firmware.path)]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    compared, different = 0, []
    for address, words, mnemonic, text in _LINE.findall(listing):
        at, code = int(address, 16), words.split()
        if mnemonic[0] in ".<" or not firmware.section_at(at).executable or _is_data(firmware, at):
            continue
        try:
            ours = decode(firmware, at)
        except NotUnderstood:
            assert mnemonic.startswith(("udf", "UNDEFINED")), (hex(at), mnemonic)
            continue
        compared += 1
        theirs = mnemonic.split(".")[0]
        if ours.size != 2 * len(code) or not same(ours.name, theirs):
            different.append((hex(at), ours.text, mnemonic, code))
        elif not same_operands(our_operands(ours), their_operands(mnemonic, text)):
            different.append((hex(at), ours.text, mnemonic, text))
    assert compared > 500
    assert not different, different[:10]


def _is_data(firmware, address: int) -> bool:
    marks = [kind for at, kind in firmware.code_marks if at <= address]
    return bool(marks) and marks[-1] == "d"

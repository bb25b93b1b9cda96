"""The state in which `tv_infer` is called, and what must hold when it returns.

Serves `kernel.object_code`. Procedure call standard (AAPCS32): r0 and r1 point to the observation and to the output,
sp is a multiple of 8, r4 to r11, sp and d8 to d15 are preserved, FPSCR.LTPSIZE is 4, lr holds the return address. All
else is unknown at entry. Observation, output and stack lie anywhere in RAM and do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinyverify.binary.elf import Firmware
from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.executor import Executor
from tinyverify.engines.machine_code.image import Constants
from tinyverify.engines.machine_code.linear import Linear, Value
from tinyverify.engines.machine_code.machine import LR, NO_TAIL, SP, Machine, State, opaque_word, pointer
from tinyverify.engines.machine_code.memory import STACK, Memory, MemoryObject
from tinyverify.engines.machine_code.terms import Terms

RAM = (0x20000000, 0x30000000)
WORD_BYTES = 4
STOP = 0xFFFFFFFE  # where control goes on return; no code lies there
PRESERVED = (*range(4, 12), SP)


@dataclass
class Call:
    """One call, ready to run: the executor, the observation's words, the state at entry, constant memory."""

    executor: Executor
    observation: list[Value]
    out: MemoryObject
    entry: State
    constants: Constants

    @property
    def machine(self) -> Machine:
        return self.executor.machine


def call(
    firmware: Firmware,
    decoder: Decoder,
    terms: Terms,
    obs_dim: int,
    out_size: int,
    stack_size: int,
    alignment: tuple[int, int] = (8, 0),
) -> Call:
    """A call of `tv_infer(obs, out)` with sp = `alignment`[1] modulo `alignment`[0]."""
    objects: dict[int, MemoryObject] = {}
    constants = Constants(firmware)

    def place(name: str, multiple: int, remainder: int, start: int, end: int, writable: bool) -> MemoryObject:
        base, atom = pointer(terms, name, multiple, remainder, *RAM)
        objects[atom] = MemoryObject(name, base, start, end, writable)
        return objects[atom]

    stack = place(STACK, *alignment, -stack_size, 0, True)
    obs = place("observation", WORD_BYTES, 0, 0, WORD_BYTES * obs_dim, False)
    out = place("output", WORD_BYTES, 0, 0, out_size, True)
    observation = [opaque_word(terms, "observation", i) for i in range(obs_dim)]
    for i, word in enumerate(observation):
        for k, part in enumerate(words.bytes_of(word, WORD_BYTES)):
            obs.content[WORD_BYTES * i + k] = part

    registers: list[words.Word] = [opaque_word(terms, "register", i) for i in range(15)]
    registers[0], registers[1], registers[SP] = obs.base, out.base, stack.base
    vectors: list[list[words.Word]] = [[opaque_word(terms, "single", 4 * q + i) for i in range(4)] for q in range(8)]
    predicate = [terms.ge(terms.input("predicate", i, -1, 0)) for i in range(16)]
    state = State(list(registers), [list(v) for v in vectors], predicate=predicate)
    machine = Machine(terms, Memory(terms, constants, objects), state)
    back = registers[LR]
    assert isinstance(back, Linear)
    machine.return_addresses[next(iter(back.terms))] = STOP
    entry = State(registers, vectors)
    return Call(Executor(machine, decoder, code_of(firmware)), observation, out, entry, constants)


def code_of(firmware: Firmware):
    """Bytes of executable, unwritable sections only."""

    def fetch(address: int, size: int) -> bytes | None:
        section = firmware.section_at(address)
        if section is None or not section.executable:
            return None
        if section.writable:
            raise Stuck(f"code in the writable section {section.name}, which may change itself")
        return firmware.read(address, size)

    return fetch


@dataclass(frozen=True)
class Broken:
    """Something that the function should have left as it was: its name, and its values before and after."""

    name: str
    before: Value
    after: Value


def broken_conventions(call: Call) -> list[Broken]:
    """What is not shown to be as the procedure call standard wants it."""
    state, entry, terms = call.machine.state, call.entry, call.machine.terms
    pairs = [(f"r{i}" if i != SP else "sp", entry.registers[i], state.registers[i]) for i in PRESERVED]
    pairs += [(f"s{i}", entry.vectors[i // 4][i % 4], state.vectors[i // 4][i % 4]) for i in range(16, 32)]
    broken = [
        Broken(name, words.unsigned(terms, before), words.unsigned(terms, after))
        for name, before, after in pairs
        if not words.same_word(terms, before, after)
    ]
    if state.tail != NO_TAIL:
        broken.append(Broken("FPSCR.LTPSIZE", NO_TAIL, state.tail))
    if state.block:
        broken.append(Broken("VPR.MASK", 0, state.block))
    return broken

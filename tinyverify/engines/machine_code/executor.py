"""The symbolic run: fetch, decode, execute, with IT and VPT blocks.

Serves `kernel.object_code`. A loop count, a predicate of a memory access or an address that depends on data stops
the run with address and mnemonic. Of a branch on data both sides are run to where they meet; they, and instructions in
an IT block on a condition on data, merge register by register, flag by flag and byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.encoding import Decoder, Instruction
from tinyverify.engines.machine_code.errors import DataDependent, OutsideAccess, Stuck, UnsafeAccess
from tinyverify.engines.machine_code.flags import Merged, holds
from tinyverify.engines.machine_code.machine import SP, Machine, State

MAX_STEPS = 5_000_000
MAX_SIDE = 400  # instructions on one side of a branch on data
MAX_DEPTH = 6


class StuckAt(Exception):
    """The run stopped at `address`; `reason` is the Stuck behind it."""

    def __init__(self, address: int, mnemonic: str, reason: Exception):
        self.address = address
        self.mnemonic = mnemonic
        self.reason = reason
        super().__init__(f"{address:#x} {mnemonic}: {reason}")


@dataclass
class Trace:
    """What was executed: `addresses` in order (IT and skipped instructions included), mnemonics with their counts.

    `selects`: instructions under a condition on data; `forks`: branches on data, of which both sides are listed.
    """

    addresses: list[int] = field(default_factory=list)
    mnemonics: dict[str, int] = field(default_factory=dict)
    selects: int = 0
    forks: int = 0


class Executor:
    """Runs `machine` on the code that `fetch(address, size)` gives (bytes, or None outside of it)."""

    def __init__(self, machine: Machine, decoder: Decoder, fetch: Callable[[int, int], bytes | None]):
        self.machine = machine
        self.decoder = decoder
        self.fetch = fetch
        self.trace = Trace()
        self.steps = (0, 0)  # executed instructions: the fewest and the most over all inputs
        self._depth = 0
        self._probing: bool | None = None  # on a path that only looks: which way it takes at branches on data
        self._decoded: dict[int, Instruction] = {}

    @property
    def is_unconditional(self) -> bool:
        """Whether every input comes to where the run is, or stopped."""
        return self._depth == 0

    def run(self, start: int, stop: int, max_steps: int = MAX_STEPS) -> None:
        """Run from `start` until control reaches `stop`. Raises StuckAt."""
        self._run(start, stop, max_steps)

    def _run(self, pc: int, stop: int, max_steps: int) -> None:
        limit = self.steps[1] + max_steps
        while pc != stop:
            if self.steps[1] >= limit:
                raise StuckAt(pc, "fetch", Stuck(f"more than {max_steps} instructions"))
            pc = self._one(pc)

    def _one(self, pc: int) -> int:
        """Run the instruction, or the whole IT block, at `pc`; where control goes. Raises StuckAt."""
        mnemonic = "fetch"
        try:
            data = self._bytes(pc)
            if data[1] == 0xBF and data[0] & 15:
                mnemonic = "it"
                return self._it_block(pc, data[0])
            instruction = self._decode(pc)
            mnemonic = instruction.encoding.mnemonic
            following = self._step(pc, instruction)
            if self.machine.open_branch is None:
                return following
            condition, target = self.machine.open_branch
            self.machine.open_branch = None
            if self._probing is not None:
                return target if self._probing else following
            return self._fork(condition, target, following)
        except (Stuck, IndexError) as error:
            raise StuckAt(pc, mnemonic, error) from error

    def _bytes(self, pc: int) -> bytes:
        data = self.fetch(pc, 4) or self.fetch(pc, 2)
        if data is None:
            raise Stuck("control leaves the code")
        return data

    def _decode(self, pc: int) -> Instruction:
        found = self._decoded.get(pc)
        if found is None:
            found = self._decoded[pc] = self.decoder.decode(self._bytes(pc))
        return found

    def _count(self, pc: int, mnemonic: str) -> None:
        self.steps = (self.steps[0] + 1, self.steps[1] + 1)
        self.trace.addresses.append(pc)
        self.trace.mnemonics[mnemonic] = self.trace.mnemonics.get(mnemonic, 0) + 1

    def _step(self, pc: int, instruction: Instruction) -> int:
        machine, encoding = self.machine, instruction.encoding
        self._count(pc, encoding.mnemonic)
        machine.pc, machine.next_pc = pc, pc + instruction.size
        block = machine.state.block
        if block and (not encoding.vector or instruction.fields.get("k")):
            raise Stuck("an instruction that must not stand in a VPT block")
        encoding.operation(machine, instruction.fields)
        if block:
            machine.advance_block()
        return machine.next_pc

    def _it_block(self, pc: int, low: int) -> int:
        first, mask = low >> 4, low & 15
        if first == 15 or (first == 14 and mask.bit_count() != 1):
            raise Stuck("UNPREDICTABLE it")
        if self.machine.state.block:
            raise Stuck("it in a VPT block")
        self._count(pc, "it")
        length = 4 - ((mask & -mask).bit_length() - 1)
        at = pc + 2
        for i in range(length):
            code = first if i == 0 else (first & ~1) | mask >> (4 - i) & 1
            instruction = self._decode(at)
            following = at + instruction.size
            try:
                goes = self._conditional(at, instruction, code)
                if goes != following and i < length - 1:
                    raise Stuck("UNPREDICTABLE branch inside an IT block")
            except (Stuck, IndexError) as error:
                raise StuckAt(at, instruction.encoding.mnemonic, error) from error
            at = following
        return goes

    def _conditional(self, pc: int, instruction: Instruction, code: int) -> int:
        """Run one instruction of an IT block; where control goes."""
        if not instruction.encoding.it:
            raise Stuck("not modelled inside an IT block")
        machine, following = self.machine, pc + instruction.size
        condition = holds(machine.terms, machine.state.flags, code)
        machine.in_it = True
        try:
            if condition is False:
                self._count(pc, instruction.encoding.mnemonic)
            elif condition is True:
                return self._step(pc, instruction)
            else:
                self.trace.selects += 1
                self._both(pc, instruction, condition)
            return following
        finally:
            machine.in_it = False

    def _both(self, pc: int, instruction: Instruction, condition: Condition) -> None:
        """An instruction of an IT block: run it, and keep its effect where `condition` holds."""
        machine = self.machine
        old, before = machine.state, machine.memory.snapshot()
        machine.state = copy_state(old)
        try:
            following = self._step(pc, instruction)
        except OutsideAccess as error:
            raise UnsafeAccess(f"where a condition on data holds: {error}") from error
        if following != pc + instruction.size:
            raise DataDependent("a branch in an IT block depends on data")
        machine.memory.merge(condition, machine.memory.snapshot(), before)
        machine.state = merge_states(machine, condition, machine.state, old)

    def _fork(self, condition: Condition, target: int, following: int) -> int:
        """A branch on data: run both ways to where they meet, and merge. Returns where that is."""
        machine = self.machine
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Stuck("branches on data nested too deeply")
        start, memory, before = machine.state, machine.memory.snapshot(), self.steps
        meets = None
        for way in (False, True):
            seen = [self._probe(start, memory, at, way) for at in (target, following)]
            meets = next((at for at in seen[0] if at in set(seen[1])), None)
            if meets is not None:
                break
        if meets is None:
            raise DataDependent("a branch depends on data, and its two ways do not meet soon")
        ends = []
        for at in (target, following):
            machine.state = copy_state(start)
            machine.memory.restore(memory)
            self.steps = before
            self._run(at, meets, MAX_SIDE)
            ends.append((machine.state, machine.memory.snapshot(), self.steps))
        (then, then_memory, then_steps), (otherwise, otherwise_memory, otherwise_steps) = ends
        machine.memory.merge(condition, then_memory, otherwise_memory)
        machine.state = merge_states(machine, condition, then, otherwise)
        self.steps = (min(then_steps[0], otherwise_steps[0]), max(then_steps[1], otherwise_steps[1]))
        self.trace.forks += 1
        self._depth -= 1
        return meets

    def _probe(self, start: State, memory: dict, at: int, way: bool) -> list[int]:
        """The addresses on one path from `at` on, as far as MAX_SIDE steps and nothing that goes wrong.

        `way`: whether the path takes further branches on data. Where sides meet is a guess; running them tests it.
        """
        machine, trace, before = self.machine, self.trace, self.steps
        machine.state = copy_state(start)
        machine.memory.restore(memory)
        self.trace, self._probing = Trace(), way
        passed = [at]
        try:
            for _ in range(MAX_SIDE):
                passed.append(self._one(passed[-1]))
        except StuckAt:
            pass
        finally:
            self.trace, self.steps, self._probing = trace, before, None
        return passed


def copy_state(state: State) -> State:
    """A copy that can be run on."""
    new = copy(state)
    new.registers = list(state.registers)
    new.vectors = list(state.vectors)
    new.predicate = list(state.predicate)
    return new


def merge_states(machine: Machine, condition: Condition, then: State, otherwise: State) -> State:
    """`then` where `condition` holds, else `otherwise`."""
    terms = machine.terms
    if (then.predicate, then.block, then.tail) != (otherwise.predicate, otherwise.block, otherwise.tail):
        raise Stuck("predicates differ after a condition that depends on data")
    if not words.same_word(terms, then.registers[SP], otherwise.registers[SP]):
        raise Stuck("the stack pointer depends on data")
    merged = copy_state(then)
    pairs = zip(then.registers, otherwise.registers, strict=True)
    merged.registers = [words.select_word(terms, condition, a, b) for a, b in pairs]
    merged.vectors = [
        a if a is b else [words.select_word(terms, condition, x, y) for x, y in zip(a, b, strict=True)]
        for a, b in zip(then.vectors, otherwise.vectors, strict=True)
    ]
    if then.flags is not otherwise.flags:
        merged.flags = Merged(condition, then.flags, otherwise.flags)
    if then.float_flags is not otherwise.float_flags:
        merged.float_flags = Merged(condition, then.float_flags, otherwise.float_flags)
    return merged

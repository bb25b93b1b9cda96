"""What the instruction semantics say of a case: once for all states, or for one state, with any intervals around it."""

from __future__ import annotations

import numpy as np

from tests.cosimulation.cases import LR, NONE, PC, SP, Case
from tinyverify.engines.machine_code import words
from tinyverify.engines.machine_code.encoding import Decoder
from tinyverify.engines.machine_code.errors import Stuck
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.executor import Executor, StuckAt, copy_state
from tinyverify.engines.machine_code.flags import Known, holds
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.machine import Machine, State, pointer
from tinyverify.engines.machine_code.memory import Memory, MemoryObject
from tinyverify.engines.machine_code.terms import SIGN, Terms

BUFFER = 0x20000000
MIDDLE = 128
START = 0x1000


class Outside(Exception):
    """The case uses sp, lr or pc, which the runner cannot give it."""


class _Machine(Machine):
    def get(self, register):
        if register in (SP, LR, PC):
            raise Outside
        return super().get(register)

    def put_word(self, register, word):
        if register in (SP, LR, PC):
            raise Outside
        super().put_word(register, word)


class _NoConstants:
    """Only the buffer is memory here."""

    def __call__(self, address: int, size: int) -> None:
        return None

    def extent(self, address: int, size: int) -> tuple[int, int]:
        return address, size

    def is_empty(self, address: int, size: int) -> bool:
        return True


class Model:
    """One run of the semantics on `case`.

    `state` uint32 [48], `buffer` uint32 [64]: the values, or None for all of them unknown. `widths`: how far the
    interval of each unknown reaches to both sides of its value (0: a constant).
    """

    def __init__(self, case: Case, decoder: Decoder, state=None, buffer=None, widths=None):
        self.case, self.terms = case, Terms()
        self.state, self.widths = state, widths
        terms = self.terms
        base, atom = pointer(terms, "buffer", 32, 0, BUFFER - 4096, BUFFER + 4096)
        self.object = MemoryObject("buffer", base, 0, 256, True)
        for i in range(64 if case.base != NONE else 0):
            word = self._word("memory", i, None if buffer is None else int(buffer[i]))
            for k in range(4):
                self.object.content[4 * i + k] = words.byte(word, k)
        registers: list[words.Word] = [self._word("state", 32 + i, self._given(32 + i)) for i in range(13)] + [0, 0]
        if case.base != NONE:
            registers[case.base] = add(base, MIDDLE)
        vectors = [[self._word("state", 4 * q + i, self._given(4 * q + i)) for i in range(4)] for q in range(8)]
        flags = Known(*(self._bit("state", 45, at) for at in (31, 30, 29, 28)))
        predicate = [self._bit("state", 46, at) for at in range(16)]
        machine_state = State(registers, vectors, flags, predicate)
        self.before = copy_state(machine_state)
        memory = Memory(terms, _NoConstants(), {atom: self.object})
        self.machine = _Machine(terms, memory, machine_state)
        code = case.code + bytes(4)
        fetch = lambda address, size: code[address - START : address - START + size]  # noqa: E731
        self.executor = Executor(self.machine, decoder, fetch)

    def _given(self, index: int) -> int | None:
        return None if self.state is None else int(self.state[index])

    def _word(self, name: str, index: int, value: int | None) -> words.Word:
        if value is None:
            return self.terms.input(name, index, -SIGN, SIGN - 1)
        width = 0 if self.widths is None else int(self.widths[index % len(self.widths)])
        if width == 0:
            return value
        signed = value - (1 << 32) if value >> 31 else value
        around = self.terms.input(name, index, max(-SIGN, signed - width), min(SIGN - 1, signed + width // 2))
        return words.word_of(around)  # one number at an end of the range

    def _bit(self, name: str, index: int, at: int):
        if self.state is not None and self.widths is None:
            return bool(int(self.state[index]) >> at & 1)
        return self.terms.ge(self.terms.input(f"{name} bit {at}", index, -1, 0))

    def run(self) -> None:
        """Raises Outside or StuckAt."""
        self.executor.run(START, START + len(self.case.code))

    def differences(self, states: np.ndarray, buffers: np.ndarray, after: np.ndarray, after_buffer) -> list[str]:
        """Where the terms, evaluated for these states, and what the core left are different."""
        evaluation = Evaluation(self.terms, len(states), _inputs(states, buffers))
        machine, wrong = self.machine, []

        def check(what: str, value: Value, got: np.ndarray, bits: int = 32) -> None:
            expected = evaluation.value(value) & ((1 << bits) - 1)
            bad = np.flatnonzero(expected.astype(np.int64) != got.astype(np.int64))
            if len(bad):
                at = int(bad[0])
                wrong.append(f"{what} in state {at}: semantics {int(expected[at]):#x}, core {int(got[at]):#x}")

        same = []  # words that the semantics do not touch
        for i in range(13):
            if machine.state.registers[i] is self.before.registers[i] and i != self.case.base:
                same.append(32 + i)
            else:
                check(f"r{i}", words.raw(self.terms, machine.state.registers[i]), after[:, 32 + i])
        for i in range(32):
            word = machine.state.vectors[i // 4][i % 4]
            if word is self.before.vectors[i // 4][i % 4]:
                same.append(i)
            else:
                check(f"q{i // 4}[{i % 4}]", words.raw(self.terms, word), after[:, i])
        if all(a is b for a, b in zip(machine.state.predicate, self.before.predicate, strict=True)):
            same.append(46)
        else:
            for at, condition in enumerate(machine.state.predicate):
                check(f"p0[{at}]", self.terms.bit(condition), after[:, 46] >> at & 1, 1)
        if not np.array_equal(after[:, same], states[:, same]):
            wrong.append("the core changed what the semantics leave alone")
        if machine.state.flags is self.before.flags:
            if not np.array_equal(after[:, 45] >> 28, states[:, 45] >> 28):
                wrong.append("the core changed the flags")
        else:
            self._check_flags(check, after)
        if after_buffer is not None:
            got = after_buffer.view(np.uint8)
            untouched = [offset for offset in range(256) if offset not in self.object.written]
            if not np.array_equal(got[:, untouched], buffers.view(np.uint8)[:, untouched]):
                wrong.append("the core stored to bytes that the semantics leave alone")
            for offset in self.object.written:
                value = words.join_bytes(self.terms, (self.object.content[offset],), False)
                check(f"buffer[{offset}]", value, got[:, offset], 8)
        return wrong

    def _check_flags(self, check, after: np.ndarray) -> None:
        """Every condition that the flags are known to give."""
        for code in range(0, 14, 2):
            try:
                condition = holds(self.terms, self.machine.state.flags, code)
            except Stuck:
                continue
            check(f"condition {code}", self.terms.bit(condition), _condition(after[:, 45], code), 1)


def _inputs(states: np.ndarray, buffers: np.ndarray):
    signed = states.view(np.int32).astype(np.int64)
    signed_buffers = buffers.view(np.int32).astype(np.int64)

    def value(name: str, index: int) -> np.ndarray:
        if name == "buffer" and index == 32:  # the pointer: in units of its alignment
            return np.full(len(states), BUFFER // 32, np.int64)
        if name.startswith("state bit "):
            return (signed[:, index] >> int(name.split()[-1]) & 1) - 1
        return signed[:, index] if name == "state" else signed_buffers[:, index]

    return value


def _condition(apsr: np.ndarray, code: int) -> np.ndarray:
    n, z, c, v = (apsr >> at & 1 for at in (31, 30, 29, 28))
    holds_ = (z, c, n, v, c & (1 - z), 1 - (n ^ v), (1 - z) & (1 - (n ^ v)))[code >> 1]
    return 1 - holds_ if code & 1 else holds_


__all__ = ["Model", "Outside", "StuckAt"]

"""The HAL's resources in C, Python, SMT and Lean: the same answer and the same next state.

C against Python on every state that can be reached, with every call, the refused ones as well: tasks of equal priority,
and two opposite orders, since neither form looks at the number of a task. SMT and Lean against Python on samples.
"""

from __future__ import annotations

import ctypes
import itertools
import random
import subprocess

import pytest

from tests.differential.test_smt_agreement import agree
from tinyverify.data import data_dir
from tinyverify.engines.host_build import find_host_compiler
from tinyverify.engines.lean_bundle.agreement import disagreements
from tinyverify.engines.smt.query import environment
from tinyverify.semantics.locks import RESOURCES, TASKS, Answer, Locks, first_state, give, take

SOURCES = ("tv_locks_init.c", "tv_lock_take.c", "tv_lock_give.c")
BASES = ((1,) * TASKS, tuple(range(1, TASKS + 1)), tuple(range(TASKS, 0, -1)))
CALLS = tuple(itertools.product((take, give), range(TASKS + 2), range(RESOURCES + 2)))


class State(ctypes.Structure):
    """tv_locks."""

    _fields_ = (
        ("owner", ctypes.c_uint8 * (RESOURCES + 1)),
        ("wants", ctypes.c_uint8 * (TASKS + 1)),
        ("base", ctypes.c_uint8 * (TASKS + 1)),
        ("priority", ctypes.c_uint8 * (TASKS + 1)),
    )

    def read(self) -> Locks:
        return Locks(tuple(self.owner), tuple(self.wants), tuple(self.base), tuple(self.priority))


def _build(folder, edits=()) -> ctypes.CDLL:
    hal = data_dir("kernels_c") / "hal"
    for name in ("tv_locks.h", *SOURCES):
        text = (hal / name).read_text()
        for file, old, new in edits:
            assert file != name or old in text
            text = text.replace(old, new) if file == name else text
        (folder / name).write_text(text)
    library = folder / "locks.so"
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*find_host_compiler(), *flags, *SOURCES, "-o", library.name], cwd=folder, check=True)
    return ctypes.CDLL(str(library))


def _difference(library: ctypes.CDLL) -> tuple[int, str | None]:
    """How many reachable states were compared, and the first call in which C and Python differ."""
    functions = {take: library.tv_lock_take, give: library.tv_lock_give}
    compared = 0
    for base in BASES:
        state = State()
        library.tv_locks_init(ctypes.byref(state), (ctypes.c_uint8 * TASKS)(*base))
        if state.read() != first_state(base):
            return compared, f"first state of {base}"
        seen, queue = {first_state(base)}, [first_state(base)]
        while queue:
            before = queue.pop()
            compared += 1
            for call, task, resource in CALLS:
                answer, after = call(before, task, resource)
                state = State(before.owner, before.wants, before.base, before.priority)
                got = functions[call](ctypes.byref(state), task, resource)
                if (got, state.read()) != (answer, after):
                    return compared, f"{call.__name__}({before}, {task}, {resource})"
                if after not in seen:
                    seen.add(after)
                    queue.append(after)
    return compared, None


def _walk(steps: int) -> list[Locks]:
    """Reachable states of a random walk under random priorities."""
    rng = random.Random(31)
    found = []
    for _ in range(steps):
        state = first_state(rng.choice(BASES))
        for _ in range(rng.randrange(30)):
            call = rng.choice((take, take, give))
            state = call(state, rng.randrange(1, TASKS + 1), rng.randrange(1, RESOURCES + 1))[1]
        found.append(state)
    return found


needs_compiler = pytest.mark.skipif(find_host_compiler() is None, reason="no C compiler for this machine")


@needs_compiler
def test_c_agrees_on_every_reachable_state(tmp_path) -> None:
    compared, difference = _difference(_build(tmp_path))
    assert difference is None
    assert compared > 10_000


@needs_compiler
@pytest.mark.parametrize(
    "edit",
    [
        ("tv_lock_take.c", "uint32_t r = resource; r <=", "uint32_t r = resource; r <"),
        ("tv_lock_take.c", "locks->owner[resource] = (uint8_t)task;\n        locks->wants[task] = 0u;", ";"),
        ("tv_lock_take.c", "n < TV_TASKS", "n < TV_TASKS - 1u"),
        ("tv_lock_give.c", "priority = locks->base[task];", "priority = locks->priority[task];"),
        ("tv_lock_give.c", "locks->owner[resource] = 0u;", ";"),
    ],
)
def test_a_fault_in_c_shows(edit, tmp_path) -> None:
    _, difference = _difference(_build(tmp_path, [edit]))
    assert difference is not None


@pytest.mark.parametrize("call", [take, give])
def test_smt_agrees_with_python(call) -> None:
    tasks, resources = list(range(1, TASKS + 1)), list(range(1, RESOURCES + 1))
    declarations, vectors = _machine("state()", tasks, resources), []
    for number, state in enumerate(_walk(40)):
        task, resource = tasks[number % TASKS], resources[number % RESOURCES]
        answer, after = call(state, task, resource)
        defined = _machine(f"{call.__name__}({task}, {resource}, 'c')", tasks, resources)
        done = "donec" if answer is Answer.DONE else "(not donec)"
        vectors.append((f"{_equal(state, '')}\n{defined}", f"(and {done} {_equal(after, 'c', claim=True)})"))
    agree("QF_BV", declarations, vectors)


@pytest.mark.parametrize("call", [take, give])
def test_lean_agrees_with_python(call) -> None:
    """Refused calls as well, by tasks and on resources that do not exist."""
    rng, vectors = random.Random(7), []
    for state in _walk(120):
        task, resource = rng.randrange(TASKS + 2), rng.randrange(RESOURCES + 2)
        _, after = call(state, task, resource)
        inputs = {"state": state, "call": call.__name__, "task": task, "resource": resource}
        vectors.append((inputs, [*after.owner, *after.wants, *after.priority]))
    assert disagreements("lock_call", vectors) == ()
    wrong = [(inputs, [*output[:-1], output[-1] + 1]) for inputs, output in vectors[:3]]
    assert disagreements("lock_call", wrong) == (0, 1, 2)


def _machine(call: str, tasks: list[int], resources: list[int]) -> str:
    source = '{% import "locks/_machine.smt2" as machine with context %}{{ machine.' + call + " }}"
    return environment().from_string(source).render(tasks=tasks, resources=resources)


def _equal(state: Locks, suffix: str, claim: bool = False) -> str:
    """Assertions that the names with `suffix` are `state`, or, for a `claim`, their conjunction."""
    values = {f"owner{r}{suffix}": state.owner[r] for r in range(1, RESOURCES + 1)}
    for task in range(1, TASKS + 1):
        values |= {f"wants{task}{suffix}": state.wants[task], f"priority{task}{suffix}": state.priority[task]}
        values |= {} if claim else {f"base{task}": state.base[task]}
    equations = [f"(= {name} (_ bv{value} 8))" for name, value in values.items()]
    return f"(and {' '.join(equations)})" if claim else "\n".join(f"(assert {e})" for e in equations)

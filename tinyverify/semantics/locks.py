"""The HAL's resources as a state machine in Python: what kernels_c/hal/tv_lock_{take,give}.c compute.

Serves `locks.*`. Tasks and resources are numbered from 1; 0 is none. A larger priority is more urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

TASKS = 3
RESOURCES = 4


class Answer(IntEnum):
    """What a call returns: tv_lock_result."""

    DONE = 0
    WAITS = 1
    REFUSED = 2


@dataclass(frozen=True)
class Locks:
    """`owner[r]`, `wants[t]`, `base[t]`, `priority[t]`; index 0 is unused and 0."""

    owner: tuple[int, ...]
    wants: tuple[int, ...]
    base: tuple[int, ...]
    priority: tuple[int, ...]


def first_state(base: tuple[int, ...]) -> Locks:
    """Nothing held, nobody waits; `base[t - 1]` is the priority of task t."""
    return Locks((0,) * (RESOURCES + 1), (0,) * (TASKS + 1), (0, *base), (0, *base))


def take(state: Locks, task: int, resource: int) -> tuple[Answer, Locks]:
    """`task` takes `resource`: answer and next state."""
    if not (1 <= task <= TASKS and 1 <= resource <= RESOURCES) or task in state.owner[resource:]:
        return Answer.REFUSED, state
    priority = list(state.priority)
    if state.owner[resource] == 0:
        owner, wants = _with(state.owner, resource, task), _with(state.wants, task, 0)
        waiting = [priority[t] for t in range(1, TASKS + 1) if wants[t] == resource]
        priority[task] = max([priority[task], *waiting])
        return Answer.DONE, Locks(owner, wants, state.base, tuple(priority))
    wants = _with(state.wants, task, resource)
    lent, at = priority[task], state.owner[resource]
    for _ in range(TASKS - 1):
        if at:
            lent = priority[at] = max(priority[at], lent)
            at = state.owner[wants[at]]
    return Answer.WAITS, Locks(state.owner, wants, state.base, tuple(priority))


def give(state: Locks, task: int, resource: int) -> tuple[Answer, Locks]:
    """`task` gives `resource` back: answer and next state."""
    if not (1 <= task <= TASKS and 1 <= resource <= RESOURCES) or state.owner[resource] != task:
        return Answer.REFUSED, state
    owner = _with(state.owner, resource, 0)
    lent = [state.priority[t] for t in range(1, TASKS + 1) if state.wants[t] and owner[state.wants[t]] == task]
    priority = _with(state.priority, task, max([state.base[task], *lent]))
    return Answer.DONE, Locks(owner, state.wants, state.base, priority)


def _with(values: tuple[int, ...], index: int, value: int) -> tuple[int, ...]:
    return (*values[:index], value, *values[index + 1 :])

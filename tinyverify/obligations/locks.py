"""`locks.*`: the HAL's shared resources neither deadlock nor let a waiting task be delayed by a less urgent one.

About the state machine of kernels_c/hal/tv_lock_*.c, the same for every policy; a test compares the C with
tinyverify.semantics.locks on every state that can be reached, and the SMT and Lean forms with it on samples. That its
functions are called inside a critical section, and that the scheduler goes by the priorities, is up to the application.
Lean shows both for any number of tasks and resources (lean/TinyVerify/LockMachine), the solvers for those of the HAL.
"""

from __future__ import annotations

from itertools import combinations, permutations

from tinyverify.artifacts.policy import Policy
from tinyverify.obligations.obligation import smt
from tinyverify.semantics.locks import RESOURCES, TASKS


def _machine(policy: Policy) -> dict:
    """Numbers of tasks and resources, and every circle of tasks up to rotation; the same for every `policy`."""
    tasks = range(1, TASKS + 1)
    circles = [
        [group[0], *rest]
        for size in range(1, TASKS + 1)
        for group in combinations(tasks, size)
        for rest in permutations(group[1:])
    ]
    return {"tasks": list(tasks), "resources": list(range(1, RESOURCES + 1)), "circles": circles}


OBLIGATIONS = (
    smt("locks.deadlock_free", "locks", _machine),
    smt("locks.inversion_bounded", "locks", _machine),
)

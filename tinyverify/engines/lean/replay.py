"""Replay: every declaration of a compiled module goes through Lean's kernel once more, without the elaborator.

What a module holds may have been put there without the kernel (`debug.skipKernelTC`, code that ran during
elaboration). Here the module is only data: its declarations are added to an environment at trust level 0, in the order
of their dependencies, by a process that has loaded nothing of it but the data. Needs the wheel's library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from tinyverify.engines.lean.cache import OleanTree
from tinyverify.engines.lean.olean import OleanFile
from tinyverify.engines.lean.process import run_lean
from tinyverify.engines.lean.toolchain import LeanInstallation

# The first of the four constants that the kernel makes for quotients.
QUOTIENT = "Quot"


def replay_trees(installation: LeanInstallation, trees: Sequence[OleanTree], timeout: float = 300.0) -> dict[str, str]:
    """Replay every module of `trees` on what it imports; the refusals by module, empty if the kernel accepts all."""
    files = {name: OleanFile(tree.olean(name)) for tree in trees for name in tree.module_keys}
    refusals = {}
    for name, module in files.items():
        reached: set[str] = set()
        queue = [name]
        while queue:
            imports = set(files[queue.pop()].imports) & files.keys() - reached
            reached |= imports
            queue.extend(imports)
        refusal = replay(installation, module, [files[below] for below in sorted(reached)], timeout)
        if refusal is not None:
            refusals[name] = refusal
    return refusals


def replay(
    installation: LeanInstallation, module: OleanFile, below: Sequence[OleanFile], timeout: float = 300.0
) -> str | None:
    """None if the kernel accepts every declaration of `module` on top of `below`, else why not.

    Raises ValueError if `installation` has no shared library to call (elan).
    """
    if installation.library is None:
        raise ValueError("replay needs the wheel's shared library")
    try:
        steps = _steps(module)
    except CycleError as error:
        return f"declarations depend on one another: {error.args[1]}"
    plan = {
        "taken": [str(file.path) for file in below],
        "quotients": any(QUOTIENT in file.names for file in below),
        "module": str(module.path),
        "steps": steps,
    }
    script = Path(__file__).with_name("replay_main.py")
    runner = LeanInstallation(
        installation.kind, installation.version, (sys.executable, "-I", "-S", str(script)), installation.library
    )
    run = run_lean(runner, [str(installation.library)], stdin=json.dumps(plan).encode(), timeout=timeout)
    if run.timed_out:
        return f"no answer in {timeout:.0f} s"
    try:
        answer = json.loads(run.stdout)
    except json.JSONDecodeError:
        return f"the replay ended without an answer (exit status {run.returncode}): {run.stderr[-500:]}"
    if answer == {"checked": len(steps)} and run.returncode == 0:
        return None
    return f"the kernel refuses {answer.get('refused')} (error {answer.get('error')})"


def _steps(module: OleanFile) -> list[dict[str, Any]]:
    """Declarations in an order that the kernel can take; an inductive family with what it generates is one."""
    index = {name: position for position, name in enumerate(module.names)}
    # Safe constants cannot use unsafe ones (the compiler's helpers), which are left out.
    constants = {constant.name: constant for constant in module.constants if not constant.unsafe}
    owner = {name: QUOTIENT for name, constant in constants.items() if constant.kind == "quotient"}
    for name, constant in constants.items():
        if constant.kind == "inductive":
            family, constructors = module.inductive_family(name)
            owner[name] = family[0]
            owner.update(dict.fromkeys(constructors, family[0]))
    for name, constant in constants.items():
        if constant.kind == "recursor":
            owner[name] = owner[module.recursor_family(name)[0]]
    graph: dict[str, set[str]] = {owner.get(name, name): set() for name in constants}
    for name, constant in constants.items():
        mine = owner.get(name, name)
        graph[mine] |= {owner.get(used, used) for used in constant.uses if used in constants} - {mine}
    steps = []
    for name in TopologicalSorter(graph).static_order():
        step: dict[str, Any] = {"kind": constants[name].kind, "name": name, "constants": [index[name]]}
        if constants[name].kind == "inductive":
            family = module.inductive_family(name)[0]
            step["constants"] = [index[member] for member in family]
            step["constructors"] = [[index[c] for c in module.inductive_family(member)[1]] for member in family]
            recursors = [r for r, o in owner.items() if o == name and constants[r].kind == "recursor"]
            step["generated"] = [index[recursor] for recursor in recursors]
        steps.append(step)
    return steps

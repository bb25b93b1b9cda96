"""`kernel.policy`, `kernel.eva`: the scalar C that is emitted for a policy, beyond the kernels that it calls.

WP proves the generated functions against contracts that the emitter states over the policy's own tables: every kernel
is called inside its contract, and the network's outputs are the reference expression over the codes, layer by layer.
What those contracts ask of the tables' numbers Eva evaluates on the tables; and Eva runs the whole program, kernels
included, from any observation and seed, bare and with the guards at its float borders (tv_infer_checked). Both rest
on the kernels' proofs, and say so. Does not cover the MVE build, which `kernel.object_code` ties to the semantics, nor
the values of codes, of floats and of the guards' flags: see c_kernels.py, and docs/firmware.md for the guards.
"""

from __future__ import annotations

import re
import time

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.firmware import Evidence, firmware_files
from tinyverify.engines.c_proof import eva, wp
from tinyverify.engines.c_proof.unit import Unit, UnitError
from tinyverify.obligations import ledger
from tinyverify.obligations.c_kernels import (
    HEADERS,
    KERNELS,
    Kernel,
    Question,
    asked_about,
    defined,
    result,
    source,
    source_name,
    stale,
)
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import Result, Status

_RUN = "proof/tv_policy_run.c"
_POLICY = "src/tv_policy.c"
_TABLES = "src/tv_policy_tables.c"
# The guards at the float borders. WP does not carry the unions by which they read bits.
_CHECKS = {
    "hal/tv_check_observation.c": "tv_check_observation",
    "hal/tv_check_output.c": "tv_check_output",
    "hal/tv_infer_checked.c": "tv_infer_checked",
}
# Tables are in one memory for WP: it then assumes nothing about how they and the caller's buffers lie.
_RAW = ("-wp-model", "Typed+Raw")

CALLER = (
    "The scalar tv_policy.c meets its contracts: it calls every kernel inside its contract, no undefined behaviour, "
    "accesses inside the objects named, writes only what `assigns` names, every loop ends; acc[j] is the network's "
    "output for the codes, a nest of requantize and dense_s8 over the policy's tables; action, weights and draw are "
    "those of the kernels' contracts."
)
EVA = (
    "Abstract interpretation of the scalar tv_policy.c with its kernels and tables, one inference and one draw from "
    "any observation (NaN and infinities included) and any seed, and one inference with the guards of tv_checked.h "
    "from any record of faults, gives 0 alarms, and the tables meet the contracts."
)


def asked_about_policy(policy: Policy) -> dict[str, Question]:
    """What both obligations rest on, by name. Raises ArtifactError for a policy that the kernels refuse,
    UnitError for a kernel that is not the proved one."""
    files = c_files(policy)
    kernels = _kernels_in(files)
    caller, program = caller_unit(files), program_unit(files)
    asked = {
        "caller": (f"WP: {caller.name}", caller, lambda: wp.prove(caller)),
        "eva": (f"Eva: {program.name}", program, lambda: eva.analyse(program, in_main(files))),
    }
    for kernel in kernels:
        asked |= {f"kernel {question[0]}": question for question in asked_about(kernel)}
    return asked


def c_files(policy: Policy) -> dict[str, bytes]:
    """The C of the scalar build, by its path in the firmware folder, and the program that calls it."""
    emitted = firmware_files(policy, Evidence())
    includes = {f"include/{name}" for name in (*HEADERS, "tv_policy.h", "tv_checked.h")}
    own = {_POLICY, _TABLES, "src/tv_policy_tables.h", "src/tv_policy_contracts.h", "src/tv_observation_limits.h"}
    kernels = {f"kernels/{name.decode()}" for name in _included(emitted[_POLICY])}
    return {name: emitted[name] for name in sorted(includes | own | kernels | _CHECKS.keys())} | {_RUN: source(_RUN)}


def caller_unit(files: dict[str, bytes]) -> Unit:
    """The generated functions, and the sequence of calls that their contracts admit."""
    functions = (*defined(files[_POLICY]), "tv_run")
    headers_and_code = {path: data for path, data in files.items() if path != _TABLES}
    return Unit("policy", headers_and_code, (_RUN,), functions, _RAW)


def program_unit(files: dict[str, bytes]) -> Unit:
    """The whole program with its tables, for Eva."""
    functions = (*(name for data in _code(files) for name in defined(data)), *_CHECKS.values())
    return Unit("policy", files, (_RUN, _TABLES, *_CHECKS), functions)


def in_main(files: dict[str, bytes]) -> dict[str, int]:
    """Where `main` starts, and the guards. Eva cannot settle every annotation; WP proves those of all else."""
    main = files[_RUN].decode().split("int main(void)")[0].count("\n") + 1
    return {_RUN: main, **dict.fromkeys(_CHECKS, 1)}


def _kernels_in(files: dict[str, bytes]) -> list[Kernel]:
    """The kernels that the policy includes. Raises UnitError for a file that is no kernel of kernels_c."""
    by_path = {source_name(kernel).replace("src/", "kernels/"): kernel for kernel in KERNELS}
    used = [path for path in files if path.startswith("kernels/")]
    for path in used:
        if path not in by_path or files[path] != source(source_name(by_path[path])):
            raise UnitError(f"{path} is not the kernel that is proved")
    return [by_path[path] for path in used]


def _included(text: bytes) -> list[bytes]:
    return re.findall(rb'^#include "../kernels/(\w+\.c)"$', text, re.MULTILINE)


def _code(files: dict[str, bytes]) -> list[bytes]:
    return [data for path, data in files.items() if path.endswith(".c") or path.endswith("tv_scale_accumulator.h")]


def _discharge(identity: str, statement: str, first: str, policy: Policy) -> Result:
    start = time.perf_counter()
    changed = stale(identity, statement)
    if changed is not None:
        return changed
    try:
        asked = asked_about_policy(policy)
    except (ArtifactError, UnitError) as error:
        seconds = round(time.perf_counter() - start, 4)
        return Result(id=identity, statement=statement, status=Status.UNKNOWN, seconds=seconds, detail=str(error))
    found = result(identity, statement, [asked.pop(first), *asked.values()])
    return found.model_copy(update={"evidence": {**found.evidence, "ledger": ledger.of_policy(policy)}})


def _obligation(name: str, statement: str, first: str) -> Obligation:
    identity = f"kernel.{name}"

    def discharge(policy: Policy, settings: Settings) -> Result:
        return _discharge(identity, statement, first, policy)

    return Obligation(identity, "C kernels", statement, ("frama-c",), discharge)


OBLIGATIONS = (_obligation("policy", CALLER, "caller"), _obligation("eva", EVA, "eva"))

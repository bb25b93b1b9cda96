"""`kernel.mve_models`: the scalar models of MVE intrinsics do what their contracts say, as Frama-C proves.

The models (kernels_c/models) let the vector kernels run on a machine without MVE. That a model is the instruction is
CHECKED by tests/differential/test_mve_models.py, not proved here; the models of floats have no contract. No proof about
a policy rests on them: the vector kernels of a policy are the business of `kernel.object_code`.
"""

from __future__ import annotations

import re

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.c_proof import wp
from tinyverify.engines.c_proof.unit import Unit
from tinyverify.obligations.c_kernels import Contracts, lemmas, result, source, stale
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import Result, Status

PARTS = ("accumulate", "across", "lanes", "memory", "predicates", "saturating")
HEADERS = ("tv_mve_vectors.h", *(f"tv_mve_{part}.h" for part in PARTS))
CONTRACTS = Contracts(
    headers=tuple(f"models/{name}" for name in HEADERS),
    reviewed="398d5954b85950bb3a3c40f43ce8461273cb228fcd2adfa6232705a8fc9dd5cf",
    page="the Arm architecture manual, section by name of the instruction",
    named_in="obligations/mve_models.py",
)
_DEFINITION = re.compile(r"^static inline \w+ (\w+)\(", re.MULTILINE)
_STATEMENT = (
    "Each scalar model of an MVE intrinsic in kernels_c/models, those of floats aside, meets its contract: no "
    "undefined behaviour, accesses inside the objects named, writes only what `assigns` names, every loop ends, and "
    "each lane of the result is the expression that `ensures` names."
)


def unit_of(part: str) -> Unit:
    """The models of one header."""
    path, header = f"proof/tv_mve_{part}.c", f"tv_mve_{part}.h"
    files = {f"include/{name}": source(f"models/{name}") for name in HEADERS}
    files |= {f"include/{name}": source(f"include/{name}") for name in ("tv_types.h", "tv_contracts.h")}
    functions = tuple(_DEFINITION.findall(files[f"include/{header}"].decode()))
    return Unit(f"mve_{part}", files | {path: f'#include "{header}"\n'.encode()}, (path,), functions)


def _discharge(policy: Policy, settings: Settings) -> Result:
    identity = "kernel.mve_models"
    changed = stale(identity, _STATEMENT) or stale(identity, _STATEMENT, CONTRACTS)
    if changed is not None:
        return changed
    units = [*(unit_of(part) for part in PARTS), lemmas()]
    asked = [(f"WP: {unit.name}", unit, lambda unit=unit: wp.prove(unit)) for unit in units]
    found = result(identity, _STATEMENT, asked)
    if found.status is not Status.PROVED:
        return found
    return found.model_copy(update={"detail": f"{found.evidence['goals']} goals"})


OBLIGATIONS = (Obligation("kernel.mve_models", "C kernels", _STATEMENT, ("frama-c",), _discharge, stage="all"),)

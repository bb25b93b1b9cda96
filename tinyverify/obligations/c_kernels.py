"""`kernel.<function>`: the scalar C does what its contract says, as Frama-C's WP and RTE prove.

The kernels' proofs are the same for every policy: they are made once and kept in the cache. Proved: memory safety, no
undefined behaviour, no overflow, `assigns`, the end of every loop, and that the output equals the expression of
docs/semantics.md, transcribed in kernels_c/include/tv_contracts.h. Of `quantize_f32` and `dequantize` all but that last
part: their values are compared for every input of 32 bits by `kernel.quantize_f32_exhaustive`, and with the reference
in differential runs. Does not cover the MVE kernels: `kernel.object_code` ties the machine code to the semantics. The
bundle's own C is c_policy.py's business.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from tinyverify.artifacts.policy import Policy
from tinyverify.data import data_dir
from tinyverify.engines.c_proof import eva, wp
from tinyverify.engines.c_proof.outcome import Outcome
from tinyverify.engines.c_proof.tools import FramaCMissing, tools
from tinyverify.engines.c_proof.unit import Unit, UnitError, annotations
from tinyverify.obligations.obligation import Obligation, Settings
from tinyverify.results import EngineRun, Result, Status, weakest

_REQUANTIZER = "tv_scale_accumulator.h"
HEADERS = ("tv_types.h", "tv_contracts.h", "tv_kernels.h", _REQUANTIZER)
_BY_EVA = ("tv_magnitude", "tv_code")
_DEFINITION = re.compile(r"^(?:TV_KERNEL|static|TV_STAGE)\b[^;{}()]*?\b(tv_\w+)\([^;{}]*\)\s*\{", re.MULTILINE)
COMMON = "no undefined behaviour, accesses inside the objects named, writes only what `assigns` names, every loop ends"

# What is asked, in words; the unit that it is about; and how to ask.
Question = tuple[str, Unit, Callable[[], Outcome]]


@dataclass(frozen=True)
class Contracts:
    """The contracts in `headers` as somebody has read them against `page`: their hash, `reviewed`. A proof shows what
    they say, so a change of them is for a person to see."""

    headers: tuple[str, ...]
    reviewed: str
    page: str
    named_in: str

    def sha256(self) -> str:
        """The hash of every annotation in the headers, white space aside: what the C is proved to do."""
        texts = [annotation for path in self.headers for annotation in annotations(source(path).decode())]
        return hashlib.sha256(" ".join(" ".join(texts).split()).encode()).hexdigest()


CONTRACTS = Contracts(
    headers=tuple(f"include/{name}" for name in HEADERS),
    reviewed="0dca4fa200f32ac51bb3a5df5cb8139dada7ccacd96e91657f39bc1665eeea8f",
    page="docs/semantics.md",
    named_in="obligations/c_kernels.py",
)


@dataclass(frozen=True)
class Kernel:
    """One scalar kernel: `computes` in words."""

    name: str
    computes: str


KERNELS = (
    Kernel("quantize_f32", "fault flags in 0 to 3 and, for every float, codes in [-128, 127]"),
    Kernel("dense_s8", "acc[j] = bias[j] + sum of weight[j, i] * x[i], without overflow"),
    Kernel("dense_requantize_s8", "y[j] = requantize(bias[j] + sum of weight[j, i] * x[i]) from zero_point to 127"),
    Kernel("requantize", "q[j] = clamp(scaled(acc[j]) + zero_point, lo, hi), in each rounding mode"),
    Kernel("relu", "q[i] = max(q[i], zero_point)"),
    Kernel("dequantize", "writes every logit"),
    Kernel("arg_max", "the first index of the largest"),
    Kernel("softmax_lut", "weights from the table and Q0.15 probabilities, to the last bit; no division by zero"),
    Kernel("sample_discrete", "the first index whose cumulative weight exceeds (random * sum) >> 32"),
    Kernel("sample_continuous", "the squashed code of mean + std * z, by the tables"),
    Kernel("xorshift32", "three shifts and exclusive ors of the state, 0 replaced by the seed"),
)


def unit_of(kernel: Kernel) -> Unit:
    """The kernel's own file, with the functions that it defines, but those that Eva analyses in their place."""
    path = source_name(kernel)
    text = source(path)
    functions = tuple(name for name in defined(text) if name not in _BY_EVA)
    return Unit(kernel.name, {**headers(), path: text}, (path,), functions)


def source_name(kernel: Kernel) -> str:
    """The kernel's own file in kernels_c."""
    return f"src/tv_{kernel.name}.c"


def defined(text: bytes) -> list[str]:
    """The functions that C text defines, in order."""
    return _DEFINITION.findall(text.decode())


def lemmas() -> Unit:
    """The lemma functions that the contracts call upon, and the lemmas behind them."""
    path = "proof/tv_lemmas.c"
    return Unit("lemmas", {**headers(), path: source(path)}, (path,))


def scale_accumulator() -> Unit:
    """The functions that every kernel with a requantizer calls."""
    path = "proof/tv_scale_accumulator.c"
    functions = tuple(defined(source(f"include/{_REQUANTIZER}")))
    return Unit("scale_accumulator", {**headers(), path: f'#include "{_REQUANTIZER}"\n'.encode()}, (path,), functions)


def code() -> Unit:
    """`tv_code` and `tv_magnitude` of quantize_f32 for every float and zero point, for Eva."""
    path, kernel = "proof/tv_code.c", "src/tv_quantize_f32.c"
    files = {**headers(), path: source(path), kernel: source(kernel)}
    return Unit("code", files, (path,), _BY_EVA)


def headers() -> dict[str, bytes]:
    """What the scalar kernels include, by path."""
    return {f"include/{name}": source(f"include/{name}") for name in HEADERS}


def stale(identity: str, statement: str, contracts: Contracts = CONTRACTS) -> Result | None:
    """STALE if the contracts are not those that were reviewed; then a proof would show something else."""
    found = contracts.sha256()
    if found == contracts.reviewed:
        return None
    detail = (
        f"the contracts in {', '.join(contracts.headers)} are others ({found}) than those that were reviewed; read "
        f"them against {contracts.page}, then name them in {contracts.named_in}"
    )
    return Result(id=identity, statement=statement, status=Status.STALE, detail=detail)


def run(name: str, prove: Callable[[], Outcome]) -> tuple[EngineRun, Outcome]:
    """One question to Frama-C as an engine's answer; a missing tool is UNCHECKED."""
    start = time.perf_counter()
    try:
        outcome = prove()
        engine = tools().name
    except FramaCMissing as error:
        outcome, engine = Outcome(Status.UNCHECKED, str(error)), "Frama-C"
    except UnitError as error:
        outcome, engine = Outcome(Status.UNKNOWN, str(error)), "Frama-C"
    seconds = round(time.perf_counter() - start, 4)
    detail = f"{outcome.detail} (kept, made in {outcome.seconds:.0f} s)" if outcome.cached else outcome.detail
    return EngineRun(engine=f"{engine} ({name})", status=outcome.status, seconds=seconds, detail=detail), outcome


def result(identity: str, statement: str, asked: list[Question]) -> Result:
    """The result of several questions, each with the unit it is about: the weakest answer decides."""
    runs, evidence, hashes = [], {}, {}
    for name, unit, prove in asked:
        answer, outcome = run(name, prove)
        runs.append(answer)
        evidence[name] = outcome.evidence()
        hashes |= unit.sha256
    status = weakest([answer.status for answer in runs])
    short = [answer for answer in runs if answer.status is status]
    counts = [part["goals"] for part in evidence.values() if part["goals"]]
    goals, rest = sum(counts), f", {sum(counts[1:])} of what it rests on" if len(counts) > 1 else ""
    detail = (
        f"{counts[0] if counts else 0} goals{rest}"
        if status is Status.PROVED
        else f"{short[0].engine}: {short[0].detail}"
    )
    return Result(
        id=identity,
        statement=statement,
        status=status,
        engines=tuple(runs),
        seconds=round(sum(answer.seconds for answer in runs), 4),
        detail=detail,
        evidence={"goals": goals, "parts": evidence, "c_sha256": hashes},
    )


def asked_about(kernel: Kernel) -> list[Question]:
    """What `kernel` rests on: its own goals, the functions that it calls, and the lemmas of the contracts."""
    unit = unit_of(kernel)
    requantizes = _REQUANTIZER.encode() in unit.files[unit.entry[0]]
    units = [unit, *([scale_accumulator()] if requantizes else []), lemmas()]
    questions = [(f"WP: {unit.name}", unit, lambda unit=unit: wp.prove(unit)) for unit in units]
    if kernel.name == "quantize_f32":
        unit = code()
        questions.append((f"Eva: {unit.name}", unit, lambda: eva.analyse(unit)))
    return questions


def source(path: str) -> bytes:
    """A file of kernels_c."""
    return (data_dir("kernels_c") / path).read_bytes()


def _obligation(kernel: Kernel) -> Obligation:
    identity = f"kernel.{kernel.name}"
    meets = f"The scalar C of tv_{kernel.name} meets its contract for all inputs that it admits"
    statement = f"{meets}: {COMMON}; {kernel.computes}."

    def discharge(policy: Policy, settings: Settings) -> Result:
        return stale(identity, statement) or result(identity, statement, asked_about(kernel))

    return Obligation(identity, "C kernels", statement, ("frama-c",), discharge)


_SMOKE = (
    "No contract of the scalar kernels is vacuous: CVC4 and Z3 find no contradiction behind the preconditions, the "
    "invariants and in any branch of the functions that are proved."
)


def not_vacuous(identity: str, statement: str, units: list[Unit], contracts: Contracts) -> Result:
    """CHECKED if the smoke tests of `units` find no contradiction."""
    changed = stale(identity, statement, contracts)
    if changed is not None:
        return changed
    asked = [(f"smoke tests: {unit.name}", unit, lambda unit=unit: wp.smoke(unit)) for unit in units]
    found = result(identity, statement, asked)
    if found.status is not Status.PROVED:
        return found
    tests = sum(part["smoke_tests"] for part in found.evidence["parts"].values())
    # Provers that find nothing within a second prove nothing: the run is complete, the absence is not a theorem.
    runs = tuple(run.model_copy(update={"status": Status.CHECKED}) for run in found.engines)
    return found.model_copy(update={"status": Status.CHECKED, "engines": runs, "detail": f"{tests} smoke tests"})


def _not_vacuous(policy: Policy, settings: Settings) -> Result:
    units = [lemmas(), scale_accumulator(), *(unit_of(kernel) for kernel in KERNELS)]
    return not_vacuous("kernel.contracts", _SMOKE, units, CONTRACTS)


OBLIGATIONS = (
    *(_obligation(kernel) for kernel in KERNELS),
    Obligation("kernel.contracts", "C kernels", _SMOKE, ("frama-c",), _not_vacuous, stage="all"),
)

"""What is claimed of a policy in Lean: one theorem an obligation, its statement, and how the checker shows it.

The statements are the ones of `lean/TinyVerify/{Policy,Network,Memory,LockMachine}/Spec.lean`; the obligation ID is
the theorem's name. Serves `dense_s8.*`, `requantize.*`, `relu.*`, `softmax_lut.*`, `sample.*`, `quantize_f32.*`,
`dequantize.*`, `layout.*`, `locks.*`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tinyverify.artifacts.policy import Policy
from tinyverify.emit.kernels import int16_layers
from tinyverify.quantize.fixed_point import exact
from tinyverify.semantics.locks import RESOURCES, TASKS

NAMESPACE = "TinyVerify.Bundle"


@dataclass(frozen=True)
class Check:
    """A checker's run, a lemma of the generated file: the kernel evaluates `term` to true."""

    name: str
    term: str


@dataclass(frozen=True)
class TheoremSpec:
    """A theorem of a generated file.

    `name`: full name; `statement`: its type as written in the file; `obligation_id`: what it discharges;
    `proof`: the term; `checks`: the checker runs that it rests on.
    """

    name: str
    statement: str
    obligation_id: str
    proof: str
    checks: tuple[str, ...] = ()


CHECKS = (
    Check("acc_ok", "policy.network.accOk = true"),
    Check("requantize_ok", "policy.requantizeOk = true"),
    Check("multiplier_ok", "policy.multiplierOk real_scales = true"),
    Check("rounding_ok", "policy.roundingOk = true"),
    Check("difference_ok", "policy.network.differenceOk = true"),
    Check("table_ok", "policy.tableOk = true"),
    Check("input_ok", "policy.inputOk = true"),
    Check("finite_ok", "logitsFiniteOk logit_scales = true"),
    Check("sized_ok", "policy.sizedOk = true"),
    Check("flash_disjoint_ok", "policy.flash.disjointOk = true"),
    Check("flash_contained_ok", "policy.flash.containedOk = true"),
    Check("flash_aligned_ok", "policy.flash.alignedOk = true"),
    Check("ram_disjoint_ok", "policy.ram.disjointOk = true"),
    Check("ram_contained_ok", "policy.ram.containedOk = true"),
)


def expected_theorems(policy: Policy) -> list[TheoremSpec]:
    """Every theorem that the generated file of `policy` proves, in its order."""
    shape, machine = f"{policy.obs_dim} {policy.outputs}", f"{TASKS} {RESOURCES}"
    specs = [
        _spec("dense_s8.acc_no_overflow", "policy.network.NoOverflow", "policy.network.noOverflow_of_ok", "acc_ok"),
        _spec(
            "dense_s8.machine_exact",
            "policy.network.MachineExact",
            "policy.network.machineExact_of_ok",
            "acc_ok",
            "(and_split requantize_ok).1",
        ),
        _spec(
            "dense_s8.well_shaped", f"policy.network.WellShaped {shape}", "policy.network.wellShaped_of_ok", "shape_ok"
        ),
        _spec("dense_s8.product_fits_int16", "∀ w x, Int8 w → Int8 x → Int16 (w * x)", "fun _ _ => product_int16"),
        _spec("requantize.half_unit", "policy.HalfUnit", "policy.halfUnit"),
        _spec(
            "requantize.multiplier_exact",
            "policy.MultiplierExact real_scales",
            "policy.multiplierExact_of_ok",
            "multiplier_ok",
        ),
        _spec(
            "requantize.ties_away_form",
            "∀ h shift, 1 ≤ shift → shiftTiesAway h shift = asr (h + (if h < 0 then -1 else 0) + half shift) shift",
            "fun h _ => shiftTiesAway_form h",
        ),
        _spec("requantize.monotone", "policy.RequantizeMonotone", "policy.requantizeMonotone_of_ok", "requantize_ok"),
        _spec(
            "requantize.saturates_only_where_must",
            "policy.SaturatesOnlyWhereMust",
            "policy.saturatesOnlyWhereMust_of_ok",
            "requantize_ok",
        ),
        _spec("requantize.product_fits_int64", "policy.ProductFits", "policy.productFits_of_ok", "requantize_ok"),
        _spec(
            "requantize.rounding_fits_int32",
            "policy.RoundingFits",
            "policy.roundingFits_of_ok",
            "acc_ok",
            "requantize_ok",
            "rounding_ok",
        ),
        _spec("relu.fused_clamp", "policy.ReluFused", "policy.reluFused_of_ok", "requantize_ok"),
        _spec("quantize_f32.defined", "policy.QuantizeDefined", "policy.quantizeDefined_of_ok", "input_ok"),
        _spec("dequantize.finite", "LogitsFinite logit_scales", "logitsFinite_of_ok", "finite_ok"),
    ]
    specs += _int16(policy)
    specs += _discrete(policy) if policy.discrete else _continuous()
    specs += [
        _spec("layout.disjoint", "policy.flash.Disjoint", "policy.flash.disjoint_of_ok", "flash_disjoint_ok"),
        _spec("layout.inside", "policy.flash.Contained", "policy.flash.contained_of_ok", "flash_contained_ok"),
        _spec("layout.aligned", "policy.flash.Aligned", "policy.flash.aligned_of_ok", "flash_aligned_ok"),
        _spec("layout.sized", "policy.Sized", "policy.sized_of_ok", "sized_ok"),
        TheoremSpec(
            name=f"{NAMESPACE}.layout.ram",
            statement="policy.ram.Disjoint ∧ policy.ram.Contained",
            obligation_id="layout.ram",
            proof="⟨policy.ram.disjoint_of_ok ram_disjoint_ok, policy.ram.contained_of_ok ram_contained_ok⟩",
            checks=("ram_disjoint_ok", "ram_contained_ok"),
        ),
        _spec("locks.deadlock_free", f"Locks.DeadlockFree {machine}", f"Locks.deadlockFree {machine}"),
        _spec("locks.inversion_bounded", f"Locks.InversionBounded {machine}", f"Locks.inversionBounded {machine}"),
    ]
    return specs


def checks_for(policy: Policy) -> tuple[Check, ...]:
    """The checker runs of `policy`: those that some theorem rests on."""
    shape = Check("shape_ok", f"policy.network.shapeOk {policy.obs_dim} {policy.outputs} = true")
    marks = _marks(policy)
    int16 = [
        Check(f"int16_{part}_ok", f"policy.network.int16{part.capitalize()}Ok {marks} = true")
        for part in ("acc", "form")
    ]
    used = {check for spec in expected_theorems(policy) for check in spec.checks}
    return tuple(check for check in (*CHECKS, shape, *int16) if check.name in used)


def _marks(policy: Policy) -> str:
    """Which hidden layers the emitted kernels compute in int16 lanes, as a Lean list."""
    return "[" + ", ".join(str(lanes).lower() for lanes in int16_layers(policy)) + "]"


def _int16(policy: Policy) -> list[TheoremSpec]:
    if not any(int16_layers(policy)):
        return []
    marks = _marks(policy)
    return [
        _spec(
            "dense_s8.acc_fits_int16",
            f"policy.network.AccFitsInt16 {marks}",
            f"policy.network.accFitsInt16_of_ok {marks}",
            "int16_acc_ok",
        ),
        _spec(
            "requantize.int16_form",
            f"policy.network.Int16Form {marks}",
            f"policy.network.int16Form_of_ok {marks}",
            "int16_form_ok",
        ),
    ]


def _discrete(policy: Policy) -> list[TheoremSpec]:
    numerator = exact(float(policy.logit_scale[0])).numerator
    return [
        _spec(
            "softmax_lut.difference_no_overflow",
            "policy.network.DifferenceNoOverflow",
            "policy.network.differenceNoOverflow_of_ok",
            "acc_ok",
            "(and_split requantize_ok).1",
            "difference_ok",
        ),
        _spec("softmax_lut.index_in_range", "policy.IndexInRange", "policy.indexInRange_of_ok", "requantize_ok"),
        _spec("softmax_lut.table_monotone", "policy.TableMonotone", "policy.tableMonotone_of_ok", "table_ok"),
        _spec("softmax_lut.sum_near_one", "policy.SumNearOne", "policy.sumNearOne_of_ok", "table_ok"),
        _spec("sample.action_in_range", "policy.ActionInRange", "policy.actionInRange_of_ok", "table_ok"),
        TheoremSpec(
            name=f"{NAMESPACE}.dequantize.arg_max",
            statement=f"∀ accs, argMax (mapInt (fun acc => {numerator} * acc) accs) = argMax accs",
            obligation_id="dequantize.arg_max",
            proof="argMax_scale (by decide)",
        ),
    ]


def _continuous() -> list[TheoremSpec]:
    return [
        _spec("softmax_lut.index_in_range", "policy.IndexInRange", "policy.indexInRange_of_ok", "requantize_ok"),
        _spec("sample.table_index_in_range", "policy.IndexInRange", "policy.indexInRange_of_ok", "requantize_ok"),
        _spec("sample.action_bounded", "policy.ActionBounded", "policy.actionBounded_of_ok", "table_ok"),
    ]


def _spec(obligation_id: str, statement: str, lemma: str, *arguments: str) -> TheoremSpec:
    checks = tuple(re.findall(r"\b\w+_ok\b", " ".join(arguments)))
    return TheoremSpec(f"{NAMESPACE}.{obligation_id}", statement, obligation_id, " ".join((lemma, *arguments)), checks)

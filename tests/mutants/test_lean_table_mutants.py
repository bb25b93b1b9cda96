"""What Lean must refuse about the tables of the heads, and that its bounds of exp and Phi are true and sharp."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from math import ceil, floor

import pytest

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.certify.softmax import exp_bounds
from tinyverify.engines.certify.table_errors import normal_bounds
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.engines.lean_bundle.tables import THEOREM, table_facts
from tinyverify.obligations.obligation import Settings
from tinyverify.obligations.table_errors import OBLIGATIONS
from tinyverify.results import Status

UNIT = 1 << 20  # of the arguments
FINE = 10**9  # of the bounds


def bent(policy: Policy, table: str, index: int, by: int) -> Policy:
    entries = policy.tables[table].copy()
    entries[index] += by
    return dataclasses.replace(policy, tables={**policy.tables, table: entries})


def refused(policy: Policy) -> bool:
    """Whether the check of `policy` is false to the kernel, and nothing else is wrong with its file."""
    result = check_file(table_facts(policy).text, timeout=300)
    false = ("Tactic `decide` proved that the proposition", "(kernel) application type mismatch\n  id (Eq.refl true)")
    assert result.accepted or result.messages[0].text.startswith(false)
    return not result.accepted


@pytest.mark.parametrize("name", ["cartpole", "pendulum"])
def test_the_tables_of_a_student_are_proved_and_only_with_lean(policies, name: str) -> None:
    policy = policies[name]
    obligation = next(o for o in OBLIGATIONS if o.applies(policy))
    result = obligation.discharge(policy, Settings())
    assert result.status is Status.PROVED
    assert [run.status for run in result.engines] == [Status.CHECKED, Status.PROVED]
    assert THEOREM in result.engines[1].detail and "Within" in result.engines[1].detail
    assert obligation.discharge(policy, Settings(lean=False)).status is Status.CHECKED
    late = obligation.discharge(policy, Settings(timeout=0.01))
    assert late.status is Status.CHECKED and "Lean: TIMEOUT" in late.detail


@pytest.mark.parametrize(
    ("name", "table", "index", "by"),
    [
        ("cartpole", "exp", 255, 1),
        ("cartpole", "exp", 40, -1),
        ("pendulum", "std", 255, -1),
        ("pendulum", "tanh", 0, 1),
        ("pendulum", "gauss", 128, 1),
        ("pendulum", "gauss", 255, -1),
    ],
)
def test_an_entry_off_by_one_is_refused(policies, name: str, table: str, index: int, by: int) -> None:
    assert refused(bent(policies[name], table, index, by))


@pytest.mark.parametrize(
    ("name", "field"),
    [("cartpole", "difference_scale"), ("pendulum", "std_scale"), ("pendulum", "gauss_scale")],
)
def test_another_scale_is_refused(policies, name: str, field: str) -> None:
    """1 % off: the kernel refuses it. One unit in the last place is another statement than the one wanted."""
    policy = policies[name]
    value = getattr(policy.head, field)

    def scaled(factor: float) -> Policy:
        return dataclasses.replace(policy, head=policy.head.model_copy(update={field: value * factor}))

    assert refused(scaled(1.01))
    if field == "difference_scale":
        facts = table_facts(policy)
        other = table_facts(scaled(1 + 2.0**-40)).text
        assert check_file(other, timeout=300).accepted and not prove_facts(facts, other).passed


def test_bounds_of_exp_and_the_normal_distribution_are_true_and_sharp() -> None:
    """Beside decimal arithmetic and another series of Phi: bounds a few millionths off are refused."""
    true, false = [], []
    for x in (0, 3, UNIT // 3, 2 * UNIT + 1, 5 * UNIT, 6 * UNIT + 77):
        low, high = exp_bounds(Fraction(x, UNIT))
        for sign, above, below in ((-1, high, low), (1, 1 / low, 1 / high)):
            near, far = Fraction(1, 10**7), Fraction(1, 10**6)
            t, less = ceil(above * FINE * (1 + near)) + 1, floor(below * FINE * (1 - far)) - 1
            back, less_back = floor(below * FINE * (1 - near)) - 1, ceil(above * FINE * (1 + far)) + 1
            claim = f"expBothOk {UNIT} ({sign * x}) {FINE}"
            true.append(f"{claim} {t} {back} {FINE}")
            false += [f"{claim} {less} 0 {FINE}", f"{claim} {t} {less_back} {FINE}"]
    half = "(halfPi.num 24) (halfPi.den 24) (halfPi.num 24 + halfPi.top 24)"
    for z in (0, 5, UNIT // 2, UNIT, 5 * UNIT // 3, 8 * UNIT // 3):
        for number in (z, -z):
            low, high = (2 * bound - 1 for bound in normal_bounds(Fraction(number, UNIT)))
            claim = f"normalAtMostOk {half} {UNIT} ({number})"
            true.append(f"{claim} ({ceil(high * FINE) + 200}) {FINE}")
            false.append(f"{claim} ({floor(low * FINE) - 200}) {FINE}")

    def claims(name: str, cases: list[str], value: str) -> str:
        each = " ".join(f"({case} == {value}) &&" for case in cases)
        return f"theorem {name} : ({each} true) = true := by decide +kernel"

    text = ["import TinyVerify.Tables.Thm", "open TinyVerify"]
    both = [claims("yes", true, "true"), claims("no", false, "false")]
    result = check_file("\n".join([*text, *both, ""]), timeout=300)
    assert result.accepted, result.messages
    assert not check_file("\n".join([*text, claims("lie", true[-1:], "false"), ""]), timeout=300).accepted

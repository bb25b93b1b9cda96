"""A worst-case bound as a Lean theorem about every path, and certificates that the kernel refuses."""

from __future__ import annotations

import dataclasses

import pytest

from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle.facts import prove_facts, together
from tinyverify.engines.lean_bundle.flow import flow_facts, flow_statement, theorem_name
from tinyverify.engines.wcet.certificate import Certificate, CertificateError, Dual, check
from tinyverify.engines.wcet.graph import Limit
from tinyverify.obligations.question import Stated, settle
from tinyverify.results import Result, Status

THEOREM = theorem_name("loop")
# 0 -> 1 -> 1 (ten rounds of 7 cycles) -> 2, in units of half a cycle.
ROUNDS = Limit("loop", ((0, 1, -10), (1, 1, 1)), 0, "ten rounds for each entry")
LOOP = Certificate(
    scale=2,
    first=0,
    last=2,
    edges=((0, 1, 5), (1, 1, 7), (1, 2, 3)),
    potentials=(157, 6, 0),
    duals=(Dual(ROUNDS, 14),),
)


def chain(length: int) -> Certificate:
    edges = tuple((node, node + 1, node % 9 + 1) for node in range(length))
    potentials = [0]
    for _, _, cost in reversed(edges):
        potentials.insert(0, potentials[0] + cost)
    return Certificate(1, 0, length, edges, tuple(potentials), ())


def test_the_kernel_accepts_a_bound_in_whole_cycles():
    assert check(LOOP) == 78 and "78" in flow_statement("loop", LOOP)
    result = prove_facts(flow_facts({"loop": LOOP}))
    assert result.passed, result.findings
    assert set(result.axioms) == {THEOREM}


def test_a_long_graph_is_checked_fast_enough():
    result = check_file(flow_facts({"loop": chain(300)}).text, theorems=[THEOREM])
    assert result.accepted, result.messages
    print(f"300 edges: {result.seconds:.2f} s")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (".leaf 157", ".leaf 159"),  # 79.0 cycles: one too many
        (".leaf 6)", ".leaf 5)"),
        ("⟨limit0, 14⟩", "⟨limit0, 13⟩"),
        ("⟨1, 1, 7⟩", "⟨1, 1, 8⟩"),
        ("loop.graph 0 2 78 = true", "loop.graph 0 2 77 = true"),
    ],
)
def test_the_kernel_refuses_a_wrong_certificate(right, wrong):
    source = flow_facts({"loop": LOOP}).text
    assert source.count(right) == 1
    assert not check_file(source.replace(right, wrong), theorems=[THEOREM]).accepted


@pytest.mark.parametrize(("right", "wrong"), [("⟨0, 1, -10⟩", "⟨0, 1, -9⟩"), (".leaf 157", ".leaf 156")])
def test_the_gate_refuses_a_sound_certificate_of_something_else(right, wrong):
    assert not prove_facts(flow_facts({"loop": LOOP}), flow_facts({"loop": LOOP}).text.replace(right, wrong)).passed


def test_another_graph_under_the_same_name_is_refused():
    smaller = dataclasses.replace(LOOP, edges=((0, 1, 5), (1, 1, 6), (1, 2, 3)))
    assert not prove_facts(flow_facts({"loop": LOOP}), flow_facts({"loop": smaller}).text).passed


def test_a_certificate_that_shows_nothing_is_not_printed():
    with pytest.raises(CertificateError):
        flow_facts({"loop": dataclasses.replace(LOOP, potentials=(100, 6, 0))})


def test_several_bounds_in_one_file_are_judged_each():
    facts = together([flow_facts({"loop": LOOP}), flow_facts({"chain": chain(5)})])
    assert set(prove_facts(facts).axioms) == {theorem_name("loop"), theorem_name("chain")}
    source = facts.text
    start = source.index("theorem chain.path_bound")
    without = source[:start] + source[source.index("\n\n", start) :]
    assert not prove_facts(facts, without).passed


def test_a_refused_fact_takes_no_other_along():
    """Both go to Lean in one file; the one that it refuses is not proved, and the other is all the same."""

    def result(name: str) -> Result:
        return Result(id=name, statement="", status=Status.PROVED)

    good, bad = flow_facts({"loop": LOOP}), flow_facts({"chain": chain(5)})
    wrong = {name: statement.replace("≤", "<") for name, statement in bad.wanted.items()}
    stated = [Stated(result("good"), good), Stated(result("bad"), dataclasses.replace(bad, wanted=wrong))]
    assert [r.status for r in settle(stated, 60.0)] == [Status.PROVED, Status.ERROR]
    assert [r.status for r in settle(stated, 60.0, lean=False)] == [Status.PROVED, Status.PROVED]
    without = [Stated(result("good"), good), Stated(result("none"))]
    assert [len(r.engines) for r in settle(without, 60.0)] == [1, 0]

"""Lean on facts about the linked firmware: an edited certificate, extent or theorem is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.lean_bundle.elf_layout import layout_facts
from tinyverify.engines.lean_bundle.facts import prove_facts
from tinyverify.engines.lean_bundle.flow import flow_facts
from tinyverify.engines.stack_certificate import stack_certificate
from tinyverify.engines.wcet.certificate import CertificateError, check
from tinyverify.obligations.elf_layout import placements
from tinyverify.obligations.linked import linked

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.fixture(scope="module")
def product(policies):
    return linked(policies["cartpole"]).product


def test_a_deeper_call_breaks_the_certificate(product):
    """One register more on the stack at the deepest call: neither Python's check nor Lean's kernel goes along."""
    true = stack_certificate(product)
    source, target, cost = max(true.edges, key=lambda edge: edge[2])
    deeper = tuple((s, t, c + 4 if (s, t) == (source, target) else c) for s, t, c in true.edges)
    with pytest.raises(CertificateError, match="costs"):
        check(replace(true, edges=deeper))
    facts = flow_facts({"stack": true})
    edge = f"⟨{source}, {target}, {cost}⟩"
    assert facts.text.count(edge) == 1
    edited = facts.text.replace(edge, f"⟨{source}, {target}, {cost + 4}⟩")
    assert not prove_facts(facts, edited).passed


def test_the_file_of_another_binary_is_refused(product):
    true = stack_certificate(product)
    less = replace(true, edges=tuple((s, t, max(c - 4, 0)) for s, t, c in true.edges))
    assert not prove_facts(flow_facts({"stack": true}), flow_facts({"stack": less}).text).passed


@pytest.mark.parametrize("prop", ["inside", "disjoint"])
@pytest.mark.parametrize("label", ["sections", "symbols"])
def test_an_extent_that_grows_is_refused(product, prop, label):
    """An object that reaches beyond its region and over its neighbour has no theorem; nor has one left out."""
    placed = placements(product)
    place = next(p for p in placed if p.label == label)
    objects = sorted(place.objects, key=lambda e: e.start)
    first = next(a for a, b in pairwise(objects) if a.end > b.start - 64 and a.region == b.region)
    grown = replace(place, objects=[replace(e, end=e.end + 0x10000) if e is first else e for e in place.objects])
    broken = tuple(grown if p is place else p for p in placed)
    assert not prove_facts(layout_facts(prop, broken)).passed
    fewer = tuple(replace(p, objects=p.objects[1:]) if p is place else p for p in placed)
    assert not prove_facts(layout_facts(prop, placed), layout_facts(prop, fewer).text).passed

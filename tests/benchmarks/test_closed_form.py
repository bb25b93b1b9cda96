"""The formula for the worst case against fresh bounds: at or above them, and not far."""

from __future__ import annotations

import pytest
import sympy

from tests.fit_closed_form import bound
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.wcet.closed_form import HIDDEN, INPUTS, closed_form, describe

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.mark.parametrize("shape", [(2, 16, 2), (4, 64, 2), (6, 64, 3), (8, 128, 4)])
def test_at_or_above_the_bound_of_analysed_shapes(shape):
    form = closed_form()
    fresh = bound(shape)
    assert fresh <= form.at(*shape) <= (1 + form.largest_excess) * fresh


def test_grows_with_blocks_of_hidden_units():
    form = closed_form()
    assert form.at(4, 17, 2) == form.at(4, 32, 2) > form.at(4, 16, 2)
    assert sympy.diff(form.growth(HIDDEN), INPUTS) > 0


def test_speaks_only_about_its_family(policies):
    assert describe(policies["pendulum"]) is None
    assert describe(policies["cartpole"])["cycles"] == closed_form().at(4, 64, 2)

"""The formula for the worst case against fresh bounds: at or above them, and not far."""

from __future__ import annotations

import pytest
import sympy

from tests.fit_closed_form import bound
from tests.synthetic_policies import synthetic_policy
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.wcet.closed_form import HIDDEN, INPUTS, closed_form, describe

pytestmark = pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        ("discrete", (2, 16, 2)),
        ("discrete", (4, 64, 2)),
        ("discrete", (6, 64, 3)),
        ("discrete", (8, 128, 4)),
        ("continuous", (3, 64, 2)),
        ("continuous", (8, 128, 2)),
    ],
)
def test_at_or_above_the_bound_of_analysed_shapes(head, shape):
    form = closed_form(head)
    fresh = bound(shape, head)
    assert fresh <= form.at(*shape) <= (1 + form.largest_excess) * fresh


def test_grows_with_blocks_of_hidden_units():
    form = closed_form()
    assert form.at(4, 17, 2) == form.at(4, 32, 2) > form.at(4, 16, 2)
    assert sympy.diff(form.growth(HIDDEN), INPUTS) > 0


def test_speaks_only_about_its_family(policies):
    assert describe(synthetic_policy((4, 64, 64, 2))) is None
    assert describe(synthetic_policy((9, 64, 2))) is None
    assert describe(policies["cartpole"])["cycles"] == closed_form().at(4, 64, 2)
    pendulum = describe(policies["pendulum"])
    assert pendulum["cycles"] == closed_form("continuous").at(3, 64, 2) and "m" not in pendulum["formula"]

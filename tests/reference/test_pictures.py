"""Decision maps and the Pareto page: what they draw is what is there, and they are well-formed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np

from tests.certify_networks import small_network
from tinyverify.engines.certify.network import make_pair
from tinyverify.engines.certify.picture import POINTS, Map, continuous_figure, discrete_figure, draw
from tinyverify.pareto import Point
from tinyverify.report import pareto


def _area(path: str) -> int:
    return sum(int(run.split("h")[1].split("v")[0]) for run in path.split("M")[1:])


def test_each_point_of_a_map_is_drawn_once() -> None:
    classes = np.random.default_rng(0).integers(0, 3, (POINTS, POINTS))
    one = Map(classes, ("a", "b"), (0.0, 0.0), (1.0, 2.0), "heading")
    legend = [("#000001", "zero"), ("#000002", "one"), ("#000003", "two")]
    root = ElementTree.fromstring(draw([one], legend, 4))
    paths = {e.get("fill"): _area(e.get("d")) for e in root.iter() if e.tag.endswith("path")}
    assert paths == {colour: int((classes == k).sum()) for k, (colour, _) in enumerate(legend)}


def test_figures_of_both_kinds() -> None:
    policy, training = small_network(dim=4, hidden=8, seed=40)
    figure = discrete_figure(policy, training, make_pair(policy, training))
    texts = [e.text for e in ElementTree.fromstring(figure["svg"]).iter() if e.tag.endswith("text")]
    assert texts.count("whole box") == texts.count("visited") == 6
    assert {"both: push left", "they act differently", "not certified either way"} <= set(texts)
    assert "median" in figure["caption"]
    policy, training = small_network(dim=3, hidden=8, discrete=False, seed=41, environment="Pendulum-v1")
    figure = continuous_figure(policy, training, make_pair(policy, training), 0.5)
    texts = [e.text for e in ElementTree.fromstring(figure["svg"]).iter() if e.tag.endswith("text")]
    assert texts.count("action") == texts.count("difference") == 3


def test_the_pareto_front_and_its_page(tmp_path) -> None:
    def point(kind: str, hidden: int, reward: float, cycles: int) -> Point:
        return Point("cartpole", kind, hidden, reward, reward, 1000, cycles, 0.9, 0.5)

    points = [point("student", 16, 480.0, 300), point("student", 32, 470.0, 500), point("teacher", 64, 500.0, 800)]
    assert [pareto.on_front(p, points) for p in points] == [True, False, True]
    pareto.write(points, tmp_path / "sizes.md", "tinyverify sizes cartpole")
    page = (tmp_path / "sizes.md").read_text()
    assert "| cartpole student | 16 | 480.0 |" in page and "(sizes.svg)" in page and "MEASURED" in page
    circles = [e for e in ElementTree.parse(tmp_path / "sizes.svg").iter() if e.tag.endswith("circle")]
    assert [c.get("fill") == "#ffffff" for c in circles] == [False, True, False]

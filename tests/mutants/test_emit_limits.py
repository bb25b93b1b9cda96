"""Shapes and tables that the kernels do not support: refused before any C is written, by limit and theorem, exit 2."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from tests.command_line import tinyverify
from tinyverify.artifacts.bundle import write_bundle
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import sha256
from tinyverify.artifacts.policy import MAX_FEATURES, policy_hash
from tinyverify.emit.firmware import emit


def _shape(layer: int, field: str, value: int):
    def change(content):
        content["layers"][layer][field] = value

    return change


def _object(index: int, **values):
    def change(content):
        content["memory_layout"]["objects"][index].update(values)

    return change


FILES = {
    "a row longer than the bound": (
        _shape(0, "in_features", MAX_FEATURES + 1),
        "layers.0.in_features",
        "acc_no_overflow",
    ),
    "a row of nothing": (_shape(0, "in_features", 0), "layers.0.in_features", "1 to 4096"),
    "no outputs": (_shape(1, "out_features", 0), "layers.1.out_features", "dense_s8.well_shaped"),
    "a negative size": (_shape(1, "out_features", -2), "layers.1.out_features", "1 to 4096"),
    "an empty table": (_object(0, size=0), "memory_layout.objects.0.size", "layout.sized"),
    "a table at an odd address": (_object(0, offset=8), "memory_layout.objects.0.offset", "layout.aligned"),
    "a table loaded by vectors, aligned for scalars": (
        _object(0, align=4),
        "memory_layout.objects.0",
        "layout.aligned",
    ),
    "a table that leaves its region": (_object(0, offset=0x9FF0), "memory_layout.objects.0", "layout.inside"),
    "a table over another": (_object(1, offset=16), "memory_layout.objects.1", "layout.disjoint"),
}


@pytest.mark.parametrize("fault", FILES)
def test_emit_names_limit_and_theorem_and_writes_nothing(fault, bundle_folder) -> None:
    change, field, theorem = FILES[fault]
    folder = bundle_folder("cartpole")
    content = json.loads((folder / "policy.json").read_text())
    change(content)
    content["policy_hash"] = policy_hash(content)
    data = json.dumps(content).encode()
    (folder / "policy.json").write_bytes(data)
    bundle = json.loads((folder / "bundle.json").read_text())
    bundle["policy"]["sha256"], bundle["policy_hash"] = sha256(data), content["policy_hash"]
    write_bundle(folder / "bundle.json", bundle)
    for arguments in ((), ("--unproved",)):
        done = tinyverify("emit", folder / "bundle.json", "--out", folder / "firmware", *arguments)
        assert done.returncode == 2, done.stderr
        assert field in done.stderr and theorem in done.stderr and done.stderr.count("\n") == 1, done.stderr
        assert not (folder / "firmware").exists()


@pytest.mark.parametrize("shape", [(64, 0), (0, 4), (64, MAX_FEATURES + 1), (MAX_FEATURES + 1, 4)])
def test_a_policy_made_in_memory_is_refused_alike(shape, policies, tmp_path) -> None:
    """Not only what a file says: the arrays themselves."""
    policy = policies["cartpole"]
    layer = dataclasses.replace(policy.layers[0], weight=np.zeros(shape, np.int8))
    with pytest.raises(ArtifactError, match=r"layers\.0\.(in|out)_features.*dense_s8\.acc_no_overflow"):
        emit(
            dataclasses.replace(policy, layers=(layer, *policy.layers[1:])), None, tmp_path / "firmware", unproved=True
        )
    assert list(tmp_path.iterdir()) == []

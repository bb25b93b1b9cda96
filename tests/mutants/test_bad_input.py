"""Corrupt, truncated and hostile files: one error that names file and field, exit code 2, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from tinyverify.artifacts.bundle import load_bundle, write_bundle
from tinyverify.artifacts.encoding import encode
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import write_atomic
from tinyverify.artifacts.policy import load_policy, policy_hash
from tinyverify.artifacts.training import load_training
from tinyverify.prove import make_bundle


def _edit(path: Path, change, rehash: bool = True) -> None:
    content = json.loads(path.read_text())
    change(content)
    if rehash and "policy_hash" in content and "weights_int8" in content:
        content["policy_hash"] = policy_hash(content)
    path.write_text(json.dumps(content))


def _put(*keys, value):
    def change(content):
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


def _move(index: int, offset: int):
    return _put("memory_layout", "objects", index, "offset", value=offset)


def _scales_with(value: float):
    def change(content):
        scales = np.frombuffer(__import__("base64").b64decode(content["scales"]), "<f4").copy()
        scales[3] = value
        content["scales"] = encode(scales, "<f4")

    return change


POLICY_FAULTS = {
    "schema_version": _put("schema_version", value="tinyverify.policy/99"),
    "weights_int8": _put("weights_int8", value="!!!!"),
    "weights_int8 ": lambda c: c.update(weights_int8=c["weights_int8"][:-4]),
    "weights_int8  ": lambda c: c.update(weights_int8=c["weights_int8"][:-1]),
    "lut_tables": _put("lut_tables", value=""),
    "scales.3": _scales_with(float("nan")),
    "scales.3 ": _scales_with(float("inf")),
    "scales.3  ": _scales_with(-1.0),
    "rounding": _put("rounding", value="round_somehow"),
    "layers.0.bias": lambda c: c["layers"][0]["bias"].pop(),
    "layers.0.bias.5": _put("layers", 0, "bias", 5, value=2**31),
    "layers.0.shift.2": _put("layers", 0, "shift", 2, value=32),
    "layers.0.multiplier.2": _put("layers", 0, "multiplier", 2, value=2**30 - 1),
    "layers.0.multiplier.3": _put("layers", 0, "multiplier", 3, value="1073741824"),
    "layers.1.in_features": _put("layers", 1, "in_features", value=63),
    "layers.1.output_zero_point": _put("layers", 1, "output_zero_point", value=200),
    "input.inv_scale.0": _put("input", "inv_scale", 0, value=0.1),
    "input.inv_scale.1": _put("input", "inv_scale", 1, value=0.0),
    "input.low.2": _put("input", "low", 2, value=8.0),
    "logit_scale": _put("logit_scale", 1, value=0.5),
    "memory_layout.policy_offset": _put("memory_layout", "policy_offset", value=16),
    "memory_layout.objects.0": _move(0, 0x9FF0),
    "memory_layout.objects.1": _move(1, 16),
    "memory_layout.objects.0.offset": _move(0, 8),
    "memory_layout.objects.1.offset": _move(1, -16),
    "head": _put("head", "kind", value="mystery"),
    "surprise": _put("surprise", value=1),
    "environment": _put("environment", value="../../etc"),
}


@pytest.mark.parametrize("field", POLICY_FAULTS)
def test_fault_in_policy_names_file_and_field(field, bundle_folder):
    path = bundle_folder("cartpole") / "policy.json"
    _edit(path, POLICY_FAULTS[field])
    with pytest.raises(ArtifactError) as error:
        load_policy(path)
    assert error.value.path == path
    assert field.strip() in str(error.value)
    assert "\n" not in str(error.value)


def test_edited_content_with_the_old_hash_is_refused(bundle_folder):
    path = bundle_folder("cartpole") / "policy.json"
    _edit(path, _put("layers", 0, "bias", 5, value=1), rehash=False)
    with pytest.raises(ArtifactError, match="policy_hash"):
        load_policy(path)


TEXTS = {
    "empty": b"",
    "not JSON": b"weights: 1",
    "cut off": b'{"schema_version": "tinyverify.policy/1", "wei',
    "not an object": b"[1, 2]",
    "NaN literal": b'{"schema_version": NaN}',
    "two of a key": b'{"schema_version": "a", "schema_version": "b"}',
    "not UTF-8": b'{"schema_version": "\xff\xfe"}',
    "deep": b"[" * 200_000,
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("load_file", [load_policy, load_bundle, load_training])
def test_files_that_are_not_json_are_refused(text, load_file, tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(TEXTS[text])
    with pytest.raises(ArtifactError) as error:
        load_file(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_missing_file_folder_and_huge_file_are_refused(tmp_path, monkeypatch):
    with pytest.raises(ArtifactError, match="No such file"):
        load_policy(tmp_path / "absent.json")
    with pytest.raises(ArtifactError, match="is a folder"):
        load_policy(tmp_path)
    monkeypatch.setattr("tinyverify.artifacts.files.read_bytes.__defaults__", (10,))
    (tmp_path / "big.json").write_bytes(b" " * 11)
    with pytest.raises(ArtifactError, match="more than the 10"):
        load_policy(tmp_path / "big.json")


@pytest.mark.parametrize("name", ["../policy.json", "/etc/passwd", "queries/../../x", ""])
def test_bundle_path_that_climbs_out_is_refused(name, bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    content = json.loads(path.read_text())
    content["policy"]["path"] = name
    if name:
        write_bundle(path, content)
    else:
        path.write_text(json.dumps(content))
    with pytest.raises(ArtifactError, match=r"policy\.path"):
        load_bundle(path)


def test_symbolic_link_out_of_the_folder_is_refused(bundle_folder, tmp_path):
    folder = bundle_folder("cartpole")
    outside = tmp_path / "outside.json"
    (folder / "policy.json").rename(outside)
    (folder / "policy.json").symlink_to(outside)
    with pytest.raises(ArtifactError, match=r"policy\.path"):
        load_bundle(folder / "bundle.json")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (_put("verification_results", "latency_bounds", value=True), "bundle_hash"),
        (_put("verification_results", "latency_bounds", value="yes"), "verification_results.latency_bounds"),
        (_put("policy", "sha256", value="0" * 64), "bundle_hash"),
        (_put("schema_version", value="tinyverify.bundle/0"), "schema_version"),
    ],
)
def test_edited_bundle_is_refused(change, field, bundle_folder):
    path = bundle_folder("cartpole") / "bundle.json"
    _edit(path, change)
    with pytest.raises(ArtifactError, match=field):
        load_bundle(path)


def test_bundle_of_another_policy_is_refused(bundle_folder):
    cartpole, acrobot = bundle_folder("cartpole"), bundle_folder("acrobot")
    (cartpole / "policy.json").write_bytes((acrobot / "policy.json").read_bytes())
    with pytest.raises(ArtifactError, match=r"policy\.sha256"):
        load_bundle(cartpole / "bundle.json")


def test_policy_outside_the_bundle_folder_is_refused(bundle_folder, tmp_path):
    policy = bundle_folder("cartpole") / "policy.json"
    out = tmp_path / "elsewhere" / "bundle.json"
    with pytest.raises(ArtifactError, match="policy"):
        make_bundle(policy, out)
    assert not out.exists()


def _tensors(path: Path, change) -> None:
    tensors = load(path.read_bytes())
    change(tensors)
    path.write_bytes(save(tensors))


TENSOR_FAULTS = {
    "actor.0.weight": lambda t: t.update({"actor.0.weight": t["actor.0.weight"][:, :3].copy()}),
    "actor.1.bias": lambda t: t.pop("actor.1.bias"),
    "actor.0.bias": lambda t: t["actor.0.bias"].__setitem__(7, np.nan),
    "calibration.observations": lambda t: t.update({"calibration.observations": np.zeros((0, 4), np.float32)}),
    "reproducibility_hash": lambda t: t["actor.0.bias"].__setitem__(7, 0.25),
}


@pytest.mark.parametrize("field", TENSOR_FAULTS)
def test_fault_in_tensors_names_the_tensor(field, bundle_folder):
    folder = bundle_folder("cartpole")
    _tensors(folder / "training.safetensors", TENSOR_FAULTS[field])
    with pytest.raises(ArtifactError, match=field):
        load_training(folder / "training.json")


@pytest.mark.parametrize("cut", [0, 7, 100, -1])
def test_truncated_tensors_are_refused(cut, bundle_folder):
    folder = bundle_folder("cartpole")
    path = folder / "training.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ArtifactError, match=r"training\.safetensors"):
        load_training(folder / "training.json")


def test_model_path_that_climbs_out_is_refused(bundle_folder):
    path = bundle_folder("cartpole") / "training.json"
    _edit(path, _put("model_path", value="../training.safetensors"))
    with pytest.raises(ArtifactError, match="model_path"):
        load_training(path)


def test_failed_write_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "file.json"
    write_atomic(path, b"old")

    def fail(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ArtifactError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.json"]

"""The emitted folder: what it holds, what it says of its proof, and that it appears whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import sha256
from tinyverify.artifacts.layout import pad, weight_storage
from tinyverify.binary.elf import read_elf
from tinyverify.emit import firmware as firmware_module
from tinyverify.emit.firmware import MANIFEST, Evidence, NotProved, emit, firmware_files
from tinyverify.emit.kernels import int16_lanes, plan
from tinyverify.emit.observation_limits import observation_limits
from tinyverify.emit.tables import INT16_LANE_ORDER, LANE_ORDER, flash_tables, lane_order, table_contents
from tinyverify.engines.emulator.compare import compare
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.semantics import checked, float32

PROVED = Evidence(proved=True, bundle_hash="ab" * 32, summary="36 obligations proved")


def test_manifest_names_every_file_with_its_hash(policies, tmp_path) -> None:
    folder = emit(policies["cartpole"], PROVED, tmp_path / "firmware")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    assert set(manifest["files"]) | {MANIFEST} == set(files)
    for name, digest in manifest["files"].items():
        assert sha256(files[name].read_bytes()) == digest
    assert manifest["policy_hash"] == policies["cartpole"].hash
    assert manifest["proved"] is True and manifest["bundle_hash"] == "ab" * 32


def test_only_the_kernels_that_are_needed_are_copied(policies) -> None:
    discrete, continuous = (set(firmware_files(policies[name], PROVED)) for name in ("cartpole", "pendulum"))
    assert "kernels/tv_softmax_lut.c" in discrete - continuous
    assert "kernels/tv_sample_continuous.c" in continuous - discrete
    assert not {name for name in discrete if "rows" in name}


def test_emit_is_deterministic(policies) -> None:
    assert firmware_files(policies["acrobot"], PROVED) == firmware_files(policies["acrobot"], PROVED)


@pytest.mark.parametrize("evidence", [None, Evidence(), Evidence(summary="2 refuted")])
def test_without_a_proof_nothing_is_written_unless_told(evidence, policies, tmp_path) -> None:
    with pytest.raises(NotProved, match="--unproved"):
        emit(policies["cartpole"], evidence, tmp_path / "firmware")
    assert list(tmp_path.iterdir()) == []
    folder = emit(policies["cartpole"], evidence, tmp_path / "firmware", unproved=True)
    for name in ("src/tv_policy.c", "src/tv_policy_mve.c", "include/tv_policy.h", "src/tv_policy_tables.c"):
        text = (folder / name).read_text()
        assert "UNPROVED" in text and " PROVED" not in text
    assert "#define TV_PROVED 0" in (folder / "include/tv_policy.h").read_text()


def test_a_proof_is_named_in_the_c_files(policies) -> None:
    files = firmware_files(policies["cartpole"], PROVED)
    for name in ("src/tv_policy.c", "src/tv_policy_mve.c", "include/tv_policy.h"):
        text = files[name].decode()
        assert "PROVED: 36 obligations proved" in text and "ab" * 32 in text and "UNPROVED" not in text


def test_an_earlier_firmware_is_replaced_and_anything_else_is_refused(policies, tmp_path) -> None:
    folder = emit(policies["cartpole"], PROVED, tmp_path / "firmware")
    (folder / "stale.txt").write_text("old")
    emit(policies["acrobot"], PROVED, folder)
    assert not (folder / "stale.txt").exists()
    assert json.loads((folder / MANIFEST).read_bytes())["policy_hash"] == policies["acrobot"].hash
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("keep")
    with pytest.raises(ArtifactError, match="no firmware folder"):
        emit(policies["cartpole"], PROVED, tmp_path / "notes")
    assert (tmp_path / "notes" / "mine.txt").read_text() == "keep"
    assert {p.name for p in tmp_path.iterdir()} == {"firmware", "notes"}


@pytest.mark.parametrize("fails_at", ["write", "first rename", "second rename"])
def test_a_failure_leaves_what_was_there(fails_at, policies, tmp_path, monkeypatch) -> None:
    folder = emit(policies["cartpole"], PROVED, tmp_path / "firmware")
    renames = []

    def fail(*arguments) -> None:
        raise OSError(28, "No space left on device")

    def rename(source, target) -> None:
        renames.append(target)
        if len(renames) == (1 if fails_at == "first rename" else 2):
            fail()
        real_rename(source, target)

    real_rename = os.replace
    if fails_at == "write":
        monkeypatch.setattr(firmware_module.os, "fsync", fail)
    else:
        monkeypatch.setattr(firmware_module.os, "replace", rename)
    with pytest.raises(ArtifactError, match="No space left"):
        emit(policies["acrobot"], PROVED, folder)
    monkeypatch.undo()
    assert json.loads((folder / MANIFEST).read_bytes())["policy_hash"] == policies["cartpole"].hash
    assert [p.name for p in tmp_path.iterdir()] == ["firmware"]


def test_limits_are_refused_by_name(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    bias = policy.layers[0].bias.copy()
    bias[3] = (1 << 31) - 5
    layers = (dataclasses.replace(policy.layers[0], bias=bias), *policy.layers[1:])
    with pytest.raises(ArtifactError, match=r"layers\.0\.bias.*dense_s8\.acc_no_overflow"):
        emit(dataclasses.replace(policy, layers=layers), PROVED, tmp_path / "firmware")
    bias = policy.layers[-1].bias.copy()
    bias[0], bias[1] = (1 << 31) - (1 << 21), -(1 << 31) + (1 << 21)
    layers = (*policy.layers[:-1], dataclasses.replace(policy.layers[-1], bias=bias))
    with pytest.raises(ArtifactError, match=r"softmax_lut\.difference_no_overflow"):
        emit(dataclasses.replace(policy, layers=layers), PROVED, tmp_path / "firmware")
    tables = {"exp": np.zeros(256, np.int8)}
    with pytest.raises(ArtifactError, match="exp table"):
        emit(dataclasses.replace(policy, tables=tables), PROVED, tmp_path / "firmware")
    assert list(tmp_path.iterdir()) == []


def test_a_layout_that_does_not_fit_its_tables_is_refused(policies) -> None:
    policy = policies["cartpole"]
    objects = policy.layout.objects
    for changed, field in (
        (objects[1:], "memory_layout.objects"),
        ((objects[0].model_copy(update={"size": objects[0].size + 16}), *objects[1:]), "objects.0.size"),
        ((objects[0].model_copy(update={"name": "other"}), *objects[1:]), "memory_layout.objects"),
    ):
        layout = policy.layout.model_copy(update={"objects": changed})
        with pytest.raises(ArtifactError, match=field):
            flash_tables(dataclasses.replace(policy, layout=layout), mve=True)


@pytest.mark.parametrize("int16", [False, True])
@pytest.mark.parametrize("widths", [(4, 64, 2), (6, 33, 20, 3), (20, 17, 5), (1, 2, 2)])
@pytest.mark.parametrize("mve", [False, True])
def test_tables_hold_the_policy(widths, mve, int16) -> None:
    policy = synthetic_policy(widths, int16=int16)
    content = table_contents(policy, mve)
    for index, layer in enumerate(policy.layers):
        outputs, inputs = layer.weight.shape
        fused = index < len(policy.layers) - 1
        storage = weight_storage(outputs, inputs)
        narrow = mve and fused and int16_lanes(layer)
        assert narrow == (mve and int16 and index == 0 and inputs < outputs)
        order = lane_order(outputs, narrow) if mve and fused else np.arange(outputs)
        stored = content[f"layer{index}.weight"]
        for place, j in enumerate(order):
            for i in range(inputs):
                if storage.order == "row_major":
                    at = place * storage.stride + i
                elif mve:
                    at = place // 16 * 16 * inputs + i * 16 + place % 16
                else:
                    at = i * storage.stride + place
                assert stored[at] == layer.weight[j, i]
        assert np.abs(stored.astype(int)).sum() == np.abs(layer.weight.astype(int)).sum()  # the rest is zero
        assert (content[f"layer{index}.bias"][:outputs] == layer.bias[order]).all()
        if fused:
            sign = -1 if mve else 1
            assert (sign * content[f"layer{index}.shift"][:outputs] == layer.shift[order]).all()
            unit = 65536 if narrow else 1
            assert (unit * content[f"layer{index}.multiplier"][:outputs].astype(int) == layer.multiplier[order]).all()
        for name in ("bias", "multiplier", "shift") if fused else ("bias",):
            assert not content[f"layer{index}.{name}"][outputs:].any()
            assert content[f"layer{index}.{name}"].nbytes == 4 * pad(outputs, 4)
    assert sorted(LANE_ORDER) == sorted(INT16_LANE_ORDER) == list(range(16))


def test_plan_chooses_by_shape() -> None:
    kernels = [step.kernel for step in plan(synthetic_policy((4, 64, 64, 2)), mve=True).steps]
    assert kernels == ["dense_requantize_s8_outer_mve", "dense_requantize_s8_rows_mve", "dense_s8_mve"]
    narrow = [step.kernel for step in plan(synthetic_policy((4, 64, 2), int16=True), mve=True).steps]
    assert narrow == ["dense_requantize_s8_outer_int16_mve", "dense_s8_mve"]
    assert plan(synthetic_policy((4, 64, 33)), mve=True).arg_max == "arg_max_mve"
    assert plan(synthetic_policy((4, 64, 2)), mve=True).arg_max == "arg_max"


@pytest.mark.parametrize("mve", [True, False])
@pytest.mark.parametrize("kind", ["gcc", "zig"])
def test_cmake_builds_the_image_that_is_proved(kind, mve, policies, tmp_path) -> None:
    """The product as `build` makes it, byte for byte; the test program gives no difference on the emulated core."""
    missing = [tool for tool in ("cmake", "ninja", "qemu-system-arm") if shutil.which(tool) is None]
    compiler = find_compiler(kind)
    if missing or compiler is None:
        pytest.skip(f"not installed: {', '.join(missing) or kind}")
    policy = policies["pendulum"]
    folder = emit(policy, PROVED, tmp_path / "firmware")
    configure = ["cmake", "-G", "Ninja", "-S", str(folder), "-B", str(tmp_path / "build")]
    configure += [f"-DCMAKE_TOOLCHAIN_FILE={folder}/cmake/m55-{kind}.cmake", f"-DTV_PYTHON={sys.executable}"]
    configure += [f"-DTV_USE_MVE={'ON' if mve else 'OFF'}"]
    done = subprocess.run(configure, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(["cmake", "--build", str(tmp_path / "build")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    made = build(folder, compiler, mve=mve, out_dir=tmp_path / "made")
    image = [(s.name, s.address, s.data) for s in read_elf(made.product).sections if s.allocated]
    ours = [(s.name, s.address, s.data) for s in read_elf(tmp_path / "build" / "policy.elf").sections if s.allocated]
    assert ours == image and len(image) > 10
    assert compare(policy, tmp_path / "build" / "policy-test.elf", n=500).differing == 0
    assert (tmp_path / "build" / "libtv_hal_optional.a").exists()


@pytest.mark.parametrize("seed", range(4))
def test_observation_limits_are_the_last_numbers_inside(seed) -> None:
    """One step of float32 further out, the reference says that the feature is beyond."""
    policy = synthetic_policy((50, 3), seed=seed)
    scale, zero = float32.bits_of(policy.inv_scale), policy.input_zero_point.astype(np.int64)
    lowest, span = np.array(observation_limits(policy), np.int64).T
    largest = (lowest + span) & 0xFFFFFFFF
    assert ((lowest >= 1 << 31) & (largest < 1 << 31) & (span > 0)).all()

    def bits(place):
        return np.where(place >= 1 << 31, place ^ 0x7FFFFFFF, place)

    assert not checked.beyond(bits(lowest), scale, zero).any() and not checked.beyond(bits(largest), scale, zero).any()
    assert checked.beyond(bits(lowest - 1), scale, zero).all() and checked.beyond(bits(largest + 1), scale, zero).all()
    assert (float32.values_of(bits(lowest)) < float32.values_of(bits(largest))).all()

"""A wheel built from the repository works outside the checkout, sources of proofs and kernels included."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, by the build backend of the test environment."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return next(out.glob("*.whl"))


def test_wheel_carries_sources_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for folder, suffix in (("lean", ".lean"), ("smt", ".smt2"), ("kernels_c", ".c")):
        packed = {n.removeprefix("tinyverify/_data/") for n in names if n.startswith(f"tinyverify/_data/{folder}/")}
        tracked = {str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob(f"*{suffix}")}
        assert tracked and tracked <= packed
    assert not [n for n in names if n.startswith("tests/")]
    assert any(n.endswith("licenses/LICENSE") for n in names)


def test_wheel_proves_and_emits_outside_the_checkout(wheel, tmp_path):
    """Installed into a folder of its own that comes before the checkout, and run elsewhere."""
    site, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=600)
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=work, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    folders = "data_dir('smt'), data_dir('lean'), data_dir('kernels_c')"
    where = run("-c", f"from tinyverify.data import data_dir; print({folders})")
    assert all(path.startswith(str(site)) for path in where.split())
    assert "0 refuted, 0 inconclusive" in run("-m", "tinyverify.cli.main", "pipeline", "cartpole", "--count", "1000")
    assert (work / "out" / "cartpole" / "firmware" / "policy.elf").is_file()

"""Fixtures that every kind of test shares: shipped policies, and bundles in folders of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training, load_training, write_training
from tinyverify.engines.emulator.compiler import cache_dir
from tinyverify.pretrained import artifact_path
from tinyverify.prove import make_bundle
from tinyverify.quantize.quantize import quantize, quantize_file


def pytest_configure() -> None:
    """Processes that tests start load compiled modules, even where the environment forbids to write them beside the
    sources: a fifth of what a short command takes is compiling them."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None) is not None:
        os.environ["PYTHONPYCACHEPREFIX"] = str(cache_dir().absolute() / "pycache")


class OnDemand(dict):
    """A mapping that makes each value when it is first asked for."""

    def __init__(self, make: Callable[[str], object]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str):
        self[key] = self._make(key)
        return self[key]


@pytest.fixture(scope="session")
def trainings() -> dict[str, Training]:
    """The shipped students by environment."""
    return OnDemand(lambda name: load_training(artifact_path(name)))


@pytest.fixture(scope="session")
def policies(trainings: dict[str, Training]) -> dict[str, Policy]:
    """The shipped students, quantized."""
    return OnDemand(lambda name: quantize(trainings[name]))


@pytest.fixture(scope="session")
def _made(trainings: dict[str, Training], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with training.json, policy.json and an unproved bundle.json."""
    root = tmp_path_factory.mktemp("bundles")

    def make(name: str) -> Path:
        folder = root / name
        artifact = trainings[name].artifact.model_copy(update={"model_path": "training.safetensors"})
        write_training(folder / "training.json", artifact, trainings[name].tensors)
        quantize_file(trainings[name], folder / "policy.json")
        make_bundle(folder / "policy.json", folder / "bundle.json", folder / "training.json")
        return folder

    return OnDemand(make)


@pytest.fixture
def bundle_folder(_made: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """`bundle_folder(environment)`: a fresh copy of a folder with training.json, policy.json and bundle.json."""
    return lambda name: Path(shutil.copytree(_made[name], tmp_path / name))

"""How training code runs: the optional libraries, one thread, fixed seeds.

With one thread and torch's deterministic algorithms a second run with the same seed on the same machine, with
the same versions, gives the same bits. Across processors or versions that is not claimed.
"""

from __future__ import annotations

import importlib
import platform
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from types import ModuleType

import numpy as np

# Called with (done, total, message); None means silence.
Progress = Callable[[int, int, str], None]

_VERSIONED = {"torch": "torch", "sb3": "stable-baselines3", "gymnasium": "gymnasium", "numpy": "numpy"}


class MissingExtra(ImportError):
    """A library of the `train` extra is not installed."""


def require(name: str) -> ModuleType:
    """Import an optional library. Raises MissingExtra with the command that installs it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(
            f"training and evaluation need {name}, which cannot be imported: pip install 'tinyverify[train]'"
        ) from error


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that a trained network's bits depend on."""
    return {"python": platform.python_version()} | {key: metadata.version(name) for key, name in _VERSIONED.items()}


@contextmanager
def deterministic(seed: int) -> Iterator[None]:
    """Seeds every generator, one torch thread, deterministic algorithms; the caller's state is put back at the end."""
    torch = require("torch")
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)

"""Where Lean sources and the cache live. Serves every obligation that Lean discharges; holds no policy of its own."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


def data_dir(name: str) -> Path:
    """The folder `name` (for example `lean`) of an installed wheel, else of the checkout.

    Raises FileNotFoundError naming both places.
    """
    installed, checkout = PACKAGE / "_data" / name, PACKAGE.parent / name
    for candidate in (installed, checkout):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}: neither {installed} nor {checkout} is a folder")


def core_dir() -> Path:
    """Sources of the hermetic core (`Init.lean` and `Init/`)."""
    return data_dir("lean") / "core"


def library_dir() -> Path:
    """Sources of the theorem library (`TinyVerify.lean` and `TinyVerify/`)."""
    return data_dir("lean")


def cache_dir() -> Path:
    """`$TINYVERIFY_CACHE`, else `$XDG_CACHE_HOME/tinyverify`, else `~/.cache/tinyverify`. Not created here."""
    explicit = os.environ.get("TINYVERIFY_CACHE")
    if explicit:
        return Path(explicit).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).absolute() if base else Path.home() / ".cache") / "tinyverify"

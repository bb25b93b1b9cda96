"""Finds the sources that are not Python: `lean/`, `smt/`, `kernels_c/`.

An installed wheel carries them under `tinyverify/_data`; a checkout has them at its top.
"""

from __future__ import annotations

from pathlib import Path


def data_dir(name: str) -> Path:
    """The folder `name` ("lean", "smt", "kernels_c"). Raises FileNotFoundError if the installation is incomplete."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is missing from this installation of tinyverify; install it again")

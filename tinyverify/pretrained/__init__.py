"""Trained teachers and students of the three environments, so that nothing after training needs torch.

README.md in this folder names the command that made each file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def artifact_path(environment: str, kind: Literal["teacher", "student"] = "student") -> Path:
    """The shipped training artifact of an environment by its short name (cartpole, acrobot, pendulum).

    Its tensors lie beside it. Raises ValueError for an environment that none is shipped for.
    """
    folder = Path(__file__).resolve().parent
    path = folder / environment / f"{kind}.json"
    if not path.is_file() or path.parent.parent != folder:
        shipped = sorted(child.parent.name for child in folder.glob(f"*/{kind}.json"))
        raise ValueError(f"no {kind} is shipped for {environment!r}, only for {', '.join(shipped)}")
    return path

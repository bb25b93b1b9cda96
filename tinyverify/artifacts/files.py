"""Files that appear whole or not at all, and paths that stay inside their folder.

Serves `integrity.*`. Writes are write, fsync, rename; nothing is overwritten by an incomplete file.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tinyverify.artifacts.errors import ArtifactError, from_validation

# Larger than any artifact of a policy that fits its flash, small enough to refuse a disk image.
MAX_ARTIFACT_BYTES = 64 * 1024 * 1024

Model = TypeVar("Model", bound=BaseModel)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> bytes:
    """The one serialization that hashes are taken over: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def read_bytes(path: Path, limit: int = MAX_ARTIFACT_BYTES) -> bytes:
    """All bytes of `path`. Raises ArtifactError if it is missing, not a file, or larger than `limit` bytes."""
    try:
        if path.is_dir():
            raise ArtifactError(path, "", "is a folder, expected a file")
        size = path.stat().st_size
        if size > limit:
            raise ArtifactError(path, "", f"is {size} bytes, more than the {limit} that any artifact needs")
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(path, "", error.strerror or str(error)) from error


def read_model(path: Path, model: type[Model]) -> Model:
    """The JSON file `path` as a validated `model`. Raises ArtifactError naming file and field."""
    data = read_bytes(path)
    try:
        json.loads(data, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        raise ArtifactError(path, "", f"is not UTF-8 text (byte {error.start})") from error
    except RecursionError as error:
        raise ArtifactError(path, "", "is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ArtifactError(
            path, "", f"is not valid JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from error
    except ValueError as error:
        raise ArtifactError(path, "", f"is not valid JSON: {error}") from error
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise from_validation(path, error) from error


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` to `path` whole or not at all. Raises ArtifactError if the folder cannot be written."""
    path = Path(path)
    name = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
            name = temporary.name
            temporary.write(data)
            temporary.flush()
            os.fsync(temporary.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise ArtifactError(path, "", f"cannot be written: {error.strerror}") from error


def write_model(path: Path, model: BaseModel) -> None:
    """Write `model` as indented JSON, atomically."""
    write_atomic(path, json.dumps(model.model_dump(mode="json"), indent=1, allow_nan=False).encode() + b"\n")


def resolve_inside(folder: Path, name: str, source: Path, field: str) -> Path:
    """`folder / name`, refused if it is absolute or climbs out of `folder` (symbolic links followed)."""
    target = (folder / name).resolve()
    if not name or "\0" in name or Path(name).is_absolute() or not target.is_relative_to(folder.resolve()):
        raise ArtifactError(source, field, f"{name!r} leaves the folder {folder}")
    return target


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        twice = next(k for i, (k, _) in enumerate(pairs) if k in dict(pairs[:i]))
        raise ValueError(f"key {twice!r} appears twice")
    return keys

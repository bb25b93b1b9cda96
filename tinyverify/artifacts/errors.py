"""The error of every border: one line that names the file and the field. Exit code 2."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError


class ArtifactError(Exception):
    """A file is missing, unreadable, or does not meet its contract.

    Attributes: `path` (the file), `field` (dotted path inside it, or "" for the file itself), `message`.
    """

    def __init__(self, path: str | Path, field: str, message: str) -> None:
        self.path, self.field, self.message = Path(path), field, message
        where = f"{path}: {field}" if field else f"{path}"
        super().__init__(f"{where}: {message}")


def from_validation(path: str | Path, error: ValidationError) -> ArtifactError:
    """The first complaint of a pydantic validation, as one line with its dotted field."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    more = len(error.errors()) - 1
    return ArtifactError(path, field, message + (f" (and {more} more)" if more else ""))

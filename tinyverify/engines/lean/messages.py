"""Lean's messages as data, read from `lean --json` (one JSON object a line)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True)
class LeanMessage:
    """One message: `line` counts from 1, `column` from 0 (in Unicode code points), as Lean counts them."""

    severity: Severity
    file: str
    line: int
    column: int
    text: str
    kind: str = ""

    def render(self) -> str:
        """`file:line:column: severity: text`, the form that editors understand."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.text}"


def parse_messages(stdout: str) -> tuple[tuple[LeanMessage, ...], str]:
    """The messages in `stdout`, and the text that is not a message (what `IO.println` printed, for example)."""
    messages, rest = [], []
    for line in stdout.splitlines():
        message = _parse_line(line)
        if message is None:
            rest.append(line)
        else:
            messages.append(message)
    return tuple(messages), "\n".join(rest)


def errors(messages: Iterable[LeanMessage]) -> tuple[LeanMessage, ...]:
    """Those of severity error."""
    return tuple(message for message in messages if message.severity == "error")


def _parse_line(line: str) -> LeanMessage | None:
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
        position = value["pos"]
        return LeanMessage(
            severity=value["severity"],
            file=value["fileName"],
            line=position["line"],
            column=position["column"],
            text=value["data"],
            kind=value.get("kind", ""),
        )
    except (json.JSONDecodeError, KeyError, TypeError):
        return None

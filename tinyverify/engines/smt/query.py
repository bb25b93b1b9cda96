"""SMT-LIB queries from the templates in `smt/`.

Serves every obligation with an SMT engine. A query states something in words, asserts its negation, and names each
`check-sat`; the statement in the file is the statement that is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tinyverify.artifacts.files import sha256
from tinyverify.data import data_dir

_STATES = re.compile(r"^; states: (.*)$", re.MULTILINE)
_CHECK = re.compile(r"^; check: (.*)\n\(check-sat\)$", re.MULTILINE)


@dataclass(frozen=True)
class Query:
    """One rendered SMT-LIB script: its obligation, its `checks` (a name per check-sat), its logic."""

    id: str
    text: str

    @property
    def checks(self) -> list[str]:
        return _CHECK.findall(self.text)

    @property
    def logic(self) -> str:
        return re.search(r"^\(set-logic (\w+)\)$", self.text, re.MULTILINE).group(1)

    def parts(self, size: int) -> list[str]:
        """The text as scripts of at most `size` checks each: what stands before the first `push`, then whole blocks.

        Every check is in exactly one part, in order; a query without `push` is one part.
        """
        head, *blocks = self.text.split("(push 1)\n")
        groups = [blocks[i : i + size] for i in range(0, len(blocks), size)]
        return ["(push 1)\n".join([head, *group]) for group in groups] or [self.text]

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.text.encode())


def integer(value: Any) -> str:
    """An SMT-LIB integer literal; SMT-LIB has no negative ones."""
    value = int(value)
    return str(value) if value >= 0 else f"(- {-value})"


def terms(weights: Any, variable: str) -> str:
    """` (* w variable_i)` for every non-zero weight w, in order."""
    return "".join(f" (* {integer(w)} {variable}{i})" for i, w in enumerate(weights) if w)


@cache
def environment() -> Environment:
    """The templates of `smt/`, with the filters `n` (integer literal) and `terms`."""
    found = Environment(
        loader=FileSystemLoader(data_dir("smt")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    found.filters.update(n=integer, terms=terms)
    return found


def statement(obligation_id: str) -> str:
    """What the query of `<operator>.<property>` states, in words: the `states:` lines of its template."""
    operator, prop = obligation_id.split(".")
    source = (data_dir("smt") / operator / f"{prop}.smt2").read_text()
    return " ".join(line.strip() for line in _STATES.findall(source))


def render(obligation_id: str, parameters: dict[str, Any]) -> Query:
    """The query of `<operator>.<property>`, from `smt/<operator>/<property>.smt2` with `parameters`."""
    operator, prop = obligation_id.split(".")
    template = environment().get_template(f"{operator}/{prop}.smt2")
    query = Query(obligation_id, template.render(parameters).lstrip("\n"))
    written = query.text.count("(check-sat)")
    if not written or written != len(query.checks):
        raise ValueError(f"smt/{operator}/{prop}.smt2 names {len(query.checks)} of its {written} checks")
    return query

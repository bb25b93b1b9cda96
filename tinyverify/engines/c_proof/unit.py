"""What one run of Frama-C speaks about: the files, the functions, and what their text must not contain.

Serves `kernel.*`. Refuses, before any prover is asked, annotations that would let a proof assume what it should show
(axioms, admitted statements) and loops whose end nothing shows. Does not judge what the contracts say.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_ANNOTATION = re.compile(r"/\*@.*?\*/|//@[^\n]*", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_ASSUMING = re.compile(r"\b(axiom|axiomatic|admit|assume|inductive|volatile|model)\b")
_GHOST = re.compile(r"(/\*|//)@\s*ghost")
_LOOP = re.compile(r"\b(for|while|do)\b\s*[({]")
_LEMMA = re.compile(r"\blemma (\w+)\s*(?:\{[^}]*\})?\s*:")
_GHOST_DECLARATION = re.compile(r"^\s*\w+ (\w+)\([^()]*\);\s*$", re.MULTILINE)


def annotations(text: str) -> list[str]:
    """The comments of C text that Frama-C reads."""
    return _ANNOTATION.findall(text)


class UnitError(ValueError):
    """The text of a unit makes a proof about it worthless; the message says why."""


@dataclass(frozen=True)
class Unit:
    """C to be proved. `files`: path to content, headers included; `entry`: the paths that Frama-C is given, relative to
    the same folder; `functions`: those that are proved, all and the lemmas if empty; `arguments`: more of Frama-C's."""

    name: str
    files: dict[str, bytes]
    entry: tuple[str, ...]
    functions: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def sha256(self) -> dict[str, str]:
        """The hash of each file."""
        return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(self.files.items())}

    def lemmas(self) -> set[str]:
        """Names of the lemmas in any of the files."""
        return {name for annotation in self._annotations() for name in _LEMMA.findall(annotation)}

    def lemma_functions(self) -> set[str]:
        """Names of the ghost functions that are declared in any of the files: where used, their contracts are taken."""
        ghost = [text for text in self._annotations() if _GHOST.match(text)]
        return {name for text in ghost for name in _GHOST_DECLARATION.findall(text)}

    def check(self) -> None:
        """Raise UnitError for an assumption in an annotation, or a loop without a variant."""
        for path, data in self.files.items():
            text = data.decode()
            found = annotations(text)
            for annotation in found:
                words = _ASSUMING.search(re.sub(r"//[^\n]*", "", annotation))
                if words is not None:
                    raise UnitError(f"{path}: an annotation says {words.group()!r}, and so assumes what it should show")
            ghost = "\n".join(a for a in found if _GHOST.match(a))
            code = _COMMENT.sub("", text) + re.sub(r"/@.*?@/", "", ghost, flags=re.DOTALL)
            loops = len(_LOOP.findall(code))
            variants = sum(annotation.count("loop variant") for annotation in found)
            if loops != variants:
                raise UnitError(f"{path}: {loops} loops, but {variants} variants: nothing shows that all of them end")

    def _annotations(self) -> list[str]:
        return [annotation for data in self.files.values() for annotation in annotations(data.decode())]

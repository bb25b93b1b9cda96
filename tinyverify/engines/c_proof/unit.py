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
_LOOP = re.compile(r"\b(for|while|do)\b\s*[({]")
_LEMMA = re.compile(r"^\s*lemma (\w+)\s*:|@ lemma (\w+)\s*:", re.MULTILINE)


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
        """Names of the lemmas in the files that are given to Frama-C."""
        found = _LEMMA.findall("\n".join(self.files[path].decode() for path in self.entry))
        return {first or second for first, second in found}

    def check(self) -> None:
        """Raise UnitError for an assumption in an annotation, or a loop without a variant."""
        for path, data in self.files.items():
            text = data.decode()
            annotations = _ANNOTATION.findall(text)
            for annotation in annotations:
                words = _ASSUMING.search(re.sub(r"//[^\n]*", "", annotation))
                if words is not None:
                    raise UnitError(f"{path}: an annotation says {words.group()!r}, and so assumes what it should show")
            ghost = "\n".join(a for a in annotations if re.match(r"(/\*|//)@\s*ghost", a))
            code = _COMMENT.sub("", text) + re.sub(r"/@.*?@/", "", ghost, flags=re.DOTALL)
            loops = len(_LOOP.findall(code))
            variants = sum(annotation.count("loop variant") for annotation in annotations)
            if path in self.entry and loops != variants:
                raise UnitError(f"{path}: {loops} loops, but {variants} variants: nothing shows that all of them end")

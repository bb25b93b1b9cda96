"""A second, independent reading of compiled modules: Lean's `.olean` files decoded without running Lean.

No macro, elaborator or printer of the file that is judged takes part. Reads the constants of a module with their types,
their values and their kind, and the environment extension entries it leaves behind. The layout is that of Lean 4.35.0
(a heap image: 8-byte object headers, absolute pointers relative to the base address in the file's header).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

MAGIC = b"olean\x02"
BASE_OFFSET, ROOT_OFFSET = 0x50, 0x58
# Object tags of the Lean runtime; below 245 a tag is a constructor's index.
ARRAY, BIG_NAT = 246, 250
KINDS = ("axiom", "definition", "theorem", "opaque", "quotient", "inductive", "constructor", "recursor")
# Constructor indices of Lean.Expr that this module tells apart.
EXPR_SORT, EXPR_CONST, EXPR_LITERAL, EXPR_MDATA, EXPR_PROJ = 3, 4, 9, 10, 11
# Where an application, a lambda, a Pi, a let, metadata and a projection hold expressions, in bytes from their start.
EXPR_CHILDREN = {5: (8, 16), 6: (16, 24), 7: (16, 24), 8: (16, 24, 32), EXPR_MDATA: (16,), EXPR_PROJ: (24,)}
WORD = struct.Struct("<Q")


class OleanError(Exception):
    """A file is not a compiled module of the pinned Lean."""


@dataclass(frozen=True)
class Constant:
    """One constant of a module: `type` and `value` are offsets of expressions in its file (`value` 0: none)."""

    name: str
    kind: str
    type: int
    value: int
    unsafe: bool
    uses: frozenset[str]


class OleanFile:
    """A compiled module. Raises OleanError if the file is not one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        if self.data[:6] != MAGIC or len(self.data) <= ROOT_OFFSET + 8:
            raise OleanError(f"{path}: not a compiled module of this Lean")
        self._words = memoryview(self.data)[: len(self.data) // 8 * 8].cast("Q")
        self._known_names: dict[int, str] = {}
        self._base = self._word(BASE_OFFSET)
        self._root = self._pointer(ROOT_OFFSET)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Names of the imported modules."""
        return tuple(self._name(self.field(item, 0)) for item in self._array(self.field(self._root, 0)))

    @cached_property
    def names(self) -> dict[str, int]:
        """Full name of every constant that the module declares, with the offset of its record."""
        items = self._array(self.field(self._root, 2))
        return {self._name(self.field(self.field(self.field(item, 0), 0), 0)): item for item in items}

    @property
    def constants(self) -> Iterator[Constant]:
        """Every constant that the module declares."""
        return (self._constant(offset) for offset in self.names.values())

    def constant(self, name: str) -> Constant | None:
        """The constant of this full name, None if the module does not declare it."""
        return self._constant(self.names[name]) if name in self.names else None

    @cached_property
    def extension_entries(self) -> dict[str, int]:
        """Number of entries that the module leaves in each environment extension."""
        pairs = self._array(self.field(self._root, 4))
        return {self._name(self.field(p, 0)): self._array_size(self.field(p, 1)) for p in pairs}

    def inductive_family(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of the inductive type `name`: all types of its mutual family, and its own constructors."""
        val = self.field(self.names[name], 0)
        members, constructors = self._list(self.field(val, 3)), self._list(self.field(val, 4))
        return tuple(map(self._name, members)), tuple(map(self._name, constructors))

    def recursor_family(self, name: str) -> tuple[str, ...]:
        """All types of the mutual family that the recursor `name` belongs to."""
        return tuple(map(self._name, self._list(self.field(self.field(self.names[name], 0), 1))))

    def field(self, offset: int, index: int) -> int:
        """Field `index` of the constructor at `offset`: an offset, or -1 - n for the boxed scalar n."""
        return self._pointer(offset + 8 + 8 * index)

    def fingerprint(self, expression: int) -> bytes:
        """A hash of the expression at this offset, equal for equal expressions of any two modules.

        Binder names and metadata are left out: they have no meaning to the kernel.
        """
        done: dict[int, bytes] = {}
        stack = [expression]
        while stack:
            offset = stack[-1]
            missing = [child for child in self._expression_children(offset) if child not in done]
            if offset in done:
                stack.pop()
            elif missing:
                stack.extend(missing)
            else:
                children = [done[child] for child in self._expression_children(offset)]
                done[stack.pop()] = children[0] if self._tag(offset) == EXPR_MDATA else self._digest(offset, children)
        return done[expression]

    def _constant(self, offset: int) -> Constant:
        kind = KINDS[self._tag(offset)]
        val = self.field(offset, 0)
        base = self.field(val, 0)
        type_, name = self.field(base, 2), self._name(self.field(base, 0))
        roots, value, unsafe = [type_], 0, False
        objects, size = self.data[val + 6], struct.unpack_from("<H", self.data, val + 4)[0]
        scalars = self.data[val + 8 + 8 * objects : val + size]
        if kind in ("definition", "theorem", "opaque"):
            value = self.field(val, 1)
            roots.append(value)
        if kind == "definition":
            unsafe = scalars[:1] != b"\x01"  # DefinitionSafety: unsafe 0, safe 1, partial 2
        elif kind in ("axiom", "opaque", "constructor"):
            unsafe = scalars[:1] == b"\x01"
        elif kind == "inductive":
            unsafe = scalars[1:2] == b"\x01"  # isRec, isUnsafe, isReflexive
        elif kind == "recursor":
            unsafe = scalars[1:2] == b"\x01"  # k, isUnsafe
            roots.extend(self.field(rule, 2) for rule in self._list(self.field(val, 6)))
        uses = self._constants_in(roots)
        if kind == "inductive":
            uses = uses | {self._name(item) for item in self._list(self.field(val, 4))}
        return Constant(name, kind, type_, value, unsafe, frozenset(uses))

    def _constants_in(self, roots: list[int]) -> set[str]:
        """Names in the expressions at `roots`; one loop without calls, as every expression of a library goes through.

        Raises OleanError for a field that is no expression: those are objects, at multiples of 8.
        """
        data, words, base, children = self.data, self._words, self._base, EXPR_CHILDREN
        seen, stack, named = set(roots), list(roots), set()
        while stack:
            offset = stack.pop()
            tag = data[offset + 7]
            if tag in (EXPR_CONST, EXPR_PROJ):
                named.add(self.field(offset, 0))
            for at in children.get(tag, ()):
                child = words[(offset + at) >> 3] - base
                if child not in seen:
                    if child & 7:
                        raise OleanError(f"{self.path}: expression expected at {offset + at:#x}")
                    seen.add(child)
                    stack.append(child)
        return {self._name(name) for name in named}

    def _expression_children(self, offset: int) -> list[int]:
        """The fields that are expressions."""
        return [self._pointer(offset + at) for at in EXPR_CHILDREN.get(self._tag(offset), ())]

    def _digest(self, offset: int, children: list[bytes]) -> bytes:
        tag = self._tag(offset)
        if tag == 0:
            own: Any = self._nat(self.field(offset, 0))
        elif tag == EXPR_SORT:
            own = self._level(self.field(offset, 0))
        elif tag == EXPR_CONST:
            levels = [self._level(item) for item in self._list(self.field(offset, 1))]
            own = (self._name(self.field(offset, 0)), levels)
        elif tag in (5, 6, 7, 8):
            own = None
        elif tag == EXPR_LITERAL:
            literal = self.field(offset, 0)
            value = self.field(literal, 0)
            own = self._nat(value) if self._tag(literal) == 0 else self._string(value)
        elif tag == EXPR_PROJ:
            own = (self._name(self.field(offset, 0)), self._nat(self.field(offset, 1)))
        else:
            raise OleanError(f"{self.path}: expression with constructor {tag} (a free or meta variable)")
        text = repr(own) if not isinstance(own, int) else hex(own)
        return hashlib.sha256(b"\0".join([f"{tag} {text}".encode(), *children])).digest()

    def _level(self, offset: int) -> Any:
        if offset < 0:
            return ("zero",)
        tag = self._tag(offset)
        if tag == 1:
            return ("succ", self._level(self.field(offset, 0)))
        if tag in (2, 3):
            return (("max", "imax")[tag - 2], self._level(self.field(offset, 0)), self._level(self.field(offset, 1)))
        return ("param", self._name(self.field(offset, 0)))

    def _name(self, offset: int) -> str:
        """The full name at `offset`; each is put together once, as thousands of constants use the same."""
        new = []
        while offset >= 0 and offset not in self._known_names:
            new.append(offset)
            offset = self.field(offset, 0)
        name = self._known_names.get(offset, "")
        for at in reversed(new):
            component = self.field(at, 1)
            last = self._string(component) if self._tag(at) == 1 else str(self._nat(component))
            name = last if self.field(at, 0) < 0 else f"{name}.{last}"
            self._known_names[at] = name
        return name

    def _nat(self, offset: int) -> int:
        if offset < 0:
            return -1 - offset
        if self._tag(offset) != BIG_NAT:
            raise OleanError(f"{self.path}: number expected at {offset:#x}")
        _, size, limbs = struct.unpack_from("<iiQ", self.data, offset + 8)
        start = limbs - self._base
        return int.from_bytes(self.data[start : start + 8 * abs(size)], "little")

    def _string(self, offset: int) -> str:
        size = self._word(offset + 8)
        return self.data[offset + 32 : offset + 32 + size - 1].decode("utf-8")

    def _list(self, offset: int) -> Iterator[int]:
        while offset >= 0:
            yield self.field(offset, 0)
            offset = self.field(offset, 1)

    def _array(self, offset: int) -> Iterator[int]:
        return (self._pointer(offset + 24 + 8 * index) for index in range(self._array_size(offset)))

    def _array_size(self, offset: int) -> int:
        if self._tag(offset) != ARRAY:
            raise OleanError(f"{self.path}: array expected at {offset:#x}")
        return self._word(offset + 8)

    def _tag(self, offset: int) -> int:
        return self.data[offset + 7]

    def _word(self, offset: int) -> int:
        return WORD.unpack_from(self.data, offset)[0]

    def _pointer(self, offset: int) -> int:
        word = self._word(offset)
        return -1 - (word >> 1) if word & 1 else word - self._base


class ConstantGraph:
    """The constants of `files` and what each uses; a constant is decoded once, however many theorems rest on it.

    `closed`: False if constants may be declared elsewhere; they are then skipped.
    """

    def __init__(self, files: Sequence[OleanFile], *, closed: bool = True) -> None:
        self._where = {name: file for file in reversed(files) for name in file.names}
        self._decoded: dict[str, Constant] = {}
        self._closed = closed

    def axioms_of(self, theorem: str) -> frozenset[str]:
        """Axioms that `theorem` rests on, through every constant.

        Raises OleanError if a constant is in none of the files and the graph is closed.
        """
        pending, seen, found = [theorem], set(), set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name not in self._where and not self._closed:
                continue
            constant = self._constant(name)
            if constant.kind == "axiom":
                found.add(name)
            pending.extend(constant.uses)
        return frozenset(found)

    def _constant(self, name: str) -> Constant:
        if name not in self._decoded:
            constant = self._where[name].constant(name) if name in self._where else None
            if constant is None:
                raise OleanError(f"constant {name} is in none of the modules")
            self._decoded[name] = constant
        return self._decoded[name]

"""The modules of a source tree: names, imports, and the order in which they can be compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_COMMENT = re.compile(r"/-(?:(?!/-|-/).)*-/|--[^\n]*", re.DOTALL)
_IMPORT = re.compile(r"(?:public\s+)?(?:meta\s+)?import\s+(?:all\s+)?([\w.«»']+)\s*")


@dataclass(frozen=True)
class Module:
    """One source file. `imports` names modules, with the implicit `Init` of a file that is not a `prelude`."""

    name: str
    path: Path
    source: bytes
    imports: tuple[str, ...]


def module_name(path: Path, root: Path) -> str:
    """`root/Init/Omega/Facts.lean` is `Init.Omega.Facts`."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def module_file(name: str, suffix: str) -> Path:
    """Relative path of a module's file: `Init.Omega.Facts`, `.olean` is `Init/Omega/Facts.olean`."""
    return Path(*name.split(".")).with_suffix(suffix)


def parse_imports(text: str) -> tuple[str, ...]:
    """The imports in the header of a Lean file, `Init` included where it is implicit."""
    while True:
        stripped = _COMMENT.sub(" ", text, count=0)
        if stripped == text:
            break
        text = stripped
    rest = text.lstrip()
    if rest.startswith("module") and not rest.startswith("module."):
        rest = rest.removeprefix("module").lstrip()
    prelude = re.match(r"prelude\b\s*", rest)
    found: list[str] = [] if prelude else ["Init"]
    rest = rest[prelude.end() :] if prelude else rest
    while match := _IMPORT.match(rest):
        found.append(match.group(1))
        rest = rest[match.end() :]
    return tuple(dict.fromkeys(found))


def read_modules(root: Path, *tops: str) -> dict[str, Module]:
    """`tops` and every module of the folder tree `root` that they import, directly or not, keyed by name.

    Modules that have no file under `root` are left to the caller (they come from another tree).
    Raises FileNotFoundError if one of `tops` itself has no file.
    """
    modules: dict[str, Module] = {}
    queue = list(tops)
    while queue:
        name = queue.pop()
        path = root / module_file(name, ".lean")
        if name in modules:
            continue
        if not path.is_file():
            if name in tops:
                raise FileNotFoundError(f"module {name}: no file {path}")
            continue
        source = path.read_bytes()
        modules[name] = Module(name, path, source, parse_imports(source.decode("utf-8")))
        queue.extend(modules[name].imports)
    return modules


def unimported_modules(root: Path, top: str) -> tuple[str, ...]:
    """Files under `root/<top>/` that `top` does not import, directly or not: a proof there would never be checked."""
    reached = read_modules(root, top)
    found = {module_name(path, root) for path in (root / module_file(top, "")).rglob("*.lean")}
    return tuple(sorted(found - set(reached)))


def build_order(modules: Mapping[str, Module]) -> list[str]:
    """Names in an order that compiles. Raises ValueError naming a cycle of imports."""
    graph = {name: [i for i in module.imports if i in modules] for name, module in modules.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(f"imports form a cycle: {' -> '.join(error.args[1])}") from error

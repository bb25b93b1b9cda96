"""The cache of compiled modules: keyed by content, verified on every use, replaced only whole.

    <cache>/lean/modules/<module key>-<sha256 of the olean>.olean (and .ilean)    every module ever compiled
    <cache>/lean/trees/<tree key>/<Module>/<Name>.olean, manifest.json           what goes on Lean's search path

A module's key hashes its source, the keys of its imports, the compile options and the Lean that compiled it, so an edit
anywhere below changes it and nothing can be stale. A tree whose files differ from its manifest is not used.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinyverify.engines.lean.modules import module_file

# Trees and modules unused for this long are removed when something is built, in seconds.
RETENTION = 30 * 24 * 3600
MANIFEST = "manifest.json"
FORMAT = "tinyverify.oleans/1"


@dataclass(frozen=True)
class OleanTree:
    """A folder of compiled modules to put on Lean's search path, and the key of every module in it."""

    root: Path
    key: str
    module_keys: Mapping[str, str]

    def olean(self, module: str) -> Path:
        """The compiled file of `module`."""
        return self.root / module_file(module, ".olean")


def module_key(identity: str, options: Sequence[str], name: str, source: bytes, import_keys: Sequence[str]) -> str:
    """The key of one module."""
    parts = [FORMAT, identity, *options, name, hashlib.sha256(source).hexdigest(), *import_keys]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def tree_key(module_keys: Mapping[str, str]) -> str:
    """The key of a set of modules."""
    lines = [f"{name} {key}" for name, key in sorted(module_keys.items())]
    return hashlib.sha256("\n".join([FORMAT, *lines]).encode()).hexdigest()


def load_tree(cache: Path, module_keys: Mapping[str, str]) -> OleanTree | None:
    """The tree of these modules if it is in the cache and every file matches its manifest, else None."""
    key = tree_key(module_keys)
    root = cache / "lean" / "trees" / key
    try:
        manifest = json.loads((root / MANIFEST).read_text())
        if manifest["format"] != FORMAT or manifest["modules"].keys() != module_keys.keys():
            return None
        for name, digest in manifest["modules"].items():
            if file_sha256(root / module_file(name, ".olean")) != digest:
                return None
        os.utime(root)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    return OleanTree(root, key, dict(module_keys))


def load_module(cache: Path, key: str) -> Path | None:
    """The compiled module of this key if the cache holds it intact, else None."""
    for path in (cache / "lean" / "modules").glob(f"{key}-*.olean"):
        digest = path.stem.removeprefix(f"{key}-")
        if file_sha256(path) == digest:
            os.utime(path)
            return path
        path.unlink(missing_ok=True)
    return None


def store_module(cache: Path, key: str, olean: Path) -> Path:
    """Move a freshly compiled `olean` (and its `.ilean`) into the cache."""
    folder = cache / "lean" / "modules"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{key}-{file_sha256(olean)}.olean"
    index = olean.with_suffix(".ilean")
    if index.exists():
        os.replace(index, target.with_suffix(".ilean"))
    os.replace(olean, target)
    return target


def assemble_tree(cache: Path, module_keys: Mapping[str, str], oleans: Mapping[str, Path]) -> OleanTree:
    """Link `oleans` into a tree, complete before it gets its name."""
    key = tree_key(module_keys)
    trees = cache / "lean" / "trees"
    trees.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=trees, prefix=f".{key[:16]}."))
    try:
        digests = {}
        for name, source in oleans.items():
            for suffix in (".olean", ".ilean"):
                target = temporary / module_file(name, suffix)
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.with_suffix(suffix).exists():
                    _link_or_copy(source.with_suffix(suffix), target)
            digests[name] = source.stem.split("-")[-1]
        (temporary / MANIFEST).write_text(json.dumps({"format": FORMAT, "modules": digests}, indent=1))
        _replace_folder(temporary, trees / key)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return OleanTree(trees / key, key, dict(module_keys))


def prune(cache: Path) -> None:
    """Remove what has not been used for a month."""
    oldest = time.time() - RETENTION
    for folder in ("modules", "trees"):
        for path in (cache / "lean" / folder).glob("*"):
            try:
                if path.stat().st_mtime < oldest:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError:
                continue  # another process removed it, or uses a filesystem that forbids it


@contextmanager
def build_lock(cache: Path) -> Iterator[None]:
    """One builder at a time for each cache; the others wait and then find its result."""
    folder = cache / "lean"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _replace_folder(temporary: Path, target: Path) -> None:
    if target.exists():
        # A damaged tree: move it aside, so that the name never points at a half-replaced folder.
        aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=".damaged."))
        os.replace(target, aside / "tree")
        os.replace(temporary, target)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        os.replace(temporary, target)

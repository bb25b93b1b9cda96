"""Compiling the hermetic core and the theorem library into the cache, two modules at a time where imports permit."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path

from tinyverify.engines.lean import cache as olean_cache
from tinyverify.engines.lean.cache import OleanTree
from tinyverify.engines.lean.messages import LeanMessage, errors, parse_messages
from tinyverify.engines.lean.modules import Module, build_order, module_file, read_modules
from tinyverify.engines.lean.paths import cache_dir, core_dir, library_dir
from tinyverify.engines.lean.process import run_lean
from tinyverify.engines.lean.toolchain import LeanInstallation, find_lean, verify_library

CORE, LIBRARY = "Init", "TinyVerify"
# A module of the core takes under 3 s; ten times that on a loaded machine is still no hang.
MODULE_TIMEOUT = 600.0
OPTIONS = ("-DwarningAsError=true", "-DautoImplicit=false", "-DmaxErrors=20")

Progress = Callable[[int, int, str], None]


class LeanBuildError(Exception):
    """A module of the core or the library does not compile. `messages` are Lean's errors about it."""

    def __init__(self, module: str, messages: Sequence[LeanMessage], detail: str = "") -> None:
        self.module, self.messages = module, tuple(messages)
        lines = [message.render() for message in messages] or [detail.strip() or "no message"]
        super().__init__(f"module {module} does not compile\n" + "\n".join(lines))


def build_core(
    progress: Progress | None = None, *, installation: LeanInstallation | None = None, cache: Path | None = None
) -> OleanTree:
    """Compile the hermetic core unless the cache holds it. Raises LeanNotFound, LeanBuildError."""
    lean = installation or find_lean()
    return build_tree(lean, read_modules(core_dir(), CORE), core_dir(), (), progress, cache)


def build_library(
    progress: Progress | None = None,
    *,
    tops: Sequence[str] = (LIBRARY,),
    root: Path | None = None,
    installation: LeanInstallation | None = None,
    cache: Path | None = None,
) -> tuple[OleanTree, ...]:
    """Compile `tops` and what they import, on the core where Lean brings no `Init`. Returns the search path, in order.

    `root` is the folder of the sources (default: the theorem library). Raises LeanNotFound, LeanBuildError.
    """
    lean = installation or find_lean()
    below = (build_core(progress, installation=lean, cache=cache),) if lean.hermetic else ()
    folder = root or library_dir()
    return (*below, build_tree(lean, read_modules(folder, *tops), folder, below, progress, cache))


def build_tree(
    installation: LeanInstallation,
    modules: Mapping[str, Module],
    root: Path,
    below: Sequence[OleanTree],
    progress: Progress | None = None,
    cache: Path | None = None,
) -> OleanTree:
    """Compile `modules` (sources under `root`) on top of the trees `below`; modules whose key is known are reused."""
    store = cache or cache_dir()
    keys = _keys(installation, modules, below)
    tree = olean_cache.load_tree(store, keys)
    if tree is not None:
        return tree
    with olean_cache.build_lock(store):
        tree = olean_cache.load_tree(store, keys)  # built while we waited
        if tree is None:
            verify_library(installation)
            oleans = _compile_all(installation, modules, root, below, keys, progress, store)
            tree = olean_cache.assemble_tree(store, keys, oleans)
            olean_cache.prune(store)
    return tree


def _keys(installation: LeanInstallation, modules: Mapping[str, Module], below: Sequence[OleanTree]) -> dict[str, str]:
    known = {name: key for tree in below for name, key in tree.module_keys.items()}
    keys: dict[str, str] = {}
    for name in build_order(modules):
        module = modules[name]
        import_keys = [keys.get(i) or known.get(i) or f"external {i}" for i in sorted(module.imports)]
        keys[name] = olean_cache.module_key(installation.identity, OPTIONS, name, module.source, import_keys)
    return keys


def work_ahead(modules: Mapping[str, Module]) -> dict[str, int]:
    """Of each module, the bytes of source on the longest chain of importers from it on: what to compile first."""
    importers: dict[str, list[str]] = {name: [] for name in modules}
    ahead: dict[str, int] = {}
    for name in reversed(build_order(modules)):
        ahead[name] = len(modules[name].source) + max((ahead[above] for above in importers[name]), default=0)
        for below in modules[name].imports:
            if below in modules:
                importers[below].append(name)
    return ahead


def _compile_all(
    installation: LeanInstallation,
    modules: Mapping[str, Module],
    root: Path,
    below: Sequence[OleanTree],
    keys: Mapping[str, str],
    progress: Progress | None,
    store: Path,
) -> dict[str, Path]:
    graph = TopologicalSorter({n: [i for i in m.imports if i in modules] for n, m in modules.items()})
    graph.prepare()
    ahead = work_ahead(modules)
    done: dict[str, Path] = {}
    ready: list[str] = []
    workers = max(1, min(4, len(os.sched_getaffinity(0))))
    with tempfile.TemporaryDirectory(prefix="tinyverify-lean-") as scratch, ThreadPoolExecutor(workers) as pool:
        running: dict[Future[Path], str] = {}
        while graph.is_active():
            ready = sorted([*ready, *graph.get_ready()], key=ahead.__getitem__)
            while ready and len(running) < workers:
                name = ready.pop()
                job = pool.submit(_compile, installation, modules[name], root, below, keys[name], Path(scratch), store)
                running[job] = name
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for job in finished:
                name = running.pop(job)
                try:
                    done[name] = job.result()
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
                graph.done(name)
                if progress is not None:
                    progress(len(done), len(modules), name)
    return done


def _compile(
    installation: LeanInstallation,
    module: Module,
    root: Path,
    below: Sequence[OleanTree],
    key: str,
    scratch: Path,
    store: Path,
) -> Path:
    """Compile one module; `scratch` holds the sources and oleans of this build, as they were hashed."""
    target = scratch / module_file(module.name, ".olean")
    target.parent.mkdir(parents=True, exist_ok=True)
    known = olean_cache.load_module(store, key)
    if known is None:
        source = scratch / module_file(module.name, ".lean")
        source.write_bytes(module.source)
        relative = module_file(module.name, ".lean")
        run = run_lean(
            installation,
            ["--json", *OPTIONS, "-o", str(target), "-i", str(target.with_suffix(".ilean")), str(relative)],
            lean_path=(scratch, *(tree.root for tree in below)),
            cwd=scratch,
            timeout=MODULE_TIMEOUT,
        )
        messages, rest = parse_messages(run.stdout)
        if run.returncode != 0 or run.timed_out or errors(messages) or not target.exists():
            raise LeanBuildError(module.name, errors(messages), rest + run.stderr)
        known = olean_cache.store_module(store, key, target)
    os.link(known, target)
    return known

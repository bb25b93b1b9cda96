"""Lean: finding it on any machine, compiling core and library into a cache, checking files, serving an editor."""

from tinyverify.engines.lean.build import LeanBuildError, build_core, build_library
from tinyverify.engines.lean.check import ALLOWED_AXIOMS, LeanResult, check_file
from tinyverify.engines.lean.toolchain import LeanInstallation, LeanNotFound, find_lean

__all__ = [
    "ALLOWED_AXIOMS",
    "LeanBuildError",
    "LeanInstallation",
    "LeanNotFound",
    "LeanResult",
    "build_core",
    "build_library",
    "check_file",
    "find_lean",
]

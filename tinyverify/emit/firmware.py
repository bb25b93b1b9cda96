"""`emit`: a policy to a firmware folder that compiles by itself.

Serves `kernel.*` and `integrity.*`: the folder holds only C whose kernels are those of kernels_c/, tables whose
bytes come from tables.py, and a MANIFEST.json with the hash of every file. Does not compile (engines/emulator), does
not prove: what the banner in the C claims is what the caller's `Evidence` says.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.artifacts.files import canonical_json, sha256
from tinyverify.artifacts.layout import FLASH_REGIONS, HEAP_BYTES, RAM_BASE, STACK_BYTES
from tinyverify.artifacts.policy import Policy
from tinyverify.data import data_dir
from tinyverify.emit.hal import LINKED, OPTIONAL, hal_files, infer_stack
from tinyverify.emit.kernels import Plan, plan, weight_index
from tinyverify.emit.limits import refuse_unsupported
from tinyverify.emit.observation_limits import observation_limits
from tinyverify.emit.tables import FlashTable, flash_tables

FLASH_BASE = 0x01000000  # the emulated board's code SRAM stands for the flash
MANIFEST = "MANIFEST.json"
MANIFEST_SCHEMA = "tinyverify.firmware/1"

_HEADERS = (
    "tv_types.h",
    "tv_contracts.h",
    "tv_scale_accumulator.h",
    "tv_scale_accumulator_mve.h",
    "tv_kernels.h",
    "tv_kernels_mve.h",
)


class NotProved(Exception):
    """A firmware was asked for without a proof and without `unproved`. Nothing is written."""


@dataclass(frozen=True)
class Evidence:
    """What stands behind the firmware: the bundle's hash, whether it is proved, and one line that says so in words."""

    proved: bool = False
    bundle_hash: str = ""
    summary: str = ""


def emit(
    policy: Policy,
    evidence: Evidence | None,
    out_dir: Path,
    unproved: bool = False,
    source: Path = Path("policy.json"),
    reports: Mapping[str, bytes] | None = None,
) -> Path:
    """Write the firmware of `policy` to the folder `out_dir`, whole or not at all, and return it.

    An earlier firmware at `out_dir` is replaced; any other existing path is refused. `source` names the policy in
    messages. `reports`: more files, name to content, about the build. Raises NotProved if `evidence` is missing or
    unproved and `unproved` is not set, ArtifactError if the policy is outside the kernels' limits or the folder cannot
    be written.
    """
    evidence = evidence or Evidence()
    if not evidence.proved and not unproved:
        raise NotProved(f"{source}: the bundle is not proved; emit it with --unproved to get C that says so")
    files = firmware_files(policy, evidence, source, reports)
    _write_folder(Path(out_dir), files)
    return Path(out_dir)


def firmware_files(
    policy: Policy,
    evidence: Evidence,
    source: Path = Path("policy.json"),
    reports: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Relative path to content of every file of the firmware, `reports` and MANIFEST.json included. Deterministic."""
    refuse_unsupported(policy, source)
    builds = {"": plan(policy, mve=False), "_mve": plan(policy, mve=True)}
    tables = {suffix: flash_tables(policy, bool(suffix), source) for suffix in builds}
    environment = _environment()
    common = {
        "policy": policy,
        "evidence": evidence,
        "rounding": f"TV_{policy.rounding.value.upper()}",
        "regions": FLASH_REGIONS,
        "flash_base": FLASH_BASE,
        "ram_base": RAM_BASE,
        "stack_bytes": STACK_BYTES,
        "heap_bytes": HEAP_BYTES,
        "action_scale": "" if policy.discrete else _float_literal(policy.head.action_scale),
    }

    def render(template: str, **more: object) -> bytes:
        return environment.get_template(template).render({**common, **more}).encode()

    files = {
        "include/tv_policy.h": render("tv_policy.h.j2", plan=builds[""]),
        "include/tv_checked.h": render("tv_checked.h.j2", infer_stack=infer_stack(builds[""])),
        "src/tv_observation_limits.h": render("tv_observation_limits.h.j2", limits=observation_limits(policy)),
        "src/tv_policy_contracts.h": render("tv_policy_contracts.h.j2", plan=builds[""], at=weight_index),
        "policy.ld": render("policy.ld.j2", tables=tables[""], test=False),
        "policy-test.ld": render("policy.ld.j2", tables=tables[""], test=True),
        "example/main.c": render("main.c.j2"),
        "CMakeLists.txt": render("CMakeLists.txt.j2", linked=LINKED, optional=OPTIONAL),
        "cmake/m55-gcc.cmake": render("m55-gcc.cmake"),
        "cmake/m55-zig.cmake": render("m55-zig.cmake"),
    }
    for suffix, build in builds.items():
        files[f"src/tv_policy{suffix}.c"] = render(
            "tv_policy.c.j2", plan=build, sources=build.sources(policy.discrete), at=weight_index
        )
        files[f"src/tv_flash_tables{suffix}.c"] = render("tv_flash_tables.c.j2", mve=build.mve, tables=tables[suffix])
        files[f"src/tv_policy_tables{suffix}.h"] = render("tv_policy_tables.h.j2", suffix=suffix, tables=tables[suffix])
        files[f"src/tv_policy_tables{suffix}.c"] = render("tv_policy_tables.c.j2", plan=build, tables=tables[suffix])
    files |= _copied(builds, policy.discrete) | dict(reports or {})
    files[MANIFEST] = _manifest(policy, evidence, builds, files)
    return files


def sources_digest(policy: Policy) -> str:
    """SHA-256 over every file of the firmware of `policy` as this version emits it, its banner left without a proof.

    Raises ArtifactError if the policy is outside the kernels' limits.
    """
    files = firmware_files(policy, Evidence())
    return sha256(canonical_json({name: sha256(data) for name, data in files.items()}))


def _copied(builds: dict[str, Plan], discrete: bool) -> dict[str, bytes]:
    kernels = data_dir("kernels_c")
    sources = sorted({name for build in builds.values() for name in build.sources(discrete)})
    copies = {f"include/{name}": kernels / "include" / name for name in _HEADERS}
    copies |= {f"kernels/{name}": kernels / "src" / name for name in sources}
    copies |= hal_files()
    harness = ("tv_harness.c", "tv_host.c", "tv_record.h", "tv_semihosting.h")
    copies |= {f"test/{name}": kernels / "harness" / name for name in harness}
    return {target: path.read_bytes() for target, path in copies.items()}


def _manifest(policy: Policy, evidence: Evidence, builds: dict[str, Plan], files: dict[str, bytes]) -> bytes:
    content = {
        "schema_version": MANIFEST_SCHEMA,
        "policy_hash": policy.hash,
        "environment": policy.environment,
        "rounding": policy.rounding.value,
        "proved": evidence.proved,
        "bundle_hash": evidence.bundle_hash,
        "kernels": {
            "mve" if build.mve else "scalar": list(build.sources(policy.discrete)) for build in builds.values()
        },
        "files": {name: sha256(data) for name, data in sorted(files.items())},
    }
    return json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["rows"] = table_rows
    environment.filters["crc32"] = lambda table: zlib.crc32(table.values.tobytes())
    return environment


def table_rows(table: FlashTable) -> list[str]:
    """The initialisers of a table in lines of at most 16 values."""
    per_line = 16 if table.values.dtype == np.int8 else 4 if table.values.dtype == np.float32 else 8
    literal = _float_literal if table.values.dtype == np.float32 else _int_literal
    values = [literal(value) for value in table.values]
    return [", ".join(values[at : at + per_line]) for at in range(0, len(values), per_line)]


def _int_literal(value: int) -> str:
    return "INT32_MIN" if value == -(1 << 31) else str(int(value))


def _float_literal(value: float) -> str:
    """C99 hexadecimal, exact for every float32."""
    return float(value).hex() + "f"


def _write_folder(out_dir: Path, files: dict[str, bytes]) -> None:
    if out_dir.exists() and not _is_firmware(out_dir):
        raise ArtifactError(out_dir, "", "exists and is no firmware folder; it is left as it is")
    temporary = old = None
    try:
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=out_dir.parent, prefix=f".{out_dir.name}."))
        for name, data in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        os.chmod(temporary, 0o755)
        if out_dir.exists():
            old = Path(tempfile.mkdtemp(dir=out_dir.parent, prefix=f".{out_dir.name}.old."))
            os.replace(out_dir, old / "was")
        os.replace(temporary, out_dir)
    except OSError as error:
        if old is not None and (old / "was").exists():
            os.rename(old / "was", out_dir)
        raise ArtifactError(out_dir, "", f"cannot be written: {error.strerror}") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        if old is not None and out_dir.exists():  # never the only copy of an earlier firmware
            shutil.rmtree(old, ignore_errors=True)


def _is_firmware(folder: Path) -> bool:
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("schema_version") == MANIFEST_SCHEMA

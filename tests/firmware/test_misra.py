"""cppcheck with its MISRA addon over emitted folders: docs/misra.md lists every finding, and nothing that is none."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.emit.firmware import emit

pytestmark = pytest.mark.skipif(shutil.which("cppcheck") is None, reason="no cppcheck: apt-get install cppcheck")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "misra.md"
COMMAND = ("cppcheck", "--addon=misra", "--std=c99", "--enable=warning,style,performance,portability", "-q")
# Every kernel of both builds is in one of these: few and many inputs, discrete and continuous, wide outputs.
SHAPES = (((4, 64, 2), True), ((5, 20, 2), False), ((20, 24, 24, 9), True))


def findings(folder: Path) -> set[tuple[str, str]]:
    """(finding, file) pairs of one emitted folder."""
    sources = sorted(str(path.relative_to(folder)) for path in (folder / "src").glob("*.c"))
    command = [*COMMAND, "-Iinclude", "-Isrc", "--template={id} {file}:{line}", *sources, "hal", "example"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=True)
    text = done.stdout + done.stderr
    found = set(re.findall(r"^([\w.-]+) (\S+):\d+$", text, re.MULTILINE))
    assert found, f"cppcheck found nothing at all, or says something else: {text[-500:]}"
    return found


def listed() -> set[tuple[str, str]]:
    """(finding, file) pairs of the page; each with a category and a reason."""
    rows = re.findall(
        r"^\| ([\w.-]+) \| (required|advisory|-) \| ([^|]+) \| [^|]{20,} \|$", PAGE.read_text(), re.MULTILINE
    )
    return {(finding, file) for finding, _, files in rows for file in files.strip().split(", ")}


def test_every_deviation_is_listed_and_every_entry_occurs(tmp_path):
    found = set()
    for index, (widths, discrete) in enumerate(SHAPES):
        policy = synthetic_policy(widths, discrete=discrete)
        found |= findings(emit(policy, None, tmp_path / str(index), unproved=True))
    assert found == listed()


def test_a_planted_deviation_is_found(tmp_path):
    folder = emit(synthetic_policy((4, 64, 2)), None, tmp_path / "firmware", unproved=True)
    main = folder / "example" / "main.c"
    main.write_text(main.read_text().replace("int main(void)\n{", "int main(void)\n{\n    goto end;\nend:", 1))
    assert ("misra-c2012-15.1", "example/main.c") in findings(folder) - listed()

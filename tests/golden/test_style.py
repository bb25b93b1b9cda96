"""The house style that a tool can judge."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]])
def test_ruff_has_nothing_to_say(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "tinyverify", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_source_file_passes_800_lines():
    files = [p for folder in ("tinyverify", "tests", "lean", "kernels_c", "smt") for p in (ROOT / folder).rglob("*")]
    sources = [p for p in files if p.suffix in {".py", ".lean", ".c", ".h", ".smt2"}]
    long = {str(p.relative_to(ROOT)) for p in sources if len(p.read_text().splitlines()) > 800}
    assert sources and not long

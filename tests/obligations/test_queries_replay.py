"""The queries that a bundle leaves on disk replay in a solver from the shell: `unsat`, once for every check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_every_query_is_unsat_in_z3_from_the_shell(bundle_folder):
    folder = bundle_folder("pendulum")
    bundle = json.loads((folder / "bundle.json").read_text())
    z3 = Path(sys.executable).with_name("z3")  # the z3-solver wheel brings the program too
    assert len(bundle["smt_queries"]) >= 17
    for path in bundle["smt_queries"]:
        text = (folder / path).read_text()
        assert text.startswith("; states: ") and "; expect: unsat" in text
        done = subprocess.run([z3, folder / path], capture_output=True, text=True, timeout=300, check=False)
        answers = done.stdout.split()
        assert answers == ["unsat"] * text.count("(check-sat)"), f"{path}: {done.stdout[:200]}"

"""`tinyverify lean`: exit codes and output of the verbs, and the language server as an editor sees it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tinyverify.cli.lean import app
from tinyverify.engines.lean import find_lean
from tinyverify.engines.lean.server import server_command
from tinyverify.engines.lean.trace import missing_for_trace

FILE = "file:///project/example.lean"
TEXT = "theorem a (a b : Nat) (h : a < b) : a + 1 ≤ b := by\n  omega\ntheorem b : 1 = 2 := by\n  rfl\n"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("theorem a : 1 = 1 := rfl\n", 0, "accepted"),
        ("theorem a : 1 = 2 := sorry\n", 1, "rejected"),
    ],
)
def test_check(tmp_path: Path, text: str, code: int, says: str) -> None:
    path = tmp_path / "a.lean"
    path.write_text(text)
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == code
    assert says in result.stderr


def test_check_reports_axioms_and_limits_time(tmp_path: Path) -> None:
    path = tmp_path / "a.lean"
    path.write_text("theorem a (p : Prop) : p ∨ ¬p := Classical.em p\n")
    result = CliRunner().invoke(app, ["check", str(path), "--theorem", "a"])
    assert result.exit_code == 0 and "Classical.choice" in result.stdout
    assert CliRunner().invoke(app, ["check", str(path), "--timeout", "0.01"]).exit_code == 3


def test_check_of_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / "absent.lean")])
    assert result.exit_code == 2 and "does not exist" in result.stderr


def test_build_prints_the_search_path() -> None:
    result = CliRunner().invoke(app, ["build"])
    assert result.exit_code == 0
    assert all(Path(line).is_dir() for line in result.stdout.split())


def test_lint_passes_on_the_library() -> None:
    assert CliRunner().invoke(app, ["lint"]).exit_code == 0


@pytest.mark.skipif(not missing_for_trace(), reason="everything for tracing is here")
def test_trace_says_what_is_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["trace", str(tmp_path)])
    assert result.exit_code == 3
    assert "tracing needs" in result.stderr and "install" in result.stderr
    assert not list(tmp_path.iterdir())


class Editor:
    """The client's half of the language server protocol."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        stream = self.process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has closed its output"
        return json.loads(stream.read(length))

    def until(self, predicate: Any) -> dict[str, Any]:
        while not predicate(message := self.receive()):
            pass
        return message


@pytest.fixture
def editor() -> Iterator[Editor]:
    command, environment = server_command(with_library=False, installation=find_lean())
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        limit = threading.Timer(60, process.kill)
        limit.start()
        try:
            yield Editor(process)
        finally:
            limit.cancel()
            process.kill()


def test_server_answers_an_editor(editor: Editor) -> None:
    editor.send({"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}})
    answer = editor.until(lambda m: m.get("id") == 1)
    assert answer["result"]["serverInfo"]["name"] == "Lean 4 Server"
    editor.send({"method": "initialized", "params": {}})
    document = {"uri": FILE, "languageId": "lean4", "version": 1, "text": TEXT}
    editor.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    published = editor.until(
        lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"]
    )
    (diagnostic,) = published["params"]["diagnostics"]
    assert diagnostic["range"]["start"]["line"] == 3 and "rfl" in diagnostic["message"]
    position = {"textDocument": {"uri": FILE}, "position": {"line": 1, "character": 2}}
    editor.send({"id": 2, "method": "$/lean/plainGoal", "params": position})
    goal = editor.until(lambda m: m.get("id") == 2)
    assert goal["result"]["goals"] == ["a b : Nat\nh : a < b\n⊢ a + 1 ≤ b"]
    editor.send({"id": 3, "method": "shutdown", "params": None})
    editor.until(lambda m: m.get("id") == 3)
    editor.send({"method": "exit", "params": None})
    assert editor.process.wait(10) == 0

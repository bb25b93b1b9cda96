"""The gate in front of every theorem that is claimed: two readings that have nothing in common, both must agree.

1. Source: comments taken out, only commands, attributes and options of a short list are let through.
   Whatever could change what Lean's commands mean (macros, elaborators, `run_cmd`), leave the kernel's sight
   (`sorry`, axioms, `native_decide`, `unsafe`, `implemented_by`, `extern`, `opaque`, `debug.` options), or read
   differently than it prints (`«»`, invisible characters) is refused.
2. Environment: the file is compiled alone and its `.olean` is decoded by `olean.py`, without Lean. Refused are axioms
   outside Lean's three, unsafe constants, entries that replace compiled code, a constant that hides one of core or
   library, and a theorem whose statement is not, expression by expression, the expected one. At last every
   declaration goes through the kernel once more, at trust level 0 and without the elaborator (`replay.py`).

Under elan, Lean's own library is not decoded and nothing is replayed: axioms are those that Lean reports, beside those
found in our modules. Not covered: a bug in Lean's kernel, and a Lean wheel that is not genuine (its hash is pinned, see
`toolchain.py`).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyverify.engines.lean.cache import OleanTree
from tinyverify.engines.lean.check import ALLOWED_AXIOMS, STRICT, read_axioms, search_path_for
from tinyverify.engines.lean.messages import LeanMessage, parse_messages
from tinyverify.engines.lean.modules import parse_imports
from tinyverify.engines.lean.olean import ConstantGraph, OleanError, OleanFile
from tinyverify.engines.lean.process import LeanRun, run_lean
from tinyverify.engines.lean.replay import replay
from tinyverify.engines.lean.toolchain import LeanInstallation, find_lean

ALLOWED_OPTIONS = frozenset({"maxRecDepth", "maxHeartbeats", "autoImplicit", "exponentiation.threshold"})
ALLOWED_ATTRIBUTES = frozenset({"simp", "ext", "inline", "reducible", "irreducible", "match_pattern", "local simp"})
ALLOWED_IMPORTS = re.compile(r"^(Init|TinyVerify)(\.\w+)*$")
# Words that no theorem file needs. Each could weaken what a green check means.
FORBIDDEN_WORDS = frozenset(
    """sorry admit sorryAx stop axiom constant opaque unsafe partial extern implemented_by csimp export native_decide
    ofReduceBool ofReduceNat reduceBool reduceNat trustCompiler lcProof lcUnreachable unsafeCast ptrEq
    macro macro_rules syntax notation infix infixl infixr prefix postfix elab elab_rules declare_syntax_cat
    binder_predicate simproc dsimproc register_simp_attr register_option initialize builtin_initialize run_cmd
    run_elab run_meta run_tac by_elab init_quot prelude gen_injective_theorems attribute compile_inductive
    default_instance unseal seal include_str include_bytes erase_attrs IO Elab Meta skipKernelTC""".split()  # noqa: SIM905
)
ALLOWED_HASH_COMMANDS = frozenset({"#print", "#guard", "#guard_msgs"})
# Extensions whose entries make compiled or reduced code differ from the definition the kernel sees.
FORBIDDEN_EXTENSIONS = ("externAttr", "implementedByAttr", "CSimp", "exportAttr", "initAttr", "builtinInit")
EXPECTED = "TinyVerifyExpected"
_WORD = re.compile(r"#?[^\W\d][\w'!?]*(?:\.[^\W\d][\w'!?]*)*|\.[^\W\d][\w'!?]*")
_OPTION = re.compile(r"\bset_option\s+([\w.]+)")
_ATTRIBUTES = re.compile(r"@\[([^\]]*)\]")
# Letters, Greek, super- and subscripts, arrows, operators and brackets; no bidirectional or zero-width characters.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff«»]")


@dataclass(frozen=True)
class Finding:
    """One reason to refuse. `rule` is a stable identifier, `line` 0 if the finding is about the whole file."""

    rule: str
    line: int
    text: str


@dataclass(frozen=True)
class GateResult:
    """`findings` is empty if the file passed both readings; then `axioms` has every theorem that was asked for."""

    findings: tuple[Finding, ...]
    axioms: Mapping[str, tuple[str, ...]]
    run: LeanRun | None

    @property
    def passed(self) -> bool:
        """True only if both readings let the file through."""
        return not self.findings


def gate(
    source: str,
    statements: Mapping[str, str],
    *,
    definitions: str = "",
    timeout: float = 300.0,
    installation: LeanInstallation | None = None,
    search_path: Sequence[OleanTree] | None = None,
) -> GateResult:
    """Judge the Lean file `source`, which must prove `statements`: full theorem name -> its type as Lean text.

    The expected statements are elaborated on their own: same imports, then the trusted text `definitions`, never the
    file. Every constant of `definitions` must be in the file with the same type and value. An empty `statements`
    proves nothing and is refused. Raises LeanNotFound, LeanBuildError.
    """
    findings = list(read_source(source))
    if findings:
        return GateResult(tuple(findings), {}, None)
    return judge_environment(
        source,
        statements,
        definitions=definitions,
        timeout=timeout,
        installation=installation,
        search_path=search_path,
    )


def judge_environment(
    source: str,
    statements: Mapping[str, str],
    *,
    definitions: str = "",
    timeout: float = 300.0,
    installation: LeanInstallation | None = None,
    search_path: Sequence[OleanTree] | None = None,
) -> GateResult:
    """The second reading alone; the arguments are those of `gate`. It elaborates `source`: gate text of others."""
    if not statements:
        return GateResult((Finding("nothing-claimed", 0, "no theorem is named"),), {}, None)
    lean = installation or find_lean()
    trees = search_path_for(source, lean) if search_path is None else tuple(search_path)
    questions = "".join(f"\n#print axioms _root_.{name}" for name in statements)
    with tempfile.TemporaryDirectory(prefix="tinyverify-gate-") as folder:
        run = _compile(lean, trees, Path(folder), "Claim", source + questions + "\n", timeout)
        if run.timed_out:
            return GateResult((Finding("timeout", 0, f"no answer in {timeout:.0f} s"),), {}, run)
        problems = tuple(Finding("lean", m.line, m.text) for m in _complaints(run))
        if problems or run.returncode != 0:
            return GateResult(problems or (Finding("lean", 0, run.stderr[-2000:]),), {}, run)
        text = _expected_file(source, definitions, statements)
        expected = _compile(lean, trees, Path(folder), "Expected", text, timeout)
        if expected.returncode != 0 or expected.timed_out:
            texts = "; ".join(m.text for m in _complaints(expected))
            return GateResult((Finding("statement-text", 0, texts or "cannot be elaborated"),), {}, run)
        claim, wanted = OleanFile(Path(folder, "Claim.olean")), OleanFile(Path(folder, "Expected.olean"))
        below = [OleanFile(tree.olean(name)) for tree in trees for name in tree.module_keys]
        findings, axioms = list(_read_constants(claim, below)), {}
        findings += _compare_definitions(claim, wanted)
        graph = ConstantGraph([claim, *below], closed=lean.hermetic)
        reported = read_axioms(parse_messages(run.stdout)[0])
        for name in statements:
            found, axioms[name] = _read_theorem(name, claim, wanted, graph)
            findings += found
            if not found and set(reported.get(name, ("not reported",))) - ALLOWED_AXIOMS:
                findings.append(Finding("axiom", 0, f"{name}: Lean reports {reported.get(name)}"))
        if not findings and lean.library is not None:
            refusal = replay(lean, claim, below, timeout)
            if refusal is not None:
                findings.append(Finding("replay", 0, refusal))
    return GateResult(tuple(findings), {} if findings else axioms, run)


def read_source(text: str) -> tuple[Finding, ...]:
    """The first reading: what in the text of a theorem file is not on the short list of harmless things."""
    findings = []
    code = blank_comments(text)
    for match in _OPTION.finditer(code):
        if match[1] not in ALLOWED_OPTIONS:
            findings.append(Finding("set_option", _line(code, match.start()), f"option {match[1]} is not allowed"))
    for match in _ATTRIBUTES.finditer(code):
        for attribute in match[1].split(","):
            if attribute.strip() not in ALLOWED_ATTRIBUTES:
                where = _line(code, match.start())
                findings.append(Finding("attribute", where, f"attribute {attribute.strip()!r} is not allowed"))
    for match in _WORD.finditer(code):
        word = match[0]
        bad = FORBIDDEN_WORDS.intersection(word.split(".")) - {""}
        if bad or (word.startswith("#") and word not in ALLOWED_HASH_COMMANDS):
            findings.append(Finding("forbidden-word", _line(code, match.start()), f"{word} is not allowed"))
    if '"' in code:
        # A string may hold code (interpolation) and end where our reading does not see it (raw strings).
        findings.append(Finding("string", _line(code, code.index('"')), "string literals are not allowed"))
    for match in _INVISIBLE.finditer(text):
        findings.append(Finding("character", _line(text, match.start()), f"character U+{ord(match[0]):04X}"))
    for name in parse_imports(text):
        if not ALLOWED_IMPORTS.match(name):
            findings.append(Finding("import", 0, f"import {name} is not allowed"))
    return tuple(findings)


def blank_comments(text: str) -> str:
    """`text` with comments (nested ones too) replaced by spaces, in Lean's own lexical order; line numbers stay."""
    out, depth, position = [], 0, 0
    while position < len(text):
        two = text[position : position + 2]
        if two == "/-" or (two == "-/" and depth):
            depth += 1 if two == "/-" else -1
            out.append("  ")
            position += 2
        elif two == "--" and not depth:
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            out.append(" " * (end - position))
            position = end
        else:
            out.append(text[position] if not depth or text[position] == "\n" else " ")
            position += 1
    return "".join(out)


def _compile(
    lean: LeanInstallation, trees: Sequence[OleanTree], folder: Path, module: str, text: str, timeout: float
) -> LeanRun:
    (folder / f"{module}.lean").write_text(text, "utf-8")
    return run_lean(
        lean,
        [*STRICT, "-o", f"{module}.olean", f"{module}.lean"],
        lean_path=[tree.root for tree in trees],
        cwd=folder,
        timeout=timeout,
    )


def _complaints(run: LeanRun) -> tuple[LeanMessage, ...]:
    messages, _ = parse_messages(run.stdout)
    return tuple(message for message in messages if message.severity != "information")


def _expected_file(source: str, definitions: str, statements: Mapping[str, str]) -> str:
    imports = "".join(f"import {name}\n" for name in parse_imports(source))
    lines = [f"theorem {EXPECTED}.{name} : {text} := {EXPECTED}.any" for name, text in statements.items()]
    return f"{imports}\n{definitions}\naxiom {EXPECTED}.any {{p : Prop}} : p\n" + "\n".join(lines) + "\n"


def _compare_definitions(claim: OleanFile, wanted: OleanFile) -> Iterator[Finding]:
    for model in wanted.constants:
        name = model.name
        if name.startswith(EXPECTED) or name.startswith("_private."):
            continue
        constant = claim.constant(name)
        same = (
            constant is not None
            and constant.kind == model.kind
            and claim.fingerprint(constant.type) == wanted.fingerprint(model.type)
            and (constant.value > 0) == (model.value > 0)
            and (
                model.kind == "theorem"
                or model.value <= 0
                or claim.fingerprint(constant.value) == wanted.fingerprint(model.value)
            )
        )
        if not same:
            yield Finding("other-definition", 0, f"{name} is not what it should be")


def _read_theorem(
    name: str, claim: OleanFile, wanted: OleanFile, graph: ConstantGraph
) -> tuple[list[Finding], tuple[str, ...]]:
    constant, model = claim.constant(name), wanted.constant(f"{EXPECTED}.{name}")
    if constant is None or constant.kind != "theorem":
        return [Finding("missing-theorem", 0, f"{name} is not a theorem of the file")], ()
    if model is None or claim.fingerprint(constant.type) != wanted.fingerprint(model.type):
        return [Finding("other-statement", 0, f"{name} states something else than expected")], ()
    try:
        axioms = graph.axioms_of(name)
    except OleanError as error:
        return [Finding("unknown-constant", 0, str(error))], ()
    extra = sorted(axioms - ALLOWED_AXIOMS)
    return [Finding("axiom", 0, f"{name} rests on the axiom {axiom}") for axiom in extra], tuple(sorted(axioms))


def _read_constants(claim: OleanFile, below: Sequence[OleanFile]) -> Iterator[Finding]:
    known = {name for file in below for name in file.names}
    for extension, count in claim.extension_entries.items():
        if count and any(word in extension for word in FORBIDDEN_EXTENSIONS):
            yield Finding("compiled-code", 0, f"{count} entries in {extension}")
    for constant in claim.constants:
        name = constant.name
        if constant.kind == "axiom":
            yield Finding("axiom", 0, f"the file declares the axiom {name}")
        if constant.unsafe:
            yield Finding("unsafe", 0, f"{name} is unsafe or partial")
        # `namespace Foo; def Nat.add ...` makes `Nat.add` inside Foo mean Foo.Nat.add.
        for tail in (name.split(".", i)[i] for i in range(name.count(".") + 1)):
            if tail in known:
                yield Finding("redefinition", 0, f"{name} hides {tail} of core or library")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1

"""The SMT encodings against the Python reference on random and extreme vectors: the one value they allow is its value.

Each vector becomes a check that the encoding, with inputs fixed, excludes every other output (`unsat`), beside one
that it allows this output at all (`sat`), so that an encoding without models cannot pass. Uses the macros of `smt/`.
The Lean definitions and the C kernels meet the same reference in test_lean_bundle_agreement.py and test_kernels.py.
"""

from __future__ import annotations

import re

import cvc5
import numpy as np
import pytest
import z3

from tinyverify.engines.smt.query import environment, integer, render
from tinyverify.semantics.dense_s8 import dense_s8
from tinyverify.semantics.dequantize import dequantize
from tinyverify.semantics.quantize_f32 import quantize_f32
from tinyverify.semantics.relu import relu
from tinyverify.semantics.requantize import RoundingMode, scale_accumulator
from tinyverify.semantics.softmax_lut import softmax_probabilities

EXTREME = [-(2**31), -(2**31) + 1, -(2**30), -3, -2, -1, 0, 1, 2, 3, 2**30, 2**31 - 2, 2**31 - 1]


def _macro(call: str) -> str:
    source = '{% from "_macros.smt2" import scaled, dot with context %}{{ ' + call + " }}"
    return environment().from_string(source).render()


def _answers_z3(script: str, logic: str) -> list[str]:
    head, *blocks = script.split("(push 1)\n")
    answers = []
    for block in blocks:
        solver = z3.SolverFor(logic)
        solver.from_string(head + re.sub(r"\(check-sat\)\n\(pop 1\)\n", "", block))
        answers.append(str(solver.check()))
    return answers


def _answers_cvc5(script: str) -> list[str]:
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("incremental", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "agreement")
    symbols, answers = parser.getSymbolManager(), []
    while not (command := parser.nextCommand()).isNull():
        output = str(command.invoke(solver, symbols)).strip()
        if command.getCommandName() == "check-sat":
            answers.append(output)
    return answers


def agree(logic: str, declarations: str, vectors: list[tuple[str, str]]) -> None:
    """Each vector: (assertions that fix inputs and define the output, the expected equation)."""
    blocks = []
    for fixed, equation in vectors:
        for claim in (equation, f"(not {equation})"):
            blocks.append(f"(push 1)\n{fixed}\n(assert {claim})\n(check-sat)\n(pop 1)\n")
    script = f"(set-logic {logic})\n{declarations}\n" + "".join(blocks)
    expected = ["sat", "unsat"] * len(vectors)
    assert _answers_z3(script, logic) == expected
    assert _answers_cvc5(script) == expected


@pytest.mark.parametrize("mode", list(RoundingMode))
def test_requantize(mode):
    rng = np.random.default_rng(21)
    vectors = []
    for acc in EXTREME + [int(v) for v in rng.integers(-(2**31), 2**31, 40)]:
        multiplier, shift = int(rng.integers(2**30, 2**31)), int(rng.integers(0, 32))
        expected = int(scale_accumulator(np.array(acc), multiplier, shift, mode))
        defined = _macro(f"scaled('{mode.value}', 'r', 'acc', {multiplier}, {shift}, 'h', 't')")
        vectors.append((f"(assert (= acc {integer(acc)}))\n(assert {defined})", f"(= r {integer(expected)})"))
    names = "".join(f"(declare-const {name} Int)" for name in ("acc", "r", "h", "t"))
    agree("QF_LIA", names, vectors)


def test_dense_s8():
    rng = np.random.default_rng(22)
    vectors = []
    for case in range(20):
        weight = rng.integers(-128, 128, 6) if case else np.full(6, -128)
        x = rng.integers(-128, 128, 6) if case else np.full(6, -128)
        bias = int(rng.integers(-(2**20), 2**20))
        expected = int(dense_s8(x[None], weight[None], np.array([bias]))[0, 0])
        fixed = "".join(f"(assert (= x{i} {integer(v)}))" for i, v in enumerate(x))
        total = _macro(f"dot({bias}, {weight.tolist()}, 'x')")
        vectors.append((f"{fixed}\n(assert (= acc {total}))", f"(= acc {integer(expected)})"))
    names = "(declare-const acc Int)" + "".join(f"(declare-const x{i} Int)" for i in range(6))
    agree("QF_LIA", names, vectors)


def test_relu():
    text = (environment().loader.get_source(environment(), "relu/fused_clamp.smt2"))[0]
    definitions = "\n".join(line for line in text.splitlines() if line.startswith(("(declare", "(define")))
    vectors = []
    for v in (-1000, -129, -128, -1, 0, 1, 126, 127, 128, 1000):
        for z in (-128, -7, 0, 127):
            expected = int(relu(np.clip(np.array(v), -128, 127), z))
            vectors.append((f"(assert (= v {integer(v)}))(assert (= z {integer(z)}))", f"(= relu {integer(expected)})"))
    agree("QF_LIA", definitions, vectors)


def _specials() -> list[int]:
    rng = np.random.default_rng(23)
    named = [0, 0x80000000, 1, 0x807FFFFF, 0x00800000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFF800001]
    ties = np.float32([0.04, -0.04, 1.0, 2.5 / 12.5, -3.5 / 12.5, 10.16, -10.24]).view(np.uint32).tolist()
    return named + ties + [int(v) for v in rng.integers(0, 1 << 32, 20)]


def test_quantize_f32():
    """The same operation sequence as smt/quantize_f32/defined.smt2, per feature."""
    inv_scale, zero_point = np.float32(12.5), 3
    bits = f"{int(inv_scale.view(np.uint32)):08x}"
    bounds = [f"{int(np.float32(v - zero_point).view(np.uint32)):08x}" for v in (-128, 127)]
    feature = {"inv_scale": bits, "lo": bounds[0], "hi": bounds[1], "zero_point": f"{zero_point:08x}"}
    text = render("quantize_f32.defined", {"features": [feature]}).text
    body = text[text.index("(define-fun product0") : text.index("(assert")]
    vectors = []
    for pattern in _specials():
        codes, _ = quantize_f32(np.array([[pattern]]), inv_scale.reshape(1).view(np.uint32), np.array([zero_point]))
        code = int(codes[0, 0]) & 0xFFFFFFFF
        vectors.append((f"(assert (= x ((_ to_fp 8 24) #x{pattern:08x})))\n{body}", f"(= code0 #x{code:08x})"))
    agree("QF_BVFP", "(declare-const x (_ FloatingPoint 8 24))", vectors)


def test_dequantize():
    rng = np.random.default_rng(24)
    scale = int(np.float32(0.0123).view(np.uint32))
    vectors = []
    for acc in EXTREME + [int(v) for v in rng.integers(-(2**31), 2**31, 20)]:
        expected = int(dequantize(np.array([[acc]]), np.array([scale]))[0, 0])
        fixed = f"(assert (= acc #x{acc & 0xFFFFFFFF:08x}))"
        logit = f"(fp.mul RNE ((_ to_fp 8 24) RNE acc) ((_ to_fp 8 24) #x{scale:08x}))"
        vectors.append((fixed, f"(= {logit} ((_ to_fp 8 24) #x{expected:08x}))"))
    agree("QF_BVFP", "(declare-const acc (_ BitVec 32))", vectors)


def test_softmax_probabilities():
    rng = np.random.default_rng(25)
    weights = np.concatenate([[[127, 0, 0], [127, 127, 127], [127, 1, 0]], rng.integers(0, 128, (12, 3))])
    weights[3:, 0] = 127
    vectors = []
    for row, probabilities in zip(weights, softmax_probabilities(weights), strict=True):
        total = int(row.sum())
        for e, p in zip(row, probabilities, strict=True):
            value = f"(+ (* 32768 {int(e)}) {total // 2})"
            defined = f"(assert (and (<= (* {total} p) {value}) (< {value} (* {total} (+ p 1)))))"
            vectors.append((defined, f"(= p {int(p)})"))
    agree("QF_LIA", "(declare-const p Int)", vectors)

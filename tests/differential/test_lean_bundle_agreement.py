"""The Lean definitions, evaluated by the kernel, against the integer reference: random and extreme vectors."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.engines.lean_bundle.agreement import AgreementError, disagreements, evaluate
from tinyverify.semantics import float32
from tinyverify.semantics.dense_s8 import dense_s8
from tinyverify.semantics.dequantize import arg_max, dequantize
from tinyverify.semantics.quantize_f32 import quantize_f32
from tinyverify.semantics.relu import relu
from tinyverify.semantics.requantize import RoundingMode, requantize
from tinyverify.semantics.sample import sample_continuous, sample_discrete, xorshift32
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights

INT32 = (-(1 << 31), (1 << 31) - 1)
MULTIPLIERS = (1 << 30, (1 << 31) - 1)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20)


def int8(rng: random.Random) -> int:
    return rng.choice([-128, -1, 0, 1, 127, rng.randint(-128, 127)])


def int32(rng: random.Random) -> int:
    return rng.choice([*INT32, -1, 0, 1, rng.randint(*INT32), rng.randint(-100_000, 100_000)])


def multiplier(rng: random.Random) -> int:
    return rng.choice([*MULTIPLIERS, rng.randint(*MULTIPLIERS)])


def requantize_vector(acc: int, m: int, shift: int, zero_point: int, lo: int, hi: int, mode: RoundingMode):
    names = ("acc", "multiplier", "shift", "zero_point", "lo", "hi", "mode")
    output = int(requantize(np.array(acc), m, shift, zero_point, lo, hi, mode))
    return dict(zip(names, (acc, m, shift, zero_point, lo, hi, mode), strict=True)), output


@pytest.mark.parametrize("mode", RoundingMode)
def test_requantize(rng, mode):
    vectors = []
    for shift in [*range(32), *range(32), *range(32)]:
        acc, m, zero_point = int32(rng), multiplier(rng), int8(rng)
        lo, hi = rng.choice([(-128, 127), (zero_point, 127)])
        out = int(requantize(np.array(acc), m, shift, zero_point, lo, hi, mode))
        inputs = {
            "acc": acc,
            "multiplier": m,
            "shift": shift,
            "zero_point": zero_point,
            "lo": lo,
            "hi": hi,
            "mode": mode,
        }
        vectors.append((inputs, out))
    for half in (1 << 7, 3 << 7, -(1 << 7), -(3 << 7)):  # ties: acc * 2^30 / 2^(31 + 7) = half / 2^8
        vectors.append(requantize_vector(half, 1 << 30, 7, 0, -128, 127, mode))
    assert disagreements("requantize", vectors) == ()


def test_dense_s8_wraps_where_the_machine_does(rng):
    vectors = []
    for length in [0, 1, 2, 16, 33] * 4:
        weight, x = [int8(rng) for _ in range(length)], [int8(rng) for _ in range(length)]
        bias = int32(rng)
        out = int(
            dense_s8(np.array([x], np.int8).reshape(1, -1), np.array([weight], np.int8).reshape(1, -1), [bias])[0, 0]
        )
        vectors.append(({"weight": weight, "bias": bias, "x": x}, out))
    assert disagreements("dense_s8", vectors) == ()


def test_relu_and_arg_max(rng):
    pairs = [(int8(rng), int8(rng)) for _ in range(30)]
    assert disagreements("relu", [({"q": q, "zero_point": z}, int(relu(q, z))) for q, z in pairs]) == ()
    lists = [[int32(rng) for _ in range(n)] for n in range(1, 9) for _ in range(4)] + [[5, 7, 7, 5], [-3, -3]]
    assert disagreements("arg_max", [({"acc": acc}, int(arg_max(np.array(acc)))) for acc in lists]) == ()


def test_dequantize(rng):
    """Whole patterns: both roundings, carries, ties, what is flushed to zero, and infinities."""
    accs = [*INT32, -1, 0, 1, (1 << 24) - 1, (1 << 24) + 1, (1 << 25) + 2, (1 << 25) + 6, 0x7FFFFFBF, 0x7FFFFFC0]
    scales = [0x00800000, 0x00800001, 0x00FFFFFF, 0x01000000, 0x3F7FFFFF, 0x3F800000, 0x3F800001, 0x6F7FFFFF]
    scales += [0x70000000, 0x7F000000, 0x7F7FFFFF]
    pairs = [(acc, scale) for acc in accs for scale in scales]
    for _ in range(100):
        pairs.append((int32(rng) >> rng.randrange(32), rng.randrange(0x00800000, 0x7F800000)))
        # Products around the least normal number, where the flush begins.
        pairs.append((int32(rng), max(0x00800000, (0x00800000 | rng.getrandbits(23)) + (rng.randrange(4) << 23))))
    vectors = [
        ({"acc": acc, "scale_bits": scale}, int(dequantize(np.array([acc]), np.array([scale]))[0]))
        for acc, scale in pairs
    ]
    assert any(out & 0x7FFFFFFF == 0x7F800000 for _, out in vectors)
    assert disagreements("dequantize", vectors) == ()


def test_quantize_f32(rng):
    special = [0, 1, 0x80000000, 0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF]
    special += [0x7F800000, 0xFF800000, 0x7F800001, 0x7FC00000, 0xFFFFFFFF]
    halves = [float32.bits_of(np.float32(v)).item() for v in (0.5, 1.5, 2.5, -0.5, -1.5, 126.5, 127.5, -128.5)]
    scales = [float32.bits_of(np.float32(v)).item() for v in (1.0, 0.25, 3.0, 2.0**-40, 2.0**40)]
    vectors = [(bits, scale) for bits in special + halves for scale in scales]
    for _ in range(120):
        scale = float32.bits_of(np.float32(2.0 ** rng.uniform(-40, 40))).item()
        value = np.float32(rng.uniform(-200, 200)) / float32.values_of(np.array(scale))
        vectors.append((rng.choice([rng.getrandbits(32), float32.bits_of(value).item()]), scale))
    equations, flags = [], []
    for bits, scale in vectors:
        zero_point = int8(rng)
        codes, faults = quantize_f32(np.array([[bits]]), np.array([scale]), np.array([zero_point]))
        equations.append(({"bits": bits, "inv_scale_bits": scale, "zero_point": zero_point}, int(codes[0, 0])))
        flags.append(({"bits": bits}, int(faults[0])))
    assert disagreements("quantize_f32", equations) == ()
    assert disagreements("quantize_fault", flags) == ()


def test_softmax_lut_and_discrete_sample(rng):
    table = synthetic_policy((4, 8, 2)).tables["exp"]
    weights, probabilities, samples = [], [], []
    for actions in (1, 2, 3, 5) * 4:
        mode, m, shift = rng.choice(list(RoundingMode)), multiplier(rng), rng.randint(0, 31)
        acc = [rng.randint(-(1 << 30), 1 << 30) >> rng.randint(0, 28) for _ in range(actions)]
        e = softmax_weights(np.array([acc]), m, shift, table, mode)
        inputs = {"acc": acc, "multiplier": m, "shift": shift, "exp_lut": table.tolist(), "mode": mode}
        weights.append((inputs, e[0].tolist()))
        probabilities.append(({"weights": e[0].tolist()}, softmax_probabilities(e)[0].tolist()))
        for word in (0, 0xFFFFFFFF, rng.getrandbits(32)):
            action = int(sample_discrete(e, np.array([word]))[0])
            samples.append(({"weights": e[0].tolist(), "random": word}, action))
    assert disagreements("softmax_weights", weights) == ()
    assert disagreements("softmax_probabilities", probabilities) == ()
    assert disagreements("sample_discrete", samples) == ()


def test_continuous_sample_and_generator(rng):
    policy = synthetic_policy((3, 8, 2), discrete=False)
    tables = {name: table.tolist() for name, table in policy.tables.items()}
    vectors = []
    for _ in range(24):
        mode, acc = rng.choice(list(RoundingMode)), (int32(rng), rng.randint(-(1 << 20), 1 << 20))
        ms, shifts = (multiplier(rng), multiplier(rng)), (rng.randint(0, 31), rng.randint(4, 20))
        zeros, noise = (int8(rng), int8(rng)), (multiplier(rng), rng.randint(0, 12))
        word = rng.choice([None, 0, 0xFFFFFFFF, rng.getrandbits(32)])
        mean, log_std = (requantize(np.array([acc[k]]), ms[k], shifts[k], zeros[k], -128, 127, mode) for k in (0, 1))
        gauss = np.array([0 if word is None else tables["gauss"][word >> 24]])
        std, tanh = policy.tables["std"], policy.tables["tanh"]
        out = int(sample_continuous(mean, log_std, gauss, noise[0], noise[1], std, tanh, mode)[0])
        inputs = {"acc": acc, "random": word, "multiplier": ms, "shift": shifts, "zero_point": zeros}
        inputs |= {"noise_multiplier": noise[0], "noise_shift": noise[1], "tables": tables, "mode": mode}
        vectors.append((inputs, out))
    assert disagreements("sample_continuous", vectors) == ()
    states = [0, 1, 0xFFFFFFFF, 0x9E3779B9, *(rng.getrandbits(32) for _ in range(20))]
    assert disagreements("xorshift32", [({"state": s}, xorshift32(s)) for s in states]) == ()


def test_a_wrong_value_is_found_and_a_broken_vector_is_an_error():
    good = ({"q": 3, "zero_point": 5}, 5)
    assert disagreements("relu", [good] * 30 + [({"q": 3, "zero_point": 5}, 3)] + [good] * 30) == (30,)
    with pytest.raises(AgreementError, match="relu"):
        disagreements("relu", [(good[0], [5])])


def test_the_interpreter_gives_what_the_kernel_decides(rng):
    table = synthetic_policy((4, 8, 2)).tables["exp"]
    lists = [[int32(rng) // 2 for _ in range(n)] for n in (1, 2, 5)]
    mode = RoundingMode.DOUBLE_TIES_UP
    inputs = [
        {"acc": acc, "multiplier": multiplier(rng), "shift": 20, "exp_lut": table.tolist(), "mode": mode}
        for acc in lists
    ]
    values = evaluate("softmax_weights", inputs)
    assert values == [
        softmax_weights(np.array([v["acc"]]), v["multiplier"], 20, table, mode)[0].tolist() for v in inputs
    ]
    assert disagreements("softmax_weights", list(zip(inputs, values, strict=True))) == ()
    assert evaluate("relu", [{"q": -7, "zero_point": -128}, {"q": 3, "zero_point": 5}]) == [-7, 5]
    with pytest.raises(AgreementError, match="arg_max"):
        evaluate("arg_max", [{"acc": [1, 2]}], timeout=0.001)

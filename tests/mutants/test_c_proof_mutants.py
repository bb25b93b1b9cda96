"""What `kernel.<function>`, `kernel.policy` and `kernel.eva` must refuse: planted faults in the C, assumptions in the
annotations, changed contracts, a tampered cache, a missing tool, output that is no proof.

Each fault in the C is also the kernel's differential run's to notice (test_kernels_mutants.py).
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import pytest

from tests.command_line import tinyverify
from tinyverify.engines.c_proof import eva, run, wp
from tinyverify.engines.c_proof.tools import INSTALL, FramaCMissing, tools
from tinyverify.engines.c_proof.unit import Unit, UnitError
from tinyverify.obligations import c_hal, c_kernels, c_policy, mve_models
from tinyverify.obligations.c_kernels import KERNELS
from tinyverify.results import Status

REFUSED = {Status.UNKNOWN, Status.TIMEOUT}


@pytest.fixture(scope="module")
def frama_c():
    try:
        return tools()
    except FramaCMissing as error:
        pytest.skip(str(error))


def unit(name: str) -> Unit:
    return c_kernels.unit_of(next(kernel for kernel in KERNELS if kernel.name == name))


def edited(whole: Unit, path: str, old: str, new: str) -> Unit:
    text = whole.files[path].decode()
    assert text.count(old) == 1, f"{path} holds {text.count(old)} of {old!r}"
    return replace(whole, files={**whole.files, path: text.replace(old, new).encode()})


SCALE = "include/tv_scale_accumulator.h"
# (fault, kernel or None for the requantizer, functions, file, original, fault)
FAULTS = [
    ("off by one", "relu", ("tv_relu",), "src/tv_relu.c", "i < n; i++", "i <= n; i++"),
    (
        "swapped operands",
        "arg_max",
        ("tv_arg_max",),
        "src/tv_arg_max.c",
        "acc[i] > largest ? i",
        "largest > acc[i] ? i",
    ),
    (
        "first among equals",
        "arg_max",
        ("tv_arg_max",),
        "src/tv_arg_max.c",
        "acc[i] > largest ? i",
        "acc[i] >= largest ? i",
    ),
    (
        "dropped saturation",
        None,
        ("tv_requantize_one",),
        SCALE,
        "tv_clamp(scaled, lo - zero_point, hi - zero_point)",
        "scaled",
    ),
    ("swapped limits", None, ("tv_clamp",), SCALE, "raised > hi ? hi : raised", "raised > hi ? lo : raised"),
    (
        "missing guard",
        "xorshift32",
        ("tv_xorshift32",),
        "src/tv_xorshift32.c",
        "*state != 0u ? *state : TV_XORSHIFT_SEED",
        "*state",
    ),
    (
        "overwrites an input",
        "relu",
        ("tv_relu",),
        "src/tv_relu.c",
        "int32_t zero_point)\n{",
        "int32_t zero_point)\n{\n    q[n - 1] = 0;",
    ),
]


@pytest.mark.parametrize(("fault", "kernel", "functions", "path", "old", "new"), FAULTS, ids=[f[0] for f in FAULTS])
def test_wp_refuses_a_planted_fault(fault, kernel, functions, path, old, new, frama_c):
    whole = c_kernels.scale_accumulator() if kernel is None else unit(kernel)
    faulty = replace(edited(whole, path, old, new), functions=functions)
    answer, outcome = c_kernels.run("WP: fault", lambda: wp.prove(faulty, seconds=3))
    assert outcome.status in REFUSED and outcome.open, outcome.detail
    assert answer.engine == f"{frama_c.name} (WP: fault)" and functions[0] in answer.detail


HAL_FAULTS = [
    (c_hal.flash, "tv_flash_readable", "hal/tv_flash_readable.c", "(TV_FLASH_BYTES - size)", "TV_FLASH_BYTES"),
    (c_hal.flash, "tv_flash_guard", "hal/tv_flash_guard.c", " || (tv_flash_readable(address, table->size) == 0u)", ""),
    (c_hal.heap, "tv_heap_span", "hal/tv_heap_block.h", "* TV_HEAP_ALIGN;\n}", "* 8u;\n}"),
    (c_hal.heap, "tv_heap_init", "hal/tv_heap_init.c", "size > TV_HEAP_BYTES", "size > TV_HEAP_BYTES + 16u"),
    (c_hal.locks, "tv_lock_take", "hal/tv_lock_take.c", "uint32_t r = resource;", "uint32_t r = resource + 1u;"),
    (c_hal.locks, "tv_lock_give", "hal/tv_lock_give.c", " || locks->owner[resource] != task", ""),
]


@pytest.mark.parametrize(("units", "function", "path", "old", "new"), HAL_FAULTS, ids=[f[1] + f[4] for f in HAL_FAULTS])
def test_wp_refuses_a_planted_fault_in_the_hal(units, function, path, old, new, frama_c):
    whole = next(unit for unit in units() if function in unit.functions)
    asked = "@invariant" if function == "tv_lock_take" else "@ensures"  # where the fault shows: not all goals again
    arguments = whole.arguments if units is c_hal.flash else (f"-wp-prop={asked}",)
    faulty = replace(edited(whole, path, old, new), functions=(function,), arguments=arguments)
    outcome = wp.prove(faulty, seconds=2)
    assert outcome.status in REFUSED and outcome.open, outcome.detail


MODEL_FAULTS = [
    ("predicates", "vctp32q", "n > 3u", "n > 4u"),
    ("accumulate", "tv_rounding_shift", "(value + ((int64_t)1 << (count - 1))) >> count;", "value >> count;"),
    ("across", "vmladavaq_s8", "sum += b.lane[i] * c.lane[i];", "sum += b.lane[i] * b.lane[i];"),
]


@pytest.mark.parametrize(("part", "function", "old", "new"), MODEL_FAULTS, ids=[fault[1] for fault in MODEL_FAULTS])
def test_wp_refuses_a_wrong_model_of_an_intrinsic(part, function, old, new, frama_c):
    whole = mve_models.unit_of(part)
    assert wp.prove(replace(whole, functions=(function,))).status is Status.PROVED
    faulty = replace(edited(whole, f"include/tv_mve_{part}.h", old, new), functions=(function,))
    outcome = wp.prove(faulty, seconds=2)
    assert outcome.status in REFUSED and outcome.open, outcome.detail


def test_wp_refuses_a_lock_whose_state_may_be_out_of_range(frama_c):
    whole = next(unit for unit in c_hal.locks() if "tv_lock_take" in unit.functions)
    text = whole.files["hal/tv_locks.h"].decode()
    line = "    requires locks->owner[0] == 0 && locks->wants[0] == 0;\n"
    assert line in text
    weaker = replace(whole, files={**whole.files, "hal/tv_locks.h": text.replace(line, "").encode()})
    outcome = wp.prove(replace(weaker, arguments=("-wp-prop=@assert",)), seconds=2)
    assert outcome.status in REFUSED and any("index_bound" in goal for goal in outcome.open)


def test_eva_refuses_a_guard_of_results_that_reads_past_them(policies, frama_c):
    files = c_policy.c_files(policies["pendulum"])
    path, old = "hal/tv_check_output.c", "j < TV_OUTPUTS; j++"
    text = files[path].decode()
    assert old in text
    faulty = {**files, path: text.replace(old, "j <= TV_OUTPUTS; j++").encode()}
    outcome = eva.analyse(replace(c_policy.program_unit(files), files=faulty), c_policy.in_main(files))
    assert outcome.status is Status.UNKNOWN and "hal/tv_check_output.c" in outcome.detail


def test_wp_refuses_a_wrong_rounding_constant(frama_c):
    whole = edited(c_kernels.scale_accumulator(), SCALE, "((int64_t)1 << 30), 31)", "(((int64_t)1 << 30) - 1), 31)")
    only = replace(whole, functions=("tv_scale_accumulator",), arguments=("-wp-prop=high",))
    named = edited(only, SCALE, "/*@ assert high == tv_high", "/*@ assert high: high == tv_high")
    sound = edited(
        replace(c_kernels.scale_accumulator(), functions=only.functions, arguments=only.arguments),
        SCALE,
        "/*@ assert high == tv_high",
        "/*@ assert high: high == tv_high",
    )
    assert wp.prove(sound).status is Status.PROVED
    assert wp.prove(named, seconds=3).status in REFUSED


def test_eva_refuses_a_conversion_without_its_guard(frama_c):
    faulty = edited(c_kernels.code(), "src/tv_quantize_f32.c", "    p = p > hi ? hi : p;\n", "")
    outcome = eva.analyse(faulty)
    assert outcome.status is Status.UNKNOWN and "did not settle all" in outcome.detail


def test_the_generated_caller_is_held_to_the_kernels_contracts(policies, frama_c):
    files = c_policy.c_files(policies["pendulum"])
    sound = replace(c_policy.caller_unit(files), functions=("tv_quantize_observation", "tv_run"))
    assert wp.prove(sound).status is Status.PROVED
    for old, new in (
        ("tv_input_zero_point, TV_OBS_DIM, x)", "tv_input_zero_point, TV_OBS_DIM + 2, x)"),
        ("tv_input_zero_point, TV_OBS_DIM, x)", "tv_layer1_bias, TV_OBS_DIM, x)"),
    ):
        faulty = edited(replace(sound, functions=("tv_quantize_observation",)), "src/tv_policy.c", old, new)
        assert wp.prove(faulty, seconds=3).status in REFUSED, new


def test_eva_refuses_tables_that_the_contracts_do_not_admit(policies, frama_c):
    files = c_policy.c_files(policies["pendulum"])
    program = c_policy.program_unit(files)
    text = files["src/tv_policy_tables.c"].decode()
    start = text.index("tv_layer0_shift[")
    first = text.index("\n    ", start) + 5
    comma = text.index(",", first)
    faulty = {**files, "src/tv_policy_tables.c": (text[:first] + "40" + text[comma:]).encode()}
    outcome = eva.analyse(replace(program, files=faulty), c_policy.in_main(files))
    assert outcome.status is Status.UNKNOWN, outcome.detail


def test_a_kernel_that_is_not_the_proved_one_is_unknown(policies, monkeypatch):
    files = c_policy.c_files(policies["cartpole"])
    other = {**files, "kernels/tv_arg_max.c": files["kernels/tv_arg_max.c"] + b"\n"}
    monkeypatch.setattr(c_policy, "c_files", lambda policy: other)
    found = [obligation.discharge(policies["cartpole"], None) for obligation in c_policy.OBLIGATIONS]
    assert all(result.status is Status.UNKNOWN and "not the kernel that is proved" in result.detail for result in found)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    for (int32_t i", "    /*@ admit n > 0; */\n    for (int32_t i", "admit"),
        ("TV_KERNEL void", "/*@ axiomatic free { axiom lie: \\false; } */\nTV_KERNEL void", "axiom"),
        ("        loop variant n - i; */", "    */", "variants"),
    ],
)
def test_an_assumption_is_refused_before_any_prover_is_asked(old, new, says):
    with pytest.raises(UnitError, match=says):
        edited(unit("relu"), "src/tv_relu.c", old, new).check()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("include/tv_kernels.h", "    ensures \\forall integer i; 0 <= i < n ==> acc[i] <= acc[\\result];\n", ""),
        (
            "include/tv_kernels.h",
            "ensures 0 <= \\result < n;\n    ensures \\forall integer i; 0 <= i < n",
            "ensures 0 <= n",
        ),
        ("include/tv_contracts.h", "v < lo ? lo : v > hi ? hi : v", "v > hi ? hi : v"),
    ],
)
def test_a_changed_contract_makes_every_proof_stale(path, old, new, monkeypatch):
    read = c_kernels.source
    text = read(path).decode()
    assert old in text
    monkeypatch.setattr(
        c_kernels, "source", lambda name: text.replace(old, new).encode() if name == path else read(name)
    )
    found = [obligation.discharge(None, None) for obligation in (*c_kernels.OBLIGATIONS, *c_policy.OBLIGATIONS)]
    assert {result.status for result in found} == {Status.STALE}
    assert all("docs/semantics.md" in result.detail for result in found)


def test_a_changed_contract_of_a_model_makes_its_proof_stale(monkeypatch):
    read, path = c_kernels.source, "models/tv_mve_predicates.h"
    changed = read(path).replace(b"(n > 3 ? 61440 : 0)", b"(n > 4 ? 61440 : 0)")
    assert changed != read(path)
    monkeypatch.setattr(c_kernels, "source", lambda name: changed if name == path else read(name))
    (obligation,) = mve_models.OBLIGATIONS
    assert obligation.discharge(None, None).status is Status.STALE


def test_a_changed_contract_of_the_hal_makes_its_proofs_stale(monkeypatch):
    read = c_kernels.source
    changed = read("hal/tv_flash.h").replace(b"ensures 0 <= \\result <= tv_flash_table_count;", b"")
    assert changed != read("hal/tv_flash.h")
    monkeypatch.setattr(c_kernels, "source", lambda name: changed if name == "hal/tv_flash.h" else read(name))
    found = [obligation.discharge(None, None) for obligation in c_hal.OBLIGATIONS]
    assert {result.status for result in found} == {Status.STALE}
    assert all("docs/firmware.md" in result.detail for result in found)


def test_a_ghost_function_without_a_proof_is_noticed(frama_c):
    whole = edited(
        c_kernels.lemmas(),
        "include/tv_contracts.h",
        "/*@ ghost\n",
        "/*@ ghost\n  /@ assigns \\nothing; ensures \\false; @/\n  void tv_lemma_false(void);\n\n",
    )
    text = "[wp] 1 goal scheduled\n[wp] [Qed] Goal typed_tv_lemma_index_ensures : Valid\n[wp] Proved goals:    1 / 1\n"
    outcome = wp.read(text, whole)
    assert outcome.status is Status.UNKNOWN and outcome.detail.startswith("no goal about tv_lemma_")
    assert "tv_lemma_false" in whole.lemma_functions()


VALID = "[wp] 2 goals scheduled\n[wp] [Qed] Goal typed_tv_relu_ensures : Valid\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.UNKNOWN),
        ("[wp] 0 goals scheduled\n[wp] Proved goals:    0 / 0\n", Status.UNKNOWN),
        (VALID + "[wp] Proved goals:    2 / 2\n", Status.UNKNOWN),
        (VALID + "[wp] [Qed] Goal typed_tv_other_ensures : Valid\n", Status.UNKNOWN),
        (
            VALID
            + "[wp] [Failed] Goal typed_tv_relu_assigns\n  Z3 4.8.12: Failed Unknown error\n"
            + "  CVC4 1.8: Timeout (Qed:36ms) (10s)\n[wp] Proved goals:    1 / 2\n",
            Status.TIMEOUT,
        ),
        (
            VALID
            + "[wp] [Failed] Goal typed_tv_relu_assigns\n  Z3 4.8.12: Timeout (10s)\n  CVC4 1.8: Unknown (Qed:36ms)\n"
            + "[wp] Proved goals:    1 / 2\n",
            Status.UNKNOWN,
        ),
        (
            VALID.replace("2 goals", "1 goal")
            + "[wp] tv_relu.c:3: Warning: Missing assigns\n[wp] Proved goals:    1 / 1\n",
            Status.UNKNOWN,
        ),
        (VALID.replace("2 goals", "1 goal") + "[wp] Proved goals:    1 / 1\n", Status.PROVED),
    ],
)
def test_output_that_is_no_proof_does_not_read_as_one(text, status):
    assert wp.read(text, unit("relu")).status is status


def test_a_goal_that_no_prover_settles_in_time_is_not_proved(frama_c):
    hard = (
        b"/*@ requires 1 <= a <= 1000 && 1 <= b <= 1000 && 1 <= c <= 2000; assigns \\nothing;\n"
        b"    ensures a * a * a + b * b * b != c * c * c; */\nvoid tv_hard(int a, int b, int c)\n{\n}\n"
    )
    outcome = wp.prove(Unit("hard", {"hard.c": hard}, ("hard.c",), ("tv_hard",)), seconds=1)
    assert outcome.status in REFUSED and outcome.open == ("typed_tv_hard_ensures",)


def test_a_tampered_cache_is_not_believed(frama_c, tmp_path, monkeypatch):
    monkeypatch.setenv("TINYVERIFY_CACHE", str(tmp_path))
    small = Unit(
        "small",
        {"s.c": b"/*@ assigns \\nothing; ensures \\result == 1; */\nint tv_s(void) { return 1; }\n"},
        ("s.c",),
        ("tv_s",),
    )
    assert not wp.prove(small).cached and wp.prove(small).cached
    wrong = replace(small, files={"s.c": small.files["s.c"].replace(b"return 1", b"return 2")})
    (kept,) = (tmp_path / "c_proof").glob("*.json")
    assert wp.prove(wrong, seconds=2).status in REFUSED
    # The proof of one unit under the name of another, and a proof with other figures.
    asked = []
    monkeypatch.setattr(run, "_load", lambda path, key, load=run._load: asked.append(path) or load(path, key))
    wp.prove(wrong, seconds=2)
    shutil.copy(kept, asked[-1])
    assert wp.prove(wrong, seconds=2).status in REFUSED
    content = json.loads(kept.read_text())
    content["record"]["goals"] = {"Qed": 1000}
    kept.write_text(json.dumps(content))
    again = wp.prove(small)
    assert not again.cached and sum(again.goals.values()) < 1000


def test_without_frama_c_nothing_is_proved_and_the_exit_code_is_3(bundle_folder, tmp_path):
    folder = bundle_folder("cartpole")
    path = tmp_path / "bin"
    path.mkdir()
    environment = {**os.environ, "PATH": str(path)}
    for pattern in ("kernel.relu", "kernel.policy"):
        done = tinyverify("prove", folder / "bundle.json", "--only", pattern, env=environment)
        assert done.returncode == 3, done.stdout + done.stderr
        assert "UNCHECKED" in done.stdout and INSTALL in " ".join(done.stdout.split())
        assert "0 proved" in done.stdout.splitlines()[-1]

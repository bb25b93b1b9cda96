"""The main job: environment -> training artifact -> policy -> bundle -> proof -> firmware -> run.

Each step is the verb of the same name. A step that does not succeed ends the pipeline; what the steps before it
wrote stays, each file whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tinyverify.artifacts.bundle import load_bundle
from tinyverify.artifacts.training import Training, load_training, write_training
from tinyverify.differential import run_differential
from tinyverify.emit.firmware import emit
from tinyverify.finetune import finetune
from tinyverify.obligations.obligation import Settings
from tinyverify.pretrained import artifact_path
from tinyverify.prove import Progress, evidence_of, is_proved, make_bundle, prove, report_of
from tinyverify.quantize.quantize import quantize_file
from tinyverify.report import size_table
from tinyverify.report.files import ReportFiles
from tinyverify.results import Report
from tinyverify.size_report import size_report
from tinyverify.train.environments import Environment

SHIPPED_HIDDEN = 64


@dataclass(frozen=True)
class Options:
    """What to run: environment, folder, whether to train anew, hidden units, gradient steps of distilling and of
    fine-tuning each (None: those of the verbs), seed, observations, processes."""

    environment: Environment
    out: Path
    train: bool
    hidden: int
    steps: int | None
    seed: int
    count: int
    jobs: int | None


def run_pipeline(
    options: Options,
    progress: Callable[[str], AbstractContextManager[Progress | None]],
    note: Callable[[str], None],
) -> Report:
    """Run all steps into `options.out`, and return the report that `results.json` holds.

    `progress(title)` opens a progress display, `note(line)` says what was done. Raises ArtifactError.
    """
    out = options.out
    out.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()

    def done(step: str, text: str) -> None:
        nonlocal start
        now = time.perf_counter()
        note(f"{step:>9}  {text}  ({now - start:.1f} s)")
        start = now

    files = ReportFiles(json=out / "results.json", html=out / "report.html")
    training_path, policy_path, bundle_path = out / "training.json", out / "policy.json", out / "bundle.json"
    training = _training(options, training_path, progress, done)
    policy = quantize_file(training, policy_path)
    done("quantize", f"{policy_path}: policy {policy.hash[:12]}")
    bundle = make_bundle(policy_path, bundle_path, training_path)
    done("bundle", f"{bundle_path}: {len(bundle.smt_queries)} SMT queries under {out / 'queries'}")
    with progress("prove") as update:
        report = prove(bundle_path, Settings(), jobs=options.jobs, progress=update)
    files.write(report)
    done("prove", report.summary.line())
    sealed, policy = load_bundle(bundle_path)
    if is_proved(sealed, policy) is not None:
        return report
    sizes = size_report(policy)
    page = {size_table.FILE: size_table.page(sizes)}
    emit(policy, evidence_of(sealed, policy, sizes.elf_sha256), out / "firmware", source=policy_path, reports=page)
    done("emit", f"{out / 'firmware'}: {sizes.line()}")
    result = run_differential(policy, out / "firmware", options.count, options.seed)
    report = report_of(bundle_path, policy, [*report.obligations, result])
    files.write(report)
    done("run", f"{result.status.value}: {result.detail}")
    return report


def _training(
    options: Options,
    path: Path,
    progress: Callable[[str], AbstractContextManager[Progress | None]],
    done: Callable[[str, str], None],
) -> Training:
    environment = options.environment
    if not options.train and options.hidden == SHIPPED_HIDDEN:
        training = load_training(artifact_path(environment.name, "student"))
        artifact = training.artifact.model_copy(update={"model_path": "training.safetensors"})
        write_training(path, artifact, training.tensors)
        done("train", f"{path}: shipped student, mean return {artifact.metrics.final_reward:.1f} (MEASURED)")
        return load_training(path)
    from tinyverify.train.student import STEPS, distill
    from tinyverify.train.teacher import train

    teacher_path = path.with_name("teacher.json")
    if options.train:
        with progress("train") as update:
            artifact = train(environment.name, options.seed, None, teacher_path, update)
    else:
        teacher = load_training(artifact_path(environment.name, "teacher"))
        artifact = teacher.artifact.model_copy(update={"model_path": "teacher.safetensors"})
        write_training(teacher_path, artifact, teacher.tensors)
    done("train", f"{teacher_path}: mean return {artifact.metrics.final_reward:.1f} (MEASURED)")
    student_path = path.with_name("student.json")
    with progress("distill") as update:
        steps = STEPS if options.steps is None else options.steps
        artifact = distill(teacher_path, options.hidden, student_path, options.seed, steps=steps, progress=update)
    done(
        "distill",
        f"{student_path}: {options.hidden} hidden units, mean return {artifact.metrics.final_reward:.1f} (MEASURED)",
    )
    with progress("finetune") as update:
        artifact = finetune(student_path, teacher_path, path, options.seed, options.steps, progress=update).artifact
    done("finetune", f"{path}: mean return {artifact.metrics.final_reward:.1f} (MEASURED)")
    return load_training(path)

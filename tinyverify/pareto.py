"""Students of several widths beside their teacher: return, bytes, worst-case cycles, agreement. How to choose a size.

Returns and agreement are MEASURED over the same episodes and states for every row; bytes are those of the linked
firmware; cycles are the bound of `wcet.total_cycles`, under the timing model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyverify.artifacts.training import Training, load_training
from tinyverify.engines.reward.episodes import EmittedC, float_policy, returns
from tinyverify.finetune import STATES, STATES_SEED, certified_error, finetune
from tinyverify.obligations.wcet import operation_table
from tinyverify.pretrained import artifact_path
from tinyverify.quantize.quantize import quantize
from tinyverify.size_report import size_report
from tinyverify.train.divergence import AGREEMENT_TOLERANCE
from tinyverify.train.environments import Environment
from tinyverify.train.evaluate import EVALUATION_EPISODES, EVALUATION_SEED, visited_states
from tinyverify.train.network import actor_from_tensors
from tinyverify.train.student import distill

SHIPPED_HIDDEN = 64


@dataclass(frozen=True)
class Point:
    """One int8 policy, `kind` "student" or "teacher" (also quantized).

    `reward`, `float_reward`: mean return of the emitted C and of the float32 network over `EVALUATION_EPISODES`;
    `agreement`: with the float32 teacher, on states that it visits; `certified`: largest certified error in logits.
    """

    environment: str
    kind: str
    hidden: int
    reward: float
    float_reward: float
    flash_bytes: int
    cycles: int
    agreement: float
    certified: float


def points(
    environment: Environment, widths: Sequence[int], folder: Path, seed: int, note: Callable[[str], None]
) -> list[Point]:
    """The shipped teacher and a student of each width, distilled and fine-tuned into `folder`; 64 is the shipped one.

    Students that lie there already are taken as they are.
    Raises MissingExtra without the train extra, CompilerMissing, BuildError, ArtifactError, NotUnderstood.
    """
    folder.mkdir(parents=True, exist_ok=True)
    teacher_path = artifact_path(environment.name, "teacher")
    teacher = load_training(teacher_path)
    states, _ = visited_states(actor_from_tensors(teacher.tensors), environment, STATES, STATES_SEED)
    found = []
    for hidden in widths:
        path = folder / f"{environment.name}-{hidden}.json"
        if hidden == SHIPPED_HIDDEN and seed == 0:
            path = artifact_path(environment.name, "student")
        elif not path.exists():
            distilled = folder / f"{environment.name}-{hidden}-distilled.json"
            distill(teacher_path, hidden, distilled, seed)
            finetune(distilled, teacher_path, path, seed)
        found.append(_point(environment, "student", load_training(path), teacher, states))
        note(f"{environment.name}, {hidden} hidden units: mean return {found[-1].reward:.1f}")
    return [*found, _point(environment, "teacher", teacher, teacher, states)]


def _point(environment: Environment, kind: str, training: Training, teacher: Training, states: np.ndarray) -> Point:
    policy = quantize(training)
    emitted = EmittedC(policy)
    seeds = range(EVALUATION_SEED, EVALUATION_SEED + EVALUATION_EPISODES)
    actions, wanted = emitted(states), float_policy(teacher, environment)(states)
    if environment.discrete:
        same = actions == wanted
    else:
        same = np.abs(actions - wanted)[:, 0] < AGREEMENT_TOLERANCE * environment.action_bound
    rows = {row.name: row.used for row in size_report(policy).rows}
    return Point(
        environment.name,
        kind,
        training.artifact.config.hidden_dim,
        float(returns(emitted, environment, seeds).mean()),
        float(returns(float_policy(training, environment), environment, seeds).mean()),
        int(rows["flash: total"]),
        operation_table(policy).cycles,
        float(same.mean()),
        float(certified_error(policy, training).max()),
    )

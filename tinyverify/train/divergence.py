"""How far a student is from its teacher: KL at a temperature, and how often they take the same action.

Float64 numpy, for reporting; `student` states the same divergence in torch, and a test holds the two together.
Measured over given states, no claim about others.
"""

from __future__ import annotations

import numpy as np

from tinyverify.train.environments import Environment
from tinyverify.train.network import LOG_STD_HIGH, LOG_STD_LOW

# Two continuous actions agree when they differ by less than this share of action_bound.
AGREEMENT_TOLERANCE = 0.05


def kl_divergence(teacher: np.ndarray, student: np.ndarray, environment: Environment, temperature: float) -> float:
    """Mean KL(teacher || student) in nats over states, from outputs [n, outputs] of both.

    Discrete: of softmax(logits / temperature). Continuous: of the normal distributions before tanh (tanh is a
    bijection, so the KL of the actions is the same), tempered as the softmax is: the density to the power
    1 / temperature is a normal one with variance temperature * std^2.
    """
    t, s = np.asarray(teacher, np.float64), np.asarray(student, np.float64)
    if environment.discrete:
        log_p, log_q = _log_softmax(t / temperature), _log_softmax(s / temperature)
        return float((np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean())
    log_p, log_q = (np.clip(outputs[:, 1], LOG_STD_LOW, LOG_STD_HIGH) for outputs in (t, s))
    square = np.exp(2 * (log_p - log_q)) + (t[:, 0] - s[:, 0]) ** 2 / (temperature * np.exp(2 * log_q))
    return float((log_q - log_p + 0.5 * (square - 1)).mean())


def agreement(teacher: np.ndarray, student: np.ndarray, environment: Environment) -> float:
    """Share of states, from outputs [n, outputs], in which the greedy actions agree.

    Discrete: the same action. Continuous: apart by less than 5 % of action_bound.
    """
    if environment.discrete:
        return float((teacher.argmax(axis=-1) == student.argmax(axis=-1)).mean())
    apart = np.abs(np.tanh(np.float64(teacher[:, 0])) - np.tanh(np.float64(student[:, 0])))
    return float((apart < AGREEMENT_TOLERANCE).mean())


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

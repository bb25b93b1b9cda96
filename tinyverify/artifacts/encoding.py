"""Base64 arrays and float32 numbers inside JSON, checked to the byte."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Annotated

import numpy as np
from pydantic import AfterValidator


def encode(array: np.ndarray, dtype: str) -> str:
    """Base64 of `array` as little-endian `dtype` ("i1", "<f4", ...), C order."""
    return base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode()


def decode(text: str, dtype: str, count: int) -> np.ndarray:
    """`count` little-endian elements of `dtype` from base64. Raises ValueError on bad base64 or length."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"is not base64: {error}") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("is not canonical base64 (stray bits in the last character)")
    expected = count * np.dtype(dtype).itemsize
    if len(data) != expected:
        raise ValueError(f"holds {len(data)} bytes, expected {expected}")
    return np.frombuffer(data, dtype=dtype)


def _float32(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("is not finite")
    if float(np.float32(value)) != value:
        raise ValueError(f"{value!r} is not a float32 number")
    return value


def _positive(value: float) -> float:
    if not value > 0:
        raise ValueError(f"{value!r} is not positive")
    return value


Float32 = Annotated[float, AfterValidator(_float32)]
Scale = Annotated[float, AfterValidator(_float32), AfterValidator(_positive)]

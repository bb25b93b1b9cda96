"""`QuantizedPolicyBin`: the contract of a quantized policy, and `Policy`, its decoded form.

Serves `integrity.*`; every other obligation reads the decoded `Policy`. Everything that a file can get wrong is
refused here, with the field named. What the numbers imply is for the obligations to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tinyverify.artifacts.encoding import Float32, Scale, decode
from tinyverify.artifacts.errors import ArtifactError, from_validation
from tinyverify.artifacts.files import canonical_json, read_model, sha256
from tinyverify.artifacts.layout import MemoryLayout, layout_fault
from tinyverify.semantics.requantize import MULTIPLIER_MAX, MULTIPLIER_MIN, SHIFT_MAX, SHIFT_MIN, RoundingMode

POLICY_SCHEMA = "tinyverify.policy/1"
DISCRETE_TABLES = ("exp",)
CONTINUOUS_TABLES = ("std", "gauss", "tanh")
SCALE_MIN, SCALE_MAX = 2.0**-40, 2.0**40
# The kernels' contracts (tv_kernels.h) ask for it; n products of a row stay within n * 2^14, far below 2^31.
MAX_FEATURES = 4096
SHAPE_LIMIT = (
    f"the kernels take rows and columns of 1 to {MAX_FEATURES} (dense_s8.acc_no_overflow, whose bound a row of "
    f"{MAX_FEATURES} products of int8 keeps; dense_s8.well_shaped)"
)


def check_features(value: object) -> object:
    """Refuse a number of features that the kernels do not take, before the type's own check, saying why."""
    if isinstance(value, int) and not 1 <= value <= MAX_FEATURES:
        raise ValueError(f"is {value}; {SHAPE_LIMIT}")
    return value


Int8 = Annotated[int, Field(ge=-128, le=127)]
Int32 = Annotated[int, Field(ge=-(1 << 31), le=(1 << 31) - 1)]
Multiplier = Annotated[int, Field(ge=MULTIPLIER_MIN, le=MULTIPLIER_MAX)]
Shift = Annotated[int, Field(ge=SHIFT_MIN, le=SHIFT_MAX)]
Features = Annotated[int, Field(ge=1, le=MAX_FEATURES), BeforeValidator(check_features)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class InputQuantization(_Model):
    """Per observation feature: float32 scale, its float32 reciprocal, int8 zero point, and the observation box."""

    scale: tuple[Scale, ...]
    inv_scale: tuple[Scale, ...]
    zero_point: tuple[Int8, ...]
    low: tuple[Float32, ...]
    high: tuple[Float32, ...]


class Layer(_Model):
    """One dense layer. `multiplier`, `shift` are empty for the last one, whose accumulators are the outputs.

    `input_scale`, `output_scale`: float32 units of one code; the last layer does not use `output_scale`, which is 1.
    """

    in_features: Features
    out_features: Features
    bias: tuple[Int32, ...]
    multiplier: tuple[Multiplier, ...]
    shift: tuple[Shift, ...]
    input_scale: Scale
    output_scale: Scale
    output_zero_point: Int8


class DiscreteHead(_Model):
    """`softmax_lut` over the actions: one requantizer for the differences, in units of `difference_scale` logits."""

    kind: Literal["discrete"]
    multiplier: tuple[Multiplier]
    shift: tuple[Shift]
    zero_point: tuple[Literal[-128]]
    difference_scale: Scale


class ContinuousHead(_Model):
    """`sample` of a squashed Gaussian: requantizers for mean and log_std, one for the noise, and the table scales."""

    kind: Literal["continuous"]
    multiplier: tuple[Multiplier, Multiplier]
    shift: tuple[Shift, Shift]
    zero_point: tuple[Int8, Int8]
    output_scale: tuple[Scale, Scale]
    noise_multiplier: Multiplier
    noise_shift: Shift
    std_scale: Scale
    gauss_scale: Scale
    action_scale: Scale


class Provenance(_Model):
    """Which training artifact this policy was made from, and with what."""

    training_hash: Sha256
    tensors_hash: Sha256
    calibration_states: int = Field(ge=0)
    tool: str = Field(max_length=200)


class QuantizedPolicyBin(_Model):
    """The file `policy.json`. Arrays in base64 are little-endian; docs/reference/schemas has every field."""

    schema_version: Literal["tinyverify.policy/1"]
    environment: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    rounding: RoundingMode
    weights_int8: str
    scales: str
    lut_tables: str
    memory_layout: MemoryLayout
    input: InputQuantization
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=8)]
    logit_scale: tuple[Scale, ...]
    head: DiscreteHead | ContinuousHead = Field(discriminator="kind")
    provenance: Provenance
    policy_hash: Sha256

    @model_validator(mode="after")
    def _consistent(self) -> QuantizedPolicyBin:
        for field, message in _faults(self):
            raise ValueError(f"{field}: {message}")
        return self


@dataclass(frozen=True)
class DenseLayer:
    """A decoded layer: `weight` int8 [out, in], `weight_scale` float32 [out], `bias` int32 [out], `multiplier` and
    `shift` int32 [out] (empty in the last layer), `output_zero_point` also the lower clamp (ReLU)."""

    weight: np.ndarray
    weight_scale: np.ndarray
    bias: np.ndarray
    multiplier: np.ndarray
    shift: np.ndarray
    input_scale: float
    output_scale: float
    output_zero_point: int


@dataclass(frozen=True)
class Policy:
    """A decoded policy: numpy arrays under the names of docs/semantics.md, and the file it came from."""

    file: QuantizedPolicyBin
    environment: str
    rounding: RoundingMode
    inv_scale: np.ndarray  # float32 [obs_dim]
    input_zero_point: np.ndarray  # int8 [obs_dim]
    layers: tuple[DenseLayer, ...]
    logit_scale: np.ndarray  # float32 [outputs]
    head: DiscreteHead | ContinuousHead
    tables: dict[str, np.ndarray]  # int8 [256] each
    layout: MemoryLayout

    @property
    def obs_dim(self) -> int:
        return self.layers[0].weight.shape[1]

    @property
    def outputs(self) -> int:
        return self.layers[-1].weight.shape[0]

    @property
    def discrete(self) -> bool:
        return self.head.kind == "discrete"

    @property
    def hash(self) -> str:
        return self.file.policy_hash


def table_names(kind: str) -> tuple[str, ...]:
    """Names of the 256-byte tables of a head, in the order in which `lut_tables` holds them."""
    return DISCRETE_TABLES if kind == "discrete" else CONTINUOUS_TABLES


def policy_hash(content: dict) -> str:
    """SHA-256 over the canonical JSON of a policy without its own `policy_hash`."""
    return sha256(canonical_json({key: value for key, value in content.items() if key != "policy_hash"}))


def load_policy(path: Path) -> Policy:
    """Read, validate and decode `policy.json`. Raises ArtifactError naming file and field."""
    return decode_policy(read_model(Path(path), QuantizedPolicyBin))


def policy_from_content(path: Path, content: dict) -> Policy:
    """Validate and decode policy `content` (without or with `policy_hash`); `path` is for the message only."""
    content = {**content, "policy_hash": policy_hash(content)}
    try:
        return decode_policy(QuantizedPolicyBin.model_validate_json(canonical_json(content)))
    except ValidationError as error:
        raise from_validation(path, error) from error


def decode_policy(file: QuantizedPolicyBin) -> Policy:
    """The arrays of a validated policy file."""
    shapes = [(layer.out_features, layer.in_features) for layer in file.layers]
    weights = decode(file.weights_int8, "i1", sum(o * i for o, i in shapes))
    scales = decode(file.scales, "<f4", sum(o for o, _ in shapes))
    names = table_names(file.head.kind)
    tables = decode(file.lut_tables, "i1", 256 * len(names)).reshape(len(names), 256)
    layers, at, row = [], 0, 0
    for layer, (out_features, in_features) in zip(file.layers, shapes, strict=True):
        size = out_features * in_features
        layers.append(
            DenseLayer(
                weight=weights[at : at + size].reshape(out_features, in_features),
                weight_scale=scales[row : row + out_features],
                bias=np.array(layer.bias, np.int32),
                multiplier=np.array(layer.multiplier, np.int32),
                shift=np.array(layer.shift, np.int32),
                input_scale=layer.input_scale,
                output_scale=layer.output_scale,
                output_zero_point=layer.output_zero_point,
            )
        )
        at, row = at + size, row + out_features
    return Policy(
        file=file,
        environment=file.environment,
        rounding=file.rounding,
        inv_scale=np.array(file.input.inv_scale, np.float32),
        input_zero_point=np.array(file.input.zero_point, np.int8),
        layers=tuple(layers),
        logit_scale=np.array(file.logit_scale, np.float32),
        head=file.head,
        tables=dict(zip(names, tables, strict=True)),
        layout=file.memory_layout,
    )


def check_policy_hash(path: Path, policy: Policy, expected: str, field: str) -> None:
    """Raise ArtifactError if `policy` is not the one whose hash the field `field` of `path` names."""
    if policy.hash != expected:
        raise ArtifactError(path, field, f"names policy {expected[:12]}..., the policy's hash is {policy.hash[:12]}...")


def _faults(file: QuantizedPolicyBin):
    """Yield (field, message) for what the types alone do not exclude."""
    obs_dim = file.layers[0].in_features
    for name in ("scale", "inv_scale", "zero_point", "low", "high"):
        count = len(getattr(file.input, name))
        if count != obs_dim:
            yield f"input.{name}", f"has {count} entries, the first layer takes {obs_dim}"
    for index, (low, high) in enumerate(zip(file.input.low, file.input.high, strict=False)):
        if not low < high:
            yield f"input.low.{index}", f"{low!r} is not below input.high.{index} = {high!r}"
    last = len(file.layers) - 1
    for index, layer in enumerate(file.layers):
        field = f"layers.{index}"
        requantizers = 0 if index == last else layer.out_features
        for name, count in (("bias", layer.out_features), ("multiplier", requantizers), ("shift", requantizers)):
            if len(getattr(layer, name)) != count:
                yield f"{field}.{name}", f"has {len(getattr(layer, name))} entries, expected {count}"
        if index and layer.in_features != file.layers[index - 1].out_features:
            yield (
                f"{field}.in_features",
                (f"is {layer.in_features}, the layer before gives {file.layers[index - 1].out_features}"),
            )
    outputs = file.layers[-1].out_features
    if len(file.logit_scale) != outputs:
        yield "logit_scale", f"has {len(file.logit_scale)} entries, the last layer gives {outputs}"
    if file.head.kind == "continuous" and outputs != 2:
        yield "layers", f"a continuous head takes mean and log_std, the last layer gives {outputs} outputs"
    if file.head.kind == "discrete" and (outputs < 2 or len(set(file.logit_scale)) > 1):
        yield "logit_scale", "a discrete head needs at least two actions with one common scale"
    yield from _array_faults(file)
    for field, values in _scales(file):
        for index, value in enumerate(values):
            if not SCALE_MIN <= value <= SCALE_MAX:
                yield f"{field}.{index}", f"{value!r} lies outside [2^-40, 2^40]"
    fault = layout_fault(file.memory_layout)
    if fault:
        yield f"memory_layout.{fault[0]}", fault[1]
    expected = policy_hash(file.model_dump(mode="json"))
    if file.policy_hash != expected:
        yield "policy_hash", f"is {file.policy_hash[:12]}..., the content hashes to {expected[:12]}..."


def _array_faults(file: QuantizedPolicyBin):
    weights = sum(layer.out_features * layer.in_features for layer in file.layers)
    channels = sum(layer.out_features for layer in file.layers)
    tables = 256 * len(table_names(file.head.kind))
    for name, dtype, count in (
        ("weights_int8", "i1", weights),
        ("scales", "<f4", channels),
        ("lut_tables", "i1", tables),
    ):
        try:
            array = decode(getattr(file, name), dtype, count)
        except ValueError as error:
            yield name, str(error)
            continue
        if dtype == "<f4" and not bool(np.all(np.isfinite(array) & (array >= SCALE_MIN) & (array <= SCALE_MAX))):
            bad = int(np.flatnonzero(~(np.isfinite(array) & (array >= SCALE_MIN) & (array <= SCALE_MAX)))[0])
            yield f"{name}.{bad}", f"{float(array[bad])!r} lies outside [2^-40, 2^40]"


def _scales(file: QuantizedPolicyBin):
    yield "input.scale", file.input.scale
    yield "input.inv_scale", file.input.inv_scale
    yield "logit_scale", file.logit_scale
    for name in ("difference_scale", "std_scale", "gauss_scale", "action_scale"):
        if hasattr(file.head, name):
            yield f"head.{name}", (getattr(file.head, name),)

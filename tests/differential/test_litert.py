"""`double_ties_up` against LiteRT without default delegates: 0 differences over a million outputs, both quantizations.

A fully connected int8 layer is built as a .tflite by hand, once with one weight scale for the tensor and once with
one per channel, and run on random and on tie-seeking inputs.
"""

from __future__ import annotations

from fractions import Fraction

import flatbuffers
import numpy as np
import pytest
import tflite
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from tinyverify.quantize.fixed_point import fixed_point
from tinyverify.semantics.dense_s8 import dense_s8
from tinyverify.semantics.requantize import RoundingMode, requantize

BATCH, IN, OUT = 4096, 24, 256  # 1,048,576 outputs


def _vector(builder: flatbuffers.Builder, start, values, prepend) -> int:
    start(builder, len(values))
    for value in reversed(values):
        prepend(value)
    return builder.EndVector()


def _quantization(builder, scales, zero_points) -> int:
    scale = _vector(builder, tflite.QuantizationParametersStartScaleVector, scales, builder.PrependFloat32)
    zero = _vector(builder, tflite.QuantizationParametersStartZeroPointVector, zero_points, builder.PrependInt64)
    tflite.QuantizationParametersStart(builder)
    tflite.QuantizationParametersAddScale(builder, scale)
    tflite.QuantizationParametersAddZeroPoint(builder, zero)
    tflite.QuantizationParametersAddQuantizedDimension(builder, 0)
    return tflite.QuantizationParametersEnd(builder)


def _tensor(builder, name, shape, kind, buffer, scales, zero_points) -> int:
    label = builder.CreateString(name)
    dims = _vector(builder, tflite.TensorStartShapeVector, shape, builder.PrependInt32)
    quantization = _quantization(builder, scales, zero_points)
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, dims)
    tflite.TensorAddType(builder, kind)
    tflite.TensorAddBuffer(builder, buffer)
    tflite.TensorAddName(builder, label)
    tflite.TensorAddQuantization(builder, quantization)
    return tflite.TensorEnd(builder)


def _model(weight, bias, scale_in, zero_in, weight_scales, scale_out, zero_out) -> bytes:
    builder = flatbuffers.Builder(1 << 16)
    data = [b"", weight.astype(np.int8).tobytes(), bias.astype("<i4").tobytes(), b"", b""]
    buffers = []
    for content in data:
        payload = builder.CreateByteVector(content) if content else None
        tflite.BufferStart(builder)
        if payload is not None:
            tflite.BufferAddData(builder, payload)
        buffers.append(tflite.BufferEnd(builder))
    bias_scales = [float(np.float32(np.float32(scale_in) * s)) for s in weight_scales]
    channels = [0] * len(weight_scales)
    i8, i32 = tflite.TensorType.INT8, tflite.TensorType.INT32
    tensors = [
        _tensor(builder, "x", [BATCH, IN], i8, 3, [scale_in], [zero_in]),
        _tensor(builder, "w", [OUT, IN], i8, 1, [float(s) for s in weight_scales], channels),
        _tensor(builder, "b", [OUT], i32, 2, bias_scales, channels),
        _tensor(builder, "y", [BATCH, OUT], i8, 4, [scale_out], [zero_out]),
    ]
    tflite.FullyConnectedOptionsStart(builder)
    options = tflite.FullyConnectedOptionsEnd(builder)
    inputs = _vector(builder, tflite.OperatorStartInputsVector, [0, 1, 2], builder.PrependInt32)
    outputs = _vector(builder, tflite.OperatorStartOutputsVector, [3], builder.PrependInt32)
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, 0)
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    tflite.OperatorAddBuiltinOptionsType(builder, tflite.BuiltinOptions.FullyConnectedOptions)
    tflite.OperatorAddBuiltinOptions(builder, options)
    operator = tflite.OperatorEnd(builder)
    graph_tensors = _vector(builder, tflite.SubGraphStartTensorsVector, tensors, builder.PrependUOffsetTRelative)
    graph_in = _vector(builder, tflite.SubGraphStartInputsVector, [0], builder.PrependInt32)
    graph_out = _vector(builder, tflite.SubGraphStartOutputsVector, [3], builder.PrependInt32)
    operators = _vector(builder, tflite.SubGraphStartOperatorsVector, [operator], builder.PrependUOffsetTRelative)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, graph_tensors)
    tflite.SubGraphAddInputs(builder, graph_in)
    tflite.SubGraphAddOutputs(builder, graph_out)
    tflite.SubGraphAddOperators(builder, operators)
    graph = tflite.SubGraphEnd(builder)
    fully_connected = tflite.BuiltinOperator.FULLY_CONNECTED
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, fully_connected)
    tflite.OperatorCodeAddBuiltinCode(builder, fully_connected)
    tflite.OperatorCodeAddVersion(builder, 4)
    code = tflite.OperatorCodeEnd(builder)
    codes = _vector(builder, tflite.ModelStartOperatorCodesVector, [code], builder.PrependUOffsetTRelative)
    graphs = _vector(builder, tflite.ModelStartSubgraphsVector, [graph], builder.PrependUOffsetTRelative)
    all_buffers = _vector(builder, tflite.ModelStartBuffersVector, buffers, builder.PrependUOffsetTRelative)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddOperatorCodes(builder, codes)
    tflite.ModelAddSubgraphs(builder, graphs)
    tflite.ModelAddBuffers(builder, all_buffers)
    builder.Finish(tflite.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def _litert(model: bytes, x: np.ndarray) -> np.ndarray:
    interpreter = Interpreter(
        model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    )
    interpreter.allocate_tensors()
    assert not any("DELEGATE" in d["op_name"].upper() for d in interpreter._get_ops_details())
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x.astype(np.int8))
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def _case(per_channel: bool):
    """A layer whose accumulators hit many ties: scales near powers of two, and small weights beside large ones."""
    rng = np.random.default_rng(11)
    x = rng.integers(-128, 128, (BATCH, IN))
    weight = rng.integers(-127, 128, (OUT, IN))
    weight[::3] = rng.integers(-4, 5, weight[::3].shape)
    bias = rng.integers(-20_000, 20_000, OUT)
    scale_in, scale_out = np.float32(1 / 32), np.float32(0.25)
    if per_channel:
        scales = np.exp2(rng.integers(-9, -2, OUT)).astype(np.float32)
        scales[1::2] *= rng.uniform(0.6, 1.4, OUT // 2).astype(np.float32)
        real = [float(np.float64(scale_in) * np.float64(s) / np.float64(scale_out)) for s in scales]
    else:
        scales = np.float32([1 / 64])
        real = [float(np.float64(np.float32(scale_in * scales[0])) / np.float64(scale_out))] * OUT
    return x, weight, bias, scale_in, scales, scale_out, [fixed_point(Fraction(value)) for value in real]


@pytest.mark.parametrize("per_channel", [False, True], ids=["per tensor", "per channel"])
def test_no_difference_over_a_million_outputs(per_channel):
    x, weight, bias, scale_in, scales, scale_out, fixed = _case(per_channel)
    zero_in, zero_out = 5, -9
    got = _litert(_model(weight, bias, float(scale_in), zero_in, scales, float(scale_out), zero_out), x)
    folded = bias - zero_in * weight.sum(axis=1)
    acc = dense_s8(x, weight, folded)
    multiplier, shift = (np.array(v) for v in zip(*fixed, strict=True))
    expected = requantize(acc, multiplier, shift, zero_out, mode=RoundingMode.DOUBLE_TIES_UP)
    assert got.size >= 1_000_000
    assert len(np.unique(got)) > 200, "the outputs do not spread over int8"
    np.testing.assert_array_equal(got, expected)
    # The test could tell the modes apart: another rounding differs on these very inputs.
    assert np.any(requantize(acc, multiplier, shift, zero_out, mode=RoundingMode.DOUBLE_TIES_AWAY) != expected)

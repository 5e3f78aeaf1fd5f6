"""Writes safetensors and JSON files."""

import json
import math
import struct

from .packages import Wrong


def write_safetensors(path, tensors):
    """tensors: name → (dtype, shape, bytes), little-endian and row-major."""
    header, offset, names = {"__metadata__": {"format": "pt"}}, 0, sorted(tensors)
    for name in names:
        dtype, shape, content = tensors[name]
        if math.prod(shape) * {"F32": 4, "F16": 2}[dtype] != len(content):
            raise Wrong(f"tensor {name} has {len(content)} bytes, which is not {shape} of {dtype}")
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + len(content)]}
        offset += len(content)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in names:
            file.write(tensors[name][2])


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

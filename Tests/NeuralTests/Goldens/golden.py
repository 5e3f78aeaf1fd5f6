"""Shared by the scripts that make the reference outputs: repeatable inputs, and safetensors files read and written with nothing but numpy."""
import json
import pathlib
import struct

import numpy as np


class SeededNumbers:
    """SplitMix64, as Tests/NeuralTests/SeededNumbers.swift has it."""

    def __init__(self, seed):
        self.state = np.uint64(seed)

    def next(self, count):
        with np.errstate(over="ignore"):
            steps = np.arange(1, count + 1, dtype=np.uint64)
            z = self.state + steps * np.uint64(0x9E3779B97F4A7C15)
            self.state = z[-1]
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            return z ^ (z >> np.uint64(31))

    def floats(self, count):
        return (self.next(count) >> np.uint64(40)).astype(np.float32) / np.float32(8388608) - np.float32(1)


def picture(seed, side=224):
    """[3, side, side] uint8: per plane two triangle waves and a little noise, then twelve rectangles. Integer arithmetic only."""
    numbers = SeededNumbers(seed)
    planes = np.zeros((3, side, side), np.int64)
    y, x = np.mgrid[0:side, 0:side].astype(np.int64)
    for plane in range(3):
        a, b, c, d, p, q = (int(v % np.uint64(m)) for v, m in zip(numbers.next(6), (9, 9, 9, 9, 300, 90)))
        p, q = p + 40, q + 16
        first = np.abs((a * x + b * y) % p - p // 2) * 255 // p
        second = np.abs((c * x + d * (side - 1 - y)) % q - q // 2) * 255 // q
        noise = (numbers.next(side * side) % np.uint64(24)).astype(np.int64).reshape(side, side)
        planes[plane] = np.minimum(255, first + second + noise)
    for _ in range(12):
        left, top, width, height, red, green, blue = (int(v) for v in numbers.next(7) % np.uint64(256))
        for plane, value in enumerate((red, green, blue)):
            planes[plane, top % side : top % side + height // 4, left % side : left % side + width // 4] = value
    return planes.astype(np.uint8)


KINDS = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


def load(path):
    """The tensors of a safetensors file."""
    content = pathlib.Path(path).read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    entries = {name: entry for name, entry in json.loads(content[8:start]).items() if name != "__metadata__"}
    return {
        name: np.frombuffer(content[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], KINDS[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in entries.items()
    }


def save(path, tensors, metadata):
    """Writes numpy arrays (float32, float16, int64) as a safetensors file."""
    kinds = {np.dtype(kind): name for name, kind in KINDS.items()}
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        array = np.ascontiguousarray(array)
        header[name] = {"dtype": kinds[array.dtype], "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)

"""Reads what an ONNX file says of its weights: the nodes and the constants, out of the protobuf messages, and nothing else."""

from .packages import Wrong

# Field numbers of onnx.proto, version 3.
GRAPH, NODE, INITIALIZER = 7, 1, 5
INPUT, OUTPUT, NAME, OPERATOR = 1, 2, 3, 4
DIMS, KIND, TENSOR_NAME, RAW, EXTERNAL, LOCATION = 1, 2, 8, 9, 13, 14
FLOAT = 1


def _varint(content, at):
    value = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise Wrong("the ONNX file ends inside a number")
        value |= (content[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if content[at - 1] < 0x80:
            return value, at


def _fields(content):
    """(number, value) of every field of one message: whole numbers and byte strings."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(content, at)
        elif kind in (1, 2, 5):
            length = {1: 8, 5: 4}.get(kind)
            if length is None:
                length, at = _varint(content, at)
            value, at = content[at : at + length], at + length
            if at > len(content):
                raise Wrong("the ONNX file ends inside a field")
        else:
            raise Wrong(f"the ONNX file has a field of wire type {kind}")
        yield number, value


def _texts(content, number):
    return [value.decode() for field, value in _fields(content) if field == number]


def read_onnx(model, data):
    """The nodes, as (operator, name, inputs, outputs) in order, and name → (shape, bytes) of the float constants.

    data: what lies in the one file beside the model that holds the larger constants.
    """
    nodes, constants = [], {}
    graphs = [value for number, value in _fields(model) if number == GRAPH]
    if len(graphs) != 1:
        raise Wrong("the ONNX file holds no graph")
    for number, value in _fields(graphs[0]):
        if number == NODE:
            nodes.append((_texts(value, OPERATOR)[0], (_texts(value, NAME) or [""])[0], _texts(value, INPUT), _texts(value, OUTPUT)))
        elif number == INITIALIZER:
            name, tensor = _constant(value, data)
            if tensor is not None:
                constants[name] = tensor
    return nodes, constants


def _constant(content, data):
    shape, kind, name, raw, external = [], 0, "", b"", {}
    for number, value in _fields(content):
        if number == DIMS and isinstance(value, int):
            shape.append(value)
        elif number == DIMS:
            at = 0
            while at < len(value):
                size, at = _varint(value, at)
                shape.append(size)
        elif number == KIND:
            kind = value
        elif number == TENSOR_NAME:
            name = value.decode()
        elif number == RAW:
            raw = value
        elif number == EXTERNAL:
            entry = dict(_fields(value))
            external[entry[1].decode()] = entry[2].decode()
    if kind != FLOAT:
        return name, None
    if external:
        offset, length = int(external.get("offset", 0)), int(external["length"])
        raw = data[offset : offset + length]
        if len(raw) != length:
            raise Wrong(f"the constant {name} lies outside the file beside the ONNX file")
    return name, (shape, raw)

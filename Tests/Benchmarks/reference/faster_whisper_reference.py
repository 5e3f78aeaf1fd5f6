#!/usr/bin/env python3
"""Transcribes WAV files with faster-whisper in float32 on one thread, in the output format of `Benchmarks speech`.

faster_whisper_reference.py MODEL FILE.wav... [--beam N] [--words] [--language CODE] > OUT.json

MODEL is a CTranslate2 folder. Needs faster-whisper (1.2.1 was used, with ctranslate2 4.8.5). Processor time is that of the whole process.
"""
import argparse
import json
import os
import time
import wave

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402
from faster_whisper import WhisperModel  # noqa: E402


def samples(path):
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2), path
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--language")
    arguments = parser.parse_args()
    model = WhisperModel(arguments.model, device="cpu", compute_type="float32", cpu_threads=1)
    results = []
    for path in arguments.files:
        audio = samples(path)
        before = time.process_time()
        found, about = model.transcribe(
            audio, beam_size=arguments.beam, language=arguments.language, word_timestamps=arguments.words, condition_on_previous_text=False
        )
        segments = list(found)
        spent = time.process_time() - before
        length = len(audio) / 16000
        words = [
            {"text": word.word.strip(), "start": float(word.start), "end": float(word.end), "probability": float(word.probability)}
            for segment in segments
            for word in segment.words or []
        ]
        results.append(
            {
                "file": path,
                "audioSeconds": length,
                "cpuSeconds": spent,
                "cpuPerAudioSecond": spent / length,
                "language": about.language,
                "text": " ".join(segment.text.strip() for segment in segments),
                "words": words,
            }
        )
    print(json.dumps(results, indent=1))


main()

#!/usr/bin/env python3
"""Cuts transcribed speech into WAV files and lists them: the input of the word error rates in docs/speech.md.

speech_clips.py OUT [--librivox DIR] [--media DIR --boundaries FILE] [--margin SECONDS]

OUT gets one 16 kHz mono WAV file for each utterance and clips.jsonl, one {"file", "text"} for each line.
--librivox is a folder with "transcription" and WAV files, as Debian's pocketsphinx-testdata has it.
--boundaries is a JSON object: media file name -> {"events": [{"kind": "speech", "id", "start", "end", "text"}, ...]}.
"""
import argparse
import json
import pathlib
import re
import subprocess


def cut(source, target, start=None, end=None):
    span = [] if start is None else ["-ss", f"{max(0, start):.3f}", "-t", f"{end - max(0, start):.3f}"]
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source), *span, "-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", str(target)]
    subprocess.run(command, check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--librivox", type=pathlib.Path)
    parser.add_argument("--media", type=pathlib.Path)
    parser.add_argument("--boundaries", type=pathlib.Path)
    parser.add_argument("--margin", type=float, default=0.3)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    clips = []
    if arguments.librivox:
        for line in (arguments.librivox / "transcription").read_text().splitlines():
            text, name = re.fullmatch(r"<s> (.*) </s> \((.*)\)", line.strip()).groups()
            target = arguments.out / f"librivox_{name[-4:]}.wav"
            cut(arguments.librivox / f"{name}.wav", target)
            clips.append({"file": str(target), "text": text})
    if arguments.boundaries:
        for media, truth in json.loads(arguments.boundaries.read_text()).items():
            for event in truth["events"]:
                if event.get("kind") != "speech" or not event.get("text"):
                    continue
                target = arguments.out / f"{pathlib.Path(media).stem}_{event['id']}.wav"
                cut(arguments.media / media, target, event["start"] - arguments.margin, event["end"] + arguments.margin)
                clips.append({"file": str(target), "text": event["text"]})
    with open(arguments.out / "clips.jsonl", "w") as listing:
        for clip in clips:
            listing.write(json.dumps(clip) + "\n")
    print(len(clips), "clips in", arguments.out)


main()

"""F1 of PySceneDetect's content and adaptive detectors on annotated files, scored as `afterimage bench boundaries` does.

Usage: scenedetect_boundaries.py boundaries.json FILE...   (pip install scenedetect opencv-python-headless)
"""
import json
import os
import sys

from scenedetect import AdaptiveDetector, ContentDetector, detect

TOLERANCE = 2.0


def hits(cuts, truths):
    count, following = 0, 0
    for cut in sorted(cuts):
        while following < len(truths) and truths[following] < cut - TOLERANCE:
            following += 1
        if following < len(truths) and truths[following] <= cut + TOLERANCE:
            count, following = count + 1, following + 1
    return count


def main():
    with open(sys.argv[1]) as file:
        annotations = json.load(file)
    for name, detector in (("content", ContentDetector), ("adaptive", AdaptiveDetector)):
        found, truths, right, files = 0, 0, 0, {}
        for path in sys.argv[2:]:
            base = os.path.basename(path)
            truth = sorted(shot["start"] for shot in annotations.get(base, {}).get("shots", []) if shot["start"] > 0)
            if not truth:
                continue
            scenes = detect(path, detector())
            start = scenes[0][0].seconds if scenes else 0
            cuts = [scene[0].seconds - start for scene in scenes[1:]]
            count = hits(cuts, truth)
            found, truths, right = found + len(cuts), truths + len(truth), right + count
            files[base] = round(2 * count / (len(cuts) + len(truth)), 3)
        print(f"{name:9} cuts {found:4} true {truths} hits {right}  precision {right / max(1, found):.3f}"
              f"  recall {right / truths:.3f}  F1 {2 * right / (found + truths):.3f}  {files}", flush=True)


if __name__ == "__main__":
    main()

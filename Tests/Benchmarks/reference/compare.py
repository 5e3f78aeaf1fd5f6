"""Runs a benchmark of ours and an ONNX Runtime session by turns, five rounds, one thread each, and prints processor time and ratio."""
import json
import statistics
import subprocess
import time

import onnxruntime


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def times(run, inputs, runs):
    """Milliseconds of this thread."""
    for _ in range(max(1, runs // 10)):
        run(None, inputs)
    found = []
    for _ in range(runs):
        start = time.thread_time()
        run(None, inputs)
        found.append(1000 * (time.thread_time() - start))
    return found


def compare(command, cases, runs=60, rounds=5):
    """`cases`: (session, inputs, share of runs) in the order of what `command` prints."""
    ours, theirs = [[] for _ in cases], [[] for _ in cases]
    for _ in range(rounds):
        printed = json.loads(subprocess.run(command + ["--runs", str(runs)], check=True, capture_output=True).stdout)
        for index, (case, result) in enumerate(zip(cases, printed, strict=True)):
            ours[index].append(result)
            theirs[index].append(times(case[0].run, case[1], max(1, int(runs * case[2]))))
    for mine, reference in zip(ours, theirs):
        a = statistics.median(result["medianMilliseconds"] for result in mine)
        b = statistics.median(statistics.median(found) for found in reference)
        print(json.dumps({
            "benchmark": mine[0]["benchmark"], "threads": 1, "rounds": rounds, "ours_ms": round(a, 2), "onnxruntime_ms": round(b, 2),
            "ratio": round(a / b, 3), "ours_best_ms": round(min(r["bestMilliseconds"] for r in mine), 2),
            "onnxruntime_best_ms": round(min(min(f) for f in reference), 2), "onnxruntime": onnxruntime.__version__,
        }))

#!/usr/bin/env python3
"""live-alerts.py PROGRAM FOLDER [--fast] [--each]: how often standing questions are answered, how soon, and how often for nothing.

FOLDER holds media/ and boundaries.json: for each file `duration`, `shots` (start, end, label) and `events` (kind, start, end, text).
Ten questions of each kind (seen, read, said, heard) are written from the annotation: a shot's label, the words of a line, the first words of a
sentence, a sound's name. Every file is replayed in real time into a pipe (four at a time), with --fast as
fast as it is watched, and followed with all forty questions, so that most of them are asked where they do not occur.
With --each every alert is printed too, with its confidence and whether it was right. An alert is right when it overlaps an event of its question by up to three seconds; one event counts once.
"""
import json, os, re, subprocess, sys, tempfile, time

program, folder = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
fast = "--fast" in sys.argv[3:]
slack, questions_of_each = 3.0, 10
truth = json.load(open(os.path.join(folder, "boundaries.json")))


def wanted(kind, text):
    if kind == "seen":
        return f"a {text}"
    if kind == "read":
        return f"the sign says {text}"
    if kind == "said":
        return "somebody says " + " ".join(re.findall(r"[\w']+", text)[:8])
    return "the sound of a " + re.sub(r"^x_|\d+$", "", text).replace("_", " ")


happenings = {}
for name, file in truth.items():
    found = [("seen", shot["label"], shot["start"], shot["end"]) for shot in file.get("shots", [])]
    kinds = {"text": "read", "speech": "said", "sound": "heard"}
    found += [(kinds[e["kind"]], e["text"], e["start"], e["end"]) for e in file.get("events", []) if e["kind"] in kinds]
    for kind, text, start, end in found:
        # An alert that asks about another moment is refused.
        if re.search(r"\b(after|before|while|during|between|when|as)\b", text, re.I): continue
        happenings.setdefault(kind, {}).setdefault(wanted(kind, text), []).append((name, start, end))
asked = {}
for kind, found in happenings.items():
    names = sorted(found)
    for index in range(min(questions_of_each, len(names))):
        asked[names[index * len(names) // min(questions_of_each, len(names))]] = kind


def follow(name):
    work = tempfile.mkdtemp(prefix="live-alerts-")
    pipe = os.path.join(work, "pipe")
    os.mkfifo(pipe)
    sender = subprocess.Popen(["ffmpeg", "-nostdin", "-y", "-loglevel", "error", *([] if fast else ["-re"]), "-i", os.path.join(folder, "media", name),
                               "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-f", "mpegts", pipe])
    output = open(os.path.join(work, "events"), "w+")
    command = [program, "tail", pipe, "--memory", os.path.join(work, "m.memory"), "--name", "s", "--json"]
    for question in asked:
        command += ["--alert", question]
    return name, sender, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL), output


def is_over(run):
    """When the sender has ended, or the file is remembered to its end, and nothing waits any more."""
    name, sender, tail, output = run
    if tail.poll() is not None:
        sys.exit(f"{name}: the tail ended by itself with {tail.returncode}")
    if sender.poll() is None:
        return False
    lines = [line for line in open(output.name) if '"event":"status"' in line]
    status = json.loads(lines[-1]) if lines and lines[-1].endswith("\n") else {}
    return status.get("rememberedSeconds", 0) >= truth[name]["duration"] - 3 and not any(status.get("depths", {}).values())


waiting, running, alerts = sorted(truth, key=lambda name: -truth[name]["duration"]), [], []
while waiting or running:
    while waiting and len(running) < 4:
        running.append(follow(waiting.pop(0)))
    time.sleep(2)
    for run in [run for run in running if is_over(run)]:
        name, sender, tail, output = run
        time.sleep(3)
        tail.terminate()
        tail.wait()
        running.remove(run)
        events = [json.loads(line) for line in open(output.name) if '"event":"alert"' in line]
        alerts += [(name, e["question"], e["start"], e["end"], e["delaySeconds"]) for e in events]
        if "--each" in sys.argv[3:]:
            for e in events:
                hits = [h for h in happenings[asked[e["question"]]][e["question"]] if h[0] == name and e["start"] <= h[2] + slack and e["end"] >= h[1] - slack]
                print(json.dumps({"file": name, "kind": asked[e["question"]], "right": bool(hits), **e}))

hours = sum(file["duration"] for file in truth.values()) / 3600
print(f"{'kind':6} {'asked':>5} {'events':>6} {'found':>5} {'alerts':>6} {'precision':>9} {'recall':>6} {'delay s':>7} {'false/h':>7}   "
      f"(false alarms of one question an hour)")
for kind in ("seen", "read", "said", "heard"):
    own = [question for question in asked if asked[question] == kind]
    if not own:
        continue
    right, found, delays, total = 0, set(), {}, 0
    for name, question, start, end, delay in alerts:
        if question not in own:
            continue
        total += 1
        hits = [e for e in happenings[kind][question] if e[0] == name and start <= e[2] + slack and end >= e[1] - slack]
        right += bool(hits)
        for hit in hits:
            found.add((question, hit))
            delays.setdefault((question, hit), delay + start - hit[1])
    events = sum(len(happenings[kind][question]) for question in own)
    middle = sorted(delays.values())[len(delays) // 2] if delays else float("nan")
    print(f"{kind:6} {len(own):5} {events:6} {len(found):5} {total:6} {right / total if total else float('nan'):9.2f} {len(found) / events:6.2f} "
          f"{middle:7.1f} {(total - right) / hours / len(own):7.2f}")

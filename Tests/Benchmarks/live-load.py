#!/usr/bin/env python3
"""live-load.py PROGRAM soak [--minutes M] [--questions] | overload [--streams N] [--seconds S]: many streams over loopback UDP in one tail.

soak: four streams (two with picture and sound, one silent, one sound only); every minute one of them is killed or frozen for some seconds.
With --questions another process asks one every second, in every other --block seconds (300), and lag and drops are told for both.
overload: N (8) streams at a time for S (60) seconds, then all but one are taken away for twice as long: what is left out must come back level by level,
and the sound that waits be worked off. Prints resident memory, lag, drops, what was left out and when, reconnects, and the time answers took.
Every stream shows a picture that changes and a sign, and says sixty different sentences in four voices with pauses between, two thirds of the time.
Run it as root in a network namespace: unshare -n bash -c 'ip link set lo up; exec Tests/Benchmarks/live-load.py ...'
"""
import argparse, json, os, random, shutil, signal, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument("program"); parser.add_argument("kind", choices=["soak", "overload"])
parser.add_argument("--minutes", type=float, default=60); parser.add_argument("--questions", action="store_true")
parser.add_argument("--block", type=float, default=300)
parser.add_argument("--streams", type=int, default=8); parser.add_argument("--seconds", type=float, default=60)
arguments = parser.parse_args()
program = os.path.realpath(arguments.program)
work = tempfile.mkdtemp(prefix="live-load-")
chance = random.Random(2026)
ffmpeg = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"]

# A picture that never stands still, a line of writing, and sentences with pauses: about four minutes, then again.
who = ["the mayor", "our reporter", "a farmer", "the museum", "the airline", "her brother"]
did = ["opened the new bridge", "found an old painting", "lost eleven sheep", "cancelled the concert", "moved to a bigger house"]
when = ["on Monday morning", "after the storm", "before the election", "without saying why", "for the second time this year", "in spite of the rain", "near the harbour"]
voices = ["en-us", "en-gb", "en-us+f3", "en-gb-scotland"]
combinations = [(a, b, c) for a in who for b in did for c in when]
with open(work + "/list", "w") as sounds:
    for number, (a, b, c) in enumerate(chance.sample(combinations, 60)):
        text = "The train to Oslo leaves from platform five at nine thirty." if number % 20 == 7 else f"{a.capitalize()} {b} {c}."
        subprocess.run(["espeak-ng", "-v", voices[number % 4], "-s", "150", "-w", f"{work}/said{number}.wav", text], check=True)
        pause = chance.uniform(0.8, 2.2)
        subprocess.run([*ffmpeg, "-i", f"{work}/said{number}.wav", "-af", f"apad=pad_dur={pause:.2f}", "-ar", "44100", f"{work}/part{number}.wav"], check=True)
        sounds.write(f"file '{work}/part{number}.wav'\n")
subprocess.run([*ffmpeg, "-f", "concat", "-safe", "0", "-i", work + "/list", "-c", "copy", work + "/speech.wav"], check=True)
# The deeper the zoom the slower it is drawn: twenty seconds of it, again and again.
subprocess.run([*ffmpeg, "-f", "lavfi", "-i", "mandelbrot=s=640x360:r=25", "-t", "20", "-c:v", "libx264", "-preset", "ultrafast", work + "/picture.mp4"], check=True)
subprocess.run([*ffmpeg, "-stream_loop", "-1", "-i", work + "/picture.mp4", "-i", work + "/speech.wav", "-map", "0:v", "-map", "1:a", "-shortest", "-vf",
                "drawtext=fontfile=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:text='Gate %{eif\\:t/10\\:d}':x=40:y=40:fontsize=48:fontcolor=white:box=1:boxcolor=black",
                "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-b:v", "600k", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", work + "/both.mp4"], check=True)
maps = {"both": [], "silent": ["-an"], "sound": ["-vn"]}


def publish(port, kind):
    # Each stream begins elsewhere, so that they do not all speak and pause at once.
    begin = 23 * (port - ports[0]) % 180
    return subprocess.Popen([*ffmpeg, "-re", "-stream_loop", "-1", "-ss", str(begin), "-i", work + "/both.mp4", *maps[kind], "-c", "copy", "-f", "mpegts",
                             f"udp://127.0.0.1:{port}?pkt_size=1316"], stdin=subprocess.DEVNULL)


kinds = ["both", "both", "silent", "sound"] if arguments.kind == "soak" else ["both"] * arguments.streams
ports = [6100 + number for number in range(len(kinds))]
publishers = [publish(port, kind) for port, kind in zip(ports, kinds)]
names = [item for number in range(len(kinds)) for item in ("--name", f"s{number}")]
tail = subprocess.Popen([program, "tail", *[f"udp://127.0.0.1:{port}" for port in ports], *names, "--memory", work + "/m.memory", "--json"],
                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(work + "/errors", "w"), text=True)
status, lags, sheds, answers, residents, lost = {}, [], [], [], [], 0
# When each sentence was written down, how late, and how much sound waited for the speech stages of all streams.
sentences, waits, drops = [], [], []
stopping = None
began = time.time()


def read():
    global lost
    for line in tail.stdout:
        event = json.loads(line)
        if event["event"] == "lost": lost += 1
        if event["event"] == "sentence": sentences.append((time.time() - began, event["stream"], event["delaySeconds"]))
        if event["event"] != "status": continue
        status[event["stream"]] = event
        waits.append((time.time() - began, sum(last["depths"].get("speech", 0) for last in status.values())))
        if event["phase"] == "live" and time.time() - began > 10: lags.append((time.time() - began, event["lagSeconds"]))
        drops.append((time.time() - began, sum(last["droppedFrames"] + last["droppedSound"] for last in status.values())))
        if not sheds or sheds[-1][1] != event["shedding"]: sheds.append((time.time() - began, event["shedding"]))


threading.Thread(target=read, daemon=True).start()


def watch_memory():
    while tail.poll() is None:
        try: text = open(f"/proc/{tail.pid}/status").read()
        except OSError: return
        if "VmRSS:" in text and not stopping: residents.append((time.time() - began, int(text.split("VmRSS:")[1].split()[0]) / 1000))
        time.sleep(1)


def asks(moment):
    """Whether questions are asked at this second of the soak: in every other block, so that both halves share one machine and one hour."""
    return moment // arguments.block % 2 == 1


def ask():
    while not asks(time.time() - began): time.sleep(0.5)
    asker = subprocess.Popen([program, "ask", "--memory", work + "/m.memory", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True)
    questions = ["when does the train to Oslo leave?", "what was on the sign?", "was there a dog?", "what is seen?"]
    number = 0
    while tail.poll() is None:
        sent = time.time()
        if not asks(sent - began):
            time.sleep(0.5)
            continue
        try:
            asker.stdin.write(questions[number % len(questions)] + "\n"); asker.stdin.flush()
            if not asker.stdout.readline(): sys.exit(f"the questions ended with {asker.wait()}")
        except OSError: sys.exit(f"the questions ended with {asker.wait()}")
        answers.append(time.time() - sent)
        number += 1
        time.sleep(max(0, 1 - (time.time() - sent)))


threading.Thread(target=watch_memory, daemon=True).start()
if arguments.questions: threading.Thread(target=ask, daemon=True).start()
faults = []
if arguments.kind == "soak":
    end, minute = began + arguments.minutes * 60, 0
    while time.time() < end and tail.poll() is None:
        time.sleep(30)
        victim, how = minute % len(kinds), ["killed", "frozen"][minute // len(kinds) % 2]
        minute += 1
        pause = chance.uniform(3, 15)
        faults.append(f"{int(time.time() - began)} s: s{victim} {how} for {pause:.0f} s")
        if how == "killed": publishers[victim].kill(); publishers[victim].wait(); time.sleep(pause); publishers[victim] = publish(ports[victim], kinds[victim])
        else: publishers[victim].send_signal(signal.SIGSTOP); time.sleep(pause); publishers[victim].send_signal(signal.SIGCONT)
        time.sleep(max(0, min(end - time.time(), 30 - pause)))
else:
    time.sleep(arguments.seconds)
    removed = time.time() - began
    for publisher in publishers[1:]: publisher.kill(); publisher.wait()
    time.sleep(2 * arguments.seconds)
crashed = tail.poll()
stopping = time.time()
tail.send_signal(signal.SIGINT)
try: tail.wait(10)
except subprocess.TimeoutExpired: tail.kill()
ended = time.time() - stopping


def percentile(values, share): return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


for name, last in sorted(status.items()):
    print(f"{name}: {last['counts']}, dropped frames {last['droppedFrames']}, dropped sound {last['droppedSound']}, reconnects {last['reconnects']}, "
          f"{last['receivedBytes']} bytes")
values = [lag for _, lag in lags]
print(f"lag p50 {percentile(values, .5):.2f} s, p95 {percentile(values, .95):.2f} s, most {max(values, default=0):.2f} s; outages told {lost}; "
      f"crashed: {crashed}; stopped in {ended:.1f} s with {tail.returncode}")
late = [(t / 3600, size) for t, size in residents if t > min(600, (residents[-1][0] if residents else 0) / 2)]
if len(late) > 2:
    mean_t, mean_s = sum(t for t, _ in late) / len(late), sum(s for _, s in late) / len(late)
    slope = sum((t - mean_t) * (s - mean_s) for t, s in late) / sum((t - mean_t) ** 2 for t, _ in late)
    print(f"resident memory: {residents[0][1]:.0f} MB first, {residents[len(residents) // 2][1]:.0f} MB half way, {residents[-1][1]:.0f} MB last, "
          f"most {max(s for _, s in residents):.0f} MB; slope over the last {60 * (late[-1][0] - late[0][0]):.0f} minutes {slope:.1f} MB/h")
delays = [delay for _, _, delay in sentences]
print(f"sentences {len(sentences)} in {len({name for _, name, _ in sentences})} streams, late p50 {percentile(delays, .5):.1f} s, p95 {percentile(delays, .95):.1f} s; "
      f"waiting for speech at most {max((depth for _, depth in waits), default=0)} items, {waits[-1][1] if waits else 0} at the end")
print("left out:", ", ".join(f"{level} from {moment:.0f} s" for moment, level in sheds))
if arguments.kind == "overload": print(f"load removed at {removed:.0f} s")
if arguments.questions:
    for name, asked in (("without", False), ("with", True)):
        there = [lag for moment, lag in lags if asks(moment) == asked]
        given = sum(after - before for (_, before), (moment, after) in zip(drops, drops[1:]) if asks(moment) == asked)
        said = [delay for moment, _, delay in sentences if asks(moment) == asked]
        print(f"{name} questions: lag p50 {percentile(there, .5):.2f} s, p95 {percentile(there, .95):.2f} s, items dropped {given}, "
              f"{len(said)} sentences, late p50 {percentile(said, .5):.1f} s, p95 {percentile(said, .95):.1f} s")
    if not answers: print("NO QUESTION WAS ANSWERED")
if answers: print(f"answers: {len(answers)}, p50 {percentile(answers, .5):.2f} s, p95 {percentile(answers, .95):.2f} s, most {max(answers):.2f} s")
if faults: print("faults:", "; ".join(faults))
verify = subprocess.run([program, "memory", "verify", "--memory", work + "/m.memory"], capture_output=True, text=True)
print("verify:", verify.returncode, verify.stdout.strip().splitlines()[-1:] or verify.stderr.strip())
for publisher in publishers:
    publisher.kill()
shutil.rmtree(work, ignore_errors=True)

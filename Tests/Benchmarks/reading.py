#!/usr/bin/env python3
"""How well signs over pictures that move are read: makes films with ffmpeg's drawtext (seeded), watches them with a program, and prints the
share of letters wrong and of signs found, by kind of sign.

usage: reading.py FOLDER PROGRAM...      FOLDER keeps the films; several programs are compared
"""
import json, os, random, shutil, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "reference"))
from wer import distance

WORDS = """harbour platform ticket museum garden northern bridge station window market velvet copper lantern orchard timber granite
compass meadow signal anchor bakery theatre railway customs pharmacy library terminal schedule delayed opening entrance parking""".split()
GROUNDS = {
    "mandelbrot": "mandelbrot=s=640x360:r=10:maxiter=300,format=yuv420p,noise=alls=24:allf=t",
    "life": "life=s=160x90:r=10:mold=20:ratio=0.2:death_color=0x405060:life_color=0xC0B090:seed=%d,scale=640:360:flags=bicubic,gblur=2,noise=alls=20:allf=t",
    "shapes": "testsrc2=s=640x360:r=10,hue=s=0.4,gblur=3,noise=alls=30:allf=t",
}
# fontsize, colour and what drawtext is given beside
SIGNS = {
    "plain": (34, "white", ":borderw=2:bordercolor=black@0.8"),
    "plate": (30, "white", ":box=1:boxcolor=navy@0.55:boxborderw=10"),
    "faint": (28, "yellow@0.75", ":borderw=1:bordercolor=black@0.6"),
    "large": (64, "white@0.9", ":borderw=2:bordercolor=black@0.5"),
    "moving": (36, "white", ":borderw=2:bordercolor=black@0.8"),
}
EACH, COUNT = 6, 8


def film(folder, ground, kind, seed):
    name = os.path.join(folder, f"{ground}-{kind}.mp4")
    draw = random.Random(seed)
    size, colour, more = SIGNS[kind]
    signs, filters = [], []
    for index in range(COUNT):
        words = draw.sample(WORDS, 1 if kind == "large" else 2)
        text = " ".join(words + [str(draw.randint(10, 999))]).upper() if draw.random() < 0.6 else " ".join(words).title()
        start = 1 + index * EACH
        signs.append({"text": text, "start": start, "end": start + EACH - 1})
        x = f"40+(t-{start})*25" if kind == "moving" else str(draw.randint(20, 60))
        filters.append(f"drawtext=text='{text}':x={x}:y={draw.randint(60, 260)}:fontsize={size}:fontcolor={colour}{more}:enable='between(t,{start},{start + EACH - 1})'")
    if not os.path.exists(name):
        source = GROUNDS[ground] % seed if "%d" in GROUNDS[ground] else GROUNDS[ground]
        subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", source, "-t", str(1 + COUNT * EACH), "-vf", ",".join(filters),
                        "-c:v", "libx264", "-preset", "veryfast", "-crf", "32", "-pix_fmt", "yuv420p", name], check=True)
    return name, signs


def read(program, name, folder):
    memory, pipeline = os.path.join(folder, "memory"), os.path.join(folder, "pipeline.yaml")
    shutil.rmtree(memory, ignore_errors=True)
    with open(pipeline, "w") as out:
        out.write("vision:\n  enabled: false\nspeech:\n  enabled: false\nsound:\n  enabled: false\n")
    subprocess.run([program, "watch", name, "--memory", memory, "--pipeline", pipeline, "-q"], check=True)
    exported = subprocess.run([program, "memory", "export", "--memory", memory, "--json"], check=True, capture_output=True, text=True).stdout
    return [item for item in json.loads(exported)["streams"][0]["items"] if item["kind"] == "text"]


def main():
    folder, programs = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    table = {program: {} for program in programs}
    for seed, ground in enumerate(GROUNDS):
        for kind in SIGNS:
            name, signs = film(folder, ground, kind, 100 * seed + len(kind))
            for program in programs:
                lines = read(program, name, folder)
                total, wrong, exact, stray = table[program].get(kind, (0, 0, 0, 0))
                for sign in signs:
                    near = [distance(sign["text"], line["text"].replace("\n", " ")) for line in lines
                            if line["start"] < sign["end"] and line["end"] > sign["start"]]
                    least = min(near + [len(sign["text"])])
                    total, wrong, exact = total + len(sign["text"]), wrong + min(least, len(sign["text"])), exact + (least == 0)
                stray += sum(all(distance(sign["text"], line["text"]) > 0.6 * len(sign["text"]) for sign in signs) for line in lines)
                table[program][kind] = (total, wrong, exact, stray)
    for program, kinds in table.items():
        print(program)
        for kind, (total, wrong, exact, stray) in kinds.items():
            print(f"  {kind:8s} letters wrong {wrong / total:.3f}  signs right {exact} of {COUNT * len(GROUNDS)}  strays {stray}")
        total, wrong, exact, stray = (sum(row[i] for row in kinds.values()) for i in range(4))
        print(f"  {'all':8s} letters wrong {wrong / total:.3f}  signs right {exact} of {COUNT * len(GROUNDS) * len(SIGNS)}  strays {stray}")


main()

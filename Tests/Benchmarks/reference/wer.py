#!/usr/bin/env python3
"""Word error rates of transcriptions, side by side, after the same normalisation of truth and of every transcription.

wer.py CLIPS.jsonl NAME=OUT.json...

Normalisation: lower case, hyphens are spaces, no punctuation, titles and a few spellings in full, numbers in words.
"""
import json
import re
import sys

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
FULL = {"mr": "mister", "mrs": "missis", "dr": "doctor", "gray": "grey", "harbor": "harbour", "km": "kilometres", "kilometers": "kilometres",
        "canceled": "cancelled", "program": "programme", "oclock": "o clock"}

ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}


def number(n):
    if n < 20:
        return [ONES[n]]
    if n < 100:
        return [TENS[n // 10]] + ([ONES[n % 10]] if n % 10 else [])
    if n < 1000:
        return [ONES[n // 100], "hundred"] + (number(n % 100) if n % 100 else [])
    if 1100 <= n < 2000 and n % 100:
        return number(n // 100) + number(n % 100)  # a year
    if n < 1000000:
        return number(n // 1000) + ["thousand"] + (number(n % 1000) if n % 1000 else [])
    return list(str(n))


def normal(text):
    text = text.lower().replace("’", "'").replace("%", " percent ").replace("°", " degrees ").replace("&", " and ")
    text = re.sub(r"[€$£](\d[\d,]*)", lambda m: m.group(1) + {"€": " euros", "$": " dollars", "£": " pounds"}[m.group(0)[0]], text)
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    text = re.sub(r"(\d+):(\d\d)", lambda m: m.group(1) + (" o clock" if m.group(2) == "00" else " " + m.group(2)), text)
    text = re.sub(r"\bo'?\s?clock\b", "o clock", text)
    text = re.sub(r"[-–—/]", " ", text).replace("'", "")
    text = re.sub(r"[^\w\s]", " ", text)
    words = []
    for word in text.split():
        ordinal = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)", word)
        if ordinal:
            *head, last = number(int(ordinal.group(1)))
            words += head + [ORDINALS.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")]
        elif word.isdigit() and len(word) < 10:
            words += number(int(word))
        else:
            words.append(FULL.get(word, word))
    # Letters spelled one by one count as one word: "n a d p h" is "nadph".
    joined, letters = [], ""
    for word in words + [""]:
        if len(word) == 1:
            letters += word
            continue
        if letters:
            joined += [letters] if len(letters) > 2 else list(letters)
        letters = ""
        if word:
            joined.append(word)
    return joined


def distance(truth, said):
    row = list(range(len(said) + 1))
    for i, word in enumerate(truth, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(said, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def main():
    truth = {clip["file"]: clip["text"] for clip in map(json.loads, open(sys.argv[1]))}
    groups = {"librivox": lambda f: "librivox" in f, "other": lambda f: "librivox" not in f, "all": lambda f: True}
    for argument in sys.argv[2:]:
        name, path = argument.split("=", 1)
        results = {result["file"]: result for result in json.load(open(path))}
        line = []
        for group, belongs in groups.items():
            files = [file for file in truth if belongs(file)]
            if not files:
                continue
            errors = sum(distance(normal(truth[file]), normal(results[file]["text"])) for file in files)
            words = sum(len(normal(truth[file])) for file in files)
            line.append(f"{group} {errors}/{words} = {100 * errors / words:.2f} %")
        cpu = sum(result["cpuSeconds"] for result in results.values())
        seconds = sum(result["audioSeconds"] for result in results.values())
        print(f"{name}: {', '.join(line)}; {cpu:.1f} s of processor for {seconds:.1f} s of sound = {cpu / seconds:.3f}")
        for file in truth:
            a, b = normal(truth[file]), normal(results[file]["text"])
            if a != b:
                print(f"   {file.rsplit('/', 1)[-1]}: {distance(a, b)}: {' '.join(a)} | {' '.join(b)}")


if __name__ == "__main__":
    main()

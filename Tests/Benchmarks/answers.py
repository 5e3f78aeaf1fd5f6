#!/usr/bin/env python3
"""answers.py: can the answers of `afterimage eval` be trusted? Standard library only; knows no question: it reads those it is given.

  pairs QUESTIONS OUT        the same questions asked of streams that lack the answer, beside the originals
  rewordings QUESTIONS OUT   every question in three other wordings, beside the original
  oracle QUESTIONS OUT       every question limited to the stretch that holds its answer
  asked QUESTIONS ANSWERS    refusals of a question set: precision, recall, F1 (a question without intervals or answer has none)
  same QUESTIONS ANSWERS     of rewordings: the share whose first interval stays the same
  calibration QUESTIONS ANSWERS [PLOT.svg]   how often answers of each confidence are right, and the expected calibration error
  parts QUESTIONS FOLDER     what `Benchmarks question-parts` wrote: the share of right answers by type with everything, and what each part adds
  diagnose QUESTIONS ANSWERS ORACLE-ANSWERS MEMORY.json   every miss: not written, not found, not ranked first, not read, or refused

QUESTIONS are JSON lines with id, video, question, answer, aliases, intervals, type; ANSWERS what `eval` wrote for them; MEMORY.json is
`afterimage memory export --json`. Right means: the first interval meets a true one or its middle lies within two seconds of one, and the
true words stand in the answer where there are any."""
import collections, json, random, re, sys

STOP = set("""a an the is are was were be been do does did has have had will would can could of in on at to for by with from and or not it its
that this there here where when what which who whose whom why how much many often long time times part find show tell me us we you i they he she
one someone somebody anybody anyone any some first last next before after while during between right just say says said see seen hear heard
appear appears shown video clip scene screen sound come comes get gets about into as up out if then than according""".split())


def load(path):
    return [json.loads(line) for line in open(path) if line.strip()]


def save(path, rows):
    with open(path, "w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


def words(text):
    return [w for w in re.findall(r"[a-z0-9]+", text.lower())]


def content(text):
    return {re.sub(r"(ing|ies|es|ed|s)$", "", w) for w in words(text) if w not in STOP}


def is_absent(q):
    return not q.get("intervals") and not q.get("answer")


def overlaps(interval, truth, tolerance=2.0):
    middle = (interval[0] + interval[1]) / 2
    return any(min(interval[1], e) > max(interval[0], s) or s - tolerance <= middle <= e + tolerance for s, e in truth)


def first(answer):
    intervals = sorted(answer.get("intervals") or [], key=lambda i: -(i[2] if len(i) > 2 else 0))
    return intervals[0] if intervals else None


NUMBERS = dict(zip("zero one two three four five six seven eight nine ten eleven twelve".split(), map(str, range(13))))


def plain(text):
    return " ".join(NUMBERS.get(w, w) for w in words(text) if w not in ("a", "an", "the"))


def says(q, answer):
    wanted = [q["answer"]] + q.get("aliases", []) if q.get("answer") else []
    said = f" {plain(answer.get('answer') or '')} "
    return not wanted or any(f" {plain(w)} " in said for w in wanted)


def right(q, answer):
    if is_absent(q):
        return bool(answer["abstained"])
    if answer["abstained"]:
        return False
    top = first(answer)
    if q.get("intervals") and (top is None or not overlaps(top, q["intervals"])):
        return False
    return q.get("type") == "summary" or says(q, answer)


def pairs(questions, out):
    """Two other streams for each question about a thing: of those none of whose own questions shares a word with it, the ones that are
    asked most questions of its type."""
    rows, rng = load(questions), random.Random(1)
    vocabulary, asked_of = collections.defaultdict(set), collections.Counter()
    for q in rows:
        vocabulary[q["video"]] |= content(q["question"]) | content(q.get("answer") or "")
        asked_of[q["video"], q.get("type")] += 1
    made = list(rows)
    for q in rows:
        if is_absent(q) or q.get("type") in ("count", "summary", "order", "temporal") or not content(q["question"]):
            continue
        others = [v for v in sorted(vocabulary) if v != q["video"] and not vocabulary[v] & content(q["question"])]
        others.sort(key=lambda v: (-asked_of[v, q.get("type")], rng.random()))
        for number, video in enumerate(others[:2]):
            made.append(dict(id=f"{q['id']}-absent{number + 1}", video=video, question=q["question"], answer=None, intervals=[], type="pair-" + q.get("type", "")))
    save(out, made)
    print(f"{len(rows)} questions and {len(made) - len(rows)} that their streams cannot answer")


def reworded(question):
    text = question.strip().rstrip("?.! ")
    low = text[:1].lower() + text[1:]
    forms = [f"Can you tell me: {low}?", f"{low} please", f"I would like to know {low}"]
    for pattern, replies in (
        (r"^when (?:does|do|did) (.+?) (?:appear|show up|come)s?$", ["at what point can {0} be seen", "find {0}", "which part has {0} in it"]),
        (r"^(?:show me|find|jump to|find the part where you can see) (.+)$", ["when is {0} to be seen", "take me to {0}", "where do we get {0}"]),
        (r"^when (is|are|was|were) (.+) (shown|heard|running|playing)$", ["find where {1} {0} {2}", "at which moment {0} {1} {2}", "{1} being {2}"]),
        (r"^when can you hear (.+)$", ["find the sound of {0}", "where is {0} to be heard", "{0}, when is that audible"]),
        (r"^what is (.+)$", ["tell me {0}", "what's {0}", "{0}?"]),
        (r"^(?:how often|how many times) (.+)$", ["count how many times {0}", "on how many occasions {0}", "tell me how often {0}"]),
        (r"^(which|what|who|where|when|how) (.+)$", ["tell me {0} {1}", "do you know {0} {1}", "{0} {1}, please"]),
    ):
        found = re.match(pattern, low)
        if found:
            return [reply.format(*found.groups()) for reply in replies]
    return forms


def rewordings(questions, out):
    made = []
    for q in load(questions):
        made.append(q)
        for number, text in enumerate(reworded(q["question"])):
            made.append(dict(q, id=f"{q['id']}-w{number + 1}", question=text))
    save(out, made)
    print(f"{len(made)} questions")


def oracle(questions, out):
    made = []
    for q in load(questions):
        if q.get("intervals"):
            start, end = min(i[0] for i in q["intervals"]), max(i[1] for i in q["intervals"])
            made.append(dict(q, within=[max(0, start - 1), end + 1]))
    save(out, made)
    print(f"{len(made)} questions")


def answered(questions, answers):
    given = {a["id"]: a for a in load(answers)}
    return [(q, given[q["id"]]) for q in load(questions) if q["id"] in given]


def refusals(rows):
    tp = sum(a["abstained"] and is_absent(q) for q, a in rows)
    fp = sum(a["abstained"] and not is_absent(q) for q, a in rows)
    fn = sum(not a["abstained"] and is_absent(q) for q, a in rows)
    p, r = tp / (tp + fp) if tp + fp else 0, tp / (tp + fn) if tp + fn else 0
    return p, r, 2 * p * r / (p + r) if p + r else 0, tp, fp, fn


def asked(questions, answers):
    rows = answered(questions, answers)
    kinds = collections.defaultdict(list)
    for q, a in rows:
        kinds[q.get("type", "?")].append((q, a))
    for kind, own in sorted(kinds.items()):
        absent = [a["abstained"] for q, a in own if is_absent(q)]
        there = [a["abstained"] for q, a in own if not is_absent(q)]
        print(f"{kind:12s}", f"absent {sum(absent)}/{len(absent)} refused" if absent else "", f"there {sum(there)}/{len(there)} refused" if there else "")
    for name, own in (("as given", [r for r in rows if not r[0].get("type", "").startswith("pair")]), ("with pairs", rows)):
        p, r, f1, tp, fp, fn = refusals(own)
        print(f"{name}: precision {p:.3f} recall {r:.3f} F1 {f1:.3f} (refused rightly {tp}, wrongly {fp}; answered what is not there {fn})")


def same(questions, answers):
    rows = {q["id"]: a for q, a in answered(questions, answers)}
    kinds, count = collections.defaultdict(list), 0
    for q, a in answered(questions, answers):
        found = re.match(r"(.+)-w\d$", q["id"])
        if not found or found.group(1) not in rows:
            continue
        own = rows[found.group(1)]
        x, y = first(own), first(a)
        alike = own["abstained"] == a["abstained"] and (own["abstained"] or bool(x and y and min(x[1], y[1]) > max(x[0], y[0])))
        kinds[q.get("type", "?")].append(alike)
        kinds["all"].append(alike)
    for kind, own in sorted(kinds.items()):
        print(f"{kind:12s} {sum(own) / len(own):.3f} of {len(own)}")


def calibration(questions, answers, plot=None):
    rows = answered(questions, answers)
    for name, own in (("answers", [r for r in rows if not r[1]["abstained"]]), ("refusals", [r for r in rows if r[1]["abstained"]])):
        bins = collections.defaultdict(list)
        for q, a in own:
            bins[min(9, int(a["confidence"] * 10))].append((a["confidence"], right(q, a)))
        error = sum(abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins.values()) / max(1, len(own))
        print(f"{name}: {len(own)}, expected calibration error {error:.3f}")
        for number, b in sorted(bins.items()):
            print(f"  {number / 10:.1f}-{number / 10 + 0.1:.1f}  n {len(b):4d}  mean confidence {sum(c for c, _ in b) / len(b):.2f}  right {sum(r for _, r in b) / len(b):.2f}")
        if plot and name == "answers":
            marks = "".join(
                f'<circle cx="{40 + 300 * sum(c for c, _ in b) / len(b):.0f}" cy="{320 - 300 * sum(r for _, r in b) / len(b):.0f}" r="{2 + len(b) ** 0.5:.1f}" fill="#3465a4" fill-opacity="0.7"/>'
                for b in bins.values())
            open(plot, "w").write(
                '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="360" font-family="sans-serif" font-size="12"><rect width="360" height="360" fill="white"/>'
                f'<path d="M40 320L340 20M40 20V320H340" stroke="#888" fill="none"/>{marks}'
                f'<text x="120" y="350">confidence</text><text x="14" y="200" transform="rotate(-90 14 200)">right</text><text x="50" y="30">expected calibration error {error:.3f}</text></svg>\n')


def parts(questions, folder):
    """By type: right answers with everything, and how many fewer (more) without each part. Right, found first, found among five, refusals' F1."""
    import pathlib

    def figures(path):
        rows, kinds = answered(questions, path), collections.defaultdict(list)
        for q, a in rows:
            kinds["absent" if is_absent(q) else q.get("type", "?")].append(right(q, a))
        there = [(q, a) for q, a in rows if q.get("intervals")]
        found = [[overlaps(i, q["intervals"]) for i in sorted(a["intervals"], key=lambda i: -i[2])[:5]] if not a["abstained"] else [] for q, a in there]
        firsts, fives = sum(bool(f) and f[0] for f in found), sum(any(f) for f in found)
        return {kind: sum(own) for kind, own in kinds.items()}, {kind: len(own) for kind, own in kinds.items()}, firsts, fives, refusals(rows)[2]

    files = {path.stem: path for path in pathlib.Path(folder).glob("*.jsonl")}
    whole, sizes, firsts, fives, f1 = figures(files.pop("everything"))
    kinds = sorted(sizes, key=lambda kind: (kind == "absent", -sizes[kind]))
    print("| without | " + " | ".join(kinds) + " | right | hit@1 | hit@5 | refusals F1 |\n" + "|---" * (len(kinds) + 5) + "|")
    print("| nothing | " + " | ".join(f"{whole[k]}/{sizes[k]}" for k in kinds) + f" | {sum(whole.values())} | {firsts} | {fives} | {f1:.3f} |")
    rows = []
    for name, path in files.items():
        own, _, first_, five, score = figures(path)
        cells = [f"{own[k] - whole[k]:+d}" if own[k] != whole[k] else "" for k in kinds]
        rows.append((sum(own.values()), f"| {name} | " + " | ".join(cells) + f" | {sum(own.values()) - sum(whole.values()):+d} | {first_ - firsts:+d} | {five - fives:+d} | {score - f1:+.3f} |"))
    print("\n".join(row for _, row in sorted(rows)))


def diagnose(questions, answers, oracles, memory):
    limited = {a["id"]: a for a in load(oracles)}
    items = {s["name"]: s["items"] for s in json.load(open(memory))["streams"]}
    causes = collections.Counter()
    for q, a in answered(questions, answers):
        if is_absent(q) or right(q, a):
            continue
        own = limited.get(q["id"])
        texts = " ".join(plain(i["text"]) for i in items.get(q["video"], []) if overlaps((i["start"], i["end"]), q["intervals"]))
        wanted = [plain(w) for w in [q["answer"]] + q.get("aliases", [])] if q.get("answer") else []
        is_written = any(w in texts for w in wanted) if wanted and q.get("type") in ("ocr", "speech", "update") else None
        hits = [n for n, i in enumerate(sorted(a["intervals"], key=lambda i: -i[2])) if overlaps(i, q["intervals"])] if not a["abstained"] else []
        if is_written is False:
            cause = "write: the words are not in the memory"
        elif a["abstained"] and own and right(q, own):
            cause = "decision: refused, answered when told where to look"
        elif a["abstained"]:
            cause = "write or reading: refused, also when told where to look"
        elif hits and hits[0] == 0:
            cause = "reading: the moment is right, the words are not"
        elif hits:
            cause = "ranking: found at place %d" % (hits[0] + 1)
        elif own and right(q, own):
            cause = "retrieval: answered when told where to look"
        else:
            cause = "write or reading: not answered when told where to look"
        causes[cause.split(":")[0]] += 1
        print(f"{q['id']:22s} {q.get('type', ''):9s} {cause} | {q['question']} | {q.get('answer')} -> {a.get('answer')}")
    print(", ".join(f"{cause} {count}" for cause, count in causes.most_common()))


if __name__ == "__main__":
    commands = dict(pairs=pairs, rewordings=rewordings, oracle=oracle, asked=asked, same=same, calibration=calibration, parts=parts, diagnose=diagnose)
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])

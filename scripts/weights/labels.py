"""What the thousand classes of ImageNet mean, by WordNet."""

import ast
import os
import pathlib

from .packages import Wrong, member


def labels(package):
    """Name, synonyms, gloss and up to three hypernyms (nearest first) of every class, in class order."""
    source = member(package["imgsearch"], "tinyclip/imagenet_zeroshot_data.py", "4ee7abc40d5fee316707eac35bd711a96bb9f9a21d8bdff6afb05b6ce0ec67d0").decode()
    names = next(ast.literal_eval(n.value) for n in ast.parse(source).body if isinstance(n, ast.Assign) and n.targets[0].id == "imagenet_classnames")
    synsets = member(package["timm"], "timm/data/_info/imagenet_synsets.txt", "70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15").decode().split()
    noun_file = pathlib.Path(os.environ.get("WNSEARCHDIR", "/usr/share/wordnet")) / "data.noun"
    if not noun_file.exists():
        raise Wrong(f"{noun_file} is missing: WordNet 3.0 is the Debian package wordnet-base (apt-get install wordnet-base)")
    nouns = noun_file.read_bytes()

    def synset(offset):
        """Words, gloss and the offset of the first hypernym. A line: offset file type count (word id)* pointers … | gloss (wndb(5WN))."""
        line = nouns[offset : nouns.index(b"\n", offset)].decode()
        if not line.startswith(f"{offset:08d} "):
            raise Wrong(f"{noun_file} is not WordNet 3.0: no synset begins at byte {offset}")
        fields, _, gloss = line.partition(" | ")
        fields = fields.split()
        count = int(fields[3], 16)
        words = [word.replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]]
        pointers = fields[5 + 2 * count :]
        above = [int(pointers[i + 1]) for i in range(0, len(pointers) - 3, 4) if pointers[i] in ("@", "@i")]
        return words, gloss.split('; "')[0].strip(), above[0] if above else None

    entries, alike = [], 0
    for name, identity in zip(names, synsets, strict=True):
        words, gloss, above = synset(int(identity[1:]))
        hypernyms = []
        while above is not None and len(hypernyms) < 3:
            upper, _, above = synset(above)
            hypernyms.append(upper[0])
        alike += any(set(name.lower().split()) & set(word.lower().split()) for word in words)
        entries.append({"name": name, "synonyms": words, "gloss": gloss, "hypernyms": hypernyms})
    if len(entries) != 1000 or alike < 850:
        raise Wrong(f"class names and WordNet disagree: {alike} of {len(entries)} share a word")
    return entries

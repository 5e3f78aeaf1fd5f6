"""Reference tokens and vectors of all-MiniLM-L6-v2, from Hugging Face's tokenizers and transformers.

    pip install torch transformers tokenizers numpy
    python make_sentences.py ~/.cache/afterimage/models/all-MiniLM-L6-v2       # -> sentences.json, sentences.safetensors

`make_sentences.py FOLDER OUT.json` also writes the tokens of every Unicode scalar between two words, for a test run by hand:
AFTERIMAGE_PARITY_SCALARS=OUT.json swift test --filter WordPiece
"""
import json
import pathlib
import sys

import numpy as np
import tokenizers
import torch
import transformers

from golden import save

SENTENCES = [
    "a dog is barking", "a puppy makes noise", "When did the red car pass the gate?", "What was written on the whiteboard?",
    "The quick brown fox jumps over the lazy dog.", "She said: “we'll meet at 9:30 in room 12” — and left.", "",
    " ", "\t tabs\nand\r\nnew lines \u00a0 and\u2003wide spaces", "HELLO WORLD", "naïve café façade Ångström", "straße GROSSE STRASSE",
    "İstanbul'da IŞIK", "e\u0301 combined and \u00e9 composed", "中文字符测试", "東京タワーの写真が見たい", "서울의 봄", "Привет, мир! Ёлка",
    "Ελληνικά: ΟΔΥΣΣΕΥΣ σ ς", "هذا نص عربي", "नमस्ते दुनिया", "ภาษาไทยไม่มีช่องว่าง", "emoji 😀👍🏽 family 👨‍👩‍👧‍👦 flag 🇩🇪",
    "zero\u200bwidth\u200djoiner and soft\u00adhyphen", "control\u0001\u0007chars\ufffd and \u0000 nul", "C++ vs. C# & F#; x_1 = y^2 + {a|b}~`",
    "https://example.org/path?query=1&other=%20#fragment", "user@example.com", "3.14159 1,000,000 -42 1e-9 50% $5 €7 £8 ½ ²",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis", "x" * 100, "x" * 101, "unaffable",
    "the [MASK] of [CLS] and [SEP] in a text, [PAD][UNK]", "[mask] is not a token", "«guillemets» ‘quotes’ „low“ …", "ﬁ ligature ﬀ Ⅷ ㎏",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒷ℴ𝓁𝒹", "\U0002070e rare Han \ufa0e", "don't can't won't o'clock rock'n'roll", "state-of-the-art well-known",
    "A person wearing a red jacket walks from left to right past a parked white van.", "Ship it!!! ??? ...", "tick✓ cross✗ arrow→ box□",
    "The meeting starts at half past nine and the quarterly report is due on Friday afternoon.", "мир " * 90 + "конец",
    "memory " * 300, "I saw a man with a telescope on the hill, didn't I?", "o\u0308\u0323 stacked marks q\u0307\u0323", "Ǆ ǅ ǆ ŉ ẞ",
]
assert len(SENTENCES) == 50

folder, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
tokens = [tokenizer.encode(sentence).ids for sentence in SENTENCES]
model = transformers.BertModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
torch.set_num_threads(1)
vectors = []
with torch.no_grad():
    for ids in tokens:
        output = model(torch.tensor([ids]))
        pooled = output.last_hidden_state[0].mean(0)
        vectors.append((pooled / pooled.norm()).numpy())
versions = {"torch": torch.__version__, "transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
save(here / "sentences.safetensors", {"vectors": np.stack(vectors)}, versions)
(here / "sentences.json").write_text(json.dumps([{"text": s, "tokens": t} for s, t in zip(SENTENCES, tokens)], separators=(",", ":")) + "\n")
if len(sys.argv) > 2:
    scalars = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    encoded = tokenizer.encode_batch([f"ab{chr(c)}cd" for c in scalars], add_special_tokens=False)
    pathlib.Path(sys.argv[2]).write_text(json.dumps([[c] + e.ids for c, e in zip(scalars, encoded)], separators=(",", ":")))

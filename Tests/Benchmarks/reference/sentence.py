"""all-MiniLM-L6-v2 beside ONNX Runtime, one thread each; ONNX Runtime gets the tokens ready made.

    pip install torch transformers onnx onnxruntime numpy
    python sentence.py .build/release/Benchmarks ~/.cache/afterimage/models/all-MiniLM-L6-v2
"""
import sys
import tempfile

import tokenizers
import torch
import transformers

from compare import compare, session

SENTENCE = "A person wearing a red jacket walks from left to right past a parked white van today."


class MeanPooled(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return torch.nn.functional.normalize(self.model(input_ids, attention_mask=attention_mask).last_hidden_state.mean(1))


tokenizer = tokenizers.Tokenizer.from_file(sys.argv[2] + "/tokenizer.json")
tokenizer.no_padding()
tokens = torch.tensor([tokenizer.encode(SENTENCE).ids])
model = MeanPooled(transformers.BertModel.from_pretrained(sys.argv[2], attn_implementation="eager")).eval()
cases = []
for batch, share in ((1, 1), (32, 1 / 20)):
    ids = tokens.repeat(batch, 1)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        torch.onnx.export(model, (ids, torch.ones_like(ids)), file.name, input_names=["ids", "mask"], opset_version=17, dynamo=False)
        reference = session(file.name)
    names = [i.name for i in reference.get_inputs()]
    cases.append((reference, {n: (ids if n == "ids" else torch.ones_like(ids)).numpy() for n in names}, share))
print(tokens.shape[1], "tokens")
compare([sys.argv[1], "sentence"], cases)

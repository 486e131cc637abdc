"""Writes a CTranslate2 Whisper folder as one file that whisper.cpp reads, with the same weights in 8 bits.

Both forms are documented by the programs that write them: ctranslate2's specs/model_spec.py (`_serialize`) and
whisper.cpp's models/convert-pt-to-ggml.py. Blocks of 8-bit weights (`q8_0`) are as ggml defines them: 32 values
and one scale. Usage: to_ggml.py FOLDER FILE
"""

import json
import os
import struct
import sys

import numpy as np

MAGIC = 0x67676D6C
TYPES = {"<f4": 0, "<f2": 1}
Q8_0 = 8
# "Mostly q8_0", written by the second version of ggml's quantisation.
FILE_TYPE = 2 * 1000 + 7
NUMBERS = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


def read_weights(path):
    """Variables of a model.bin by name."""
    with open(path, "rb") as file:

        def number(form):
            return struct.unpack("<" + form, file.read(struct.calcsize(form)))[0]

        def string():
            return file.read(number("H"))[:-1].decode()

        version, name, _revision = number("I"), string(), number("I")
        if name != "WhisperSpec" or version < 6:
            sys.exit(f"{path}: a {name} of form {version}, where a WhisperSpec of form 6 was expected")
        weights = {}
        for _ in range(number("I")):
            key = string()
            shape = [number("I") for _ in range(number("B"))]
            kind, size = number("B"), number("I")
            data = file.read(size)
            if kind not in NUMBERS:
                sys.exit(f"{path}: {key} holds numbers of a kind that can't be converted: {kind}")
            weights[key] = np.frombuffer(data, NUMBERS[kind]).reshape(shape)
        return weights


def layer(weights, ours, theirs, parts):
    """A linear layer; where the folder holds several joined in one, they are taken apart."""
    whole, bias = weights[f"{ours}/weight"], weights[f"{ours}/bias"]
    for part, matrix, vector in zip(parts, np.split(whole, len(parts)), np.split(bias, len(parts))):
        yield f"{theirs}.{part}.weight", matrix
        # Whisper's keys have no bias; the joined layer holds zeros in their place.
        if part != "key":
            yield f"{theirs}.{part}.bias", vector


def norm(weights, ours, theirs):
    yield f"{theirs}.weight", weights[f"{ours}/gamma"]
    yield f"{theirs}.bias", weights[f"{ours}/beta"]


def block(weights, ours, theirs, crosses):
    attention = [("self_attention", "attn", [["query", "key", "value"], ["out"]])]
    if crosses:
        attention.append(("attention", "cross_attn", [["query"], ["key", "value"], ["out"]]))
    for mine, name, layers in attention:
        for number, parts in enumerate(layers):
            yield from layer(weights, f"{ours}/{mine}/linear_{number}", f"{theirs}.{name}", parts)
        yield from norm(weights, f"{ours}/{mine}/layer_norm", f"{theirs}.{name}_ln")
    yield from norm(weights, f"{ours}/ffn/layer_norm", f"{theirs}.mlp_ln")
    for number, name in enumerate(["0", "2"]):
        yield from layer(weights, f"{ours}/ffn/linear_{number}", f"{theirs}.mlp", [name])


def tensors(weights, depths):
    for name in ["conv1", "conv2"]:
        yield f"encoder.{name}.weight", weights[f"encoder/{name}/weight"]
        yield f"encoder.{name}.bias", weights[f"encoder/{name}/bias"].reshape(-1, 1)
    yield "decoder.token_embedding.weight", weights["decoder/embeddings/weight"]
    for half, last in [("encoder", "ln_post"), ("decoder", "ln")]:
        yield f"{half}.positional_embedding", weights[f"{half}/position_encodings/encodings"]
        for number in range(depths[half]):
            yield from block(weights, f"{half}/layer_{number}", f"{half}.blocks.{number}", half == "decoder")
        yield from norm(weights, f"{half}/layer_norm", f"{half}.{last}")


def depth(weights, half):
    return sum(name.startswith(f"{half}/layer_") and name.endswith("/ffn/linear_0/weight") for name in weights)


def q8_0(values):
    blocks = values.astype(np.float32).reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 127).astype(np.float32)
    steps = np.divide(blocks, scales, out=np.zeros_like(blocks), where=scales > 0)
    packed = np.zeros(len(blocks), dtype=[("scale", "<f2"), ("steps", "<i1", 32)])
    packed["scale"], packed["steps"] = scales[:, 0], np.round(steps)
    return packed.tobytes()


def write_tensor(file, name, values):
    keep_exact = values.ndim < 2 or "bias" in name or "positional" in name
    if values.ndim == 2 and not keep_exact and values.shape[-1] % 32 == 0:
        kind, data = Q8_0, q8_0(values)
    else:
        form = "<f4" if keep_exact else "<f2"
        kind, data = TYPES[form], values.astype(form).tobytes()
    encoded = name.encode()
    file.write(struct.pack("<iii", values.ndim, len(encoded), kind))
    file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)))
    file.write(encoded + data)


def mel_filters(mels, rate=16_000, size=400):
    """Triangles on Slaney's mel scale, each of the same area, as Whisper's are."""

    def to_mel(hertz):
        return np.where(hertz < 1000, 3 * hertz / 200, 15 + 27 * np.log(np.maximum(hertz, 1) / 1000) / np.log(6.4))

    def to_hertz(mel):
        return np.where(mel < 15, 200 * mel / 3, 1000 * np.exp(np.log(6.4) * (mel - 15) / 27))

    corners = to_hertz(np.linspace(0, to_mel(np.array(rate / 2)), mels + 2))
    bins = np.arange(size // 2 + 1) * rate / size
    below, middle, above = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (bins - below) / (middle - below), (above - bins) / (above - middle)
    return np.maximum(0, np.minimum(rising, falling)) * 2 / (above - below)


def token_bytes(folder):
    """The bytes of each text token. The vocabulary writes bytes as printable characters (GPT-2's table)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    byte_of = {chr(byte): byte for byte in plain} | {chr(256 + at): byte for at, byte in enumerate(others)}
    for name in ["vocabulary.json", "vocabulary.txt"]:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            lines = json.load(file) if name.endswith("json") else file.read().split("\n")
        texts = lines[: lines.index("<|endoftext|>")]
        return [bytes(byte_of[character] for character in text) for text in texts]
    sys.exit(f"{folder}: there is no vocabulary.json or vocabulary.txt")


def main():
    folder, to = sys.argv[1:]
    weights = read_weights(os.path.join(folder, "model.bin"))
    depths = {half: depth(weights, half) for half in ["encoder", "decoder"]}
    heads = {half: int(weights[f"{half}/num_heads"]) for half in depths}
    vocabulary, width = weights["decoder/embeddings/weight"].shape
    mels = weights["encoder/conv1/weight"].shape[1]
    lengths = {half: weights[f"{half}/position_encodings/encodings"].shape[0] for half in depths}
    with open(to, "wb") as file:
        file.write(struct.pack("<Ii", MAGIC, vocabulary))
        for half in depths:
            file.write(struct.pack("<4i", lengths[half], width, heads[half], depths[half]))
        file.write(struct.pack("<2i", mels, FILE_TYPE))
        filters = mel_filters(mels).astype("<f4")
        file.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        tokens = token_bytes(folder)
        file.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, values in tensors(weights, depths):
            write_tensor(file, name, values)


main()

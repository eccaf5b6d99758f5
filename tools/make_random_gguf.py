#!/usr/bin/env python3
"""Writes a GGUF file with random weights, to try everything about a model but its sense.

    tools/make_random_gguf.py --architecture phi3 --out tiny-phi3.gguf
    tools/make_random_gguf.py --architecture phi3 --size phi-3-mini --out big.gguf     (2.3 GB)

`tiny` has 2 layers and half-precision weights, so that it can be quantised; `phi-3-mini` has that model's full shape in
Q4_K and Q6_K. Needs tools/requirements-gguf.txt; tools/peers.py makes such an environment (`--with-peers` uses it).
"""
import argparse
import os
import sys
from pathlib import Path

SIZES = {
    "tiny": {"layers": 2, "embedding": 256, "feed_forward": 512, "heads": 4, "heads_kv": 2, "vocabulary": 0, "context": 1024},
    "phi-3-mini": {"layers": 32, "embedding": 3072, "feed_forward": 8192, "heads": 32, "heads_kv": 32, "vocabulary": 32064,
                   "context": 4096},
}

CONTROL = {
    "phi3": ["<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>"],
    "llama": ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
}

TEMPLATE = {
    "phi3": "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}"
            "{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
            "{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}",
    "llama": "{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + "
             "message['content'] | trim + '<|eot_id|>' }}{% endfor %}"
             "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
}


def vocabulary(architecture, size):
    """Bytes, printable characters and the control tokens, as a SentencePiece vocabulary; filled up to `size`."""
    from gguf import TokenType
    tokens = [("<unk>", TokenType.UNKNOWN), ("<s>", TokenType.CONTROL), ("</s>", TokenType.CONTROL)]
    tokens += [(f"<0x{byte:02X}>", TokenType.BYTE) for byte in range(256)]
    tokens += [("\u2581", TokenType.NORMAL)]
    tokens += [(chr(code), TokenType.NORMAL) for code in range(33, 127)]
    # Some files call their control tokens user-defined: a reader must not be fooled by that.
    tokens += [(text, TokenType.USER_DEFINED) for text in CONTROL[architecture]]
    tokens += [(f"[filler{i}]", TokenType.NORMAL) for i in range(size - len(tokens))]
    return tokens


def add_header(writer, architecture, shape, tokens):
    import gguf
    writer.add_name(f"random {architecture}")
    writer.add_license("cc0-1.0")
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["embedding"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["feed_forward"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["heads_kv"])
    writer.add_rope_dimension_count(shape["embedding"] // shape["heads"])
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if shape is SIZES["tiny"] else gguf.LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text, _ in tokens])
    writer.add_token_scores([-float(i) for i in range(len(tokens))])
    writer.add_token_types([int(kind) for _, kind in tokens])
    names = [text for text, _ in tokens]
    writer.add_bos_token_id(names.index("<s>"))
    writer.add_eos_token_id(names.index("<|end|>" if architecture == "phi3" else "<|eot_id|>"))
    writer.add_chat_template(TEMPLATE[architecture])


def tensors(architecture, shape, vocabulary_size):
    """(name, rows, columns); a row alone is a norm."""
    embedding, feed_forward = shape["embedding"], shape["feed_forward"]
    key_value = embedding // shape["heads"] * shape["heads_kv"]
    yield "token_embd.weight", vocabulary_size, embedding
    yield "output_norm.weight", 1, embedding
    yield "output.weight", vocabulary_size, embedding
    for layer in range(shape["layers"]):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", 1, embedding
        if architecture == "phi3":
            yield block + "attn_qkv.weight", embedding + 2 * key_value, embedding
            yield block + "ffn_up.weight", 2 * feed_forward, embedding
        else:
            yield block + "attn_q.weight", embedding, embedding
            yield block + "attn_k.weight", key_value, embedding
            yield block + "attn_v.weight", key_value, embedding
            yield block + "ffn_gate.weight", feed_forward, embedding
            yield block + "ffn_up.weight", feed_forward, embedding
        yield block + "attn_output.weight", embedding, embedding
        yield block + "ffn_norm.weight", 1, embedding
        yield block + "ffn_down.weight", embedding, feed_forward


def kind_of(name, rows, size):
    from gguf import GGMLQuantizationType as Kind
    if rows == 1:
        return Kind.F32
    if size == "tiny":
        return Kind.F16
    return Kind.Q6_K if name == "output.weight" or "ffn_down" in name and int(name.split(".")[1]) % 2 else Kind.Q4_K


def random_weights(random, kind, rows, columns):
    import numpy
    from gguf import GGMLQuantizationType as Kind, GGML_QUANT_SIZES
    if kind == Kind.F32:
        return numpy.ones(columns, numpy.float32)
    if kind == Kind.F16:
        return (random.standard_normal((rows, columns)) / columns ** 0.5).astype(numpy.float16)
    block, size = GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows * columns // block, size), numpy.uint8)
    scale = numpy.frombuffer(numpy.float16(2e-5).tobytes(), numpy.uint8)
    if kind == Kind.Q4_K:
        blocks[:, 0:2], blocks[:, 2:4] = scale, scale
    else:
        blocks[:, -2:] = scale
    return blocks.reshape(rows, columns // block * size)


def write(architecture, size, out, seed):
    import gguf
    import numpy
    shape = SIZES[size]
    tokens = vocabulary(architecture, shape["vocabulary"])
    random = numpy.random.default_rng(seed)
    writer = gguf.GGUFWriter(out, architecture)
    add_header(writer, architecture, shape, tokens)
    plan = [(name, rows, columns, kind_of(name, rows, size)) for name, rows, columns in tensors(architecture, shape, len(tokens))]
    for name, rows, columns, kind in plan:
        block, block_bytes = gguf.GGML_QUANT_SIZES[kind]
        dtype = {gguf.GGMLQuantizationType.F32: numpy.float32, gguf.GGMLQuantizationType.F16: numpy.float16}.get(kind, numpy.uint8)
        width = columns if dtype != numpy.uint8 else columns // block * block_bytes
        dimensions = (columns,) if rows == 1 else (rows, width)
        writer.add_tensor_info(name, dimensions, numpy.dtype(dtype), rows * columns // block * block_bytes,
                               None if dtype != numpy.uint8 else kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for name, rows, columns, kind in plan:
        writer.write_tensor_data(random_weights(random, kind, rows, columns))
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", choices=sorted(CONTROL), default="phi3")
    parser.add_argument("--size", choices=sorted(SIZES), default="tiny")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    parser.add_argument("--with-peers", action="store_true", help="run in the environment of tools/requirements-gguf.txt")
    arguments = parser.parse_args()
    if arguments.with_peers:
        from peers import peer_python
        python = str(peer_python(Path(__file__).with_name("requirements-gguf.txt")))
        os.execv(python, [python, __file__, *[word for word in sys.argv[1:] if word != "--with-peers"]])
    write(arguments.architecture, arguments.size, arguments.out, arguments.seed)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes a 4-bit AWQ model out of Hugging Face weights, for vLLM, with llm-compressor (AutoAWQ's successor).

    tools/quantize_awq.py WEIGHTS_FOLDER OUT_FOLDER --text SENTENCES.txt
    vllm serve OUT_FOLDER --port 8080
    meterhound model try --prompt Hello --set llm.engine=openai --set llm.url=http://127.0.0.1:8080/v1 --set llm.model=OUT_FOLDER

llama.cpp reads no AWQ file: on a machine without a GPU use `meterhound model quantize IN OUT Q4_K_M` instead. This script
needs what the program does not: an NVIDIA GPU that holds the model in half precision (Phi-3-mini: 10 GB, Llama-3-8B: 20 GB),
the unquantised weights with their tokenizer in a folder (safetensors; GGUF will not do), and

    pip install llmcompressor transformers datasets torch

It checks these first and says what is missing. SENTENCES is a text, one example a line, like what the model will be asked.
"""
import argparse
import importlib.util
import sys
from pathlib import Path

PACKAGES = ("torch", "transformers", "datasets", "llmcompressor")
LONGEST = 1024  # tokens an example
FEWEST = 64  # examples


def missing(weights, text):
    """What keeps this from working, in words; empty when nothing does."""
    lacks = [f"Python package {name} is not installed" for name in PACKAGES if importlib.util.find_spec(name) is None]
    if importlib.util.find_spec("torch"):
        import torch
        if not torch.cuda.is_available():
            lacks.append("no CUDA GPU: AWQ runs every layer many times over the examples, which takes days on a CPU")
    if weights.suffix == ".gguf":
        lacks.append(f"{weights} is a GGUF file; expected a folder with unquantised safetensors")
    elif not (weights / "config.json").is_file() or not list(weights.glob("*.safetensors")):
        lacks.append(f"{weights} holds no config.json with *.safetensors")
    if not text.is_file():
        lacks.append(f"{text}: no such file")
    elif len(examples(text)) < FEWEST:
        lacks.append(f"{text} has {len(examples(text))} lines, expected at least {FEWEST}")
    return lacks


def examples(text):
    return [line.strip() for line in text.read_text(encoding="utf-8").splitlines() if line.strip()]


def quantize(weights, out, text):
    from datasets import Dataset
    from llmcompressor import oneshot
    from transformers import AutoModelForCausalLM, AutoTokenizer
    scheme = {"ignore": ["lm_head"], "scheme": "W4A16_ASYM", "targets": ["Linear"]}
    if importlib.util.find_spec("llmcompressor.modifiers.transform.awq"):
        from llmcompressor.modifiers.quantization import QuantizationModifier
        from llmcompressor.modifiers.transform.awq import AWQModifier
        recipe = [AWQModifier(), QuantizationModifier(**scheme)]
    else:  # llm-compressor before 0.14
        from llmcompressor.modifiers.awq import AWQModifier
        recipe = [AWQModifier(**scheme)]
    model = AutoModelForCausalLM.from_pretrained(weights, torch_dtype="auto", device_map="auto")
    tokenizer = AutoTokenizer.from_pretrained(weights)
    lines = examples(text)
    oneshot(model=model, tokenizer=tokenizer, dataset=Dataset.from_dict({"text": lines}), recipe=recipe,
            max_seq_length=LONGEST, num_calibration_samples=len(lines))
    model.save_pretrained(out, save_compressed=True)
    tokenizer.save_pretrained(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    arguments = parser.parse_args()
    if lacks := missing(arguments.weights, arguments.text):
        sys.exit("quantize_awq: this cannot be done here:\n" + "\n".join(f"  - {lack}" for lack in lacks))
    quantize(arguments.weights, arguments.out, arguments.text)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Tokens a second of a language model: one text at a time and several at once, with the prefix kept and not.

    bench/language_model.py [--model smollm2] [--cores 2] [--program bin/meterhound] [--runs 3] [--llama-bench FILE]

With FILE, llama.cpp's own bench (make bench-model builds it) runs between ours on the same cores: what it takes for as many
tokens read and as many written is set beside what a text takes through the worker, its grammar-free sampler included. Prints a table for docs/language-model.md. The median of the runs is shown with the slowest and the fastest.
"""
import argparse
import statistics
from pathlib import Path

from common import PROGRAM, answer_of, hold_cores, processor, require_program

PREFIX = ("You help an inspection team. Below are numbered sentences about one consumer. Choose those that matter most "
          "and put them in the order in which a reader should meet them. Answer with their numbers only. ") * 4
TOKENS = 64


def measure(arguments, count, parallel, prefix, runs):
    command = [arguments.program, "model", "try", arguments.model, "--prompt", "Sentences: 1 to 12. Tell a long story about them.",
               "--prefix", prefix, "--count", count, "--json", "--set", f"llm.max_tokens={TOKENS}", "--set", f"llm.parallel={parallel}",
               "--set", f"llm.threads={arguments.cores}", "--set", "llm.temperature=1", "--set", "llm.context=4096"]
    return [answer_of(command) for _ in range(runs)]


def beside_llama_bench(arguments):
    """Seconds of one text by our worker and by llama.cpp's bench for the same counts of tokens, run by run in turn."""
    file = answer_of([arguments.program, "model", "inspect", arguments.model, "--json"])["path"]
    ours, theirs, written, read = [], [], [], []
    for _ in range(arguments.runs):
        text = measure(arguments, 1, 1, PREFIX, 1)[0]
        spent = text["seconds"]
        text = text["texts"][0]
        peer = answer_of([arguments.llama_bench, "-m", file, "-p", text["prompt_tokens"], "-n", text["tokens"], "-t", arguments.cores,
                          "-r", 3, "-fa", 0, "-o", "json"])
        prompt, told = (next(row for row in peer if row[key] > 0) for key in ("n_prompt", "n_gen"))
        read.append(prompt["avg_ts"])
        written.append(told["avg_ts"])
        ours.append(spent)
        theirs.append(text["prompt_tokens"] / prompt["avg_ts"] + text["tokens"] / told["avg_ts"])
    print(f"\nllama-bench: {spread(read)} tokens/s read, {spread(written)} written; for {text['prompt_tokens']} read and {text['tokens']} "
          f"written {1000 * statistics.median(theirs):.0f} ms, through the worker {1000 * statistics.median(ours):.0f} ms: "
          f"{statistics.median(b / a for a, b in zip(ours, theirs)):.2f} of its speed")


def spread(values):
    values = sorted(values)
    return f"{statistics.median(values):.0f} ({values[0]:.0f} to {values[-1]:.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", type=Path, default=PROGRAM)
    parser.add_argument("--llama-bench", type=Path, help="llama.cpp's own bench")
    arguments = parser.parse_args()
    require_program(parser, arguments.program)
    arguments.cores = hold_cores(arguments.cores)
    print(f"{arguments.model}, {arguments.cores} threads, {processor()}; {TOKENS} tokens a text at most, median of {arguments.runs} runs\n")
    print("| texts at once | texts | tokens/s | peak memory, MB |\n|---|---|---|---|")
    for parallel in (1, 2, 4, 8):
        done = measure(arguments, 2 * parallel, parallel, PREFIX, arguments.runs)
        peak = max(run["peak_memory"] for run in done) / 1e6
        print(f"| {parallel} | {2 * parallel} | {spread([run['tokens_per_second'] for run in done])} | {peak:.0f} |", flush=True)
    done = measure(arguments, 2, 1, PREFIX, arguments.runs)
    first, second = ([run["texts"][i] for run in done] for i in (0, 1))
    overhead = [a["seconds"] - b["seconds"] for a, b in zip(first, second)]
    cached = second[0]["cached_tokens"]
    load = [run["load_seconds"] * 1000 for run in done]
    whole = [run["seconds"] - sum(text["seconds"] for text in run["texts"]) for run in done]
    print(f"\nloading: {spread(load)} ms; a prefix of {cached} tokens: {spread([1000 * w for w in whole])} ms once, then kept "
          f"(first and second text differ by {1000 * statistics.median(overhead):.0f} ms)")
    if arguments.llama_bench:
        beside_llama_bench(arguments)


if __name__ == "__main__":
    main()

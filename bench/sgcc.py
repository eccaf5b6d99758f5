#!/usr/bin/env python3
"""The whole protocol on your own copy of SGCC, and our table beside the published one: bench/sgcc.py data.csv

Nested five-fold cross-validation by consumer at natural prevalence; all features, behaviour only and coverage only. The
copy is recognised by its SHA-256; another file of the same form runs too, but its figures are then not SGCC's."""
import argparse
import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import common

KNOWN = {
    "99f8fd315626b1f729a9a03a97cb52ed097ab4d43e5771e21554c9e0c369b9b7": "SGCC's data.csv, 42,372 consumers by 1,034 days",
    "62453a33945ca0513ece9661bad03dbdc37ccdc2e867f596b753683f6b83048e": "datasetsmall.csv, another form of SGCC's first 26 days: "
                                                                        "too short to be set beside the published figures",
}
WHOLE = next(iter(KNOWN))
SIZE = (42372, 3615)  # consumers and thefts of data.csv
# Source, protocol, ROC-AUC, PR-AUC, other: honest ones first, what is said of a number with it.
PUBLISHED = [
    ("Zheng 2018, Wide & Deep CNN", "random split, 50-80 % train", "~.78-.79", "", "MAP@100 ~.95, MAP@200 ~.90-.93"),
    ("MadScie254/sgcc, XGBoost, 87 features", "nested 5-fold", ".853 +- .006", ".507 +- .016",
     "MAP@100 .960, P@1 % .938, P@5 % .642, R@10 % .518"),
    ("the same, CNN with missing-value mask", "nested", ".868", ".553", ""),
    ("the same, CNN + XGBoost blend", "nested", ".901 +- .005", ".629 +- .021", "F1 .580"),
    ("Finardi 2020, self-attention with mask", "5-fold, best epoch picked on the scored fold: optimistic", ".926", "", ""),
    ("Isolation Forest alone", "sample of 8,000", ".596", ".158", ""),
]


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def labels_of(path):
    """Ids with label, from a wide file whose id and label columns lie anywhere."""
    csv.field_size_limit(1 << 24)
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        header = next(rows)
        at, flag = header.index("CONS_NO"), header.index("FLAG")
        return {row[at]: int(float(row[flag])) for row in rows if row and row[flag] != ""}


def best_threshold(scored):
    """The probability from which calling everybody a thief gives the largest F1."""
    thefts = sum(label for _, label in scored)
    best, at, hits = -1.0, 1.0, 0
    ordered = sorted(scored, reverse=True)
    for i, (probability, label) in enumerate(ordered, 1):
        hits += label
        if (i == len(ordered) or ordered[i][0] != probability) and 2 * hits / (i + thefts) > best:
            best, at = 2 * hits / (i + thefts), probability
    return at


def f1(scores, labels):
    """Each half of the consumers, split by the hash of the id, is judged at the threshold that is best on the other."""
    halves = ([], [])
    for consumer, probability in scores:
        if consumer in labels:
            halves[hashlib.sha256(consumer.encode()).digest()[0] % 2].append((probability, labels[consumer]))
    found = called = thefts = 0
    for mine, others in (halves, halves[::-1]):
        threshold = best_threshold(others)
        found += sum(label for probability, label in mine if probability >= threshold)
        called += sum(probability >= threshold for probability, _ in mine)
        thefts += sum(label for _, label in mine)
    return 2 * found / (called + thefts)


def interval(of):
    return f"{of['value']:.3f} ({of['low']:.3f}-{of['high']:.3f})"


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def ours(evaluation, f1_all):
    by_name = {view["name"]: view for view in evaluation["views"]}
    views = [by_name[name] for name in ("all", "behaviour", "coverage")]  # nothing in SGCC is an inspection's: prospective = all
    rows = [["ours", *(f"{view['name']} ({view['features']} features)" for view in views)]]
    for key, words in (("roc_auc", "ROC-AUC"), ("pr_auc", "PR-AUC"), ("map_at_100", "MAP@100"), ("map_at_200", "MAP@200")):
        rows.append([words, *(interval(view[key]) for view in views)])
    for key, letter in (("precision_at", "P"), ("recall_at", "R"), ("lift_at", "lift")):
        for share in (0.01, 0.05, 0.1):
            rows.append([f"{letter}@{100 * share:.0f} %", *(interval(view[key][f"{100 * share:.0f}%"]) for view in views)])
    rows.append(["F1, threshold from the other half", f"{f1_all:.3f}", *("" for _ in views[1:])])
    for key, words in (("brier", "Brier score"), ("ece", "calibration error"), ("calibration_slope", "calibration slope")):
        rows.append([words, *(interval(view[key]) for view in views)])
    return table(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the file: CONS_NO, FLAG and one column a day, in any order")
    parser.add_argument("--program", type=Path, default=common.PROGRAM)
    parser.add_argument("--out", type=Path, default=common.HERE.parent / "out" / "sgcc", help="run folder")
    parser.add_argument("--seeds", type=int, default=1, help="repetitions of the cross-validation")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting other than the default")
    options = parser.parse_args()
    common.require_program(parser, options.program)
    if not options.data.exists():
        parser.error(f"{options.data}: no such file")
    digest = sha256(options.data)
    said = KNOWN.get(digest, "not SGCC's data.csv: a file of its form, whose figures are not to be set beside the published ones")
    print(f"{options.data}: {said}\nsha256 {digest}", file=sys.stderr)

    command = [options.program, "run", options.data, "--out", options.out, "--json", "--set", "evaluation.folds=5", "--set",
               f"evaluation.seeds={options.seeds}", *(part for pair in options.set for part in ("--set", pair))]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    evaluation = json.loads(done.stdout)["evaluation"]
    if digest not in KNOWN and (evaluation["consumers"], evaluation["thefts"]) == SIZE:
        said += "; it has as many consumers and thefts, so it may be SGCC written anew"
    with open(options.out / "scores.csv", newline="", encoding="utf-8") as file:
        scores = [(row["consumer_id"], float(row["probability"])) for row in csv.DictReader(file)]
    f1_all = f1(scores, labels_of(options.data))
    text = [f"{options.data.name}: {said}; {evaluation['consumers']:,} consumers, {evaluation['thefts']:,} thefts, nested "
            f"5-fold, {options.seeds} seed{'s' if options.seeds > 1 else ''}, 95 % intervals from "
            f"{evaluation['bootstraps']:,} bootstraps.\n", ours(evaluation, f1_all), "",
            table([["published on SGCC", "protocol", "ROC-AUC", "PR-AUC", "other"], *map(list, PUBLISHED)])]
    if max(view["roc_auc"]["value"] for view in evaluation["views"]) > 0.96:
        text.append("\nA ROC-AUC above .96 on SGCC is a leak until shown otherwise.")
    (options.out / "sgcc.md").write_text("\n".join(text) + "\n")
    (options.out / "sgcc.json").write_text(
        json.dumps({"sha256": digest, "is_sgcc": digest == WHOLE, "f1": f1_all, "evaluation": evaluation}, indent=1) + "\n")
    print("\n".join(text))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Detection quality on STEG's bills: the four views over several seeds, and what each part of the detector adds.

    bench/quality_steg.py --data DIR [--seeds 5] [--ablation-share 0.25] [--json FILE]

DIR holds client_train.csv and invoice_train.csv (also .gz or .zst). The views are nested cross-validations of all clients.
The ablation runs on a share of the clients, drawn by a hash of their ids, with one seed: read its differences only. Every
figure is `meterhound evaluate`'s own.
"""
import argparse
import hashlib
import io
import json
import random
import subprocess
import tempfile
from pathlib import Path

from common import HERE, PROGRAM, require_program

MAPPING = HERE.parent / "config" / "sources" / "steg.yaml"
VIEWS = ("prospective", "all", "behaviour", "coverage")
VARIANTS = {
    "as shipped": [],
    "without isolation forest": ["detection.isolation_forest.n_estimators=0"],
    "scale_pos_weight 10": ["detection.xgboost.scale_pos_weight=10"],
    "SMOTE-Tomek": ["detection.resampling=smote_tomek"],
    "Platt calibration": ["detection.calibration=platt"],
}


def read_text(folder, name):
    """A CSV of the folder, unpacked where it is packed."""
    for suffix, unpack in (("", ["cat"]), (".gz", ["gzip", "-dc"]), (".zst", ["zstd", "-dc"])):
        path = folder / (name + suffix)
        if path.exists():
            return subprocess.run([*unpack, str(path)], check=True, capture_output=True, text=True).stdout
    raise SystemExit(f"{folder}: found neither {name} nor {name}.gz or .zst")


def write_share(data, share, to, shuffle=False):
    """A share of the clients with their bills; with `shuffle` their labels are dealt out anew."""
    kept = lambda client: int(hashlib.sha256(client.encode()).hexdigest()[:8], 16) < share * 2**32  # noqa: E731
    header, *clients = read_text(data, "client_train.csv").splitlines()
    id_at, label_at = header.split(",").index("client_id"), header.split(",").index("target")
    rows = [row.split(",") for row in clients if kept(row.split(",")[id_at])]
    if shuffle:
        labels = [row[label_at] for row in rows]
        random.Random(1).shuffle(labels)
        for row, label in zip(rows, labels):
            row[label_at] = label
    (to / "client_train.csv").write_text("\n".join([header, *map(",".join, rows)]) + "\n", encoding="utf-8")
    bills = io.StringIO(read_text(data, "invoice_train.csv"))
    with (to / "invoice_train.csv").open("w", encoding="utf-8") as out:
        bill_header = next(bills)
        client_at = bill_header.split(",").index("client_id")
        out.write(bill_header)
        out.writelines(line for line in bills if kept(line.split(",", client_at + 1)[client_at]))


def evaluate(program, mapping, data, settings):
    with tempfile.TemporaryDirectory(prefix="meterhound-quality-") as out:
        command = [program, "evaluate", "--source", mapping, "--data", data, "--out", out, "--quiet"]
        for setting in settings:
            command += ["--set", setting]
        subprocess.run([str(part) for part in command], check=True)
        views = json.loads(Path(out, "evaluation.json").read_text(encoding="utf-8"))["views"]
    return {view["name"]: view for view in views}


def interval(value):
    return f"{value['value']:.3f} ({value['low']:.3f}-{value['high']:.3f})"


def print_views(views):
    print("\n| view | features | ROC-AUC | PR-AUC | precision at 1 % | precision at 5 % | recall at 10 % | ECE |")
    print("|---|---:|---|---|---|---|---|---|")
    for name in VIEWS:
        view = views[name]
        cells = [interval(view[key]) for key in ("roc_auc", "pr_auc")]
        cells += [interval(view["precision_at"]["1%"]), interval(view["precision_at"]["5%"]), interval(view["recall_at"]["10%"])]
        print(f"| {name} | {view['features']} | {' | '.join(cells)} | {view['ece']['value']:.4f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--ablation-share", type=float, default=0.25)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    args = parser.parse_args()
    require_program(parser, args.program)
    results = {}
    with tempfile.TemporaryDirectory(prefix="meterhound-quality-") as folder:
        share, shuffled = Path(folder, "share"), Path(folder, "shuffled")
        for each in (share, shuffled):
            each.mkdir()
        write_share(args.data, args.ablation_share, share)
        write_share(args.data, args.ablation_share / 2, shuffled, shuffle=True)
        plain = Path(folder, "plain.yaml")  # the mapping without what was found out about the data
        text = MAPPING.read_text(encoding="utf-8")
        plain.write_text("".join(line for line in text.splitlines(True) if "date_repair:" not in line), encoding="utf-8")
        alone = Path(folder, "alone.yaml")
        alone.write_text("".join(line for line in text.splitlines(True) if not line.startswith("neighbours:")), encoding="utf-8")

        print(f"All clients, {args.seeds} seeds")
        results["views"] = evaluate(args.program, MAPPING, args.data, [f"evaluation.seeds={args.seeds}"])
        print_views(results["views"])
        print(f"\nWhat each part adds: {args.ablation_share:.0%} of the clients, one seed")
        print("\n| variant | prospective ROC-AUC | PR-AUC | ECE | all ROC-AUC | PR-AUC |\n|---|---|---|---|---|---|")
        runs = [(name, MAPPING, share, settings) for name, settings in VARIANTS.items()]
        runs += [("dates as the file has them", plain, share, []), ("without neighbours", alone, share, []),
                 ("labels shuffled (half the clients)", MAPPING, shuffled, [])]
        for name, mapping, data, settings in runs:
            views = results[name] = evaluate(args.program, mapping, data, settings)
            first, every = views["prospective"], views["all"]
            print(f"| {name} | {interval(first['roc_auc'])} | {interval(first['pr_auc'])} | {first['ece']['value']:.4f} | "
                  f"{interval(every['roc_auc'])} | {interval(every['pr_auc'])} |", flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

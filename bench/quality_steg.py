#!/usr/bin/env python3
"""Detection quality on STEG's bills: every figure of docs/evaluation.md that comes from them.

    bench/quality_steg.py --data DIR [--seeds 5] [--out DIR] [--only parts,shuffled]

DIR holds client_train.csv and invoice_train.csv (also .gz or .zst). What is measured, each by `meterhound` itself:

views       the four views by nested cross-validation of all clients, once a seed; medians over the seeds
kept aside  a model trained and saved on four fifths of the clients, loaded again and measured on the others
one meter   the prospective ranking among clients whose electricity meter was never exchanged
parts       what each part of the detector adds, on a quarter of the clients: read its differences only
resampled   SMOTE-Tomek against no resampling, on a tenth of the clients, prospective
shuffled    labels dealt out at random, on an eighth of the clients

Clients are drawn by a hash of their ids. Tables in Markdown go to OUT/steg.md, every number to OUT/steg.json.
"""
import argparse
import csv
import hashlib
import io
import json
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from common import HERE, PROGRAM, require_program

MAPPING = HERE.parent / "config" / "sources" / "steg.yaml"
VIEWS = ("prospective", "all", "behaviour", "coverage")
TRAINED = ("all", "prospective")  # of the saved models: what they do without is their name's
VARIANTS = {
    "as shipped": [],
    "without the isolation forest": ["detection.isolation_forest.n_estimators=0"],
    "scale_pos_weight 10": ["detection.xgboost.scale_pos_weight=10"],
    "Isotonic calibration": ["detection.calibration=isotonic"],
    "learning rate 0.05, at most 600 rounds": ["detection.xgboost.learning_rate=0.05", "detection.xgboost.n_estimators=600"],
}
RESAMPLED = {  # their cost grows with the square of the clients, so on fewer
    "as shipped": [],
    "SMOTE-Tomek": ["detection.resampling=smote_tomek"],
    "SMOTE-Tomek and scale_pos_weight 10": ["detection.resampling=smote_tomek", "detection.xgboost.scale_pos_weight=10"],
    "SMOTE-Tomek without the isolation forest": ["detection.resampling=smote_tomek", "detection.isolation_forest.n_estimators=0"],
}
WITHOUT = {  # of the mapping: a line that is left out of it
    "dates as the file has them": "  date_repair:",
    "without neighbours": "neighbours:",
}


def read_text(folder, name):
    """A CSV of the folder, unpacked where it is packed."""
    for suffix, unpack in (("", ["cat"]), (".gz", ["gzip", "-dc"]), (".zst", ["zstd", "-dc"])):
        path = folder / (name + suffix)
        if path.exists():
            return subprocess.run([*unpack, str(path)], check=True, capture_output=True, text=True).stdout
    raise SystemExit(f"{folder}: found neither {name} nor {name}.gz or .zst")


class Steg:
    """The clients and bills, and parts of them as folders of their own."""

    def __init__(self, folder):
        header, *self.clients = csv.reader(io.StringIO(read_text(folder, "client_train.csv")))
        self.header, self.id_at, self.label_at = header, header.index("client_id"), header.index("target")
        self.bills = read_text(folder, "invoice_train.csv").splitlines(True)

    def labels(self):
        return {row[self.id_at]: int(float(row[self.label_at])) for row in self.clients}

    def write(self, to, kept, shuffle=False):
        """The clients that `kept` says, with their bills; with `shuffle` their labels are dealt out anew."""
        to.mkdir()
        rows = [row for row in self.clients if kept(row[self.id_at])]
        labels = [row[self.label_at] for row in rows]
        if shuffle:
            random.Random(1).shuffle(labels)
        with (to / "client_train.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(self.header)
            for row, label in zip(rows, labels):
                writer.writerow([label if i == self.label_at else cell for i, cell in enumerate(row)])
        client_at = self.bills[0].split(",").index("client_id")
        with (to / "invoice_train.csv").open("w", encoding="utf-8") as out:
            out.write(self.bills[0])
            out.writelines(line for line in self.bills[1:] if kept(line.split(",", client_at + 1)[client_at]))
        return to

    def with_one_meter(self):
        """Clients of whom all electricity bills name one meter."""
        at = {name: self.bills[0].strip().split(",").index(name) for name in ("client_id", "counter_type", "counter_number")}
        meters = {}
        for line in self.bills[1:]:
            cells = line.rstrip("\n").split(",")
            if cells[at["counter_type"]].startswith("ELEC"):
                meters.setdefault(cells[at["client_id"]], set()).add(cells[at["counter_number"]])
        return {client for client, numbers in meters.items() if len(numbers) == 1}


def drawn(share, beyond=0.0):
    """Whether a hash of an id falls into a share of all, which begins at `beyond`."""
    return lambda client: beyond * 2**32 <= int(hashlib.sha256(client.encode()).hexdigest()[:8], 16) < (beyond + share) * 2**32


class Meterhound:
    def __init__(self, program, folder):
        self.program, self.folder, self.runs = program, folder, 0

    def __call__(self, command, data, *flags, mapping=MAPPING, settings=()):
        """The folder that the command wrote into."""
        self.runs += 1
        out = self.folder / f"run-{self.runs}"
        args = [self.program, command, "--source", mapping, "--data", data, "--out", out, "--quiet", *flags]
        for setting in settings:
            args += ["--set", setting]
        subprocess.run([str(arg) for arg in args], check=True)
        return out


def views_of(folder):
    views = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))["views"]
    return {view["name"]: view for view in views}


def figures(view):
    """The figures of a view by their names in the tables."""
    return {"ROC-AUC": view["roc_auc"], "PR-AUC": view["pr_auc"], "precision at 1 %": view["precision_at"]["1%"],
            "precision at 5 %": view["precision_at"]["5%"], "recall at 10 %": view["recall_at"]["10%"], "ECE": view["ece"]}


def interval(value):
    return f"{value['value']:.3f} ({value['low']:.3f}-{value['high']:.3f})"


def small(value):
    return f"{value['value']:.4f}"


def roc_auc(scores, labels):
    """Mann-Whitney, ties count half."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    thefts, rank_sum, i = sum(labels), 0.0, 0
    while i < len(order):
        end = i
        while end < len(order) and scores[order[end]] == scores[order[i]]:
            end += 1
        rank_sum += sum(labels[k] for k in order[i:end]) * (i + 1 + end) / 2
        i = end
    return (rank_sum - thefts * (thefts + 1) / 2) / (thefts * (len(labels) - thefts))


class Page:
    """Markdown, on the terminal and in a file."""

    def __init__(self, path):
        self.path, self.lines = path, []

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)
        self.path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")

    def table(self, header, rows):
        self.say("| " + " | ".join(header) + " |")
        self.say("|" + "---|" * len(header))
        for row in rows:
            self.say("| " + " | ".join(row) + " |")


def measure_views(program, page, data, seeds):
    by_seed = []
    for seed in range(1, seeds + 1):
        by_seed.append(views_of(program("evaluate", data, "--seed", seed)))
    page.say(f"\n## Views: all clients, medians over {seeds} seeds, with the 95 % interval of the median seed and the range over seeds\n")
    rows = []
    for name in VIEWS:
        cells = [f"{name} ({by_seed[0][name]['features']})"]
        for figure in figures(by_seed[0][name]):
            values = [figures(views[name])[figure] for views in by_seed]
            middle = sorted(values, key=lambda value: value["value"])[(len(values) - 1) // 2]
            if figure == "ECE":
                cells.append(small(middle) + f" [{max(v['value'] for v in values):.4f} at most]")
            else:
                cells.append(interval(middle) + f" [{min(v['value'] for v in values):.3f}-{max(v['value'] for v in values):.3f}]")
        rows.append(cells)
    page.table(["view (features)", *figures(by_seed[0]["all"])], rows)
    page.say("\n## Reliability, prospective, first seed: tenths of the clients by probability\n")
    page.table(["predicted", "found", "95 %", "clients"],
               [[f"{b['predicted']:.4f}", f"{b['observed']:.4f}", f"{b['low']:.4f}-{b['high']:.4f}", str(b["consumers"])]
                for b in by_seed[0]["prospective"]["reliability"]])
    return [{name: figures(view) for name, view in views.items()} for views in by_seed]


def measure_kept_aside(program, page, steg, folder):
    train, aside = (steg.write(folder / name, kept) for name, kept in
                    (("train", drawn(0.8)), ("aside", drawn(0.2, beyond=0.8))))
    page.say("\n## Kept aside: models saved after training on four fifths, measured on the other clients\n")
    rows, found = [], {}
    for name in TRAINED:
        settings = ["detection.without=inspection"] if name == "prospective" else []
        model = program("train", train, settings=settings) / "model.mh"
        view = views_of(program("evaluate", aside, "--model", model, settings=settings))
        (only,) = view.values()
        found[name] = figures(only)
        rows.append([name, *(interval(value) if key != "ECE" else small(value) for key, value in found[name].items())])
    page.table(["view", *found["all"]], rows)
    return found


def measure_one_meter(program, page, data, steg):
    out = program("run", data, settings=["detection.without=inspection", "report.cases=1"])
    labels, one_meter = steg.labels(), steg.with_one_meter()
    with (out / "scores.csv").open(newline="", encoding="utf-8") as file:
        probability = {row["consumer_id"]: float(row["probability"]) for row in csv.DictReader(file)}
    page.say("\n## One meter: the prospective ranking, and where no meter was ever exchanged\n")
    rows, found = [], {}
    for name, some in (("all clients", set(probability)), ("one electricity meter", one_meter),
                       ("several meters", set(probability) - one_meter)):
        chosen = [client for client in probability if client in some]
        found[name] = {"clients": len(chosen), "thefts": sum(labels[c] for c in chosen),
                       "ROC-AUC": roc_auc([probability[c] for c in chosen], [labels[c] for c in chosen])}
        rows.append([name, f"{len(chosen):,}", f"{100 * found[name]['thefts'] / len(chosen):.1f} %", f"{found[name]['ROC-AUC']:.3f}"])
    page.table(["clients", "number", "theft", "ROC-AUC"], rows)
    return found


def measure_parts(program, page, steg, folder, share):
    data = steg.write(folder / "share", drawn(share))
    text = MAPPING.read_text(encoding="utf-8")
    runs = [(name, MAPPING, settings) for name, settings in VARIANTS.items()]
    for name, line_begin in WITHOUT.items():
        mapping = folder / (hashlib.sha256(name.encode()).hexdigest()[:8] + ".yaml")
        mapping.write_text("".join(line for line in text.splitlines(True) if not line.startswith(line_begin)), encoding="utf-8")
        runs.append((name, mapping, []))
    page.say(f"\n## Parts: {share:.0%} of the clients, one seed\n")
    found, rows = {}, []
    for name, mapping, settings in runs:
        begun = time.monotonic()
        views = views_of(program("evaluate", data, mapping=mapping, settings=settings))
        found[name] = {view: figures(views[view]) for view in ("prospective", "all")}
        first, every = found[name]["prospective"], found[name]["all"]
        rows.append([name, interval(first["ROC-AUC"]), interval(first["PR-AUC"]), f"{first['precision at 1 %']['value']:.3f}",
                     small(first["ECE"]), f"{every['ROC-AUC']['value']:.3f}", f"{every['PR-AUC']['value']:.3f}"])
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
    page.table(["variant", "prospective ROC-AUC", "PR-AUC", "precision at 1 %", "ECE", "all ROC-AUC", "PR-AUC"], rows)
    return found


def measure_resampled(program, page, steg, folder, share):
    data = steg.write(folder / "resampled", drawn(share))
    page.say(f"\n## Resampled: {share:.0%} of the clients, prospective, one seed\n")
    found, rows = {}, []
    for name, settings in RESAMPLED.items():
        views = views_of(program("evaluate", data, settings=["detection.without=inspection", *settings]))
        found[name] = figures(views["prospective"])
        rows.append([name, *(small(value) if key == "ECE" else interval(value) for key, value in found[name].items())])
    page.table(["variant", *found["as shipped"]], rows)
    return found


def measure_shuffled(program, page, steg, folder, share):
    data = steg.write(folder / "shuffled", drawn(share), shuffle=True)
    views = views_of(program("evaluate", data))
    page.say(f"\n## Labels dealt out at random: {share:.1%} of the clients\n")
    page.table(["view", "ROC-AUC"], [[name, interval(views[name]["roc_auc"])] for name in VIEWS])
    return {name: figures(views[name]) for name in VIEWS}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=PROGRAM, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--parts-share", type=float, default=0.25)
    parser.add_argument("--resampled-share", type=float, default=0.1)
    parser.add_argument("--only", metavar="PART[,PART...]", help="some parts only, by the names above")
    parser.add_argument("--out", type=Path, default=Path("out/quality"))
    args = parser.parse_args()
    require_program(parser, args.program)
    args.out.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    page = Page(args.out / "steg.md")
    page.say("# Quality on STEG's bills")
    with tempfile.TemporaryDirectory(prefix="meterhound-quality-") as name:
        folder = Path(name)
        program, steg = Meterhound(args.program, folder), Steg(args.data)
        data = steg.write(folder / "whole", lambda client: True)
        parts = {
            "views": lambda: measure_views(program, page, data, args.seeds),
            "kept aside": lambda: measure_kept_aside(program, page, steg, folder),
            "one meter": lambda: measure_one_meter(program, page, data, steg),
            "parts": lambda: measure_parts(program, page, steg, folder, args.parts_share),
            "resampled": lambda: measure_resampled(program, page, steg, folder, args.resampled_share),
            "shuffled": lambda: measure_shuffled(program, page, steg, folder, args.parts_share / 2),
        }
        wanted = args.only.split(",") if args.only else list(parts)
        if not set(wanted) <= set(parts):
            parser.error(f"--only: expected some of {', '.join(parts)}")
        results = {name: parts[name]() for name in wanted}
    (args.out / "steg.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    page.say(f"\n{(time.monotonic() - begun) / 60:.0f} minutes")


if __name__ == "__main__":
    main()

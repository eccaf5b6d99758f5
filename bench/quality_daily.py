#!/usr/bin/env python3
"""Attacks with known beginnings, on simulated towns and in real homes: what is found, when, and how well it is reckoned.

    bench/quality_daily.py --data DIR [--out out/quality] [--page FILE] [--only simulated,delay,hold_out,real,shuffled]

Each experiment trains on consumers that it does not score. Recall is the share of an attack's thieves among the first 1 %
or 5 % of the list, places for signs included. None of these figures says how well real thefts are found. DIR holds
swiss_15min/ and sgsc10/. Tables in Markdown go to OUT/daily.md, every number to OUT/daily.json; --page puts the tables into
a page, between its marks."""
import argparse
import csv
import datetime
import itertools
import json
import lzma
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import common

ATTACKS = ["scale", "zero_spell", "random_scale", "random_mean", "mean", "reversed", "cap", "offset", "on_off", "ramp",
           "scale_spell", "peak_shift", "swap", "zero"]
FIRST_CUT, CUT_STEP, CUTS = 363, 61, 12  # days of readings at the dates on which the town is scored
SHARES = (0.01, 0.05)
MARKS = ("<!-- tables: bench/quality_daily.py --page writes them -->", "<!-- tables end -->")
HOME_SEEDS = {"days": 20, "half-hours": 5}  # ways to put attacks into the real homes
# hold_out's rankings: with the isolation forest's score as a feature or alone, and the share of the places for signs.
ALONE, SHIPPED, SIGNLESS = "alone, 0 % to signs", "forest, 5 % to signs", "forest, 0 % to signs"
RANKINGS = {ALONE: "supervised model alone", "alone, 5 % to signs": "the same, 5 % of the places for signs",
            SIGNLESS: "with the forest's score as a feature", SHIPPED: "the same, 5 % of the places: as shipped",
            "forest, 10 % to signs": "the same, 10 % of the places"}
LIFTS = {"places for signs, to the model alone": (ALONE, "alone, 5 % to signs"),
         "places for signs, to the model with the forest": (SIGNLESS, SHIPPED),
         "all that is shipped, to the model alone": (ALONE, SHIPPED)}


# --- small statistics -------------------------------------------------------------------------------------------------
def wilson(hits, trials):
    if trials == 0:
        return None
    z, p = 1.96, hits / trials
    middle = (p + z * z / 2 / trials) / (1 + z * z / trials)
    half = z * (p * (1 - p) / trials + z * z / 4 / trials**2) ** 0.5 / (1 + z * z / trials)
    return {"value": p, "low": max(0.0, middle - half), "high": min(1.0, middle + half), "of": trials}


def paired(before, after):
    """How much larger a share of the same trials succeeds after than before, with the interval of McNemar's difference."""
    trials = len(before)
    if trials == 0:
        return None
    won, lost = sum(b > a for a, b in zip(before, after)), sum(a > b for a, b in zip(before, after))
    difference = (won - lost) / trials
    half = 1.96 * max(0.0, won + lost - (won - lost) ** 2 / trials) ** 0.5 / trials
    return {"value": difference, "low": difference - half, "high": difference + half, "won": won, "lost": lost, "of": trials}


def rate(hits):
    return wilson(sum(hits), len(hits))


def quartiles(values):
    ordered = sorted(values)
    if not ordered:
        return None
    at = [ordered[min(len(ordered) - 1, int(q * len(ordered)))] for q in (0.25, 0.5, 0.75)]
    return {"low": at[0], "median": at[1], "high": at[2], "of": len(ordered)}


def kaplan_meier(times):
    """Quartiles of the days to detection; `times` are (days, found), where not found means watched for so long."""
    left, surviving, at = len(times), 1.0, {}
    for days in sorted({days for days, found in times if found}):
        watched = sum(1 for other, _ in times if other >= days)
        found = sum(1 for other, hit in times if hit and other == days)
        surviving *= 1 - found / watched
        for name, share in (("low", 0.75), ("median", 0.5), ("high", 0.25)):
            if surviving <= share:
                at.setdefault(name, days)
    return {name: at.get(name) for name in ("low", "median", "high")} | {"of": left, "found": sum(f for _, f in times)}


def found_of(watched):
    return f"{watched['found']:,} of {watched['of']:,} ({100 * watched['found'] / watched['of']:.0f} %)"


def auc(scores, labels):
    ranked = sorted(zip(scores, labels))
    wins = below = i = 0
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        thefts = sum(label for _, label in ranked[i:j])
        wins += thefts * (below + (j - i - thefts) / 2)
        below += j - i - thefts
        i = j
    thefts = sum(labels)
    return wins / thefts / (len(labels) - thefts)


# --- files ------------------------------------------------------------------------------------------------------------
def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def truth_of(town):
    return {row["consumer"]: row for row in read(town.with_suffix(".truth.csv"))}


def cut(town, days, to, honest_before=None):
    """The first days of a town. @param honest_before truth: thefts that began later are not known yet."""
    with open(town, newline="", encoding="utf-8") as source, open(to, "w", newline="", encoding="utf-8") as target:
        rows, write = csv.reader(source), csv.writer(target, lineterminator="\n").writerow
        header = next(rows)[: days + 2]
        write(header)
        last = day_of(header[-1])
        for row in rows:
            if honest_before and row[1] == "1" and day_of(honest_before[row[0]]["start"]) > last:
                row[1] = "0"
            write(row[: days + 2])
    return last


def day_of(text):
    return datetime.date(*map(int, text.replace("/", "-").split("-")))


def homes_of(data, to):
    """Real homes in wide form: Swiss ones as days and half-hours (week 44 of 2018 is taken for theirs), Australian days."""
    monday = datetime.date(2018, 10, 29)
    with lzma.open(data / "swiss_15min" / "swiss_15min.csv.xz", "rt", encoding="utf-8") as file:
        weeks = defaultdict(dict)
        for row in csv.DictReader(file):
            quarters = [float(row[f"V{i:03}"]) for i in range(1, 673)]
            weeks[row["VID"]][int(row["week"][1:])] = [a + b for a, b in zip(quarters[::2], quarters[1::2])]
    files = {"half-hours": to / "swiss_half_hours.csv", "days": to / "swiss_days.csv", "long": to / "sgsc_days.csv"}
    for name, step in (("half-hours", 1), ("days", 48)):
        times = [datetime.datetime.combine(monday, datetime.time()) + i * step * datetime.timedelta(minutes=30)
                 for i in range(7 * 336 // step)]
        lines = [["CONS_NO", *(f"{t:%Y-%m-%dT%H:%M}" if step == 1 else f"{t:%Y-%m-%d}" for t in times)]]
        for home, of in sorted(weeks.items()):
            halves = [x for week in sorted(of) for x in of[week]]
            lines.append([home, *(round(sum(halves[i:i + step]), 3) for i in range(0, len(halves), step))])
        with open(files[name], "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
    files["long"].write_bytes((data / "sgsc10" / "sgsc10_daily_wide.csv").read_bytes())
    return files


# --- what lists and cases say -----------------------------------------------------------------------------------------
def recall(pairs, share_names=SHARES):
    """@param pairs (list of ids best first, truth): a scored town each. Recall per attack and share, towns pooled."""
    hits, totals = defaultdict(int), defaultdict(int)
    for listed, truth in pairs:
        for share in share_names:
            first = set(listed[: round(share * len(listed))])
            for consumer, row in truth.items():
                if row["kind"] == "theft":
                    for attack in {row["attack"] if "+" not in row["attack"] else "mixture", "any"}:
                        totals[attack, share] += 1
                        hits[attack, share] += consumer in first
    names = {str(i + 1): name for i, name in enumerate(ATTACKS)} | {"mixture": "mixture", "any": "any"}
    return {name: {str(share): wilson(hits[key, share], totals[key, share]) for share in share_names}
            for key, name in names.items() if totals[key, share_names[0]]}


def evidence(pairs):
    """@param pairs (run folder, truth). How the cases' evidence compares with the truth, per attack."""
    ratios, days, cases = defaultdict(list), defaultdict(list), defaultdict(int)
    for folder, truth in pairs:
        for path in (folder / "cases").glob("*.json"):
            case = json.loads(path.read_text())
            row = truth[case["consumer_id"]]
            if row["kind"] != "theft" or "+" in row["attack"]:
                continue
            name = ATTACKS[int(row["attack"]) - 1]
            found = case["evidence"]
            taken = float(row["kwh_taken_observed"])
            for key in (name, "any"):
                cases[key] += 1
                if found["missing_kwh"] and taken > 0:
                    ratios[key].append(found["missing_kwh"]["value"] / taken)
                if found["change"] and found["missing_kwh"]:
                    days[key].append(abs((day_of(found["change"]["date"][:10]) - day_of(row["start"])).days))
    return {name: {"cases": cases[name], "energy": quartiles(ratios[name]), "days": quartiles(days[name])}
            for name in [*ATTACKS, "any"] if cases[name]}


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.out = folder

    def run(self, *args):
        command = [str(arg) for arg in (self.options.program, *args, "--json")]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"quality: {' '.join(command)} ended with status {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)

    def town(self, name, *flags):
        path = self.out / f"{name}.csv"
        self.run("simulate", *flags, "--out", path)
        return path, truth_of(path)

    def listed(self, folder):
        rows = read(folder / "scores.csv")
        return [row["consumer_id"] for row in rows], rows

    # One seed's town teaches, another's is listed.
    def simulated(self):
        consumers = self.options.consumers
        train, _ = self.town("train", "--attacks", "all", "--consumers", consumers, "--seed", 1)
        test, truth = self.town("test", "--attacks", "all", "--consumers", consumers, "--seed", 2)
        self.run("train", train, "--out", self.out / "model", "--seed", 1)
        cases = min(5000, round(0.05 * consumers))
        self.run("report", test, "--model", self.out / "model" / "model.mh", "--out", self.out / "listed",
                 "--set", f"report.cases={cases}")
        listed, rows = self.listed(self.out / "listed")
        return {"consumers": consumers, "days": 1034, "recall": recall([(listed, truth)]),
                "roc_auc": auc([float(row["probability"]) for row in rows],
                               [int(truth[row["consumer_id"]]["label"]) for row in rows]),
                "evidence": evidence([(self.out / "listed", truth)])}

    # On each date a detector that has learnt the other town's thefts known by then lists the town as it was.
    def delay(self):
        consumers = self.options.small
        train, known = self.town("delay_train", "--attacks", "all", "--consumers", consumers, "--seed", 3)
        test, truth = self.town("delay_test", "--attacks", "all", "--consumers", consumers, "--seed", 4)
        dates, listings = [], defaultdict(list)
        for i in range(CUTS):
            days = FIRST_CUT + i * CUT_STEP
            cut(train, days, self.out / "cut_train.csv", known)
            dates.append(cut(test, days, self.out / "cut_test.csv"))
            self.run("train", self.out / "cut_train.csv", "--out", self.out / "cut", "--seed", 1)
            self.run("score", self.out / "cut_test.csv", "--model", self.out / "cut" / "model.mh", "--out", self.out / "cut")
            listed, _ = self.listed(self.out / "cut")
            for consumer in listed[: round(0.05 * len(listed))]:
                listings[consumer].append(dates[-1])

        def watched(consumer, start):
            found = [date for date in listings[consumer] if date >= start]
            return (min(found, default=dates[-1]) - start).days, bool(found)

        # With so many lists some are found by chance: the honest, as if they had begun on thieves' days, say how many.
        times = defaultdict(list)
        thieves = {consumer: (row["attack"], day_of(row["start"])) for consumer, row in truth.items()
                   if row["kind"] == "theft" and "+" not in row["attack"] and day_of(row["start"]) > dates[0]}
        for consumer, (attack, start) in thieves.items():
            for name in (ATTACKS[int(attack) - 1], "any"):
                times[name].append(watched(consumer, start))
        starts = itertools.cycle(start for _, start in thieves.values())
        for consumer, row in truth.items():
            if row["kind"] != "theft":
                times["honest"].append(watched(consumer, next(starts)))
        return {"consumers": consumers, "dates": [str(date) for date in dates],
                "days": {name: kaplan_meier(times[name]) for name in [*ATTACKS, "any", "honest"] if times[name]}}

    # Thieves of several towns, each with what it uses and its place on every list, by the attack kept out of training.
    def hold_out(self):
        towns = [common.answer_of([self.options.hold_out, self.options.small, 20 + 10 * seed])
                 for seed in range(1, self.options.seeds + 1)]
        first = {share: round(share * self.options.small) for share in SHARES}

        def caught(kept_out, attacks, ranking, share, of=towns):
            return [place <= first[share] for town in of for number in attacks
                    for place, used in zip(town["held_out"][number if kept_out else 0]["places"][ranking], town["thieves"])
                    if used == str(number)]

        every = range(1, 15)
        rankings = {}
        for ranking in RANKINGS:
            rankings[ranking] = {str(share): {
                "unseen": {ATTACKS[k - 1]: rate(caught(True, [k], ranking, share)) for k in every},
                "known": {ATTACKS[k - 1]: rate(caught(False, [k], ranking, share)) for k in every},
                "unseen_any": rate(caught(True, every, ranking, share)),
                "known_any": rate(caught(False, every, ranking, share)),
                "precision": rate([hit for town in towns for hit in self.hits(town, ranking, first[share])])}
                for share in SHARES}

        def gain(pair, attacks, share, of=towns):
            return paired(*(caught(True, attacks, ranking, share, of) for ranking in pair))
        lifts = {words: {str(share): {"any": gain(pair, every, share),
                                      "by_pair": [gain(pair, every, share, [town])["value"] for town in towns]}
                         for share in SHARES} for words, pair in LIFTS.items()}
        by_attack = {ATTACKS[k - 1]: gain((SIGNLESS, SHIPPED), [k], 0.05) for k in every}
        return {"consumers": self.options.small, "seeds": len(towns), "rankings": rankings, "lifts": lifts,
                "by_attack": by_attack}

    # Of the first places when no attack was kept out, which are thieves'.
    @staticmethod
    def hits(town, ranking, first):
        thieves = sum(place <= first for place in town["held_out"][0]["places"][ranking])
        return [True] * thieves + [False] * (first - thieves)

    # Attacks in real homes: listed by detectors of other folds, which have not seen the home.
    def real(self):
        files = homes_of(self.options.data, self.out)
        said = {}
        for name, seeds in HOME_SEEDS.items():
            lists, folders, aucs = [], [], []
            for seed in range(1, seeds + 1):
                town, truth = self.town(f"homes_{name}_{seed}", "--onto", files[name], "--attacks", "all", "--seed", seed)
                folder = self.out / f"homes_{name}_{seed}"
                done = self.run("run", town, "--out", folder, "--seed", seed, "--set", "report.cases=5000", "--set",
                                "evaluation.bootstraps=200")
                lists.append((self.listed(folder)[0], truth))
                folders.append((folder, truth))
                aucs.append(done["evaluation"]["roc_auc"]["value"])
            said[name] = {"homes": len(truth), "seeds": seeds, "roc_auc": quartiles(aucs), "recall": recall(lists),
                          "evidence": evidence(folders)}
        said["long"] = self.long_homes(files["long"])
        return said

    # Ten homes are too few to learn from: a simulated town of as many days teaches.
    def long_homes(self, homes):
        train, known = self.town("long_train", "--attacks", "all", "--consumers", self.options.small, "--seed", 5,
                                 "--days", 753)
        self.run("train", train, "--out", self.out / "long", "--seed", 1)
        pairs, wins, totals = [], defaultdict(float), defaultdict(int)
        chance = {}
        for number in range(0, 15):
            if number and ATTACKS[number - 1] == "swap":  # needs a victim, and here all steal
                continue
            flags = ["--theft", 0] if number == 0 else ["--theft", 1, "--attacks", number, "--seed", number]
            town, truth = self.town(f"long_{number}", "--onto", homes, *flags)
            folder = self.out / f"long_{number}"
            self.run("report", town, "--model", self.out / "long" / "model.mh", "--out", folder)
            chance[number] = {row["consumer_id"]: float(row["probability"]) for row in self.listed(folder)[1]}
            if number > 0:
                pairs.append((folder, truth))
                for home, value in chance[number].items():
                    for name in (ATTACKS[number - 1], "any"):
                        totals[name] += 1
                        wins[name] += (value > chance[0][home]) + (value == chance[0][home]) / 2
        return {"homes": len(chance[0]), "raised": {name: wilson(wins[name], totals[name]) for name in totals},
                "evidence": evidence(pairs)}

    def shuffled(self):
        town, _ = self.town("shuffled", "--consumers", self.options.small, "--seed", 6)
        lines = list(csv.reader(open(town, newline="", encoding="utf-8")))
        labels = [row[1] for row in lines[1:]]
        random.Random(6).shuffle(labels)
        for row, label in zip(lines[1:], labels):
            row[1] = label
        with open(town, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
        done = self.run("evaluate", town, "--out", self.out / "shuffled", "--set",
                        "feature_extraction.tsfresh_settings=minimal+theft")
        return {"consumers": self.options.small, "roc_auc": done["roc_auc"]}


# --- words ------------------------------------------------------------------------------------------------------------
def percent(interval):
    if not interval:
        return ""
    return f"{100 * interval['value']:.0f} ({100 * interval['low']:.0f}-{100 * interval['high']:.0f})"


def spread(of, form="{:.0f}"):
    if not of:
        return ""
    return " / ".join(form.format(of[key]) if of[key] is not None else "later" for key in ("low", "median", "high"))


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def attack_table(recalls, evidences):
    head = ["attack", "thieves", "found at 1 %", "found at 5 %", "with estimate", "kWh estimated / taken", "days off"]
    rows = []
    for name, found in recalls.items():
        told = evidences.get(name, {"cases": 0, "energy": None, "days": None})
        estimates = f"{told['energy']['of'] if told['energy'] else 0} of {told['cases']}" if told["cases"] else ""
        rows.append([name, found["0.05"]["of"], percent(found["0.01"]), percent(found["0.05"]), estimates,
                     spread(told["energy"], "{:.2f}"), spread(told["days"])])
    return table(head, rows)


def points(difference):
    return f"{100 * difference['value']:+.1f} ({100 * difference['low']:+.1f} to {100 * difference['high']:+.1f})" if difference else ""


def hold_out_words(hold):
    text = (f"**Each attack kept out of training in turn** ({hold['seeds']} pairs of towns of {hold['consumers']:,}; one teaches, the "
            "other is listed): recall in per cent of the attack that training never saw, and of all attacks when none is kept "
            "out. Precision is that of the list when none is kept out.\n\n")
    head = ["ranking", *(f"{what} at {100 * share:.0f} %" for what in ("unseen", "known", "precision") for share in SHARES)]
    text += table(head, [[words, *(percent(hold["rankings"][ranking][str(share)][what]) for what in
                                   ("unseen_any", "known_any", "precision") for share in SHARES)]
                         for ranking, words in RANKINGS.items()]) + "\n"
    text += "What each adds for the attack never seen, in points (the same thieves on both lists), and by pair of towns:\n\n"
    head = ["added", *(f"at {100 * share:.0f} %, {what}" for share in SHARES for what in ("all", "by pair"))]
    text += table(head, [[words, *(cell for share in SHARES for cell in (
        points(lift[str(share)]["any"]), ", ".join(f"{100 * value:+.1f}" for value in lift[str(share)]["by_pair"])))]
        for words, lift in hold["lifts"].items()]) + "\n"
    text += "At 5 % inspected, by attack; the last column is what the places for signs add to the list as shipped without them:\n\n"
    at = {ranking: hold["rankings"][ranking]["0.05"] for ranking in RANKINGS}
    rows = [[name, at[SHIPPED]["unseen"][name]["of"], percent(at[SHIPPED]["known"][name]),
             *(percent(at[ranking]["unseen"][name]) for ranking in (ALONE, SIGNLESS, SHIPPED)), points(hold["by_attack"][name])]
            for name in ATTACKS if at[SHIPPED]["unseen"][name]]
    rows.append(["any", at[SHIPPED]["unseen_any"]["of"], percent(at[SHIPPED]["known_any"]),
                 *(percent(at[ranking]["unseen_any"]) for ranking in (ALONE, SIGNLESS, SHIPPED)),
                 points(hold["lifts"]["places for signs, to the model with the forest"]["0.05"]["any"])])
    return text + table(["attack", "thieves", "known, as shipped", "unseen, alone", "unseen, with forest", "unseen, as shipped",
                         "signs add"], rows)


def town_words(town):
    return (f"**Simulated towns of SGCC's form**: trained on {town['consumers']:,} consumers by {town['days']:,} days of one seed, "
            f"listed are those of another; ROC-AUC {town['roc_auc']:.3f}. Estimates are those of thieves in the first 5 %, against "
            f"what was really taken on days with a reading.\n\n{attack_table(town['recall'], town['evidence'])}")


def delay_words(delay):
    text = (f"**Days to detection**: two towns of {delay['consumers']:,}, listed on {len(delay['dates'])} dates from {delay['dates'][0]} "
            f"to {delay['dates'][-1]} by a detector that knew the thefts of the other town up to then. Found is whoever is in the first "
            "5 % of a list after the theft began; quartiles by Kaplan-Meier, *later* where they lie beyond the time watched. With so "
            "many lists chance finds some: the last row is the honest, as if they had begun on the thieves' days.\n\n")
    rows = [[name, found_of(days), spread(days)] for name, days in delay["days"].items()]
    return text + table(["attack", "found", "days"], rows)


def real_words(real):
    text = ""
    for name, words in (("days", "daily"), ("half-hours", "half-hourly")):
        homes = real[name]
        text += (f"**{homes['homes']} real Swiss homes, 49 days, {words}**, attacks put in, {homes['seeds']} seeds, five folds; "
                 f"ROC-AUC by seed {spread(homes['roc_auc'], '{:.3f}')}.\n\n{attack_table(homes['recall'], homes['evidence'])}\n")
    homes = real["long"]
    text += (f"**{homes['homes']} real Australian homes, 753 days**, each under every attack but the swap, scored by a detector that learnt "
             "from a simulated town of as many days: how often the attack raised the home's own probability (chance is 50).\n\n")
    rows = [[name, percent(value), spread(homes["evidence"].get(name, {}).get("energy"), "{:.2f}"),
             spread(homes["evidence"].get(name, {}).get("days"))] for name in [*ATTACKS, "any"] if (value := homes["raised"].get(name))]
    return text + table(["attack", "raised", "kWh estimated / taken", "days off"], rows)


def control_words(shuffled):
    control = shuffled["roc_auc"]
    return (f"Control: with shuffled labels ({shuffled['consumers']:,} consumers) ROC-AUC is {control['value']:.3f} "
            f"({control['low']:.3f}-{control['high']:.3f}).\n")


def markdown(said):
    text = ["Attacks are made up here, and so mostly are the homes. These figures compare methods and guard against "
            "regressions; **none of them is detection quality on real thefts**. Every attack is as frequent as the others, "
            "thefts are 8.53 % of consumers; so of all thieves 1 % inspected can find 12 % at most, and 5 % can find 59 %. "
            "Percentages with 95 % intervals, else lower quartile / median / upper quartile.\n"]
    for name, words in (("simulated", town_words), ("delay", delay_words), ("hold_out", hold_out_words), ("real", real_words),
                        ("shuffled", control_words)):
        if name in said:
            text.append(words(said[name]))
    return "\n".join(text)


def write_page(path, tables):
    before, begin, rest = path.read_text(encoding="utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not end:
        sys.exit(f"quality: {path} lacks the marks {' and '.join(MARKS)}")
    path.write_text(f"{before}{begin}\n{tables}{end}{after}", encoding="utf-8")


def main():
    root = common.HERE.parent
    experiments = ["simulated", "delay", "hold_out", "real", "shuffled"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=common.PROGRAM)
    parser.add_argument("--hold-out", type=Path, default=root / "build" / "release" / "bench" / "hold_out")
    parser.add_argument("--data", required=True, type=Path, help="folder of real readings")
    parser.add_argument("--out", type=Path, default=Path("out/quality"))
    parser.add_argument("--page", type=Path, metavar="FILE", help="such as docs/evaluation-daily.md: write its tables anew")
    parser.add_argument("--consumers", type=int, default=42372, help="of the large simulated towns")
    parser.add_argument("--small", type=int, default=3000, help="of the towns that are trained on many times")
    parser.add_argument("--seeds", type=int, default=3, help="pairs of small towns, of which one teaches and one is listed")
    parser.add_argument("--only", help="experiments joined by commas, the others as in OUT: " + ", ".join(experiments))
    options = parser.parse_args()
    common.require_program(parser, options.program)
    common.require_program(parser, options.hold_out)
    chosen = options.only.split(",") if options.only else experiments
    if unknown := [name for name in chosen if name not in experiments]:
        parser.error(f"no experiment {unknown[0]}, expected one of {', '.join(experiments)}")
    options.out.mkdir(parents=True, exist_ok=True)
    store = options.out / "daily.json"
    said = json.loads(store.read_text(encoding="utf-8")) if options.only and store.exists() else {}
    for name in chosen:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="meterhound-quality-") as folder:
            said[name] = getattr(Bench(options, Path(folder)), name)()
        print(f"==> {name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        store.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    tables = markdown(said)
    (options.out / "daily.md").write_text("# Quality on daily and half-hourly readings under attack\n\n" + tables, encoding="utf-8")
    print(tables)
    if options.page:
        write_page(options.page, tables)


if __name__ == "__main__":
    main()

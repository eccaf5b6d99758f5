#!/usr/bin/env python3
"""What the nightly workflow does with a model: asks for drift, files an issue about it, retrains; also by hand, through make.

    tools/watch_model.py drift PROGRAM MODEL READINGS OUT      # drift.html and issue.md in OUT; says verdict=stable or verdict=drift
    tools/watch_model.py issue OUT                             # files OUT/issue.md by gh, or adds it to the issue that is still open
    tools/watch_model.py retrain PROGRAM MODEL READINGS OUT    # challenger.mh and model-card.md in OUT; says outcome=promoted or kept

A verdict is not a failure: exit status 0 for either. Outputs and the summary go where GitHub's runner asks for them, and to the screen.
The text of an issue holds reasons and shares, and nothing of a single consumer.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

TITLE = "Readings have drifted from the model's training data"
LABEL = "drift"


def tell(variable, text):
    print(text)
    if os.environ.get(variable):
        with open(os.environ[variable], "a") as file:
            file.write(text + "\n")


def ask(*words, verdicts):
    """The program's answer in JSON and the verdict that its exit status says."""
    done = subprocess.run([*map(str, words), "--json"], stdout=subprocess.PIPE, text=True)
    if done.returncode not in verdicts:
        sys.exit(done.returncode)
    return json.loads(done.stdout), verdicts[done.returncode]


def issue_of(found):
    reference, current = found["reference"], found["current"]
    lines = [f"{current['consumers']} consumers from {current['first']} to {current['last']}, held against {reference['consumers']} from "
             f"{reference['first']} to {reference['last']}. Moved: {', '.join(found['kinds'])}.", "", *(f"- {reason}" for reason in found["reasons"])]
    if found["notes"]:
        lines += ["", *(f"Note: {note}" for note in found["notes"])]
    lines += ["", "What to look at first: docs/operations.md, Drift. Retraining has been started; nothing is put into use by it."]
    return "\n".join(lines) + "\n"


def drift(program, model, readings, out):
    out.mkdir(parents=True, exist_ok=True)
    found, verdict = ask(program, "drift", model, readings, "--html", out / "drift.html", verdicts={0: "stable", 3: "drift"})
    if verdict == "drift":
        (out / "issue.md").write_text(issue_of(found))
        tell("GITHUB_STEP_SUMMARY", (out / "issue.md").read_text())
    tell("GITHUB_OUTPUT", f"verdict={verdict}")


def gh(*words):
    return subprocess.run(["gh", *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout


def issue(out):
    text = out / "issue.md"
    still_open = json.loads(gh("issue", "list", "--label", LABEL, "--state", "open", "--limit", 1, "--json", "number"))
    if still_open:
        print(gh("issue", "comment", still_open[0]["number"], "--body-file", text), end="")
        return
    gh("label", "create", LABEL, "--force", "--description", "The model's readings have moved")
    print(gh("issue", "create", "--title", TITLE, "--label", LABEL, "--body-file", text), end="")


def retrain(program, model, readings, out):
    out.mkdir(parents=True, exist_ok=True)
    _, outcome = ask(program, "retrain", readings, "--model", model, "--out", out, verdicts={0: "promoted", 3: "kept"})
    card = out / "model-card.md"
    if card.exists():  # not where a gate refused the data
        tell("GITHUB_STEP_SUMMARY", card.read_text())
    tell("GITHUB_OUTPUT", f"outcome={outcome}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = arguments.add_subparsers(required=True)
    for name, does, needs in (("drift", drift, ("program", "model", "readings", "out")), ("issue", issue, ("out",)),
                              ("retrain", retrain, ("program", "model", "readings", "out"))):
        command = commands.add_parser(name)
        command.set_defaults(does=does, needs=needs)
        for need in needs:
            command.add_argument(need, type=Path if need == "out" else str)
    options = arguments.parse_args()
    options.does(*(getattr(options, need) for need in options.needs))


if __name__ == "__main__":
    main()

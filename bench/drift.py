#!/usr/bin/env python3
"""False alarms and power of the drift check beside Evidently and alibi-detect: the table of docs/drift.md.

    make bench-drift     # build/release/bench/drift_rates does ours, bench/peer_drift.py the peers'
"""
import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from common import HERE, answer_of
from peers import peer_python

PEERS = {"evidently": "Evidently", "evidently_any": "any column", "evidently_psi": "Evidently PSI", "evidently_psi_any": "any column",
         "alibi_bonferroni": "alibi-detect", "alibi_fdr": "its FDR"}


def upper(alarms, checks):
    """Upper end of the 95 % Wilson interval."""
    z, share = 1.96, alarms / checks
    middle = share + z * z / (2 * checks)
    return (middle + z * math.sqrt(share * (1 - share) / checks + z * z / (4 * checks * checks))) / (1 + z * z / checks)


def share(alarms, checks):
    return f"{100 * alarms / checks:.0f} %"


def table(rates, peers):
    sizes = " | ".join(f"{size:,}" for size in rates["sizes"])
    lines = [f"| change | {sizes} | named | " + " | ".join(PEERS.values()) + " |", "|---" * (len(rates["sizes"]) + 2 + len(PEERS)) + "|"]
    for change, peer in zip(rates["changes"], peers):
        ours = change["ours"]
        kinds = ("covariate", "missingness", "score", "label")
        named = ", ".join(kind for kind in kinds if 2 * ours[-1][kind] > ours[-1]["checks"])
        if 2 * ours[-1]["district_named"] > ours[-1]["checks"]:
            named += " (the district)"
        cells = [share(one["alarms"], one["checks"]) for one in ours] + [named] + [share(peer[key], peer["checks"]) for key in PEERS]
        lines.append(f"| {change['name']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", type=Path, default=HERE.parent / "build" / "release" / "bench" / "drift_rates")
    arguments.add_argument("--checks", type=int, default=100, help="of an unchanged town, at each size")
    arguments.add_argument("--changed", type=int, default=10, help="after each change, at each size")
    arguments.add_argument("--peer-checks", type=int, default=20)
    arguments.add_argument("--peer-changed", type=int, default=3)
    arguments.add_argument("--keep", type=Path, help="folder for both answers")
    options = arguments.parse_args()
    if not options.program.exists():
        arguments.error(f"{options.program} is not built; run make bench-drift")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rates = json.loads(subprocess.run([options.program, folder, str(options.checks), str(options.changed)], check=True, stdout=subprocess.PIPE).stdout)
        (folder / "rates.json").write_text(json.dumps(rates), encoding="utf-8")
        peers = answer_of([peer_python(HERE / "requirements-drift.txt"), HERE / "peer_drift.py", folder, folder / "rates.json", options.peer_checks, options.peer_changed])
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "rates.json").write_text(json.dumps(rates | {"draws": []}, indent=1), encoding="utf-8")
        (options.keep / "peers.json").write_text(json.dumps(peers, indent=1), encoding="utf-8")
    unchanged = rates["changes"][0]["ours"]
    alarms, checks = sum(one["alarms"] for one in unchanged), sum(one["checks"] for one in unchanged)
    print(table(rates, peers))
    print(f"\nFalse alarms: {alarms} of {checks} checks, at most {100 * upper(alarms, checks):.1f} % (95 %).")
    return 0


if __name__ == "__main__":
    sys.exit(main())

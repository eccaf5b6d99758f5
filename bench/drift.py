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
    return f"{alarms}/{checks}"


def table(rates, peers):
    sizes = " | ".join(f"{size:,}" for size in rates["sizes"])
    lines = [f"| change | {sizes} | named | " + " | ".join(PEERS.values()) + " |", "|---" * (len(rates["sizes"]) + 2 + len(PEERS)) + "|"]
    for change, peer in zip(rates["changes"], peers):
        ours = change["ours"]
        kinds = ("covariate", "missingness", "score", "label")
        named = ", ".join(kind for kind in kinds if 2 * ours[-1][kind] > ours[-1]["checks"])
        if 2 * ours[-1]["district_named"] > ours[-1]["checks"]:
            named += " (the district)"
        cells = [share(one["alarms"], one["checks"]) for one in ours] + [named]
        cells += [share(peer[key], peer["checks"]) for key in PEERS]
        lines.append(f"| {change['name']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measure(options):
    """Ours, and the peers' on the same draws."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        command = [options.program, folder, str(options.checks), str(options.changed)]
        rates = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        (folder / "rates.json").write_text(json.dumps(rates), encoding="utf-8")
        peers = answer_of([peer_python(HERE / "requirements-drift.txt"), HERE / "peer_drift.py", folder, folder / "rates.json",
                           options.peer_checks, options.peer_changed])
    return rates | {"draws": []}, peers


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", type=Path, default=HERE.parent / "build" / "release" / "bench" / "drift_rates")
    arguments.add_argument("--checks", type=int, default=100, help="of an unchanged town, at each size")
    arguments.add_argument("--changed", type=int, default=10, help="after each change, at each size")
    arguments.add_argument("--peer-checks", type=int, default=26)
    arguments.add_argument("--peer-changed", type=int, default=5)
    arguments.add_argument("--keep", type=Path, metavar="FOLDER", help="write both answers there")
    arguments.add_argument("--answers", type=Path, metavar="FOLDER", help="print the table of answers kept before")
    options = arguments.parse_args()
    if options.answers:
        rates, peers = (json.loads((options.answers / name).read_text(encoding="utf-8")) for name in ("rates.json", "peers.json"))
    elif options.program.exists():
        rates, peers = measure(options)
    else:
        arguments.error(f"{options.program} is not built; run make bench-drift")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / "rates.json").write_text(json.dumps(rates), encoding="utf-8")
        (options.keep / "peers.json").write_text(json.dumps(peers), encoding="utf-8")
    print(table(rates, peers))
    # Windows of the three sizes are nested in one draw: each is a sample of checks by itself, together they are not.
    for size, one in zip(rates["sizes"], rates["changes"][0]["ours"]):
        print(f"\nFalse alarms at {size:,}: {one['alarms']} of {one['checks']} checks, at most {100 * upper(one['alarms'], one['checks']):.1f} % (95 %).", end="")
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())

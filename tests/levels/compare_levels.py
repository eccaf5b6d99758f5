"""Fails when two programs print other hashes; exits with 77, which ctest shows as skipped, when the second cannot run here.

    compare_levels.py PROGRAM PROGRAM
"""
import subprocess
import sys


def hashes(program):
    done = subprocess.run([program], capture_output=True, text=True)
    if done.returncode == 77:
        print(f"SKIPPED: {program}: {done.stderr}")
        sys.exit(77)
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"{program}: exit {done.returncode}\n{done.stderr}")
    return {line.partition(" ")[2]: line.partition(" ")[0] for line in done.stdout.splitlines()}


expected, found = hashes(sys.argv[1]), hashes(sys.argv[2])
different = [name for name in expected | found if expected.get(name) != found.get(name)]
if different:
    sys.exit(f"{len(different)} of {len(expected)} features have other bits:\n" + "\n".join(different[:50]))
print(f"{len(expected)} features have the same bits")

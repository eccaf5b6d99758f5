"""Whether command lines in files that ship are ones that the built program takes."""
import os
import re
import subprocess
from pathlib import Path

PROGRAM = os.environ.get("METERHOUND_PROGRAM", str(Path(__file__).resolve().parents[2] / "bin" / "meterhound"))


def unknown(words):
    """What of a command line (without the program's name) the program's own help does not list: subcommands and flags."""
    commands = [words[0]]
    if words[0] in ("db", "keys", "jobs", "model"):
        commands.append(words[1])
    help_text = subprocess.run([PROGRAM, *commands, "--help"], capture_output=True, text=True)
    if "Usage: meterhound " + " ".join(commands) not in help_text.stdout:
        return commands
    known = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", help_text.stdout))
    return [word for word in words if word.startswith("-") and word not in known]

"""Whether command lines in files that ship are ones that the built program takes."""
import os
import re
import subprocess
from pathlib import Path

PROGRAM = os.environ.get("METERHOUND_PROGRAM", str(Path(__file__).resolve().parents[2] / "bin" / "meterhound"))


def help_of(commands):
    return subprocess.run([PROGRAM, *commands, "--help"], capture_output=True, text=True).stdout


def unknown(words):
    """What of a command line (without the program's name) the program's own help does not list: subcommands and flags."""
    commands = [words[0]]
    text = help_of(commands)
    if "\nSubcommands:" in text and len(words) > 1 and not words[1].startswith("-"):
        commands.append(words[1])
        text = help_of(commands)
    if "Usage: meterhound " + " ".join(commands) not in text:
        return commands
    known = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", text))
    return [word for word in words if word.startswith("-") and word not in known]

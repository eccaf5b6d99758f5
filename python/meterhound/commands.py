"""Commands of the program as functions: files in, files and a dict out."""
import json
import subprocess

from .__main__ import program

DRIFT_FOUND = 3  # an exit status that is an answer


def command(name, *files, settings=None, **flags):
    """Runs a command of the program and answers with what it says in JSON.

    Parameters
    ----------
    name : str
        "simulate", "check", "evaluate", "report", "plan", "drift", ...; `python -m meterhound --help` lists them.
    files : paths
        What stands without a flag.
    settings : dict, optional
        Settings by dotted key, each given by ``--set``.
    flags : optional
        ``consumers=500`` is ``--consumers 500``, ``as_of="2019-12-31"`` is ``--as-of``; True gives the flag alone, a list
        gives it once an item, None and False leave it out.

    Raises
    ------
    ValueError
        For input, files or flags that are not as expected, in the program's words.
    RuntimeError
        For failures outside the input.
    """
    line = [str(program()), name, *map(str, files), "--json", *_flags(flags)]
    for key, value in (settings or {}).items():
        line += ["--set", f"{key}={value}"]
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, DRIFT_FOUND):
        error = {2: ValueError, 130: KeyboardInterrupt}.get(done.returncode, RuntimeError)
        raise error(done.stderr.strip().removeprefix("meterhound: "))
    return json.loads(done.stdout) if done.stdout else {}


def _flags(flags):
    line = []
    for name, value in flags.items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is not None and each is not False:
                line += ["--" + name.replace("_", "-")] + ([] if each is True else [str(each)])
    return line


def simulate(out, **flags):
    """A made-up town with known thefts as a wide CSV file `out`: consumers, days, theft (a share), seed, onto (a file of
    honest homes), ...; the truth is written beside it. `flags`, the answer and the errors are those of `command`."""
    return command("simulate", out=out, **flags)


def evaluate(readings, out, model=None, settings=None, **flags):
    """Measures the detector on a file of labelled readings by nested cross-validation, or a saved `model` on the
    consumers that it never saw; writes evaluation.json into the folder `out` and returns what stands in it. `settings`,
    `flags` and the errors are those of `command`."""
    command("evaluate", readings, out=out, model=model, settings=settings, **flags)
    with open(f"{out}/evaluation.json", encoding="utf-8") as file:
        return json.load(file)


def drift(reference, readings, **flags):
    """Whether the consumers of a file `readings` still look like those of a `reference` (a file of readings, or a model for its
    training data): the report as a dict, with a "verdict". `flags` and the errors are those of `command`."""
    return command("drift", reference, readings, **flags)

"""How far long work is, on a terminal."""
import sys
import time

FIRST_AFTER = 0.5  # seconds: what is quicker needs no bar


class Bar:
    """A line on standard error that is redrawn; called by the native module with (done, total), cleared by `close`."""

    def __init__(self, title, unit):
        self.title, self.unit = title, unit
        self.begun = time.monotonic()
        self.drawn = False

    def __call__(self, done, total):
        seconds = time.monotonic() - self.begun
        if seconds < FIRST_AFTER or not total:
            return
        line = f"{self.title}  {done:,}/{total:,} {self.unit}  {done / seconds:,.0f}/s"
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()
        self.drawn = True

    def close(self):
        if self.drawn:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def bar(title, unit, disabled):
    """A Bar, or None where it is not wanted or nobody would see it."""
    seen = not disabled and sys.stderr is not None and sys.stderr.isatty()
    return Bar(title, unit) if seen else None


def threads_of(n_jobs):
    """tsfresh's n_jobs as a number of threads: 0 and 1 are this thread alone, None and negative ones all cores."""
    if n_jobs is None or n_jobs < 0:
        return 0
    return max(1, int(n_jobs))

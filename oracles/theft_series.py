"""Series of readings as the oracles of tests/goldens/theft see them. Python's standard library is enough."""
import datetime
import itertools
import json
import math
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "goldens" / "theft"
NAN = math.nan
DAY = 86400
PER_DAY = {"half-hourly": 48, "hourly": 24, "daily": 1, "weekly": 0, "monthly": 0, "irregular": 0, "steps": 0}


class Series:
    """`values` holds None where a reading is missing; `seen` is what is left without them, as (position, value)."""

    def __init__(self, name, cadence, times, values):
        self.name, self.cadence, self.times, self.values = name, cadence, times, values
        self.missing = [value is None for value in values]
        self.seen = [(i, value) for i, value in enumerate(values) if value is not None]
        self.seen_values = [value for _, value in self.seen]
        self.seen_times = [times[i] for i, _ in self.seen]
        self.has_calendar = cadence != "steps"
        self.per_day = PER_DAY[cadence]  # 0: less than one reading a day

    def __len__(self):
        return len(self.values)

    def date(self, i):
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=self.times[i])

    def by_month_back(self, months):
        """Months before that of the last reading -> its values, None where missing; nothing without a calendar."""
        found = {}
        if self.has_calendar:
            last = self.date(-1)
            for i, value in enumerate(self.values):
                back = 12 * (last.year - self.date(i).year) + last.month - self.date(i).month
                if back < months:
                    found.setdefault(back, []).append(value)
        return found


# What several oracles need.

def columns(parameter, values):
    """{"share": 0.5} -> {'__stat_"share"': 0.5}; numbers stand without quotes."""
    return {f'__{parameter}_"{key}"' if isinstance(key, str) else f"__{parameter}_{key}": value for key, value in values.items()}


def undefined(*names):
    return dict.fromkeys(names, NAN)


def mean(values):
    if not values:
        return NAN
    return values[0] if min(values) == max(values) else math.fsum(values) / len(values)


def deviation(values):
    centre = mean(values)
    return math.sqrt(mean([(value - centre) ** 2 for value in values]))


def ratio(a, b):
    return a / b if b != 0 and not math.isnan(b) else NAN


def runs(flags):
    """Lengths of the stretches of true flags."""
    return [len(list(group)) for flag, group in itertools.groupby(flags) if flag]


def observed(values):
    return [value for value in values if value is not None]


# The series themselves, made once; tests/goldens/theft/series.json holds them.

def _regular(name, cadence, first, values, step=None):
    start = datetime.datetime.fromisoformat(first)
    step = step or DAY / PER_DAY[cadence]
    return name, cadence, [(start - datetime.datetime(1970, 1, 1)).total_seconds() + i * step for i in range(len(values))], values


def _with_gaps(chance, values, share):
    return [None if chance.random() < share else value for value in values]


def _house(chance, days):
    """Kilowatt-hours a day with a winter, a weekend and the whims of people."""
    return [round((9 + 4 * math.cos(2 * math.pi * day / 365.25)) * (1.3 if day % 7 in (3, 4) else 1) * chance.lognormvariate(0, 0.3), 2)
            for day in range(days)]


def _bills(chance, name, count, change=lambda i, value: value):
    time, times, values = DAY * 14000, [], []
    for i in range(count):
        time += DAY * chance.choices([0, 1, 59, 61, 92, 120, 123, 400], [8, 2, 15, 15, 20, 20, 15, 5])[0]
        times.append(time)
        season = 1 + 0.3 * math.sin(2 * math.pi * (time / DAY % 365) / 365)
        values.append(change(i, float(round(chance.gammavariate(2, 150) * season))))
    return name, "irregular", times, values


def make():
    chance = random.Random(20140101)
    year = [f"20{11 + i // 12}-{i % 12 + 1:02d}-01" for i in range(75)]
    house = _with_gaps(chance, _house(chance, 1150), 0.05)
    house[400:460] = [None] * 60
    off = [chance.random() < 0.3 for _ in range(300)]
    hours = [round(chance.gammavariate(1.2, 0.3) * (1 + math.sin(math.pi * i / 24) ** 2), 3) for i in range(1440)]
    night = [0.0 if i > 240 and i % 24 < 6 else round(chance.gammavariate(1.5, 0.4), 3) for i in range(480)]
    plateau = [7.5 if 80 <= i < 130 else value for i, value in enumerate(_house(chance, 250))]
    made = [
        _regular("house", "daily", "2014-01-01", house),
        _regular("drop", "daily", "2014-03-05",
                 [value if i < 430 else round(0.3 * value, 3) for i, value in enumerate(_house(chance, 700))]),
        _regular("zero_streaks", "daily", "2015-06-01",
                 [0.0 if 150 < i < 210 or i % 50 < 8 else value for i, value in enumerate(_with_gaps(chance, _house(chance, 420), 0.03))]),
        _regular("clipped", "daily", "2014-09-13", [min(value, 12.5) for value in _house(chance, 300)]),
        _regular("on_and_off", "daily", "2014-09-13",
                 [round(0.04 * value, 4) if off[i // 5] else value for i, value in enumerate(_house(chance, 300))]),
        _regular("plateau", "daily", "2016-01-30", _with_gaps(chance, plateau, 0.04)),
        _regular("late_start", "daily", "2014-01-01", [None] * 90 + _house(chance, 200) + [None] * 25),
        _regular("solar", "daily", "2014-04-01", [round(chance.gauss(3, 5), 2) for _ in range(160)]),
        _regular("export", "daily", "2014-04-01", [round(chance.gauss(-9, 2), 2) for _ in range(50)]),
        _regular("all_quarters", "daily", "2014-01-01", [4.25] * 60),
        _regular("all_tenths", "daily", "2014-01-01", [0.1] * 60),
        _regular("weeks_of_tenths", "daily", "2014-01-01", [0.1, 0.3, 0.2, 0.7, 0.6, 0.9, 1.1] * 12),
        _regular("all_zero", "daily", "2014-01-01", [0.0] * 60),
        _regular("never_read", "daily", "2014-01-01", [None] * 40),
        *(_regular(f"days_{n}", "daily", "2014-02-27", _house(chance, n)) for n in (1, 2, 3, 5, 9, 20, 45)),
        _regular("half_hours", "half-hourly", "2014-01-01T00:30", _with_gaps(chance, hours, 0.04)),
        _regular("half_hours_of_tenths", "half-hourly", "2014-01-01", [0.1] * 1000),
        _regular("large", "half-hourly", "2014-01-01", [round(2e7 * chance.lognormvariate(0, 0.2), 1) for _ in range(300)]),
        _regular("nights_off", "hourly", "2014-01-01", night),
        ("months", "monthly", [(datetime.datetime.fromisoformat(day) - datetime.datetime(1970, 1, 1)).total_seconds() for day in year],
         _with_gaps(chance, [round(sum(_house(chance, 30)) * (0.1 if 40 < i < 46 else 1), 1) for i in range(75)], 0.05)),
        _regular("weeks", "weekly", "2013-01-07", [round(sum(_house(chance, 7)), 2) for _ in range(120)], 7 * DAY),
        ("steps", "steps", [float(i) for i in range(90)], _with_gaps(chance, _house(chance, 90), 0.1)),
        _bills(chance, "bills", 44),
        _bills(chance, "bills_with_gaps", 30, lambda i, value: None if chance.random() < 0.15 else value),
        _bills(chance, "bills_with_zeros", 28, lambda i, value: 0.0 if chance.random() < 0.5 else value),
        _bills(chance, "bills_that_fall", 24, lambda i, value: float(round(0.2 * value)) if i >= 14 else value),
        _bills(chance, "bills_below_zero", 16, lambda i, value: value - 400),
        _bills(chance, "codes", 35, lambda i, value: chance.choice([203.0, 203.0, 203.0, 5.0, 207.0])),
        _bills(chance, "events", 26, lambda i, value: float(chance.random() < 0.15)),
        _bills(chance, "same_bills", 12, lambda i, value: 70.0),
        _bills(chance, "five_bills", 5), _bills(chance, "two_bills", 2), _bills(chance, "one_bill", 1),
        _bills(chance, "no_bill_read", 4, lambda i, value: None),
    ]
    return [Series(*one) for one in made]


def _line(series):
    first, steps = series.times[0], {b - a for a, b in zip(series.times, series.times[1:])}
    when = {"from": first, "every": steps.pop()} if len(steps) == 1 else {"times": series.times}
    return json.dumps({"name": series.name, "cadence": series.cadence, **when, "values": series.values}, separators=(",", ":"))


def write(series):
    (FOLDER / "series.json").write_text("[\n" + ",\n".join(map(_line, series)) + "\n]\n")


def read():
    return [Series(one["name"], one["cadence"],
                   one.get("times") or [one["from"] + i * one["every"] for i in range(len(one["values"]))], one["values"])
            for one in json.loads((FOLDER / "series.json").read_text())]

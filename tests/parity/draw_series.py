"""Random series of the shapes that meters write, and of those that trip feature calculators up."""
import csv
import math

DAYS_IN_YEAR = 365.25


def house(dice, n, scale=None):
    """Daily use to the hundredth: a season, a weekend, and noise that lasts."""
    scale = scale or dice.lognormvariate(2, 0.6)
    phase, weekend, season, noise = dice.uniform(0, 365), dice.uniform(0, 0.3), dice.uniform(0, 0.5), dice.uniform(0.05, 0.4)
    lasting, values = 0.0, []
    for day in range(n):
        lasting = 0.6 * lasting + dice.gauss(0, noise)
        use = 1 + season * math.cos(2 * math.pi * (day - phase) / DAYS_IN_YEAR) + weekend * (day % 7 >= 5)
        values.append(round(scale * use * math.exp(lasting), 2))
    return values


def half_hours(dice, n):
    peak = dice.randrange(48)
    return [round(dice.gammavariate(1.5, 0.2) * (1 + math.cos(math.pi * (t - peak) / 48) ** 8), 3) for t in range(n)]


def with_zeros(dice, n):
    """Streaks of zeros: holidays, outages, a meter that came late or stopped."""
    values = house(dice, n)
    for _ in range(dice.randint(1, 5)):
        start = dice.randrange(n)
        stop = min(n, start + dice.randint(1, max(2, n // 3)))
        values[start:stop] = [0.0] * (stop - start)
    return values


def drop(dice, n):
    """Theft from some day on: a share of the use, or none of it."""
    values, start, share = house(dice, n), dice.randrange(n), dice.choice([0.0, 0.2, 0.5])
    return values[:start] + [round(share * v, 2) for v in values[start:]]


def capped(dice, n):
    values = house(dice, n)
    cap = sorted(values)[n // 2]
    return [min(v, cap) for v in values]


def walk(dice, n):
    values = [0.0]
    while len(values) < n:
        values.append(values[-1] + dice.gauss(0, 1))
    return values


def lasting(dice, n):
    """An autoregression of order two."""
    values = [0.0, 0.0]
    while len(values) < n + 2:
        values.append(1.3 * values[-1] - 0.5 * values[-2] + dice.gauss(0, 1))
    return values[2:]


def chaos(dice, n):
    value, values = dice.uniform(0.2, 0.4), []
    for _ in range(n):
        value = 3.9 * value * (1 - value)
        values.append(value)
    return values


def each(draw):
    """A shape of independent values."""
    return lambda dice, n: [draw(dice) for _ in range(n)]


SHAPES = {
    "house": house,
    "half_hours": half_hours,
    "with_zeros": with_zeros,
    "drop": drop,
    "capped": capped,
    "ties": lambda dice, n: [round(2 * v) / 2 for v in house(dice, n, scale=6)],
    "walk": walk,
    "lasting": lasting,
    "chaos": chaos,
    "normal": each(lambda dice: dice.gauss(0, 1)),
    "uniform": each(lambda dice: dice.uniform(-5, 20)),
    "counts": each(lambda dice: float(round(dice.expovariate(0.5)))),
    "small_whole": each(lambda dice: float(dice.randint(-2, 2))),
    "two_values": lambda dice, n: each(lambda d, low=dice.uniform(-3, 3): d.choice([low, low, 8.5]))(dice, n),
    "mostly_zero": each(lambda dice: round(dice.expovariate(0.1), 2) if dice.random() < 0.15 else 0.0),
    "hundredths": each(lambda dice: dice.randint(1, 60) / 100),
    "heavy_tails": each(lambda dice: dice.paretovariate(1.2)),
    "many_sizes": each(lambda dice: dice.lognormvariate(0, 3)),
    "far_from_zero": each(lambda dice: 1e6 + dice.gauss(0, 3)),
    "large": lambda dice, n: [1e9 * v for v in house(dice, n)],
    "small": lambda dice, n: [1e-9 * v for v in house(dice, n)],
    "trend": lambda dice, n: [0.02 * t + dice.gauss(5, 0.3) for t in range(n)],
    "noisy_week": lambda dice, n: [[8, 8.5, 8.25, 8, 9, 12, 11.5][t % 7] + dice.gauss(0, 0.01) for t in range(n)],
}
LENGTHS = [(1, 12), (13, 60), (61, 300), (301, 1100)]  # drawn from in turn


def draw(dice, count):
    """`count` named series, shapes in turn and lengths of every order in each."""
    made = {}
    for i in range(count):
        name, shape = list(SHAPES.items())[i % len(SHAPES)]
        length = dice.randint(*LENGTHS[i // len(SHAPES) % len(LENGTHS)])
        made[f"{name}_{length}_{i}"] = shape(dice, length)
    return made


def read_real(dice, path, count):
    """Rows of a wide CSV (an id, perhaps FLAG, then a column a day), gaps left out or filled with the value before."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    days = [place for place, name in enumerate(header) if name.upper() not in ("FLAG", "CONS_NO", "CUSTOMER_ID")]
    made = {}
    for row in dice.sample(rows, min(count, len(rows))):
        known, fill = [], dice.random() < 0.5
        for cell in (row[day] for day in days):
            if cell:
                known.append(float(cell))
            elif fill and known:
                known.append(known[-1])
        if known:
            made[f"{path.stem}_{len(made)}"] = known
    return made

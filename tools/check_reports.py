#!/usr/bin/env python3
"""Checks case files (cases/*.json) for words that their facts do not carry; one line `file: what` for each.

    tools/check_reports.py FOLDER_OR_FILE...

Knows nothing of the program's wordings: it reads numbers and dates out of each sentence as its language writes them and
assigns them to the numbers of the fact that the sentence names, by value, unit and order (earlier before later, low before
high). It also holds the facts against the evidence, the advice against its rules, and looks for accusations and for the ids
of other consumers. Exit status 0 when all is well, 1 when something was found, 2 when there is nothing to check.
"""

import json
import re
import sys
from pathlib import Path

EN_DATE = r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+) (?P<year>\d{4})"
DE_DATE = r"(?P<day>\d{1,2})º? de (?P<month>[a-zç]+) de (?P<year>\d{4})"
FR_DATE = r"(?P<day>\d{1,2})(?:er)? (?P<month>[a-zéû]+) (?P<year>\d{4})"
ZH_DATE = r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"


def grouped(thousands, decimal):
    return rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimal}\d+)?(?!\d)|\d+(?:{decimal}\d+)?"


# How each language writes: months, dates, numbers, steps of series without a calendar, and the unit after a number.
LANGUAGES = {
    "en": {
        "months": "January February March April May June July August September October November December".split(),
        "date": EN_DATE, "step": r"step ([\d,]+)", "number": grouped(",", r"\."), "thousands": ",", "decimal": ".",
        "units": [("kwh_a_day", r"kWh a day"), ("kwh_a_reading", r"kWh a reading"), ("kwh", r"kWh"), ("share", r"%"),
                  ("readings", r"readings?\b"), ("times", r"times?\b"), ("consumers", r"consumers?\b")],
        "falls": r"\bfell\b|\blower\b|\bless\b", "rises": r"\brose\b|\bhigher\b",
        "accuses": r"\b(stole|steal\w*|thie\w+|fraud\w*|guilty|crimin\w+|committed|cheat\w*|tamper\w*|illegal\w*)\b",
    },
    "es": {
        "months": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
        "date": DE_DATE, "step": r"paso ([\d.]+)", "number": grouped(r"\.", ","), "thousands": ".", "decimal": ",",
        "units": [("kwh_a_day", r"kWh al día"), ("kwh_a_reading", r"kWh por lectura"), ("kwh", r"kWh"), ("share", r"%"),
                  ("readings", r"lecturas?\b"), ("times", r"ve(z|ces)\b"), ("consumers", r"clientes?\b")],
        "falls": r"\bbajó\b|\bmenor\b|\bmenos\b", "rises": r"\bsubió\b|\bmayor\b",
        "accuses": r"\b(rob[óoa]\w*|ladr[óo]n\w*|fraude\w*|culpable\w*|delito|delincuente\w*|ilegal\w*|hurtó|manipul\w+)\b",
    },
    "pt": {
        "months": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
        "date": DE_DATE, "step": r"passo ([\d.]+)", "number": grouped(r"\.", ","), "thousands": ".", "decimal": ",",
        "units": [("kwh_a_day", r"kWh por dia"), ("kwh_a_reading", r"kWh por leitura"), ("kwh", r"kWh"), ("share", r"%"),
                  ("readings", r"leituras?\b"), ("times", r"vez(es)?\b"), ("consumers", r"clientes?\b")],
        "falls": r"\bcaiu\b|\bmenor\b|\bmenos\b", "rises": r"\bsubiu\b|\bmaior\b",
        "accuses": r"\b(roub\w+|ladr\w+|fraude\w*|culpad\w+|crime\w*|criminos\w+|ilegal\w*|furtou|manipul\w+)\b",
    },
    "fr": {
        "months": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        "date": FR_DATE, "step": "pas ([\\d\u202f]+)", "number": grouped("\u202f", ","), "thousands": "\u202f", "decimal": ",",
        "units": [("kwh_a_day", r"kWh par jour"), ("kwh_a_reading", r"kWh par relevé"), ("kwh", r"kWh"), ("share", r"%"),
                  ("readings", r"relevés?\b"), ("times", r"fois\b"), ("consumers", r"clients?\b")],
        "falls": r"\bbaissé\b|\binférieure\b", "rises": r"\bmonté\b|\bsupérieure\b",
        "accuses": r"\b(volé\w*|voleu\w+|fraud\w*|coupable\w*|crimin\w+|délit|illégal\w*|trafiqu\w+|manipul\w+)\b",
    },
    "zh": {
        "months": [str(month) for month in range(1, 13)],
        "date": ZH_DATE, "step": r"第([\d,]+)步", "number": grouped(",", r"\."), "thousands": ",", "decimal": ".",
        "units": [("kwh", r"千瓦时"), ("share", r"%"), ("readings", r"个读数"), ("times", r"次"), ("consumers", r"个用户")],
        "before": [("kwh_a_day", r"每天"), ("kwh_a_reading", r"每次读数")],
        "falls": r"降到|降低", "rises": r"升到|升高了",
        "accuses": r"偷电|小偷|犯罪|有罪|欺诈|罪犯|违法|偷窃",
    },
}

# A number may stand without its unit where another one beside it has it, or where it has none.
BARE = {"before", "low", "high", "money_low", "money_high", "rank", "one_in"}
# In every sentence, whatever its language, the first of each pair comes first.
ORDER = [("before", "after"), ("low", "high"), ("missing", "low"), ("high", "money"), ("money", "money_low"),
         ("money_low", "money_high"), ("from", "to"), ("from", "until"), ("first", "second")]
WHOLE = {"readings", "times", "consumers", "rank"}


def read_number(text, language):
    plain = text.replace(language["thousands"], "").replace(language["decimal"], ".")
    return float(plain), len(plain.partition(".")[2])


def take_dates(text, language, steps):
    """The dates of a sentence in order, and the sentence with each replaced by a mark of the same place."""
    found = []

    def keep(match):
        if steps:
            found.append(read_number(match.group(1), language)[0])
        else:
            month = match["month"]
            if month not in language["months"]:
                return match[0]
            found.append(f"{int(match['year']):04}-{language['months'].index(month) + 1:02}-{int(match['day']):02}")
        return "\x00"

    return re.sub(language["step"] if steps else language["date"], keep, text), found


def take_numbers(text, language, currency):
    """(value, decimals, unit or None) of every number in order."""
    units = language["units"] + ([("money", re.escape(currency))] if currency else [])
    found = []
    for match in re.finditer(language["number"], text):
        value, decimals = read_number(match[0], language)
        after = text[match.end():].lstrip(" \u00a0\u202f")
        unit = next((name for name, pattern in units if re.match(pattern, after)), None)
        for name, pattern in language.get("before", []):
            if unit == "kwh" and re.search(pattern + r"$", text[:match.start()]):
                unit = name
        found.append((value, decimals, unit))
    return found


def says(said, role, quantity, currency):
    value, decimals, unit = said
    held = quantity["unit"]
    if held == "factor":
        return False
    bare = unit is None and (role in BARE or (held == "money" and not currency))
    if not bare and unit != held:
        return False
    true = quantity["value"] * (100 if held == "share" else 1)
    if held in WHOLE:
        return value == true
    error = abs(value - true)
    rounded = error <= 0.5 * 10**-decimals + 1e-9 * abs(true)
    coarse = held in ("kwh", "money", "share")  # whole numbers will do, below ten percent one decimal
    if held == "share" and decimals == 0 and 0 < abs(true) < 9.9 and error > 0.05:
        return False
    return rounded and (coarse or error <= 0.0051 * abs(true))


def in_order(roles):
    place = {role: at for at, role in enumerate(roles)}
    return all(place[a] < place[b] for a, b in ORDER if a in place and b in place)


def assign(items, held, fits):
    """Every way of giving each item a role of its own that fits."""
    if not items:
        yield []
        return
    for role in held:
        if fits(items[0], role):
            rest = {name: value for name, value in held.items() if name != role}
            for roles in assign(items[1:], rest, fits):
                yield [role, *roles]


def check_sentence(sentence, fact, case, language, free):
    text = sentence["text"]
    if fact["code"] == "no_drop":
        titles = {one["feature"]: one["title"] for one in case["explanation"]["contributions"]}
        title = titles.get(fact["feature"])
        if title is None or title not in text:
            return f"names another feature than {title!r}"
        text = text.replace(title, "")
    steps = case["cadence"] == "steps"
    rest, dates = take_dates(text, language, steps)
    numbers = take_numbers(rest, language, case["currency"])
    if re.search(r"\d", re.sub(language["number"], "", rest)):
        return "holds digits that are no number"
    quantities = {role: q for role, q in fact["quantities"].items() if q["value"] is not None}
    by_number = [roles for roles in assign(numbers, quantities, lambda said, role: says(said, role, quantities[role], case["currency"]))
                 if free or (in_order(roles) and len(roles) == len(quantities))]
    if not by_number:
        return f"says {[n[0] for n in numbers]}, the fact {fact['code']} holds {({r: q['value'] for r, q in quantities.items()})}"
    by_date = [roles for roles in assign(dates, fact["dates"], lambda said, role: said == fact["dates"][role])
               if free or (in_order(roles) and len(roles) == len(fact["dates"]))]
    if not by_date:
        return f"says {dates}, the fact {fact['code']} holds {fact['dates']}"
    if fact["code"] == "level_drop" and (re.search(language["rises"], text) or not re.search(language["falls"], text)):
        if not (language is LANGUAGES["zh"] and "降" in text):
            return "says that use rose where it fell"
    if fact["code"] == "level_rise" and not re.search(language["rises"], text):
        return "does not say that use rose"
    return None


# Facts against the evidence: the finding's own names for the roles.
NAMES = {
    "level_drop": {"before": "before_kwh_per_day", "after": "after_kwh_per_day", "share": "drop_share"},
    "level_rise": {"before": "before_kwh_per_day", "after": "after_kwh_per_day"},
    "missing_energy": {"missing": "missing_kwh", "low": "missing_kwh_low", "high": "missing_kwh_high"},
    "zero_streak": {"zeros": "zero_readings"},
    "flat_readings": {"readings": "same_readings", "level": "kwh"},
    "weekday_pattern_lost": {"before": "weekday_variation_before", "after": "weekday_variation_after"},
    "weekday_pattern_kept": {"before": "weekday_variation_before", "after": "weekday_variation_after"},
    "steady_year": {"before": "year_before_kwh_per_day", "after": "last_year_kwh_per_day"},
    "gap_at_change": {"readings": "missing_readings"},
    "few_readings": {"observed": "observed_share"},
    "no_change": {"level": "mean_kwh_per_day"},
    "recovered": {}, "seasonal_absence": {},
}


def read_time(text):
    """A date as it is, or the number of "step 1,200"."""
    return float(text[5:].replace(",", "")) if text.startswith("step ") else text


def check_facts(case):
    findings = {finding["code"]: finding for finding in case["evidence"]["findings"]}
    facts = {}
    for fact in case["facts"]:
        if fact["code"] in ("raises", "lowers"):
            continue
        if fact["code"] in facts:
            yield f"fact {fact['code']} comes twice"
        facts[fact["code"]] = fact
    for code, names in NAMES.items():
        if (code in findings) != (code in facts):
            yield f"fact {code} without its finding, or the other way round"
        elif code in findings:
            finding, fact = findings[code], facts[code]
            for role, name in names.items():
                if fact["quantities"][role]["value"] != finding["numbers"][name]:
                    yield f"fact {code}: {role} is not the finding's {name}"
            if finding["speaks"] != fact["speaks"]:
                yield f"fact {code} speaks {fact['speaks']}, its finding {finding['speaks']}"
            for role, end in (("from", "begin"), ("to", "end"), ("until", "end")):
                if role in fact["dates"] and fact["dates"][role] != read_time(finding[end]):
                    yield f"fact {code}: {role} {fact['dates'][role]} is not the finding's {end} {finding[end]}"
    money = case["evidence"]["missing_money"]
    if "money" in facts.get("missing_energy", {}).get("quantities", {}):
        for role, end in (("money", "value"), ("money_low", "low"), ("money_high", "high")):
            if facts["missing_energy"]["quantities"][role]["value"] != money[end]:
                yield f"fact missing_energy: {role} is not the evidence's"
    sign = case["sign"]
    if (sign is None) != ("sign" not in facts):
        yield "fact sign without a sign, or the other way round"
    elif sign and (facts["sign"]["word"], facts["sign"]["quantities"]["one_in"]["value"]) != ("signs." + sign["what"], sign["one_in"]):
        yield "fact sign is not the case's"
    standing = {role: q["value"] for role, q in facts["probability"]["quantities"].items()}
    if standing != {"probability": case["probability"], "rank": case["rank"], "of": case["of"]}:
        yield "fact probability is not the case's"


def check_advice(case):
    """The rules of docs/reports.md, once more."""
    evidence, report = case["evidence"], case["report"]
    codes = {finding["code"]: finding for finding in evidence["findings"]}
    speaking = [f for f in evidence["findings"] if f["speaks"] == "for" and f["code"] != "missing_energy"]
    few = evidence["observed_share"] < 0.6
    if case["tier"] == "low" and not case["sign"]:
        action = "no_visit"
    elif few or not speaking or codes.keys() & {"recovered", "gap_at_change"}:
        action = "records_first"
    else:
        action = "visit"
    if report["action"] != action:
        yield f"action is {report['action']}, the rules say {action}"
    if (report["urgency"] == "none") != (action == "no_visit") or (report["urgency"] == "soon" and (action, case["tier"]) != ("visit", "high")):
        yield f"urgency {report['urgency']} with action {action} in tier {case['tier']}"

    def heaviest(direction):
        return max((f["weight"] for f in evidence["findings"] if f["speaks"] == direction), default=0)

    if few or not speaking:
        confidence = "low"
    else:
        confidence = "high" if len(speaking) > 1 and heaviest("against") < heaviest("for") else "medium"
    if report["confidence"] != confidence:
        yield f"confidence is {report['confidence']}, the rules say {confidence}"


def check_case(case, other_ids=()):
    report = case["report"]
    language = LANGUAGES[report["language"]]
    facts = {fact["code"]: fact for fact in case["facts"]}
    yield from check_facts(case)
    yield from check_advice(case)
    said = [s["fact"] for s in report["sentences"] if s["part"] == "summary"]
    for code in ("action", "probability", "confidence", *(["sign"] if case["sign"] else [])):
        if code not in said:
            yield f"the summary does not say the {code}"
    everything = [s["fact"] for s in report["sentences"] if s["part"] != "check"]
    for finding in case["evidence"]["findings"]:
        if everything.count(finding["code"]) != 1:
            yield f"{finding['code']} is said {everything.count(finding['code'])} times"
    for sentence in report["sentences"]:
        text = sentence["text"]
        if re.search(language["accuses"], text, re.IGNORECASE):
            yield f"accuses: {text}"
        for one in (*other_ids, case["consumer_id"]):
            if one in text:
                yield f"names consumer {one}: {text}"
        if sentence["part"] == "check":
            if re.search(r"\d", text) or (sentence["fact"] and sentence["fact"] not in facts):
                yield f"a check without its finding, or with a number: {text}"
            continue
        if sentence["fact"] not in facts:
            yield f"speaks of {sentence['fact']}, which is no fact of this case: {text}"
            continue
        free = report["mode"] == "prose" and sentence["part"] == "summary"
        reason = check_sentence(sentence, facts[sentence["fact"]], case, language, free)
        if reason:
            yield f"{reason}: {text}"
    if report["replaced"] != len(report["refused"]) or (report["fallback"] and report["written_by"] != "template"):
        yield "what is told of the writer does not add up"


def case_files(arguments):
    for argument in map(Path, arguments):
        yield from sorted(argument.rglob("*.json")) if argument.is_dir() else [argument]


def main(arguments):
    cases = []
    for file in case_files(arguments):
        case = json.loads(file.read_text())
        if isinstance(case, dict) and "report" in case:
            cases.append((file, case))
    if not cases:
        print("no case files there", file=sys.stderr)
        return 2
    # Ids short enough to be part of a number or of a word cannot be told from one.
    ids = [case["consumer_id"] for _, case in cases if len(case["consumer_id"]) >= 6]
    found = 0
    for file, case in cases:
        others = [one for one in ids if one != case["consumer_id"]] if len(ids) <= 3000 else ()
        for what in check_case(case, others):
            print(f"{file}: {what}")
            found += 1
    print(f"{len(cases)} reports checked, {found} objections", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""check_reports.py on cases written by hand: what it reads out of sentences, and what it says of wrong ones."""
import copy
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import check_reports  # noqa: E402


def quantity(value, unit):
    return {"value": value, "unit": unit}


def case(language, drop, calendar=True):
    """A case with a drop from 1,234.4 to 2.05 kWh, told by `drop`."""
    rate = "kwh_a_day" if calendar else "kwh_a_reading"
    finding = {"code": "level_drop", "speaks": "for", "weight": 0.9, "begin": "2014-05-01" if calendar else "step 1,200",
               "end": "2014-09-30" if calendar else "step 2,000",
               "numbers": {"before_kwh_per_day": 1234.4, "after_kwh_per_day": 2.05, "drop_share": 0.998}}
    facts = [
        {"code": "action", "quantities": {}, "dates": {}},
        {"code": "probability", "dates": {}, "quantities": {"probability": quantity(0.091, "share"), "rank": quantity(3, "rank"),
                                                            "of": quantity(1200, "consumers")}},
        {"code": "level_drop", "speaks": "for", "dates": {"from": "2014-05-01" if calendar else 1200.0},
         "quantities": {"before": quantity(1234.4, rate), "after": quantity(2.05, rate), "share": quantity(0.998, "share")}},
        {"code": "confidence", "quantities": {}, "dates": {}},
    ]
    probability = {"en": "The model says 9.1 %, number 3 of 1,200 consumers.", "es": "El modelo dice 9,1\u00a0%, número 3 de 1200 clientes.",
                   "fr": "Le modèle dit 9,1\u00a0%, numéro 3 sur 1\u202f200 clients.", "zh": "模型说9.1%，在1,200个用户中第3。"}[language]
    said = [("action", "..."), ("level_drop", drop), ("probability", probability), ("confidence", "...")]
    return {"consumer_id": "C1000001", "rank": 3, "of": 1200, "probability": 0.091, "tier": "high", "sign": None, "currency": "EUR",
            "cadence": "daily" if calendar else "steps", "explanation": {"contributions": []}, "facts": facts,
            "evidence": {"findings": [finding], "observed_share": 1, "missing_money": None},
            "report": {"language": language, "mode": "template", "written_by": "template", "fallback": None, "replaced": 0, "refused": [],
                       "action": "visit", "urgency": "planned", "confidence": "medium",
                       "sentences": [{"part": "summary", "fact": fact, "text": text} for fact, text in said]}}


TRUE = {
    "en": "Use fell from 1,234 to 2.05 kWh a day around 1 May 2014, 100 % less.",
    "es": "Bajó de 1234 a 2,05 kWh al día hacia el 1 de mayo de 2014, un 100\u00a0% menos.",
    "fr": "A baissé de 1\u202f234 à 2,05\u00a0kWh par jour vers le 1er mai 2014, soit 100\u00a0% de moins.",
    "zh": "在2014年5月1日前后从每天1,234千瓦时降到每天2.05千瓦时，减少100%。",
}


class CheckReports(unittest.TestCase):
    def found(self, one):
        return list(check_reports.check_case(one, ["C2000002"]))

    def test_true_sentences_pass(self):
        for language, text in TRUE.items():
            self.assertEqual(self.found(case(language, text)), [])
        self.assertEqual(self.found(case("en", "Use fell from 1,234 to 2.05 kWh a reading around step 1,200, 100 % less.", calendar=False)), [])

    def test_wrong_sentences_do_not(self):
        for wrong in (
            "Use fell from 2.05 to 1,234 kWh a day around 1 May 2014, 100 % less.",
            "Use fell from 1,234 to 2.05 kWh around 1 May 2014, 100 % less.",
            "Use fell from 1,234 to 2.05 kWh a day around 2 May 2014, 100 % less.",
            "Use fell from 1,200 to 2.05 kWh a day around 1 May 2014, 100 % less.",
            "Use fell from 1,234 to 2 kWh a day around 1 May 2014, 100 % less.",
            "Use rose from 1,234 to 2.05 kWh a day around 1 May 2014, 100 %.",
            "Use fell from 1,234 to 2.05 kWh a day around 1 May 2014.",
            "Use fell from 1,234 to 2.05 kWh a day around 1 May 2014, 100 % less, 7 times.",
            "Use fell from 1,234 to 2.05 kWh a day around 1 May 2014, 100 % less, unlike C2000002.",
            "He stole: use fell from 1,234 to 2.05 kWh a day around 1 May 2014, 100 % less.",
        ):
            self.assertNotEqual(self.found(case("en", wrong)), [], wrong)

    def test_facts_and_advice_are_held_against_the_evidence(self):
        for change in (
            lambda one: one["evidence"]["findings"][0]["numbers"].update(after_kwh_per_day=3.0),
            lambda one: one["evidence"]["findings"][0].update(begin="2014-05-02"),
            lambda one: one["evidence"]["findings"].clear(),
            lambda one: one.update(probability=0.2),
            lambda one: one["report"].update(action="no_visit"),
            lambda one: one["report"].update(confidence="high"),
            lambda one: one["evidence"].update(observed_share=0.5),
            lambda one: one["report"]["sentences"].pop(0),
            lambda one: one["report"]["sentences"].append(one["report"]["sentences"][1]),
            lambda one: one["report"].update(replaced=1),
        ):
            broken = copy.deepcopy(case("en", TRUE["en"]))
            change(broken)
            self.assertNotEqual(self.found(broken), [])


if __name__ == "__main__":
    unittest.main()

// One sentence, one fact: its numbers, dates and words are looked up in that fact, with the parts they play.
#include "report/prose_guard.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <tuple>
#include <vector>

#include "report/language.h"
#include "report/prose_words.h"
#include "report/speaker.h"
#include "report/text_scan.h"

namespace meterhound::report {
namespace {

using Kind = Token::Kind;
using Group = std::vector<const Fact*>;

constexpr std::size_t kLongest = 400;
constexpr double kRounding = 0.005;  // share by which a number may be rounded: three digits

/// Where in a pair or beside a word a number stands.
enum class Place : std::uint8_t { kOpen, kFirst, kSecond };

struct Item {
  std::size_t at = 0;    // its token
  std::size_t last = 0;  // the last token of its unit
  std::optional<Unit> unit;
  Place place = Place::kOpen;
};

class ScannedSentence {
 public:
  ScannedSentence(const CaseFacts& facts, std::string_view text) : facts_(facts), tokens_(Scan(text)) { FindItems(); }

  const std::vector<Token>& tokens() const { return tokens_; }
  const std::vector<Item>& items() const { return items_; }
  bool HasWord(std::string_view list) const {
    return std::any_of(tokens_.begin(), tokens_.end(),
                       [&](const Token& token) { return token.kind == Kind::kWord && Holds(list, token.text); });
  }
  std::string_view Text(std::size_t at) const { return at < tokens_.size() ? std::string_view(tokens_[at].text) : ""; }
  /// The nearest word of `list` from `at` backwards, not past a mark or another number.
  std::string_view CueBefore(std::size_t at, std::string_view list) const {
    while (at-- > 0) {
      if (tokens_[at].kind == Kind::kMark || tokens_[at].kind == Kind::kNumber) return {};
      if (Holds(list, tokens_[at].text)) return tokens_[at].text;
      if (Holds("and but while or", tokens_[at].text)) return {};
    }
    return {};
  }
  std::string_view CueAfter(std::size_t at, std::string_view list) const {
    for (++at; at < tokens_.size(); ++at) {
      if (tokens_[at].kind == Kind::kMark || tokens_[at].kind == Kind::kNumber) return {};
      if (Holds(list, tokens_[at].text)) return tokens_[at].text;
    }
    return {};
  }
  bool IsYear(std::size_t at) const {
    const Token& token = tokens_[at];
    return token.kind == Kind::kNumber && token.text.size() == 4 && token.decimals == 0 && token.number >= 1900 &&
           token.number <= 2100 && at > 0 && Holds("in since during of until", Text(at - 1));
  }

 private:
  void FindItems() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_[at].kind != Kind::kNumber || IsYear(at)) continue;
      Item item{.at = at, .last = at, .unit = {}};
      ReadUnit(item);
      items_.push_back(item);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) Pair(i);
  }

  void ReadUnit(Item& item) const {
    const std::size_t at = item.at;
    const auto end = [&](std::size_t words, Unit unit) {
      item.last = at + words;
      item.unit = unit;
    };
    const std::string_view next = Text(at + 1);
    if (next == "%" || next == "percent") return end(1, Unit::kShare);
    if (next == "per" && Text(at + 2) == "cent") return end(2, Unit::kShare);
    if (next == "kwh") {
      if (Text(at + 2) == "daily") return end(2, Unit::kRate);
      const bool each = Holds("a per / each", Text(at + 2));
      if (each && Text(at + 3) == (HasCalendar(facts_.cadence) ? "day" : "reading")) return end(3, Unit::kRate);
      return end(1, Unit::kEnergy);
    }
    if (Holds("times time", next)) return end(1, Unit::kTimes);
    if (Holds("consumers consumer customers customer", next)) return end(1, Unit::kConsumers);
    for (std::size_t words = 1; words <= 3; ++words) {
      if (Holds("readings reading", Text(at + words))) return end(words, Unit::kReadings);
      if (!Holds("consecutive equal identical missing zero same", Text(at + words))) break;
    }
    const std::vector<Token> currency = Scan(facts_.currency);
    if (!currency.empty() && next == currency.front().text) return end(1, Unit::kMoney);
    if (at > 0 && Holds("number rank ranked place position ranks", Text(at - 1))) return end(0, Unit::kRank);
  }

  // "from 9 to 2 kWh a day", "(980 to 1,480)": two numbers that share a unit, the first without its own.
  void Pair(std::size_t i) {
    Item& item = items_[i];
    const std::size_t joint = item.last + 1;
    const bool joined = Text(joint) == "to" || (Text(joint) == "and" && !CueBefore(item.at, "between").empty());
    const bool second = joined && i + 1 < items_.size() && items_[i + 1].at == joint + 1;
    const bool in_brackets = item.at > 0 && Text(item.at - 1) == "(";
    if (second) {
      item.place = Place::kFirst;
      items_[i + 1].place = Place::kSecond;
      if (!items_[i + 1].unit && in_brackets && i > 0) items_[i + 1].unit = items_[i - 1].unit;
      if (!item.unit) item.unit = items_[i + 1].unit;
    }
  }

  const CaseFacts& facts_;
  std::vector<Token> tokens_;
  std::vector<Item> items_;
};

bool IsFirstRole(std::string_view role) { return role == "before" || role == "low" || role == "money_low"; }
bool IsSecondRole(std::string_view role) { return role == "after" || role == "high" || role == "money_high"; }
bool NeedsPlace(std::string_view role) { return IsFirstRole(role) || IsSecondRole(role); }

bool SameUnit(Unit a, Unit b) {
  const auto counts = [](Unit unit) { return unit == Unit::kReadings || unit == Unit::kTimes; };
  return a == b || (counts(a) && counts(b));
}

// As we would write it, or a correct rounding to no fewer than three digits.
bool SameNumber(const Token& token, const Quantity& quantity, const Speaker& speaker) {
  std::string ours = speaker.Say(quantity, false);
  if (const std::size_t blank = ours.find(' '); blank != std::string::npos) ours.resize(blank);
  if (ours == token.text) return true;
  const double value = quantity.unit == Unit::kShare ? 100 * quantity.value : quantity.value;
  const double last_place = 0.5 * std::pow(10.0, -token.decimals) * (1 + 1e-9);
  const double error = std::fabs(token.number - value);
  return error <= last_place && error <= kRounding * std::fabs(value);
}

// Where the words around say that a level belongs, when it is no part of a pair.
std::optional<Place> PlaceByWords(const ScannedSentence& sentence, const Item& item) {
  constexpr std::string_view kBefore = "before earlier previously formerly";
  constexpr std::string_view kAfter = "since now after afterwards later today recently latest last";
  const std::string cues = std::string(kBefore) + " " + std::string(kAfter);
  std::optional<Place> place;
  for (const std::string_view cue :
       {sentence.CueBefore(item.at, cues + " from to"), sentence.CueAfter(item.last, cues)}) {
    if (cue.empty()) continue;
    const Place said = Holds(kBefore, cue) || cue == "from" ? Place::kFirst : Place::kSecond;
    if (place && *place != said) return std::nullopt;
    place = said;
  }
  return place.value_or(Place::kOpen);
}

std::string Found(const Token& token) { return "found '" + token.text + "', "; }

std::optional<std::string> CheckNumber(const ScannedSentence& sentence, const Item& item, const Group& group,
                                       const Speaker& speaker) {
  const Token& token = sentence.tokens()[item.at];
  if (item.at > 0 && MakesBound(sentence.Text(item.at - 1))) return Found(token) + "as a bound";
  if (!item.unit) return Found(token) + "without a unit";
  bool known = false;
  for (const Fact* fact : group) {
    for (const Quantity& quantity : fact->quantities) {
      if (!SameUnit(quantity.unit, *item.unit) || !SameNumber(token, quantity, speaker)) continue;
      known = true;
      if (!NeedsPlace(quantity.role)) {
        if (item.place == Place::kOpen) return std::nullopt;
        continue;
      }
      std::optional<Place> place = item.place;
      const bool by_words = quantity.role == "before" || quantity.role == "after";
      if (by_words) {
        const std::optional<Place> said = PlaceByWords(sentence, item);
        if (item.place == Place::kOpen) {
          place = said;
        } else if (!said) {
          continue;
        }
      }
      if (place == (IsFirstRole(quantity.role) ? Place::kFirst : Place::kSecond)) return std::nullopt;
    }
  }
  return Found(token) + (known ? "which plays another part" : "which the fact does not hold");
}

bool SameDate(const CivilDate& said, double time) {
  const CivilDate date = CivilFromDays(DayOf(time));
  return said.year == date.year && (said.month == 0 || said.month == date.month) &&
         (said.day == 0 || said.day == date.day);
}

std::optional<std::string> CheckDate(const ScannedSentence& sentence, std::size_t at, const CivilDate& date,
                                     const Group& group) {
  const std::string_view cue =
      sentence.CueBefore(at, "from since on around in by before after to until till through and");
  const bool between = sentence.HasWord("between");
  const bool ends = Holds("to until till through", cue) || (cue == "and" && between);
  for (const Fact* fact : group) {
    for (const FactDate& one : fact->dates) {
      const bool is_end = one.role == "to" || one.role == "until";
      if (SameDate(date, one.time) && is_end == ends) return std::nullopt;
    }
  }
  return Found(sentence.tokens()[at]) + "a date that the fact does not hold in this part";
}

std::set<std::string> WordsOf(const Group& group, const Speaker& speaker, std::set<std::string>* negated) {
  std::set<std::string> words;
  for (const Fact* fact : group) {
    for (std::size_t wording = 0; wording < speaker.Wordings(*fact); ++wording) {
      const std::vector<Token> tokens = Scan(speaker.Say(*fact, wording));
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != Kind::kWord) continue;
        words.insert(tokens[i].text);
        if (IsNegation(tokens[i].text) && i + 1 < tokens.size())
          negated->insert(tokens[i].text + " " + tokens[i + 1].text);
      }
    }
  }
  return words;
}

// True when a word that holds only when negated ("metered" of the energy missing) stands without its negation.
bool LacksNegation(const ScannedSentence& sentence, std::size_t at, const Group& group) {
  const auto& tokens = sentence.tokens();
  const bool only_negated = std::any_of(Topics().begin(), Topics().end(), [&](const Topic& topic) {
    return Holds(topic.only_negated, tokens[at].text) &&
           std::any_of(group.begin(), group.end(), [&](const Fact* fact) { return fact->code == topic.fact; });
  });
  if (!only_negated || Holds("use usage consumption", sentence.Text(at + 1))) return false;
  for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
    if (IsNegation(tokens[at - back].text)) return false;
  }
  return true;
}

std::optional<std::string> CheckWords(const ScannedSentence& sentence, const Group& group, const Speaker& speaker) {
  std::set<std::string> negated;
  const std::set<std::string> words = WordsOf(group, speaker, &negated);
  for (std::size_t i = 0; i < sentence.tokens().size(); ++i) {
    const Token& token = sentence.tokens()[i];
    if (token.kind != Kind::kWord) continue;
    if (IsNegation(token.text)) {
      if (!negated.contains(token.text + " " + std::string(sentence.Text(i + 1))))
        return Found(token) + "a negation that the fact does not hold";
    }
    if (LacksNegation(sentence, i, group)) return Found(token) + "without the negation that belongs to it";
    const bool money = !sentence.items().empty() && i > 0 && sentence.tokens()[i - 1].kind == Kind::kNumber;
    if (IsPlainWord(token.text) || words.contains(token.text) || money) continue;
    const bool topical = std::any_of(Topics().begin(), Topics().end(), [&](const Topic& topic) {
      return Holds(topic.words, token.text) &&
             std::any_of(group.begin(), group.end(), [&](const Fact* fact) { return fact->code == topic.fact; });
    });
    if (!topical) return Found(token) + "a word that nothing here calls for";
  }
  return std::nullopt;
}

// A unit that belongs to no number: "62 % kWh", "9 kWh a day a month".
std::optional<std::string> CheckUnits(const ScannedSentence& sentence) {
  for (std::size_t at = 0; at < sentence.tokens().size(); ++at) {
    const bool period = at > 0 && Holds("a per each every /", sentence.Text(at - 1)) &&
                        Holds("second minute hour day week month quarter year reading bill", sentence.Text(at));
    if (!period && sentence.Text(at) != "kwh" && sentence.Text(at) != "%") continue;
    const bool belongs = std::any_of(sentence.items().begin(), sentence.items().end(),
                                     [&](const Item& item) { return item.at < at && at <= item.last; });
    if (!belongs) return Found(sentence.tokens()[at]) + "a unit without its number";
  }
  return std::nullopt;
}

std::optional<std::string> CheckAgainst(const ScannedSentence& sentence, const Group& group, const Speaker& speaker) {
  if (auto reason = CheckWords(sentence, group, speaker)) return reason;
  if (auto reason = CheckUnits(sentence)) return reason;
  std::size_t said = 0;
  for (const Item& item : sentence.items()) {
    if (auto reason = CheckNumber(sentence, item, group, speaker)) return reason;
    ++said;
  }
  CivilDate earlier{0, 0, 0};
  for (std::size_t at = 0; at < sentence.tokens().size(); ++at) {
    const Token& token = sentence.tokens()[at];
    CivilDate date = token.date;
    if (sentence.IsYear(at)) {
      date = {static_cast<int>(token.number), 0, 0};
    } else if (token.kind != Kind::kDate) {
      continue;
    }
    if (auto reason = CheckDate(sentence, at, date, group)) return reason;
    const bool later = std::tie(date.year, date.month, date.day) > std::tie(earlier.year, earlier.month, earlier.day);
    if (!later) return Found(token) + "a date after itself or a later one";
    earlier = date;
    ++said;
  }
  return said > 0 ? std::nullopt : std::optional<std::string>("says nothing that can be checked");
}

// What no sentence may hold, whatever the facts.
std::optional<std::string> CheckAlways(const ScannedSentence& sentence, std::string_view text) {
  if (text.size() > kLongest) return "longer than " + std::to_string(kLongest) + " characters";
  for (std::size_t i = 0; i < sentence.tokens().size(); ++i) {
    const Token& token = sentence.tokens()[i];
    const bool odd_mark = token.kind == Kind::kMark && !Holds(", . ; : ( ) % /", token.text);
    if (token.kind == Kind::kOdd || odd_mark) return Found(token) + "neither a word nor a number";
    if (token.kind != Kind::kWord) continue;
    const bool estimate = token.text == "theft" && i > 1 &&
                          Holds("probability likelihood chance", sentence.Text(i - 2)) && sentence.Text(i - 1) == "of";
    if (Accuses(token.text) && !estimate) return Found(token) + "which accuses";
    const bool a_year = token.text == "twelve" && Holds("months before", sentence.Text(i + 1));
    if (IsNumberWord(token.text) && !a_year) return Found(token) + "a number in words";
  }
  return std::nullopt;
}

std::vector<Group> GroupsOf(const CaseFacts& facts, const ScannedSentence& sentence) {
  std::vector<Group> groups;
  for (const Topic& topic : Topics()) {
    const Fact* fact = facts.Find(topic.fact);
    if (!fact || !sentence.HasWord(topic.words) || sentence.HasWord(topic.contrary)) continue;
    groups.push_back({fact});
    const Fact* missing = facts.Find("missing_energy");
    if (topic.fact == "level_drop" && missing) groups.push_back({fact, missing});
  }
  return groups;
}

}  // namespace

std::optional<std::string> CheckFreeSentence(const CaseFacts& facts, std::string_view text) {
  const ScannedSentence sentence(facts, text);
  if (auto reason = CheckAlways(sentence, text)) return reason;
  const Speaker speaker(Language::English(), facts);
  std::optional<std::string> first;
  for (const Group& group : GroupsOf(facts, sentence)) {
    const auto reason = CheckAgainst(sentence, group, speaker);
    if (!reason) return std::nullopt;
    if (!first) first = reason;
  }
  return first.value_or("speaks of none of the facts");
}

std::string FactOfSentence(const CaseFacts& facts, std::string_view text) {
  const ScannedSentence sentence(facts, text);
  const Speaker speaker(Language::English(), facts);
  for (const Group& group : GroupsOf(facts, sentence)) {
    if (!CheckAgainst(sentence, group, speaker)) return group.front()->code;
  }
  return {};
}

}  // namespace meterhound::report

// Fills the patterns of the resource files with the values of facts.
#include "report/speaker.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "report/wording.h"

namespace meterhound::report {
namespace {

// Names of money that are no more than that: "EUR", "Rs".
bool IsPlainCurrency(const std::string& currency) {
  return currency.size() <= 3 && std::all_of(currency.begin(), currency.end(),
                                             [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

const Quantity* FindQuantity(const Fact& fact, std::string_view role) {
  for (const Quantity& quantity : fact.quantities) {
    if (quantity.role == role) return &quantity;
  }
  return nullptr;
}

}  // namespace

std::size_t Speaker::Wordings(const Fact& fact) const { return language_.Wordings("sentences." + fact.form).size(); }

std::vector<Speaker::Stretch> Speaker::Stretches(const Fact& fact, std::size_t wording, Audience audience) const {
  std::vector<Stretch> stretches;
  for (Piece& piece : Pieces(language_.Wordings("sentences." + fact.form).at(wording))) {
    if (piece.is_slot) {
      stretches.push_back({Slot(fact, piece.text, audience), piece.text});
    } else {
      stretches.push_back({std::move(piece.text), {}});
    }
  }
  return stretches;
}

std::string Speaker::Say(const Fact& fact, std::size_t wording, Audience audience) const {
  std::string text;
  for (const Stretch& stretch : Stretches(fact, wording, audience)) text += stretch.text;
  return text;
}

std::string Speaker::Say(const Quantity& quantity, bool with_unit) const {
  const double value = quantity.value;
  const std::string unit = std::string("units.") + UnitName(quantity.unit, cadence_);
  const auto count = [&] { return static_cast<std::size_t>(value); };
  switch (quantity.unit) {
    case Unit::kNumber:
      return std::isfinite(value) ? language_.Significant(value) : language_.Text("numbers.undefined");
    case Unit::kRank:
      return language_.Count(count());
    case Unit::kFactor:
      return language_.Decimal(value, 2);
    case Unit::kShare:
      return language_.Percent(value);
    case Unit::kReadings:
    case Unit::kTimes:
    case Unit::kConsumers:
      return with_unit ? language_.Counted(unit, count()) : language_.Count(count());
    case Unit::kRate:
      return with_unit ? language_.Text(unit, {{"n", language_.Significant(value)}}) : language_.Significant(value);
    case Unit::kEnergy:
    case Unit::kMoney: {
      // Energy missing and money are estimates: whole numbers; a small reading keeps its digits.
      const std::string number = std::fabs(value) >= 100 || quantity.role != "level" ? language_.Decimal(value, 0)
                                                                                     : language_.Significant(value);
      if (!with_unit || (quantity.unit == Unit::kMoney && currency_.empty())) return number;
      return language_.Text(unit, {{"n", number}, {"currency", Printable(currency_)}});
    }
  }
  throw std::logic_error("a unit without words");
}

std::string Speaker::Slot(const Fact& fact, const std::string& slot, Audience audience) const {
  const bool hidden = audience == Audience::kModel;
  if (slot == "feature") {
    return hidden ? language_.Text("titles.hidden") : Printable(language_.FeatureTitle(fact.feature));
  }
  if (slot == "word") return language_.Text(fact.word);
  if (slot == "value" && !fact.category.empty()) return hidden ? std::string("?") : Printable(fact.category);
  for (const FactDate& date : fact.dates) {
    // A feature that counts days has a date whatever the cadence of the readings.
    if (date.role == slot) return language_.Date(date.time, slot == "value" ? Cadence::kDaily : cadence_);
  }
  const bool bare = slot.ends_with('#');
  const Quantity* quantity = FindQuantity(fact, bare ? std::string_view(slot).substr(0, slot.size() - 1) : slot);
  if (!quantity) throw std::logic_error("sentences." + fact.form + ": the fact has no " + slot);
  const bool nameless = hidden && quantity->unit == Unit::kMoney && !IsPlainCurrency(currency_);
  return Say(*quantity, !bare && !nameless);
}

}  // namespace meterhound::report

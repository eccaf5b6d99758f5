// Speaker: says facts in one language, each in any of its wordings.
#pragma once

#include <string>
#include <vector>

#include "report/facts.h"
#include "report/language.h"

namespace meterhound::report {

/// What a sentence is for: readers see all of it; a language model sees nothing that came with the data as text (names
/// of features and their values, an odd currency).
enum class Audience : std::uint8_t { kReader, kModel };

class Speaker {
 public:
  /// A stretch of a sentence: literal words, or a slot with the value that fills it.
  struct Stretch {
    std::string text;
    std::string slot;  ///< "before"; empty for literal words
  };

  Speaker(const Language& language, Cadence cadence, std::string currency)
      : language_(language), cadence_(cadence), currency_(std::move(currency)) {}
  Speaker(const Language& language, const CaseFacts& facts) : Speaker(language, facts.cadence, facts.currency) {}

  const Language& language() const { return language_; }
  std::size_t Wordings(const Fact& fact) const;
  std::string Say(const Fact& fact, std::size_t wording = 0, Audience audience = Audience::kReader) const;
  std::vector<Stretch> Stretches(const Fact& fact, std::size_t wording, Audience audience = Audience::kReader) const;
  /// "9.02 kWh a day", or without its unit "9.02".
  std::string Say(const Quantity& quantity, bool with_unit) const;

 private:
  std::string Slot(const Fact& fact, const std::string& slot, Audience audience) const;

  const Language& language_;
  Cadence cadence_;
  std::string currency_;
};

}  // namespace meterhound::report

// Prose words: the lists of English words that the prose guard goes by.
#pragma once

#include <span>
#include <string_view>

namespace meterhound::report {

/// Words of one fact, parted by blanks.
struct Topic {
  std::string_view fact;
  std::string_view words;              ///< one of them shows that a sentence speaks of the fact
  std::string_view contrary;           ///< one of them shows that it says the contrary
  std::string_view only_negated = {};  ///< true of the fact with a negation before them and not without
};
std::span<const Topic> Topics();

/// Words of any sentence, without content of their own.
bool IsPlainWord(std::string_view word);
/// Words that pass judgement on a person or take theft as given.
bool Accuses(std::string_view word);
/// Numbers and multiples in words: "three", "twice", "half".
bool IsNumberWord(std::string_view word);
bool IsNegation(std::string_view word);
/// Words that make a number a bound rather than a value: "over 60 %".
bool MakesBound(std::string_view word);

/// True when `list` holds `word`; words are parted by blanks.
bool Holds(std::string_view list, std::string_view word);

}  // namespace meterhound::report

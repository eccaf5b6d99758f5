// Lists of attacks as people write them: numbers or names, joined by commas.
#include <algorithm>
#include <charconv>
#include <numeric>
#include <string>
#include <vector>

#include "base/nearest_name.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {
namespace {

std::vector<std::string> AttackNames() {
  std::vector<std::string> names;
  for (int number = 1; number <= kAttacks; ++number) names.emplace_back(AttackName(number));
  return names;
}

std::string Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

}  // namespace

Result<std::vector<int>> ParseAttacks(std::string_view list, std::string_view where) {
  const std::vector<std::string> names = AttackNames();
  std::vector<int> numbers;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string word = Trim(list.substr(begin, end - begin));
    begin = end + 1;
    int number = 0;
    if (word == "all") {
      numbers.resize(kAttacks);
      std::iota(numbers.begin(), numbers.end(), 1);
      continue;
    }
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || rest != word.data() + word.size()) {
      number = static_cast<int>(std::find(names.begin(), names.end(), word) - names.begin()) + 1;
      if (number > kAttacks) {
        return InvalidInput("unknown attack '" + word + "', expected 1 to " + std::to_string(kAttacks) +
                                " or a name such as " + names.front() + Suggestion(word, names),
                            std::string(where));
      }
    }
    if (number < 1 || number > kAttacks) {
      return InvalidInput("unknown attack '" + word + "', expected 1 to " + std::to_string(kAttacks),
                          std::string(where));
    }
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace meterhound::simulate

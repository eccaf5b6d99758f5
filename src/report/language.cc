// Looks words up in the embedded resource files and writes numbers the way each language does.
#include "report/language.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/numbers.h"
#include "explain/column_parts.h"
#include "report/language_table.h"

namespace meterhound::report {
namespace {

void Flatten(const Json& node, const std::string& key,
             std::map<std::string, std::vector<std::string>, std::less<>>& to) {
  if (node.is_object()) {
    for (const auto& [name, value] : node.items()) Flatten(value, key.empty() ? name : key + "." + name, to);
  } else if (node.is_array()) {
    for (const Json& item : node) to[key].push_back(item.get<std::string>());
  } else {
    to[key].push_back(node.get<std::string>());
  }
}

const std::map<std::string, std::unique_ptr<Language>, std::less<>>& All() {
  static const auto all = [] {
    std::map<std::string, std::unique_ptr<Language>, std::less<>> languages;
    for (const auto& [code, text] : kLanguageTable) {
      languages.emplace(code, std::make_unique<Language>(std::string(code), Json::parse(text)));
    }
    return languages;
  }();
  return all;
}

std::string Readable(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::vector<Piece> Pieces(std::string_view pattern) {
  std::vector<Piece> pieces;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    if (open > 0) pieces.push_back({std::string(pattern.substr(0, open)), false});
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) throw std::logic_error("unclosed slot in a pattern");
    pieces.push_back({std::string(pattern.substr(1, close - 1)), true});
    pattern.remove_prefix(close + 1);
  }
  return pieces;
}

std::string Fill(std::string_view pattern, const std::function<std::string(const std::string&)>& value) {
  std::string text;
  for (const Piece& piece : Pieces(pattern)) text += piece.is_slot ? value(piece.text) : piece.text;
  return text;
}

Language::Language(std::string code, const Json& resource) : code_(std::move(code)) { Flatten(resource, "", entries_); }

const Language* Language::Find(std::string_view code) {
  const auto found = All().find(code);
  return found == All().end() ? nullptr : found->second.get();
}

const Language& Language::English() { return *Find("en"); }

std::vector<std::string> Language::Codes() {
  std::vector<std::string> codes;
  for (const auto& [code, language] : All()) codes.push_back(code);
  return codes;
}

const std::vector<std::string>& Language::Wordings(std::string_view key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) throw std::logic_error("languages/" + code_ + ".json lacks " + std::string(key));
  return found->second;
}

std::string Language::Text(std::string_view key, const std::map<std::string, std::string>& slots) const {
  return Fill(Text(key), [&](const std::string& slot) { return slots.at(slot); });
}

std::string Language::Localise(std::string english) const {
  if (english == "unknown") return Text("numbers.unknown");
  const std::size_t point = std::min(english.find('.'), english.size());
  const auto digits = std::count_if(english.begin(), english.begin() + static_cast<std::ptrdiff_t>(point),
                                    [](char c) { return c >= '0' && c <= '9'; });
  const bool grouped = digits >= std::stol(Text("numbers.least_grouped"));
  std::string text;
  for (const char c : english) {
    if (c == ',') {
      if (grouped) text += Text("numbers.thousands");
    } else if (c == '.') {
      text += Text("numbers.decimal");
    } else {
      text += c;
    }
  }
  return text;
}

std::string Language::Decimal(double value, int decimals) const {
  return Localise(meterhound::Decimal(value, decimals));
}

std::string Language::Significant(double value) const { return Localise(meterhound::Significant(value)); }

std::string Language::Count(std::size_t number) const { return Localise(WithThousands(number)); }

std::string Language::Percent(double share) const {
  const std::string english = meterhound::Percent(share);
  return Text("numbers.percent", {{"n", Localise(english.substr(0, english.find(' ')))}});
}

std::string Language::Counted(std::string_view unit, std::size_t number) const {
  const std::string& rule = Text("plural");
  const bool one = rule == "one" ? number == 1 : rule == "zero_and_one" && number <= 1;
  return Text(std::string(unit) + (one ? ".one" : ".other"), {{"n", Count(number)}});
}

std::string Language::Date(double time, Cadence cadence) const {
  if (!HasCalendar(cadence)) return Text("dates.step", {{"n", Decimal(time, 0)}});
  const CivilDate date = CivilFromDays(DayOf(time));
  return Text("dates.pattern", {{"day", date.day == 1 ? Text("dates.first_day") : std::to_string(date.day)},
                                {"month", Wordings("dates.months")[static_cast<std::size_t>(date.month - 1)]},
                                {"year", std::to_string(date.year)}});
}

std::string Language::OwnTitle(const std::string& calculator,
                               const std::vector<std::pair<std::string, std::string>>& parameters) const {
  const std::string key = "titles.of." + calculator;
  if (Has(key)) {
    return Fill(Text(key), [&](const std::string& slot) {
      const auto found =
          std::find_if(parameters.begin(), parameters.end(), [&](const auto& one) { return one.first == slot; });
      if (found == parameters.end()) return std::string("?");
      const std::string word = "parameters." + found->second;
      if (Has(word)) return Text(word);
      return ParseDouble(found->second) ? Localise(found->second) : Readable(found->second);
    });
  }
  std::string title = Readable(calculator);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    title += (i == 0 ? " (" : ", ") + Readable(parameters[i].first) + " " + Readable(parameters[i].second);
  }
  return parameters.empty() ? title : title + ")";
}

std::string Language::FeatureTitle(const std::string& column_name) const {
  if (column_name == "novelty__isolation_forest") return Text("titles.novelty");
  const explain::ColumnParts column = explain::ReadColumnName(column_name);
  if (column.kind.empty()) return column_name;
  if (column.IsAttribute()) return Text("titles.attribute", {{"name", column.calculator}});
  const std::string title = OwnTitle(column.calculator, column.parameters);
  const bool plain_kind = column.kind == "value" || column.kind == "kwh";
  return plain_kind ? title : Text("titles.kind", {{"kind", Readable(column.kind)}, {"title", title}});
}

}  // namespace meterhound::report

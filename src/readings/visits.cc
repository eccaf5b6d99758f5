// Read record by record; dates last, because their form is decided for the whole column.
#include "readings/visits.h"

#include <array>
#include <deque>

#include "base/nearest_name.h"
#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/input.h"

namespace meterhound::readings {
namespace {

constexpr std::array kOutcomes = {Outcome::kFound, Outcome::kNotFound, Outcome::kNoAccess};

struct Columns {
  std::size_t count = 0;
  std::size_t id = 0;
  std::size_t date = 0;
  std::size_t outcome = 0;
  std::optional<std::size_t> kwh;
  std::optional<std::size_t> probability;
};

Result<Columns> FindColumns(const CsvReader& csv) {
  const auto find = [&](std::string_view name) { return FindColumn(csv.fields(), name, {}); };
  const auto id = FindColumn(csv.fields(), "", IdNames());
  const auto date = find("visited_on");
  const auto outcome = find("outcome");
  if (!id || !date || !outcome) {
    return InvalidInput(std::string("found no column ") +
                            (!id     ? "consumer_id"
                             : !date ? "visited_on"
                                     : "outcome") +
                            ", expected consumer_id, visited_on, outcome and, if known, kwh_found and "
                            "selection_probability",
                        csv.Place());
  }
  return Columns{csv.fields().size(), *id, *date, *outcome, find("kwh_found"), find("selection_probability")};
}

Result<Outcome> ParseOutcome(std::string_view text) {
  std::vector<std::string> names;
  for (const Outcome outcome : kOutcomes) {
    names.emplace_back(OutcomeName(outcome));
    if (text == names.back()) return outcome;
  }
  return InvalidInput("found " + Quote(text) + ", expected found, not_found or no_access" + Suggestion(text, names));
}

// Nothing, or a number that `valid` takes.
template <typename Valid>
Result<std::optional<double>> ParseOptional(std::string_view field, const Valid& valid, const char* expected) {
  field = Trim(field);
  if (IsMissing(field)) return std::optional<double>();
  const auto number = ParseDouble(field);
  if (!number || !valid(*number)) return InvalidInput("found " + Quote(field) + ", expected " + expected);
  return number;
}

// Runs a parser of one field and gives its error the field's place.
template <typename T>
Status Assign(Result<T> parsed, const CsvReader& csv, std::size_t field, T& to) {
  if (!parsed.ok()) return Error{parsed.error().code, parsed.error().message, csv.Place(field)};
  to = std::move(parsed).value();
  return {};
}

Status ReadVisit(const CsvReader& csv, const Columns& columns, Visit& visit) {
  const auto& fields = csv.fields();
  visit.consumer = Trim(fields[columns.id]);
  visit.place = csv.Place(columns.id);
  if (visit.consumer.empty()) return InvalidInput("found no id, expected a consumer's", visit.place);
  METERHOUND_RETURN_IF_ERROR(Assign(ParseOutcome(Trim(fields[columns.outcome])), csv, columns.outcome, visit.outcome));
  if (columns.kwh) {
    const auto valid = [&](double kwh) {
      return kwh == 0 || (kwh > 0 && kwh < 1e12 && visit.outcome == Outcome::kFound);
    };
    METERHOUND_RETURN_IF_ERROR(Assign(ParseOptional(fields[*columns.kwh], valid,
                                                    "nothing or the kWh that a visit with outcome found brought to "
                                                    "light"),
                                      csv, *columns.kwh, visit.kwh_found));
  }
  if (columns.probability) {
    METERHOUND_RETURN_IF_ERROR(Assign(ParseOptional(
                                          fields[*columns.probability], [](double p) { return p > 0 && p <= 1; },
                                          "nothing or a probability above 0 and at most 1"),
                                      csv, *columns.probability, visit.selection_probability));
  }
  return {};
}

}  // namespace

const char* OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFound:
      return "found";
    case Outcome::kNotFound:
      return "not_found";
    case Outcome::kNoAccess:
      return "no_access";
  }
  return "no_access";
}

Result<std::vector<Visit>> ReadVisits(const std::filesystem::path& path, DateOrder order) {
  METERHOUND_ASSIGN_OR_RETURN(const Input input, Input::Open(path));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("holds no lines; expected consumer_id, visited_on and outcome", input.name());
  METERHOUND_ASSIGN_OR_RETURN(const Columns columns, FindColumns(csv));
  std::vector<Visit> visits;
  std::deque<std::string> dates;  // a field's text may end with its record; growing moves none
  std::vector<std::string_view> texts;
  std::vector<std::string> places;
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(CheckWidth(csv, columns.count));
    const std::string_view date = Trim(csv.fields()[columns.date]);
    if (date.empty() && Trim(csv.fields()[columns.outcome]).empty()) continue;
    if (date.empty()) return InvalidInput("found no date, expected the day of the visit", csv.Place(columns.date));
    METERHOUND_RETURN_IF_ERROR(ReadVisit(csv, columns, visits.emplace_back()));
    texts.push_back(dates.emplace_back(date));
    places.push_back(csv.Place(columns.date));
  }
  if (visits.empty()) return visits;
  METERHOUND_ASSIGN_OR_RETURN(const DateFormat format,
                              DateFormat::Decide(texts, order, [&](std::size_t i) { return places[i]; }));
  for (std::size_t i = 0; i < visits.size(); ++i) visits[i].visited_on = *format.Parse(texts[i]);
  return visits;
}

}  // namespace meterhound::readings

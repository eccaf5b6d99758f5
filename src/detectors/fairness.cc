// Visits, finds and consumers counted by category.
#include "detectors/fairness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "detectors/ranking.h"

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Which rows a visit to the first `share` of the list takes in: all of `whole`, and of the equals at the border each
/// with the same chance.
struct Visited {
  std::vector<std::size_t> whole;
  std::vector<std::size_t> border;
  double chance = 0;

  Visited(std::span<const double> probability, double share) {
    std::vector<std::size_t> order(probability.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return probability[a] > probability[b]; });
    const auto visits =
        std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(share * static_cast<double>(order.size()))));
    for (std::size_t begin = 0; begin < std::min(visits, order.size());) {
      std::size_t end = begin + 1;
      while (end < order.size() && probability[order[end]] == probability[order[begin]]) ++end;
      std::vector<std::size_t>& to = end <= visits ? whole : border;
      to.insert(to.end(), order.begin() + static_cast<std::ptrdiff_t>(begin),
                order.begin() + static_cast<std::ptrdiff_t>(end));
      if (end > visits) chance = static_cast<double>(visits - begin) / static_cast<double>(end - begin);
      begin = end;
    }
  }

  /// The visits to rows for which `counts` holds: whole numbers are added before the one fraction, so that the order of
  /// rows changes no bit.
  template <typename Predicate>
  double Count(Predicate counts) const {
    return static_cast<double>(std::count_if(whole.begin(), whole.end(), counts)) +
           chance * static_cast<double>(std::count_if(border.begin(), border.end(), counts));
  }
};

/// Where each row is counted: the largest categories by size, then name; the others together; the unknown.
struct Grouping {
  std::vector<std::string> names;
  std::vector<std::size_t> group_of;

  Grouping(std::span<const double> codes, std::span<const std::string> categories) {
    std::vector<std::size_t> sizes(categories.size(), 0);
    for (const double code : codes) {
      if (!std::isnan(code)) ++sizes[static_cast<std::size_t>(code)];
    }
    std::vector<std::size_t> by_size;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] > 0) by_size.push_back(i);
    }
    std::stable_sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    const std::size_t shown = std::min(by_size.size(), kFairnessCategories);
    std::vector<std::size_t> place(categories.size(), shown);
    for (std::size_t i = 0; i < shown; ++i) {
      names.push_back(categories[by_size[i]]);
      place[by_size[i]] = i;
    }
    if (by_size.size() > shown) names.emplace_back("all others");
    const std::size_t unknown = names.size();
    for (const double code : codes) {
      group_of.push_back(std::isnan(code) ? unknown : place[static_cast<std::size_t>(code)]);
    }
    if (std::find(group_of.begin(), group_of.end(), unknown) != group_of.end()) names.emplace_back("unknown");
  }
};

Json NumberJson(double value) { return value == value ? Json(value) : Json(nullptr); }

Json IntervalJson(const Interval& interval) {
  return {
      {"value", NumberJson(interval.value)}, {"low", NumberJson(interval.low)}, {"high", NumberJson(interval.high)}};
}

Interval ReadInterval(const Json& json) {
  const auto number = [&](const char* key) { return json.at(key).is_null() ? kNaN : json.at(key).get<double>(); };
  return {number("value"), number("low"), number("high")};
}

}  // namespace

FairnessTable ComputeFairness(std::string attribute, std::span<const double> codes,
                              std::span<const std::string> categories, std::span<const double> probability,
                              std::span<const std::int8_t> label) {
  const Grouping grouping(codes, categories);
  FairnessTable table{std::move(attribute), {}};
  for (const std::string& name : grouping.names) table.categories.push_back({name, 0, 0, {}});
  for (std::size_t i = 0; i < label.size(); ++i) {
    CategoryFairness& mine = table.categories[grouping.group_of[i]];
    ++mine.consumers;
    mine.thefts += label[i] == 1 ? 1 : 0;
  }
  for (const double share : kInspectedShares) {
    const Visited visited(probability, share);
    const auto is_theft = [&](std::size_t row) { return label[row] == 1; };
    const double all_visits = visited.Count([](std::size_t) { return true; });
    const double all_found = visited.Count(is_theft);
    for (std::size_t group = 0; group < table.categories.size(); ++group) {
      const auto is_here = [&](std::size_t row) { return grouping.group_of[row] == group; };
      const double visits = visited.Count(is_here);
      const double found = visited.Count([&](std::size_t row) { return is_here(row) && is_theft(row); });
      table.categories[group].at_share.push_back({.share = share,
                                                  .visits = WilsonInterval(visits, all_visits),
                                                  .found = WilsonInterval(found, all_found),
                                                  .hits = WilsonInterval(found, visits)});
    }
  }
  return table;
}

Json ToJson(const std::vector<FairnessTable>& tables) {
  Json json = Json::array();
  for (const FairnessTable& table : tables) {
    Json categories = Json::array();
    for (const CategoryFairness& one : table.categories) {
      Json shares = Json::array();
      for (const CategoryVisits& at : one.at_share) {
        shares.push_back({{"share", at.share},
                          {"visits", IntervalJson(at.visits)},
                          {"found", IntervalJson(at.found)},
                          {"hits", IntervalJson(at.hits)}});
      }
      categories.push_back({{"category", one.category},
                            {"consumers", one.consumers},
                            {"thefts", one.thefts},
                            {"at_share", std::move(shares)}});
    }
    json.push_back({{"attribute", table.attribute}, {"categories", std::move(categories)}});
  }
  return json;
}

Result<std::vector<FairnessTable>> FairnessFromJson(const Json& json) {
  std::vector<FairnessTable> tables;
  try {
    for (const Json& from : json) {
      FairnessTable table{from.at("attribute").get<std::string>(), {}};
      for (const Json& category : from.at("categories")) {
        CategoryFairness one{category.at("category").get<std::string>(),
                             category.at("consumers").get<std::size_t>(),
                             category.at("thefts").get<std::size_t>(),
                             {}};
        for (const Json& at : category.at("at_share")) {
          one.at_share.push_back({at.at("share").get<double>(), ReadInterval(at.at("visits")),
                                  ReadInterval(at.at("found")), ReadInterval(at.at("hits"))});
        }
        table.categories.push_back(std::move(one));
      }
      tables.push_back(std::move(table));
    }
  } catch (const Json::exception& error) {
    return InvalidInput(std::string("evaluation: `fairness` is not as expected: ") + error.what());
  }
  return tables;
}

}  // namespace meterhound::detectors

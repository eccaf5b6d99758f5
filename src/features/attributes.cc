// Codes from a stored dictionary.
#include "features/attributes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterhound::features {
namespace {

constexpr const char* kTypeNames[] = {"categorical", "numeric", "date"};

}  // namespace

AttributeEncoder AttributeEncoder::Fit(const Panel& panel) {
  AttributeEncoder encoder;
  for (const Attribute& attribute : panel.attributes) {
    encoder.entries_.push_back({attribute.name, attribute.type, attribute.group, attribute.categories});
  }
  return encoder;
}

Result<std::vector<double>> AttributeEncoder::Encode(const Entry& entry, const Panel& panel) const {
  const auto found = std::find_if(panel.attributes.begin(), panel.attributes.end(),
                                  [&](const Attribute& attribute) { return attribute.name == entry.name; });
  if (found == panel.attributes.end() || found->type != entry.type) {
    return InvalidInput("found no " + std::string(kTypeNames[static_cast<std::size_t>(entry.type)]) + " attribute '" +
                            entry.name + "', which the model was trained with",
                        panel.source);
  }
  std::vector<double> values = found->values;
  if (entry.type == Attribute::Type::kDate) {
    for (double& value : values) value /= kSecondsPerDay;
  }
  if (entry.type == Attribute::Type::kCategorical) {
    std::vector<double> code(found->categories.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < code.size(); ++i) {
      const auto place = std::lower_bound(entry.categories.begin(), entry.categories.end(), found->categories[i]);
      if (place != entry.categories.end() && *place == found->categories[i]) {
        code[i] = static_cast<double>(place - entry.categories.begin());
      }
    }
    for (double& value : values) {
      if (!std::isnan(value)) value = code[static_cast<std::size_t>(value)];
    }
  }
  return values;
}

Status AttributeEncoder::Append(const Panel& panel, FeatureTable& table) const {
  if (entries_.empty()) return {};
  std::vector<std::vector<double>> encoded;
  for (const Entry& entry : entries_) {
    METERHOUND_ASSIGN_OR_RETURN(auto values, Encode(entry, panel));
    encoded.push_back(std::move(values));
  }
  const std::size_t before = table.width();
  for (const Entry& entry : entries_) {
    table.columns.push_back({"attribute__" + entry.name, entry.group, entry.type == Attribute::Type::kCategorical});
  }
  std::vector<double> wider;
  wider.reserve(table.rows() * table.width());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto begin = table.values.begin() + static_cast<std::ptrdiff_t>(row * before);
    wider.insert(wider.end(), begin, begin + static_cast<std::ptrdiff_t>(before));
    for (const auto& values : encoded) wider.push_back(values[row]);
  }
  table.values = std::move(wider);
  return {};
}

Json AttributeEncoder::ToJson() const {
  Json json = Json::array();
  for (const Entry& entry : entries_) {
    json.push_back({{"name", entry.name},
                    {"type", kTypeNames[static_cast<std::size_t>(entry.type)]},
                    {"group", FeatureGroupName(entry.group)},
                    {"categories", entry.categories}});
  }
  return json;
}

Result<AttributeEncoder> AttributeEncoder::FromJson(const Json& json) {
  AttributeEncoder encoder;
  try {
    for (const Json& item : json) {
      const auto type = item.at("type").get<std::string>();
      const auto* const place = std::find(std::begin(kTypeNames), std::end(kTypeNames), type);
      METERHOUND_ASSIGN_OR_RETURN(const FeatureGroup group, ParseFeatureGroup(item.at("group").get<std::string>()));
      auto categories = item.at("categories").get<std::vector<std::string>>();
      if (place == std::end(kTypeNames) || !std::is_sorted(categories.begin(), categories.end())) {
        return Corrupt("the attributes are not as expected", "attributes");
      }
      encoder.entries_.push_back({item.at("name").get<std::string>(),
                                  static_cast<Attribute::Type>(place - std::begin(kTypeNames)), group,
                                  std::move(categories)});
    }
  } catch (const nlohmann::json::exception& error) {
    return Corrupt(std::string("the attributes are not as expected: ") + error.what(), "attributes");
  }
  return encoder;
}

}  // namespace meterhound::features

// Walks schema and value together; a table maps each keyword to its check.
#include "http/json_schema.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include "base/calendar.h"
#include "base/numbers.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr std::size_t kMaxFindings = 20;
constexpr int kMaxSchemaDepth = 200;  // a $ref to itself that consumes nothing of the value
constexpr std::string_view kReference = "#/components/schemas/";

// Where the walk is, as a list on the stack: a pointer's text is made only when something is found.
struct Place {
  const Place* up = nullptr;
  std::string_view name;  // of a member, or
  std::size_t index = 0;  // of an item, when name is null
};

std::string Pointer(const Place& place, std::string_view root) {
  if (place.up == nullptr) return std::string(root);
  std::string token;
  if (place.name.data() == nullptr) token = std::to_string(place.index);
  for (const char letter : place.name) {
    token += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
  }
  return Pointer(*place.up, root) + "/" + token;
}

// A float without fraction counts as an integer, as JSON Schema has it, while a double holds it exactly.
bool IsInteger(const Json& value) {
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  const double number = value.get<double>();
  return std::trunc(number) == number && std::abs(number) <= 9007199254740992.0;
}

bool HasType(const Json& value, std::string_view type) {
  switch (value.type()) {
    case Json::value_t::null:
      return type == "null";
    case Json::value_t::boolean:
      return type == "boolean";
    case Json::value_t::string:
      return type == "string";
    case Json::value_t::array:
      return type == "array";
    case Json::value_t::object:
      return type == "object";
    default:
      return type == "number" || (type == "integer" && IsInteger(value));
  }
}

std::string_view TypeOf(const Json& value) {
  if (value.is_number()) return IsInteger(value) ? "integer" : "number";
  return value.type_name();
}

// Integers of 64 bits and doubles beside each other, exactly.
long double Number(const Json& value) {
  return value.is_number_float() ? static_cast<long double>(value.get<double>())
                                 : static_cast<long double>(value.get<std::int64_t>());
}

// One text for values that JSON Schema holds equal: members sorted, 1.0 as 1.
std::string Canonical(const Json& value) {
  if (value.is_object()) {
    std::vector<std::string> members;
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      members.push_back(Json(name).dump(-1, ' ', false, Json::error_handler_t::replace) + ":" + Canonical(member));
    }
    std::sort(members.begin(), members.end());
    std::string text = "{";
    for (const std::string& member : members) text += member + ",";
    return text + "}";
  }
  if (value.is_array()) {
    std::string text = "[";
    for (const Json& item : value) text += Canonical(item) + ",";
    return text + "]";
  }
  if (value.is_number_float() && IsInteger(value)) return std::to_string(static_cast<long long>(value.get<double>()));
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= 60) return text;
  std::size_t cut = 57;  // not within a character
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "...";
}

std::size_t CodePoints(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

class Walk {
 public:
  Walk(const Json& components, std::string_view root) : components_(components), root_(root) {}

  void Check(const Json& schema, const Json& value, const Place& place);
  std::vector<Finding> Take() { return std::move(findings_); }

 private:
  using Keyword = void (Walk::*)(const Json& schema, const Json& argument, const Json& value, const Place& place);
  struct Row {
    std::string_view name;
    Keyword check;
  };
  static const Row kKeywords[];
  friend bool KnownKeyword(std::string_view name);

  void Find(const Place& place, std::string detail) {
    if (findings_.size() < kMaxFindings) findings_.push_back({Pointer(place, root_), std::move(detail)});
  }
  std::vector<Finding> Try(const Json& schema, const Json& value, const Place& place) {
    std::vector<Finding> kept = std::exchange(findings_, {});
    Check(schema, value, place);
    return std::exchange(findings_, std::move(kept));
  }

  void Reference(const Json&, const Json& argument, const Json& value, const Place& place) {
    const auto found = components_.find(argument.get_ref<const std::string&>().substr(kReference.size()));
    if (found != components_.end()) Check(*found, value, place);
  }
  void Type(const Json&, const Json& argument, const Json& value, const Place& place);
  void Enum(const Json&, const Json& argument, const Json& value, const Place& place);
  void Const(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (Canonical(argument) != Canonical(value)) Find(place, "is " + Shown(value) + ", expected " + Shown(argument));
  }
  void Properties(const Json& schema, const Json& argument, const Json& value, const Place& place);
  void Additional(const Json& schema, const Json& argument, const Json& value, const Place& place);
  void Required(const Json&, const Json& argument, const Json& value, const Place& place);
  void Items(const Json&, const Json& argument, const Json& value, const Place& place);
  void Unique(const Json&, const Json& argument, const Json& value, const Place& place);
  void Size(const Json& argument, std::size_t size, bool least, std::string_view what, const Place& place) {
    const double bound = argument.get<double>();
    if (least ? static_cast<double>(size) >= bound : static_cast<double>(size) <= bound) return;
    Find(place, "has " + std::to_string(size) + " " + std::string(what) + ", expected at " +
                    (least ? "least " : "most ") + FormatDouble(bound));
  }
  void MinItems(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_array()) Size(argument, value.size(), true, "items", place);
  }
  void MaxItems(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_array()) Size(argument, value.size(), false, "items", place);
  }
  void MinProperties(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_object()) Size(argument, value.size(), true, "members", place);
  }
  void MaxProperties(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_object()) Size(argument, value.size(), false, "members", place);
  }
  void MinLength(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_string()) Size(argument, CodePoints(value.get_ref<const std::string&>()), true, "characters", place);
  }
  void MaxLength(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_string()) Size(argument, CodePoints(value.get_ref<const std::string&>()), false, "characters", place);
  }
  void Format(const Json&, const Json& argument, const Json& value, const Place& place);
  void Bound(const Json& argument, const Json& value, bool holds, std::string_view expected, const Place& place) {
    if (!holds) Find(place, "is " + Shown(value) + ", expected " + std::string(expected) + " " + Shown(argument));
  }
  void Minimum(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_number()) Bound(argument, value, Number(value) >= Number(argument), "at least", place);
  }
  void Maximum(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_number()) Bound(argument, value, Number(value) <= Number(argument), "at most", place);
  }
  void ExclusiveMinimum(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_number()) Bound(argument, value, Number(value) > Number(argument), "more than", place);
  }
  void ExclusiveMaximum(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (value.is_number()) Bound(argument, value, Number(value) < Number(argument), "less than", place);
  }
  void MultipleOf(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (!value.is_number()) return;
    const double quotient = value.get<double>() / argument.get<double>();
    Bound(argument, value, std::isfinite(quotient) && std::abs(quotient - std::round(quotient)) < 1e-9, "a multiple of",
          place);
  }
  void AllOf(const Json&, const Json& argument, const Json& value, const Place& place) {
    for (const Json& schema : argument) Check(schema, value, place);
  }
  void AnyOf(const Json&, const Json& argument, const Json& value, const Place& place);
  void OneOf(const Json&, const Json& argument, const Json& value, const Place& place);
  void Not(const Json&, const Json& argument, const Json& value, const Place& place) {
    if (Try(argument, value, place).empty()) Find(place, "has a form that is not allowed here");
  }
  void ReportNearest(const Json& branches, const Json& value, const Place& place);

  const Json& components_;
  std::string_view root_;
  std::vector<Finding> findings_;
  int depth_ = 0;
};

const Walk::Row Walk::kKeywords[] = {
    {"type", &Walk::Type},
    {"$ref", &Walk::Reference},
    {"properties", &Walk::Properties},
    {"required", &Walk::Required},
    {"additionalProperties", &Walk::Additional},
    {"items", &Walk::Items},
    {"enum", &Walk::Enum},
    {"const", &Walk::Const},
    {"minItems", &Walk::MinItems},
    {"maxItems", &Walk::MaxItems},
    {"uniqueItems", &Walk::Unique},
    {"minProperties", &Walk::MinProperties},
    {"maxProperties", &Walk::MaxProperties},
    {"minLength", &Walk::MinLength},
    {"maxLength", &Walk::MaxLength},
    {"format", &Walk::Format},
    {"minimum", &Walk::Minimum},
    {"maximum", &Walk::Maximum},
    {"exclusiveMinimum", &Walk::ExclusiveMinimum},
    {"exclusiveMaximum", &Walk::ExclusiveMaximum},
    {"multipleOf", &Walk::MultipleOf},
    {"allOf", &Walk::AllOf},
    {"anyOf", &Walk::AnyOf},
    {"oneOf", &Walk::OneOf},
    {"not", &Walk::Not},
};

bool KnownKeyword(std::string_view name) {
  for (const Walk::Row& row : Walk::kKeywords) {
    if (row.name == name) return true;
  }
  static constexpr std::string_view kAnnotations[] = {"title",    "description",     "default",         "examples",
                                                      "example",  "readOnly",        "writeOnly",       "deprecated",
                                                      "$comment", "contentEncoding", "contentMediaType"};
  return std::find(std::begin(kAnnotations), std::end(kAnnotations), name) != std::end(kAnnotations);
}

void Walk::Check(const Json& schema, const Json& value, const Place& place) {
  if (schema.is_boolean()) {
    if (!schema.get<bool>()) Find(place, "is not expected here");
    return;
  }
  if (!schema.is_object() || findings_.size() >= kMaxFindings) return;
  if (++depth_ > kMaxSchemaDepth) {
    Find(place, "is nested deeper than its schema can be followed");
  } else {
    for (const auto& [name, argument] : schema.get_ref<const Json::object_t&>()) {
      for (const Row& row : kKeywords) {
        if (row.name == name) {
          (this->*row.check)(schema, argument, value, place);
          break;
        }
      }
    }
  }
  --depth_;
}

void Walk::Type(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (argument.is_string()) {
    if (HasType(value, argument.get_ref<const std::string&>())) return;
    Find(place, "is of type " + std::string(TypeOf(value)) + ", expected " + argument.get<std::string>());
    return;
  }
  std::string expected;
  for (const Json& type : argument) {
    if (HasType(value, type.get_ref<const std::string&>())) return;
    expected += (expected.empty() ? "" : " or ") + type.get<std::string>();
  }
  Find(place, "is of type " + std::string(TypeOf(value)) + ", expected " + expected);
}

void Walk::Enum(const Json&, const Json& argument, const Json& value, const Place& place) {
  const std::string canonical = Canonical(value);
  std::string allowed;
  for (const Json& item : argument) {
    if (Canonical(item) == canonical) return;
    if (allowed.size() < 300) allowed += (allowed.empty() ? "" : ", ") + Shown(item);
  }
  Find(place, "is " + Shown(value) + ", expected one of: " + allowed);
}

void Walk::Properties(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
    const auto found = argument.find(name);
    if (found != argument.end()) Check(*found, member, {&place, name});
  }
}

void Walk::Additional(const Json& schema, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_object()) return;
  const auto properties = schema.find("properties");
  for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
    if (properties != schema.end() && properties->contains(name)) continue;
    if (argument.is_boolean()) {
      if (!argument.get<bool>()) Find({&place, name}, "is unknown here");
    } else {
      Check(argument, member, {&place, name});
    }
  }
}

void Walk::Required(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_object()) return;
  for (const Json& name : argument) {
    if (!value.contains(name.get_ref<const std::string&>())) Find(place, "lacks \"" + name.get<std::string>() + "\"");
  }
}

void Walk::Items(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_array()) return;
  for (std::size_t i = 0; i < value.size(); ++i) Check(argument, value[i], {&place, {}, i});
}

void Walk::Unique(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_array() || !argument.get<bool>()) return;
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!seen.insert(Canonical(value[i])).second) return Find({&place, {}, i}, "stands here a second time");
  }
}

void Walk::Format(const Json&, const Json& argument, const Json& value, const Place& place) {
  if (!value.is_string()) return;
  const auto& format = argument.get_ref<const std::string&>();
  const auto& text = value.get_ref<const std::string&>();
  const bool holds = format == "date"        ? IsDate(text)
                     : format == "date-time" ? IsDateTime(text)
                     : format == "uuid"      ? IsUuid(text)
                                             : true;
  if (!holds) Find(place, "is " + Shown(value) + ", expected a " + format + std::string(FormatExample(format)));
}

// Says why the branch failed that the value was most likely meant for: one whose type fits, with the fewest findings.
void Walk::ReportNearest(const Json& branches, const Json& value, const Place& place) {
  const std::string here = Pointer(place, root_);
  std::vector<Finding> best;
  for (const Json& branch : branches) {
    std::vector<Finding> found = Try(branch, value, place);
    const bool other_type =
        found.empty() || (found.front().pointer == here && found.front().detail.starts_with("is of type"));
    if (!other_type && (best.empty() || found.size() < best.size())) best = std::move(found);
  }
  if (best.empty())
    return Find(place, "is of type " + std::string(TypeOf(value)) + ", which fits none of the allowed forms");
  for (Finding& finding : best) {
    if (findings_.size() < kMaxFindings) findings_.push_back(std::move(finding));
  }
}

void Walk::AnyOf(const Json&, const Json& argument, const Json& value, const Place& place) {
  for (const Json& branch : argument) {
    if (Try(branch, value, place).empty()) return;
  }
  ReportNearest(argument, value, place);
}

void Walk::OneOf(const Json&, const Json& argument, const Json& value, const Place& place) {
  const auto fitting = std::count_if(argument.begin(), argument.end(),
                                     [&](const Json& branch) { return Try(branch, value, place).empty(); });
  if (fitting == 0) ReportNearest(argument, value, place);
  if (fitting > 1) Find(place, "fits several of the allowed forms, expected exactly one");
}

// Everything wrong with the schemas of a table is found when the table is made, never while a request is checked.
class Audit {
 public:
  explicit Audit(const Json& components) : components_(components) {}

  Status Schema(const Json& schema, const std::string& where) const {
    if (schema.is_boolean()) return {};
    if (!schema.is_object()) return Bad("is neither an object nor a boolean", where);
    for (const auto& [name, argument] : schema.get_ref<const Json::object_t&>()) {
      if (!KnownKeyword(name)) return Bad("uses the unknown keyword \"" + name + "\"", where);
      METERHOUND_RETURN_IF_ERROR(Argument(name, argument, where + "/" + name));
    }
    return {};
  }

 private:
  static Error Bad(std::string what, const std::string& where) {
    return {ErrorCode::kInternal, "schema " + std::move(what), where};
  }

  Status Argument(std::string_view name, const Json& argument, const std::string& where) const {
    if (name == "$ref") return Reference(argument, where);
    if (name == "type") return Types(argument, where);
    if (name == "format") return Format(argument, where);
    if (name == "properties") {
      if (!argument.is_object()) return Bad("expected an object here", where);
      for (const auto& [key, schema] : argument.get_ref<const Json::object_t&>()) {
        METERHOUND_RETURN_IF_ERROR(Schema(schema, where + "/" + key));
      }
      return {};
    }
    if (name == "items" || name == "additionalProperties" || name == "not") return Schema(argument, where);
    if (name == "allOf" || name == "anyOf" || name == "oneOf") {
      if (!argument.is_array() || argument.empty()) return Bad("expected a list of schemas here", where);
      for (const Json& schema : argument) METERHOUND_RETURN_IF_ERROR(Schema(schema, where));
      return {};
    }
    if (name == "required") {
      const bool texts = argument.is_array() && std::all_of(argument.begin(), argument.end(),
                                                            [](const Json& item) { return item.is_string(); });
      return texts ? Status{} : Bad("expected a list of names here", where);
    }
    if (name == "enum") return argument.is_array() ? Status{} : Bad("expected a list here", where);
    if (name == "uniqueItems") return argument.is_boolean() ? Status{} : Bad("expected a boolean here", where);
    const bool bound = name.starts_with("m") || name.starts_with("exclusive");  // minimum ... multipleOf
    return !bound || argument.is_number() ? Status{} : Bad("expected a number here", where);
  }
  Status Reference(const Json& argument, const std::string& where) const {
    if (!argument.is_string() || !argument.get_ref<const std::string&>().starts_with(kReference) ||
        !components_.contains(argument.get_ref<const std::string&>().substr(kReference.size()))) {
      return Bad("leads nowhere: " + Shown(argument), where);
    }
    return {};
  }
  static Status Types(const Json& argument, const std::string& where) {
    static constexpr std::string_view kTypes[] = {"null", "boolean", "string", "array", "object", "number", "integer"};
    const Json list = argument.is_array() ? argument : Json::array({argument});
    for (const Json& type : list) {
      const bool known = type.is_string() && std::find(std::begin(kTypes), std::end(kTypes),
                                                       type.get_ref<const std::string&>()) != std::end(kTypes);
      if (!known) return Bad("names the unknown type " + Shown(type), where);
    }
    return {};
  }
  static Status Format(const Json& argument, const std::string& where) {
    static constexpr std::string_view kFormats[] = {"date",  "date-time", "uuid",  "binary", "uri",     "uri-reference",
                                                    "int32", "int64",     "float", "double", "password"};
    const bool known = argument.is_string() && std::find(std::begin(kFormats), std::end(kFormats),
                                                         argument.get_ref<const std::string&>()) != std::end(kFormats);
    return known ? Status{} : Bad("names the unknown format " + Shown(argument), where);
  }

  const Json& components_;
};

}  // namespace

Result<SchemaChecker> SchemaChecker::Create(Json components) {
  if (components.is_null()) components = Json::object();
  const Audit audit(components);
  for (const auto& [name, schema] : components.get_ref<const Json::object_t&>()) {
    METERHOUND_RETURN_IF_ERROR(audit.Schema(schema, "components/schemas/" + name));
  }
  return SchemaChecker(std::move(components));
}

Status SchemaChecker::Accepts(const Json& schema, std::string_view where) const {
  return Audit(components_).Schema(schema, std::string(where));
}

std::vector<Finding> SchemaChecker::Check(const Json& schema, const Json& value, std::string_view pointer) const {
  Walk walk(components_, pointer);
  walk.Check(schema, value, {});
  return walk.Take();
}

}  // namespace meterhound::http

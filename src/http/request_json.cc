// Builds the value from nlohmann's events, so that every limit holds before memory is taken.
#include "http/request_json.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace meterhound::http {
namespace {

constexpr std::size_t kMaxKeys = 10000;
constexpr const char* kTooLarge = "is an integer beyond 64 bits";

class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(int max_depth) : max_depth_(static_cast<std::size_t>(std::max(max_depth, 1))) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<number_integer_t>::max())) return Fail(kTooLarge);
    return Add(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (text.find_first_of(".eE") == string_t::npos) return Fail(kTooLarge);
    return Add(value);
  }
  bool string(string_t& value) override { return CheckText(value) && Add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return Fail("is binary"); }
  bool start_object(std::size_t /*size*/) override { return Open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return Open(Json::array()); }
  bool key(string_t& value) override {
    key_ = std::move(value);
    return CheckText(key_) &&
           (open_.back()->size() < kMaxKeys || Fail("has more than " + std::to_string(kMaxKeys) + " keys"));
  }
  bool end_object() override {
    const auto& members = open_.back()->get_ref<const Json::object_t&>();
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const auto& [name, value] : members) keys.emplace_back(name);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) return Fail("ends an object that has the key \"" + std::string(*twice) + "\" twice");
    open_.pop_back();
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    position_ = position;
    // 406: a number that no double holds; the rest is grammar and UTF-8.
    return Fail(error.id == 406 ? "is a number too large for a double" : "is not valid JSON here");
  }

  Json Take() { return std::move(root_); }
  const std::string& failure() const { return failure_; }
  std::size_t position() const { return position_; }

 private:
  bool Fail(std::string what) {
    failure_ = std::move(what);
    return false;
  }
  bool CheckText(const std::string& text) {
    return text.find('\0') == std::string::npos || Fail("contains the character U+0000");
  }
  bool Open(Json value) {
    if (open_.size() >= max_depth_) return Fail("is nested deeper than " + std::to_string(max_depth_) + " levels");
    Json* place = Put(std::move(value));
    open_.push_back(place);
    return true;
  }
  template <typename T>
  bool Add(T&& value) {
    Put(Json(std::forward<T>(value)));
    return true;
  }
  // Only the innermost container grows, so pointers to the outer ones stay good. Keys are appended without a search.
  Json* Put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      auto& items = parent.get_ref<Json::array_t&>();
      items.push_back(std::move(value));
      return &items.back();
    }
    auto& members = parent.get_ref<Json::object_t&>();
    members.emplace_back(std::move(key_), std::move(value));
    key_.clear();
    return &members.back().second;
  }

  std::size_t max_depth_;
  Json root_;
  std::vector<Json*> open_;
  std::string key_, failure_;
  std::size_t position_ = 0;
};

// Counts the bytes that the parser has taken, which tells where a limit was broken.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    *furthest_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

std::string Place(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::size_t newline = text.substr(0, at).rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? at + 1 : at - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

Result<Json> ParseRequestJson(std::string_view text, int max_depth) {
  Builder builder(max_depth);
  const char* furthest = text.data();
  const CountingIterator begin(text.data(), &furthest);
  const CountingIterator end(text.data() + text.size(), &furthest);
  if (Json::sax_parse(begin, end, &builder)) return builder.Take();
  const auto read = static_cast<std::size_t>(furthest - text.data());
  const std::size_t at = builder.position() > 0 ? builder.position() : read;
  return InvalidInput("the body " + (builder.failure().empty() ? "is not valid JSON" : builder.failure()),
                      Place(text, at > 0 ? at - 1 : 0));
}

}  // namespace meterhound::http

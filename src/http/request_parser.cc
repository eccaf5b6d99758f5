// Callbacks of Beast's basic_parser; what it leaves to its users (Host, Transfer-Encoding, Expect) is looked at here.
#include "http/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "http/text_form.h"

namespace meterhound::http {

namespace beast = boost::beast;

class RequestParser::Impl final : public beast::http::basic_parser<true> {
 public:
  explicit Impl(std::size_t max_header_bytes) {
    header_limit(static_cast<std::uint32_t>(max_header_bytes));
    body_limit(boost::none);  // the dispatcher counts
  }

  RequestHead head;
  std::string body;
  bool begun = false, line_done = false, fields_done = false;
  bool expects_continue = false, at_least_11 = true;
  int encodings = 0;
  bool chunked_only = true;

 private:
  using Code = beast::error_code;
  using View = beast::string_view;

  void on_request_impl(beast::http::verb /*verb*/, View method, View target, int version, Code& /*error*/) override {
    head.method.assign(method.data(), method.size());
    head.target.assign(target.data(), target.size());
    head.version = static_cast<unsigned>(version);
    at_least_11 = version >= 11;
    line_done = true;
  }
  void on_response_impl(int /*status*/, View /*reason*/, int /*version*/, Code& /*error*/) override {}
  void on_field_impl(beast::http::field field, View name, View value, Code& /*error*/) override {
    if (fields_done) return;  // trailers say nothing that is listened to
    const std::string_view text(value.data(), value.size());
    if (field == beast::http::field::transfer_encoding) {
      ++encodings;
      chunked_only = chunked_only && EqualNoCase(Trim(text), "chunked");
    }
    if (field == beast::http::field::expect) expects_continue = EqualNoCase(Trim(text), "100-continue");
    head.headers.emplace_back(std::string(name.data(), name.size()), std::string(text));
  }
  void on_header_impl(Code& /*error*/) override { fields_done = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, Code& /*error*/) override {}
  std::size_t on_body_impl(View piece, Code& /*error*/) override {
    body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, View /*extension*/, Code& /*error*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, View piece, Code& error) override {
    return on_body_impl(piece, error);
  }
  void on_finish_impl(Code& /*error*/) override {}
};

namespace {

ParseFault FaultOf(const beast::error_code& error, bool line_done) {
  if (error == beast::http::error::header_limit) {
    return line_done ? ParseFault{431, "the request's headers are too large"}
                     : ParseFault{414, "the request's target is too long"};
  }
  if (error == beast::http::error::bad_version) return {505, "the request is not HTTP/1.1"};
  return {400, "the request is not HTTP: " + error.message()};
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header_bytes) : impl_(std::make_unique<Impl>(max_header_bytes)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::Read(std::string_view bytes, std::optional<ParseFault>& fault) {
  const bool head_was_done = impl_->is_header_done();
  if (bytes.empty() || impl_->is_done()) return 0;
  impl_->begun = true;
  impl_->eager(head_was_done);
  beast::error_code error;
  const std::size_t used = impl_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == beast::http::error::need_more) return used;
  if (error) {
    fault = FaultOf(error, impl_->line_done);
    return used;
  }
  if (!head_was_done && impl_->is_header_done() && impl_->encodings > 0) {
    // Anything else than one "chunked" is how requests are smuggled past a proxy.
    if (impl_->encodings > 1 || !impl_->chunked_only)
      fault = ParseFault{501, "of Transfer-Encoding only chunked is taken"};
    if (impl_->head.version < 11) fault = ParseFault{400, "HTTP/1.0 has no Transfer-Encoding"};
  }
  return used;
}

bool RequestParser::head_done() const { return impl_->is_header_done(); }
bool RequestParser::done() const { return impl_->is_done(); }
bool RequestParser::begun() const { return impl_->begun; }
bool RequestParser::keep_alive() const { return impl_->keep_alive(); }
bool RequestParser::expects_continue() const { return impl_->expects_continue && impl_->at_least_11; }
std::optional<std::uint64_t> RequestParser::content_length() const {
  if (impl_->chunked()) return std::nullopt;
  const auto length = impl_->content_length();
  return length ? *length : 0;
}
RequestHead RequestParser::TakeHead() { return std::exchange(impl_->head, {}); }
std::string RequestParser::TakeBody() { return std::exchange(impl_->body, {}); }

}  // namespace meterhound::http

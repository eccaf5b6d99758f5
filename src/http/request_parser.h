// HTTP/1.1 requests from bytes, piece by piece: Beast's parser without its containers and without sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/dispatcher.h"

namespace meterhound::http {

/// Why bytes are no request that is taken.
struct ParseFault {
  int status = 400;  ///< 400, 414, 431, 501 or 505
  std::string detail;
};

/// One request. Read until head_done(), then (after TakeHead) until done(); bytes beyond the request stay unread.
class RequestParser {
 public:
  explicit RequestParser(std::size_t max_header_bytes);
  ~RequestParser();

  /// How many of `bytes` were used; more are needed when that leaves the request incomplete. What was not used must be
  /// given again, with what follows. Stops behind the head, whatever follows it.
  std::size_t Read(std::string_view bytes, std::optional<ParseFault>& fault);

  bool head_done() const;
  bool done() const;
  /// Begun: at least one byte was seen.
  bool begun() const;
  bool keep_alive() const;
  /// Expect: 100-continue.
  bool expects_continue() const;
  /// As announced; nothing when chunked.
  std::optional<std::uint64_t> content_length() const;

  RequestHead TakeHead();
  /// What came of the body since the last call.
  std::string TakeBody();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace meterhound::http

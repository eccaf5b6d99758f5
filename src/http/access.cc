// Pure functions of the headers; whether a key is good is the authenticator's to say.
#include "http/access.h"

#include <arpa/inet.h>

#include <algorithm>

#include "http/text_form.h"

namespace meterhound::http {
namespace {

bool IsAddress(const std::string& text) {
  in6_addr six{};
  in_addr four{};
  return inet_pton(AF_INET, text.c_str(), &four) == 1 || inet_pton(AF_INET6, text.c_str(), &six) == 1;
}

// "localhost:8000" -> "localhost", "[::1]:8000" -> "[::1]".
std::string_view WithoutPort(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

}  // namespace

Credentials ReadCredentials(const Request& request, std::string_view session_cookie) {
  Credentials credentials{.kind = Credentials::Kind::kNone, .secret = {}, .remote = request.remote};
  if (const auto authorization = request.Header("authorization")) {
    credentials.kind = Credentials::Kind::kBearer;
    const std::size_t blank = std::min(authorization->find(' '), authorization->size());
    // Another scheme is an attempt all the same: an empty secret, which no key has.
    if (EqualNoCase(authorization->substr(0, blank), "bearer")) credentials.secret = Trim(authorization->substr(blank));
  } else if (const auto key = request.Header("x-api-key")) {
    credentials.kind = Credentials::Kind::kApiKey;
    credentials.secret = *key;
  } else if (auto cookie = request.Cookie(session_cookie)) {
    credentials.kind = Credentials::Kind::kCookie;
    credentials.secret = std::move(*cookie);
  }
  return credentials;
}

std::optional<std::string> ForgeryDoubt(const Request& request, Credentials::Kind kind) {
  if (request.method == Method::kGet || request.method == Method::kHead || request.method == Method::kOptions)
    return std::nullopt;
  if (kind == Credentials::Kind::kBearer || kind == Credentials::Kind::kApiKey)
    return std::nullopt;  // no browser adds these
  if (kind == Credentials::Kind::kCookie && request.Header("x-meterhound") != "page") {
    return "a change with the session cookie needs the header X-Meterhound: page";
  }
  if (const auto site = request.Header("sec-fetch-site"); site && *site != "same-origin" && *site != "none") {
    return "the request comes from another site";
  }
  if (const auto origin = request.Header("origin")) {
    const std::size_t scheme = origin->find("://");
    const bool same = scheme != std::string_view::npos &&
                      EqualNoCase(origin->substr(scheme + 3), request.Header("host").value_or(""));
    if (!same) return "the request's Origin is another site";
  }
  return std::nullopt;
}

std::optional<std::string> HostDoubt(const Request& request, unsigned version,
                                     const std::vector<std::string>& allowed) {
  const auto hosts = std::count_if(request.headers.begin(), request.headers.end(),
                                   [](const auto& header) { return EqualNoCase(header.first, "host"); });
  if (hosts > 1 || (hosts == 0 && version >= 11)) return "expected the header Host exactly once";
  const std::string_view host = request.Header("host").value_or("");
  if (host.find_first_of("/@\\ ") != std::string_view::npos) return "the header Host is no host and port";
  if (allowed.empty()) return std::nullopt;
  const std::string_view name = WithoutPort(host);
  const bool known =
      std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) { return EqualNoCase(one, name); });
  if (!known) return "this server does not answer for the host \"" + std::string(name) + "\"";
  return std::nullopt;
}

std::string ClientAddress(const Request& request, const std::string& remote, const std::vector<std::string>& trusted) {
  if (std::find(trusted.begin(), trusted.end(), remote) == trusted.end()) return remote;
  std::string last;
  for (const auto& [name, value] : request.headers) {
    if (!EqualNoCase(name, "x-forwarded-for")) continue;
    const auto parts = Split(value, ',');
    if (!parts.empty()) last = parts.back();
  }
  return IsAddress(last) ? last : remote;
}

std::string AddressBlock(std::string_view address) {
  in6_addr six{};
  std::string text(address.substr(0, address.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six)) return text;
  std::fill(std::begin(six.s6_addr) + 8, std::end(six.s6_addr), static_cast<std::uint8_t>(0));
  char block[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, &six, block, sizeof block);
  return std::string(block) + "/64";
}

}  // namespace meterhound::http

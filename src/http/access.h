// What the headers say about who asks and from which page: credentials, origin, host, address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/authenticator.h"
#include "http/route.h"

namespace meterhound::http {

Credentials ReadCredentials(const Request& request, std::string_view session_cookie);

/// Cross-site request forgery: why a changing request must not be obeyed, or nothing. A session cookie needs the header
/// `X-Meterhound: page`; Origin and Sec-Fetch-Site, when present, must name this very site unless a key was sent.
std::optional<std::string> ForgeryDoubt(const Request& request, Credentials::Kind kind);

/// Why Host is not acceptable, or nothing. `allowed` empty: any name, but one there must be in HTTP/1.1.
std::optional<std::string> HostDoubt(const Request& request, unsigned version, const std::vector<std::string>& allowed);

/// The address behind `remote`: the last entry of X-Forwarded-For when `remote` is a trusted proxy.
std::string ClientAddress(const Request& request, const std::string& remote, const std::vector<std::string>& trusted);

/// What a rate limit counts an address as: IPv6 callers have a whole /64.
std::string AddressBlock(std::string_view address);

}  // namespace meterhound::http

// Signing in and out of the page: a key becomes a session in a cookie.
#include "serve/routes.h"
#include "serve/schemas.h"

namespace meterhound::serve {
namespace {

constexpr std::int64_t kLifetime = 12LL * 3600 * 1000;
constexpr const char* kCookie = "meterhound_session";

std::string CookieHeader(const std::string& value, bool tls, std::int64_t seconds) {
  return std::string(kCookie) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) + (tls ? "; Secure" : "");
}

Result<http::Response> SignIn(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  METERHOUND_ASSIGN_OR_RETURN(const auto key, service.keys.FindBySecret(request.json["key"].get<std::string>()));
  if (!key) return http::Problem(401, "no such key, or it was revoked");
  METERHOUND_ASSIGN_OR_RETURN(const store::NewSession session, service.keys.OpenSession(*key, kLifetime));
  http::Request as_owner = request;
  as_owner.principal = http::Principal{.id = key->id, .name = key->name, .scopes = key->scopes};
  METERHOUND_RETURN_IF_ERROR(Record(service, as_owner, "session.open", "key:" + key->id));
  return http::Response::NoContent().With("Set-Cookie", CookieHeader(session.secret, desk.tls, kLifetime / 1000));
}

Result<http::Response> Show(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const bool required, desk.authentication->KeysRequired());
  return http::Response::OfJson(
      {{"name", request.principal->name}, {"scopes", request.principal->scopes}, {"keys_required", required}});
}

Result<http::Response> SignOut(const Desk& desk, const http::Request& request) {
  if (const auto secret = request.Cookie(kCookie)) METERHOUND_RETURN_IF_ERROR(desk.service->keys.CloseSession(*secret));
  return http::Response::NoContent().With("Set-Cookie", CookieHeader("", desk.tls, 0));
}

}  // namespace

Routes SessionRoutes(const Desk& desk) {
  using enum http::Method;
  return {
      Row(
          kPost, "/v1/session", "openSession", "Sign in to the page with a key", "operations", "", {},
          {Says(204, "signed in; the session is in a cookie"), Refuses(401, "no such key")},
          [desk](const http::Request& request) { return SignIn(desk, request); }, JsonBody(Component("NewSession"))),
      Row(kGet, "/v1/session", "getSession", "Who asks, and what they may do", "operations", "*", {},
          {Answers("the session", Component("Session"))},
          [desk](const http::Request& request) { return Show(desk, request); }),
      Row(kDelete, "/v1/session", "closeSession", "Sign out", "operations", "*", {}, {Says(204, "signed out")},
          [desk](const http::Request& request) { return SignOut(desk, request); })};
}

}  // namespace meterhound::serve

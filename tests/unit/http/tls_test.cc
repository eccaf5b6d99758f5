// TLS with a certificate made here, spoken to by libcurl and by OpenSSL.
#include <curl/curl.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>

#include "unit/http/http_support.h"

namespace meterhound::http {
namespace {

struct Certificate {
  std::filesystem::path folder, certificate, key;
  Certificate() : folder(std::filesystem::temp_directory_path() / ("meterhound-tls" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
    certificate = folder / "cert.pem";
    key = folder / "key.pem";
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, pair);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, pair, EVP_sha256());
    std::FILE* file = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(file, x509);
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(x509);
    EVP_PKEY_free(pair);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
};

ServerOptions TlsOptions(const Certificate& files) {
  ServerOptions options;
  options.certificate = files.certificate;
  options.key = files.key;
  return options;
}

std::size_t Append(const char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

class Curl {
 public:
  explicit Curl(const Certificate& files) : handle_(curl_easy_init()) {
    curl_easy_setopt(handle_, CURLOPT_CAINFO, files.certificate.c_str());
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, Append);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, Append);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &headers);
    curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT, 60L);
  }
  ~Curl() { curl_easy_cleanup(handle_); }
  CURLcode Get(const std::string& url) {
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    return curl_easy_perform(handle_);
  }
  CURL* handle() { return handle_; }
  std::string body, headers;

 private:
  CURL* handle_;
};

TEST(Tls, SpeaksToCurl) {
  const Certificate files;
  TestServer test(TlsOptions(files));
  EXPECT_EQ(test.server->url().substr(0, 20), "https://127.0.0.1:" + std::to_string(test.server->port()).substr(0, 2));
  Curl curl(files);
  ASSERT_EQ(curl.Get(test.server->url() + "/large"), CURLE_OK);
  EXPECT_EQ(curl.body, std::string(3000000, 'x'));
  EXPECT_NE(curl.headers.find("Strict-Transport-Security: max-age="), std::string::npos);
  curl.body.clear();
  ASSERT_EQ(curl.Get(test.server->url() + "/events"), CURLE_OK);
  EXPECT_NE(curl.body.find("{\"left\":1}"), std::string::npos);
  // A large upload that is asked for first.
  const std::string csv(3000000, 'a');
  curl.body.clear();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: text/csv");
  headers = curl_slist_append(headers, "Expect: 100-continue");
  curl_easy_setopt(curl.handle(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl.handle(), CURLOPT_POSTFIELDS, csv.c_str());
  curl_easy_setopt(curl.handle(), CURLOPT_POSTFIELDSIZE, static_cast<long>(csv.size()));
  ASSERT_EQ(curl.Get(test.server->url() + "/upload"), CURLE_OK);
  EXPECT_EQ(curl.body, "3000000 3000000 ");
  EXPECT_NE(curl.headers.find("100 Continue"), std::string::npos);
  curl_slist_free_all(headers);
}

TEST(Tls, RefusesOldVersionsAndPlainRequests) {
  const Certificate files;
  TestServer test(TlsOptions(files));
  const auto connects = [&](int version) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(test.server->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, socket);
    const bool done = SSL_connect(ssl) == 1;
    SSL_free(ssl);
    ::close(socket);
    SSL_CTX_free(context);
    return done;
  };
  EXPECT_FALSE(connects(TLS1_VERSION));
  EXPECT_FALSE(connects(TLS1_1_VERSION));
  EXPECT_TRUE(connects(TLS1_2_VERSION));
  EXPECT_TRUE(connects(TLS1_3_VERSION));
  EXPECT_EQ(test.Get("/hello").status, 0);
  EXPECT_TRUE(Eventually([&] { return test.server->connections() == 0; }));
}

TEST(Tls, ASilentHandshakeEnds) {
  const Certificate files;
  ServerOptions options = TlsOptions(files);
  options.header_timeout = 100ms;
  TestServer test(options);
  Client client(test.server->port());
  EXPECT_TRUE(client.ReadsEnd());
}

TEST(Tls, SaysWhatIsWrongWithTheFiles) {
  const Certificate files;
  Metrics metrics;
  const auto fault = [&](const std::filesystem::path& certificate, const std::filesystem::path& key) {
    ServerOptions options;
    options.certificate = certificate;
    options.key = key;
    const auto made = Server::Create(options, {}, {}, TestAuthenticator, metrics);
    return made.ok() ? std::string("fine") : made.error().where;
  };
  EXPECT_EQ(fault(files.certificate, files.key), "fine");
  EXPECT_EQ(fault(files.folder / "none.pem", files.key), (files.folder / "none.pem").string());
  EXPECT_EQ(fault(files.certificate, files.certificate), files.certificate.string());
  EXPECT_EQ(fault(files.certificate, ""), "");
}

}  // namespace
}  // namespace meterhound::http

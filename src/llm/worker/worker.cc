// Commands: load, tokenize, complete, quantize. An exception of llama.cpp becomes an error; a crash is seen by the
// caller.
#include "llm/worker/worker.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <optional>

#include "llm/frames.h"
#include "llm/worker/decoder.h"
#include "llm/worker/loaded_model.h"
#include "llm/worker/quantizer.h"

namespace meterhound::llm {
namespace {

class Server {
 public:
  explicit Server(int socket) : socket_(socket) {}

  int Serve() {
    while (true) {
      auto message = Receive();
      if (!message) return 1;
      if (!message->has_value()) return 0;
      if (!Send(Guarded(**message))) return 0;
    }
  }

 private:
  // Nothing when the caller has closed its end.
  Result<std::optional<Json>> Receive() {
    std::array<char, 65536> bytes{};
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(std::optional<Json> message, frames_.Next());
      if (message) return message;
      const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (got == 0) return std::optional<Json>();
      if (got < 0 && errno != EINTR) return Unavailable("reading failed");
      if (got > 0) frames_.Append({bytes.data(), static_cast<std::size_t>(got)});
    }
  }

  bool Send(const Json& message) const {
    const auto frame = EncodeFrame(message);
    if (!frame) return false;
    for (std::size_t sent = 0; sent < frame->size();) {
      const ssize_t got = ::send(socket_, frame->data() + sent, frame->size() - sent, MSG_NOSIGNAL);
      if (got < 0 && errno != EINTR) return false;
      if (got > 0) sent += static_cast<std::size_t>(got);
    }
    return true;
  }

  Json Guarded(const Json& message) {
    Error error;
    try {
      auto answer = Do(message);
      if (answer) return *answer;
      error = answer.error();
    } catch (const std::bad_alloc&) {
      error = Unavailable("out of memory");
    } catch (const std::exception& exception) {
      error = Error{ErrorCode::kInternal, exception.what(), {}};
    }
    Json answer = ErrorMessage(error);
    answer["event"] = "error";
    return answer;
  }

  Result<Json> Do(const Json& message) {
    const std::string what = message.value("do", "");
    if (what == "load") return Load(message);
    if (what == "quantize") return Quantized(message);
    if (!model_) return Error{ErrorCode::kInternal, "no model is loaded", {}};
    if (what == "tokenize") return Tokenize(message.at("request"));
    if (what == "complete") {
      decoder_->Complete(message.at("requests"), [this](const Json& report) { return Send(report); });
      return Json{{"event", "done"}};
    }
    return Error{ErrorCode::kInternal, "unknown command '" + what + "'", {}};
  }

  Result<Json> Load(const Json& message) {
    LoadOptions options;
    options.model = message.value("model", "");
    options.threads = message.value("threads", options.threads);
    options.context = message.value("context", options.context);
    options.ubatch = message.value("ubatch", options.ubatch);
    options.parallel = message.value("parallel", options.parallel);
    decoder_.reset();
    model_.reset();
    METERHOUND_ASSIGN_OR_RETURN(LoadedModel model, LoadedModel::Load(options));
    model_ = std::make_unique<LoadedModel>(std::move(model));
    decoder_ = std::make_unique<Decoder>(*model_);
    return Json{{"event", "loaded"}, {"context", llama_n_ctx(model_->context())}};
  }

  Result<Json> Tokenize(const Json& request) const {
    METERHOUND_ASSIGN_OR_RETURN(const PromptTokens prompt,
                                model_->Tokenize(request.value("prefix", ""), request.value("prompt", "")));
    Json tokens = Json::array();
    for (const auto* part : {&prompt.head, &prompt.tail}) {
      for (const llama_token token : *part) {
        tokens.push_back({{"id", token}, {"text", model_->Piece(token, true)}, {"control", model_->IsControl(token)}});
      }
    }
    return Json{{"event", "tokens"}, {"tokens", std::move(tokens)}};
  }

  Result<Json> Quantized(const Json& message) {
    METERHOUND_RETURN_IF_ERROR(QuantizeFile(message, [this](const Json& report) { return Send(report); }));
    return Json{{"event", "done"}};
  }

  int socket_;
  FrameReader frames_;
  std::unique_ptr<LoadedModel> model_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace

bool ProcessorSuffices() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  // F16C, which not every compiler lets one ask for, came before AVX2.
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("bmi2") != 0;
#else
  return true;  // compiled for the processor's base there
#endif
}

int ServeWorker(int socket) {
  ListenToLlama();
  llama_backend_init();
  return Server(socket).Serve();
}

}  // namespace meterhound::llm

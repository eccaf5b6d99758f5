// Messages survive any cutting of the stream; lies about lengths end it.
#include "llm/frames.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace meterhound::llm {
namespace {

RC_GTEST_PROP(Frames, MessagesSurviveAnyCutting, (const std::vector<std::string>& texts)) {
  std::string stream;
  for (const std::string& text : texts) {
    // What is no UTF-8 is replaced; ask for what can be sent.
    Json message = {{"text", text}};
    stream += EncodeFrame(message).value();
  }
  FrameReader reader;
  std::size_t seen = 0;
  for (std::size_t at = 0; at < stream.size();) {
    const auto step = *rc::gen::inRange<std::size_t>(1, 9);
    reader.Append(std::string_view(stream).substr(at, step));
    at += step;
    while (true) {
      const auto message = reader.Next();
      RC_ASSERT(message.ok());
      if (!message->has_value()) break;
      const std::string expected =
          Json::parse(Json(texts[seen++]).dump(-1, ' ', false, Json::error_handler_t::replace));
      RC_ASSERT((**message).at("text").get<std::string>() == expected);
    }
  }
  RC_ASSERT(seen == texts.size());
}

TEST(Frames, ALengthBeyondTheLimitEndsTheStream) {
  FrameReader reader;
  reader.Append("\xff\xff\xff\xff");
  EXPECT_EQ(reader.Next().error().code, ErrorCode::kCorrupt);
}

TEST(Frames, WhatIsNoObjectIsRefused) {
  for (const std::string body : {"[1]", "nonsense", "12"}) {
    FrameReader reader;
    reader.Append(std::string{static_cast<char>(body.size()), 0, 0, 0} + body);
    EXPECT_EQ(reader.Next().error().code, ErrorCode::kCorrupt) << body;
  }
}

TEST(Frames, ErrorsKeepCodeWordsAndPlace) {
  for (const Error& error :
       {InvalidInput("a", "b"), NotFound("c"), Unsupported("d"), Corrupt("e"), Unavailable("f", "g"), Cancelled()}) {
    const Error back = ErrorFrom(ErrorMessage(error));
    EXPECT_EQ(back.code, error.code);
    EXPECT_EQ(back.ToString(), error.ToString());
  }
}

}  // namespace
}  // namespace meterhound::llm

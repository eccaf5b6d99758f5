// Exported text: no formulas, and pseudonyms that are the same each time and tell nothing.
#include "serve/export_csv.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace meterhound::serve {
namespace {

TEST(ExportCsv, GuardsWhatASpreadsheetWouldRun) {
  for (const std::string text : {"=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx"})
    EXPECT_EQ(SafeForSpreadsheet(text), "'" + text);
  for (const std::string text : {"", "a=1", "12", "Zürich"}) EXPECT_EQ(SafeForSpreadsheet(text), text);
  std::string field;
  AppendSafeCsvField(field, "=a,\"b\"");
  EXPECT_EQ(field, "\"'=a,\"\"b\"\"\"");
}

TEST(ExportCsv, PseudonymsNeedAKeyAndDependOnItAlone) {
  http::Request request;
  request.query_parameters["pseudonymous"] = true;
  ::unsetenv("METERHOUND_PSEUDONYM_KEY");
  EXPECT_FALSE(Names::Of(request).ok());
  ::setenv("METERHOUND_PSEUDONYM_KEY", "k", 1);
  const auto names = Names::Of(request);
  ASSERT_TRUE(names.ok());
  // HMAC-SHA-256 of "c1" under "k" by Python's hmac module.
  EXPECT_EQ(names->Of("c1"), "p" + std::string("e6c96bef3e7ac10ff296f405"));
  request.query_parameters["pseudonymous"] = false;
  EXPECT_EQ(Names::Of(request)->Of("c1"), "c1");
  ::unsetenv("METERHOUND_PSEUDONYM_KEY");
}

}  // namespace
}  // namespace meterhound::serve

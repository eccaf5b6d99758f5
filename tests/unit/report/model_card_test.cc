// A card says what the bundle holds, no more; what is not there is unknown, and names are no markup.
#include "report/model_card.h"

#include <gtest/gtest.h>

namespace meterhound::report {
namespace {

bool Has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST(ModelCard, OfABundleThatSaysNothing) {
  const std::string card = ModelCard({.fingerprint = "abc", .manifest = Json::object(), .evaluation = {}});
  EXPECT_TRUE(Has(card, "# Model abc"));
  EXPECT_TRUE(Has(card, "| consumers | unknown |"));
  EXPECT_TRUE(Has(card, "| nothing later than | no day was given |"));
  EXPECT_TRUE(Has(card, "It was not measured when it was made"));
  EXPECT_TRUE(Has(card, "no earlier model is named"));
  EXPECT_FALSE(Has(card, "## Are its probabilities right?"));
  EXPECT_FALSE(Has(card, "## Whom its list falls on"));
}

detectors::Evaluation Measured() {
  detectors::Evaluation evaluation;
  detectors::EvaluatedView view;
  view.name = "all";
  view.features = 70;
  view.pooled.roc_auc = {.value = 0.8125, .low = 0.75, .high = 0.875};
  view.pooled.at_share = {{.share = 0.05,
                           .precision = {.value = 0.5, .low = 0.25, .high = 0.75},
                           .recall = {.value = 0.125, .low = 0.1, .high = 0.2},
                           .lift = {.value = 5, .low = 2.5, .high = 7.5}}};
  view.pooled.reliability = {{.predicted = 0.25, .observed = 0.5, .low = 0.1, .high = 0.9, .consumers = 1234}};
  evaluation.views = {view};
  evaluation.consumers = 12340;
  evaluation.thefts = 1234;
  evaluation.theft_share = 0.1;
  evaluation.bootstraps = 2000;
  return evaluation;
}

TEST(ModelCard, FiguresWithIntervalsAndHowTheyWereMeasured) {
  detectors::Evaluation evaluation = Measured();
  const Json manifest = {{"training_data", {{"consumers", 49360}, {"thefts", 4936}, {"honest", 44424}}}};
  const ModelFacts aside{.fingerprint = "abc", .manifest = manifest, .evaluation = evaluation};
  const std::string card = ModelCard(aside);
  EXPECT_TRUE(Has(card, "| consumers | 49,360 |"));
  EXPECT_TRUE(Has(card, "12,340 consumers whose truth is known, 1,234 of them thefts (10 %), laid aside before"));
  EXPECT_TRUE(Has(card, "| ROC-AUC | 0.812 (0.750 to 0.875) |") || Has(card, "| ROC-AUC | 0.813 (0.750 to 0.875) |"));
  EXPECT_TRUE(Has(card, "| thefts among the top 5 % | 50 % (25 % to 75 %) |"));
  EXPECT_TRUE(Has(card, "| 25 % | 50 % (10 % to 90 %) | 1,234 |"));
  evaluation.folds = 5;
  EXPECT_TRUE(Has(ModelCard({.fingerprint = "abc", .manifest = manifest, .evaluation = evaluation}),
                  "nested 5-fold cross-validation"));
}

TEST(ModelCard, NamesOfCategoriesAreNoMarkup) {
  detectors::Evaluation evaluation = Measured();
  detectors::CategoryFairness category{.category = "a|b\n<script>", .consumers = 10, .thefts = 1, .at_share = {}};
  category.at_share = {{.share = 0.05, .visits = {.value = 1, .low = 0.5, .high = 1}, .found = {}, .hits = {}}};
  evaluation.fairness = {{.attribute = "district", .categories = {category}}};
  const std::string card = ModelCard({.fingerprint = "abc", .manifest = Json::object(), .evaluation = evaluation});
  EXPECT_TRUE(Has(card, "### district"));
  EXPECT_TRUE(Has(card, "| a\\|b \\<script> | 10 | 1 |"));
}

TEST(ModelCard, ForMachinesTheSameFacts) {
  const Json manifest = {{"version", "1.2.3"}, {"retraining", {{"champion", "before"}}}};
  const Json card = ModelCardJson({.fingerprint = "abc", .manifest = manifest, .evaluation = Measured()});
  EXPECT_EQ(card["fingerprint"], "abc");
  EXPECT_EQ(card["version"], "1.2.3");
  EXPECT_EQ(card["retraining"]["champion"], "before");
  EXPECT_EQ(card["evaluation"]["consumers"], 12340);
  EXPECT_TRUE(card["training_data"].is_null());
}

}  // namespace
}  // namespace meterhound::report

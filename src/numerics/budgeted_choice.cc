// Steps of the relaxation, sorted once, then taken while they fit.
#include "numerics/budgeted_choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

namespace meterhound::numerics {
namespace {

/// The next items of a group, taken together.
struct Step {
  std::size_t group;
  std::size_t begin;  ///< places in the group's items, best first; 0 opens the group
  std::size_t end;
  double profit;
  double weight;
  double Ratio() const { return profit / weight; }
};

class Chooser {
 public:
  explicit Chooser(const ChoiceProblem& problem)
      : problem_(problem),
        budget_(problem.budget + 1e-9 * std::max(1.0, std::abs(problem.budget))),  // sums of prices round
        items_(problem.opening_loss.size()) {
    for (std::size_t item = 0; item < problem.profit.size(); ++item) {
      if (problem.profit[item] > 0) items_[problem.group[item]].push_back(item);
    }
    for (std::size_t group = 0; group < items_.size(); ++group) {
      std::stable_sort(items_[group].begin(), items_[group].end(),
                       [&](std::size_t a, std::size_t b) { return problem.profit[a] > problem.profit[b]; });
      AddSteps(group);
    }
    std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
      return std::tuple(-a.Ratio(), a.group, a.begin) < std::tuple(-b.Ratio(), b.group, b.begin);
    });
  }

  Choice Run() {
    std::optional<std::size_t> blocked;
    Choice best = Take({}, &blocked);
    best.at_most = best.profit;
    if (!blocked) return best;
    best.at_most = Relaxed();
    Choice other = Take(blocked, nullptr);
    if (other.profit <= best.profit) return best;
    other.at_most = best.at_most;
    return other;
  }

 private:
  Step MakeStep(std::size_t group, std::size_t begin, std::size_t end) const {
    Step step{group, begin, end, 0, problem_.item_weight * static_cast<double>(end - begin)};
    for (std::size_t place = begin; place < end; ++place) step.profit += problem_.profit[items_[group][place]];
    if (begin == 0) {
      step.profit -= problem_.opening_loss[group];
      step.weight += problem_.opening_weight[group];
    }
    return step;
  }

  // How many items of an unopened group fit into `room`.
  std::size_t Fitting(std::size_t group, double room) const {
    const double left = room - problem_.opening_weight[group];
    if (left < problem_.item_weight) return 0;
    return std::min(items_[group].size(), static_cast<std::size_t>(left / problem_.item_weight));
  }

  // The opening with the best ratio, then the rest one by one: their ratios descend.
  void AddSteps(std::size_t group) {
    const std::size_t most = Fitting(group, budget_);
    Step opening{};
    Step longer{group, 0, 0, -problem_.opening_loss[group], problem_.opening_weight[group]};
    for (std::size_t end = 1; end <= most; ++end) {
      longer.end = end;
      longer.profit += problem_.profit[items_[group][end - 1]];
      longer.weight += problem_.item_weight;
      if (opening.end == 0 || longer.Ratio() > opening.Ratio()) opening = longer;
    }
    if (opening.end == 0 || opening.profit <= 0) return;
    steps_.push_back(opening);
    for (std::size_t place = opening.end; place < most; ++place) steps_.push_back(MakeStep(group, place, place + 1));
  }

  // Takes steps in their order while they fit, `first` before all. @param blocked the first step that did not fit.
  Choice Take(std::optional<std::size_t> first, std::optional<std::size_t>* blocked) const {
    Choice choice;
    std::vector<std::size_t> taken(items_.size(), 0);  // items of a group
    const auto take = [&](const Step& step) {
      choice.profit += step.profit;
      choice.weight += step.weight;
      taken[step.group] = step.end;
      for (std::size_t place = step.begin; place < step.end; ++place) choice.items.push_back(items_[step.group][place]);
    };
    if (first) take(steps_[*first]);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      if (taken[step.group] != step.begin) continue;  // taken first, or the group could not be opened
      const double room = budget_ - choice.weight;
      if (step.weight <= room) {
        take(step);
        continue;
      }
      if (blocked != nullptr && !*blocked) *blocked = i;
      if (step.begin > 0) continue;
      const Step shorter = MakeStep(step.group, 0, Fitting(step.group, room));
      if (shorter.end > 0 && shorter.profit > 0) take(shorter);
    }
    return choice;
  }

  // Optimum of the relaxation: steps in order, the last in part.
  double Relaxed() const {
    double profit = 0;
    double room = problem_.budget;
    for (const Step& step : steps_) {
      if (step.weight > room) return profit + step.Ratio() * room;
      profit += step.profit;
      room -= step.weight;
    }
    return profit;
  }

  const ChoiceProblem& problem_;
  const double budget_;
  std::vector<std::vector<std::size_t>> items_;  ///< of each group, best first
  std::vector<Step> steps_;                      ///< best ratio first
};

}  // namespace

Choice ChooseUnderBudget(const ChoiceProblem& problem) { return Chooser(problem).Run(); }

}  // namespace meterhound::numerics

// Choice under a budget: which items to take when the first of a group costs extra, such as visits in districts.
#pragma once

#include <cstddef>
#include <vector>

namespace meterhound::numerics {

/// All items weigh the same; what is paid once for a group is paid with its first item.
struct ChoiceProblem {
  std::vector<double> profit;          ///< an item; those of no profit are never taken
  std::vector<std::size_t> group;      ///< an item: its position in the two vectors below
  double item_weight = 1;              ///< what an item takes of the budget, above 0
  std::vector<double> opening_loss;    ///< a group: taken off the profit once, not below 0
  std::vector<double> opening_weight;  ///< a group: taken off the budget once, not below 0
  double budget = 0;
};

struct Choice {
  std::vector<std::size_t> items;  ///< in the order taken: most profit a unit of budget first; ties by position
  double profit = 0;               ///< openings taken off
  double weight = 0;               ///< never above the budget
  double at_most = 0;              ///< no choice within the budget has more profit
};

/// Greedy on profit a unit of budget. A group is opened with the number of its best items that has the highest such
/// ratio, openings included; later ones join singly. That is the order in which the linear relaxation of the problem
/// fills the budget, so that `at_most`, its optimum, comes with it. Profit is at least half of `at_most`, and all of it
/// where openings cost nothing and the budget holds a whole number of items (the bound of Dantzig 1957: what the
/// relaxation has more is a part of one step, and that step alone is tried as well).
Choice ChooseUnderBudget(const ChoiceProblem& problem);

}  // namespace meterhound::numerics

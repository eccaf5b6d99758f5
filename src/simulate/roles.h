// Who steals and who only looks so: exact shares that do not change a consumer when the town grows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace meterhound::simulate {

enum class Role : std::uint8_t { kHonest, kTheft, kTwin };

/// Deals roles by position: among the first n consumers there are exactly round(n * theft_share) thieves, and of the
/// honest ones round(honest * twin_share) are twins, for every n. Positions are thus regular; the rows of a panel lie
/// in the order of their hashed ids, where nothing of it is left.
class RoleDealer {
 public:
  RoleDealer(double theft_share, double twin_share) : theft_share_(theft_share), twin_share_(twin_share) {}

  Role RoleOf(std::size_t consumer) const;
  /// Thieves among the first `consumers`.
  std::size_t Thieves(std::size_t consumers) const;
  /// Twins among the first `honest` honest consumers.
  std::size_t Twins(std::size_t honest) const;

 private:
  double theft_share_;
  double twin_share_;
};

}  // namespace meterhound::simulate

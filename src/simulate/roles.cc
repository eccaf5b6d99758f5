// A consumer has the role whose rounded count rises at its position.
#include "simulate/roles.h"

#include <cmath>

namespace meterhound::simulate {
namespace {

std::size_t Rounded(double share, std::size_t of) {
  return static_cast<std::size_t>(std::floor(share * static_cast<double>(of) + 0.5));
}

}  // namespace

std::size_t RoleDealer::Thieves(std::size_t consumers) const { return Rounded(theft_share_, consumers); }
std::size_t RoleDealer::Twins(std::size_t honest) const { return Rounded(twin_share_, honest); }

Role RoleDealer::RoleOf(std::size_t consumer) const {
  const std::size_t thieves = Thieves(consumer);
  if (Thieves(consumer + 1) > thieves) return Role::kTheft;
  const std::size_t honest = consumer - thieves;
  return Twins(honest + 1) > Twins(honest) ? Role::kTwin : Role::kHonest;
}

}  // namespace meterhound::simulate

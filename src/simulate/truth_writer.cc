// The truth as CSV, for people and for tests of recall per attack.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/file.h"
#include "base/numbers.h"
#include "simulate/simulate.h"

namespace meterhound::simulate {
namespace {

std::string DateOf(std::int64_t day) { return FormatDate(static_cast<double>(day) * kSecondsPerDay); }

std::string Kwh(double kwh) { return FormatDouble(std::round(kwh * 100) / 100); }

/// attack, attack_name, start, stop
std::string AttackCells(const Truth& truth) {
  std::string numbers;
  std::string names;
  std::optional<std::int64_t> start = truth.twin_day;
  std::optional<std::int64_t> stop;
  bool goes_on = truth.attacks.empty();
  for (const TruthAttack& attack : truth.attacks) {
    if (!numbers.empty()) {
      numbers += '+';
      names += '+';
    }
    numbers += std::to_string(attack.number);
    names += AttackName(attack.number);
    start = std::min(start.value_or(attack.start_day), attack.start_day);
    if (!attack.stop_day) goes_on = true;
    stop =
        std::max(stop.value_or(attack.stop_day.value_or(attack.start_day)), attack.stop_day.value_or(attack.start_day));
  }
  return numbers + "," + names + "," + (start ? DateOf(*start) : "") + "," + (goes_on || !stop ? "" : DateOf(*stop));
}

}  // namespace

Status WriteTruth(const Simulation& simulation, const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  file.stream()
      << "consumer,kind,label,attack,attack_name,start,stop,kwh_used,kwh_taken,kwh_taken_observed,twin,partner\n";
  for (const Truth& truth : simulation.truth) {
    file.stream() << truth.consumer << ',' << truth.kind << ',' << (truth.kind == "theft" ? 1 : 0) << ','
                  << AttackCells(truth) << ',' << Kwh(truth.kwh_used) << ',' << Kwh(truth.kwh_taken) << ','
                  << Kwh(truth.kwh_taken_observed) << ',' << truth.twin << ',' << truth.partner << '\n';
  }
  return file.Commit();
}

}  // namespace meterhound::simulate

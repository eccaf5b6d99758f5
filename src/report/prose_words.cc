// The lists; whatever they lack is refused, so that a gap in them costs a sentence and never lets one through.
#include "report/prose_words.h"

#include <algorithm>

namespace meterhound::report {
namespace {

constexpr std::string_view kFalling =
    "fell fall falls fallen drop drops dropped decreased decrease declined decline lower less down sank reduced "
    "reduction";
constexpr std::string_view kRising =
    "rose rise rises risen increased increase increases higher more up grew grown growth gained climbed upward";

constexpr Topic kTopics[] = {
    {"probability", "probability likelihood chance model rank ranked number ranks", ""},
    {"level_drop", kFalling, kRising},
    {"level_rise", kRising, kFalling, "low"},
    {"missing_energy", "missing metered unmetered", "rose increased higher surplus extra", "metered"},
    {"recovered", "back returned recovered return", "fell dropped lower never"},
    {"zero_streak", "zero zeros", "missing gap same equal identical"},
    {"flat_readings", "exactly same equal identical flat", "zero zeros missing gap varied"},
    {"weekday_pattern_lost", "gone lost faded vanished disappeared", "stayed kept remained unchanged stronger"},
    {"weekday_pattern_kept", "stayed kept remained unchanged", "gone lost faded vanished disappeared weaker"},
    {"steady_year", "steady close similar stable", "fell rose dropped increased unstable unlike"},
    {"gap_at_change", "missing gap gaps", "zero zeros"},
    {"seasonal_absence", "season seasonal", ""},
    {"few_readings", "only just few", "complete full"},
    {"no_change", "change steady stable stays", "fell rose dropped increased", "change lasting"},
};

constexpr std::string_view kPlain =
    "a an the this that these those it its and or but so as at by for from in of on onto to into with within until "
    "till "
    "through between among around about some roughly approximately per each day daily days year years month months "
    "reading readings meter meters metered use usage consumption energy electricity kwh level levels consumer customer "
    "site premises is are was were be been being has have had which when where while then there here since after "
    "afterwards before earlier previously formerly later now today recent recently latest last first time times period "
    "range average mean around also both same started starting began beginning ended ending continued staying remained "
    "shows show showed shown seen recorded reported measured observed found percent cent consistent worth tariff value "
    "compared against relative number rank ranked list model puts gives estimates estimated probability likelihood "
    "chance "
    "theft row consecutive we our one's off out over-all overall";

constexpr std::string_view kAccusing =
    "steal steals stole stolen stealing thief thieves theft thefts fraud fraudulent guilty guilt criminal crime crimes "
    "committed commits cheat cheats cheated cheating tamper tampers tampered tampering bypass bypassed bypasses "
    "illegal "
    "illegally illicit unlawful culprit perpetrator offender suspect suspects suspected innocent honest dishonest liar "
    "deliberate deliberately intentionally intentional manipulated manipulates manipulation robbed robbery evidence "
    "proof "
    "proves proven proved diverted diverts hooked caught punish prosecute police abuse abusive";

constexpr std::string_view kNumbers =
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million "
    "millions "
    "dozen dozens once twice thrice double doubled doubles triple tripled quadruple half halved halves third thirds "
    "quarter quarters fifth tenth tenfold twofold threefold couple pair majority";

constexpr std::string_view kNegations =
    "not no never none nobody nothing neither nor without hardly seldom rarely barely isn't wasn't aren't weren't "
    "didn't "
    "doesn't hasn't haven't cannot can't won't don't unlikely";

constexpr std::string_view kBounds = "than over under above below least most nearly almost beyond exceeding exceeds";

}  // namespace

std::span<const Topic> Topics() { return kTopics; }

bool Holds(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t blank = std::min(list.find(' '), list.size());
    if (list.substr(0, blank) == word) return true;
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
  return false;
}

bool IsPlainWord(std::string_view word) { return Holds(kPlain, word); }
bool Accuses(std::string_view word) { return Holds(kAccusing, word); }
bool IsNumberWord(std::string_view word) { return Holds(kNumbers, word); }
bool IsNegation(std::string_view word) { return Holds(kNegations, word); }
bool MakesBound(std::string_view word) { return Holds(kBounds, word); }

}  // namespace meterhound::report

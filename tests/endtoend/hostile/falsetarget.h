// FalseTarget: a target that answers a primary with what no target may say. Which case it makes is
// told by the name of the vault: "case" and its number. A primary calls again after each end, so a
// case is made again and again; its first outcome counts.
#pragma once

#include "tests/endtoend/hostile/caller.h"

#include <functional>
#include <vector>

namespace octopus::hostile {

struct Answer {
    QByteArray name;
    // Speaks after OpenMirror has come. Empty: what had to happen has happened.
    std::function<QByteArray(Caller &, const wire::OpenMirror &)> run;
};
using Answers = std::vector<Answer>;

[[nodiscard]] Answers falseStates();   // MirrorState, and what comes instead
[[nodiscard]] Answers falseListings(); // listings, hashes, acknowledgements
[[nodiscard]] Answers allAnswers();

// Prints a ticket, then one line for each case; ends when all were made. The exit code.
[[nodiscard]] int serveAsFalseTarget(const Identity &identity);

} // namespace octopus::hostile

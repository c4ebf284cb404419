// The cases of the hostile-peer suite, by the kind of peer that makes them.
//
// A case says what it does and what must happen: its function returns nothing if that happened, else
// what did happen. That nothing outside the peer's own grant was touched is shown for all of them at
// once, by whoever started this program (hostile.py).
#pragma once

#include "tests/endtoend/hostile/mirror.h"

#include <functional>
#include <vector>

namespace octopus::hostile {

struct Case {
    QByteArray name;
    std::function<QByteArray(Scene &)> run; // empty: as it must be
};
using Cases = std::vector<Case>;

// A group runs in order on a thread of its own; `atOnce`: each case on one.
struct Group {
    QByteArray name;
    Cases cases;
    bool atOnce = false;
};

[[nodiscard]] Cases handshakeCases();   // strangers, before and during TLS
[[nodiscard]] Cases strangerCases();    // strangers, after TLS
[[nodiscard]] Cases slowCases();        // whoever takes their time
[[nodiscard]] Cases placeCases();       // paired: destinations, vaults and sessions of others
[[nodiscard]] Cases orderCases();       // paired: messages of the other role, or out of state
[[nodiscard]] Cases nameCases();        // paired: hostile paths in every message that has one
[[nodiscard]] Cases fieldCases();       // paired: lengths, counts, ranges, modes, attributes
[[nodiscard]] Cases compressionCases(); // paired: compressed frames, and contents sent in part
[[nodiscard]] Cases linkCases();        // paired: symbolic links planted and then used
[[nodiscard]] Cases ownershipCases();   // paired: entries that are not the peer's
[[nodiscard]] Cases exhaustionCases();  // paired: floods, bombs, leaks

// What must happen, said once.
[[nodiscard]] QByteArray mustClose(Caller &caller, int milliseconds);
[[nodiscard]] QByteArray mustRefuse(Caller &caller, ErrorCode code, int milliseconds = 8000);

} // namespace octopus::hostile

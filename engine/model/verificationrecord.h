// What is remembered of a verification: of one mirror, when it was, and what came of it. Values; any
// thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/relpath.h"

#include <QList>

namespace octopus {

struct LastVerification {
    WallTime at; // when it ended, in whole milliseconds
    quint64 identical = 0;
    quint64 different = 0;
    Milliseconds duration{0};
    QByteArray digest;     // hexadecimal SHA-256 over everything compared
    bool repaired = false; // what differed was copied anew
    friend bool operator==(const LastVerification &, const LastVerification &) = default;
};

struct RecordedDifference {
    RelPath path;
    QByteArray what; // "content", "missing", "extra", …: stable words
    friend bool operator==(const RecordedDifference &, const RecordedDifference &) = default;
};

struct VerificationRecord {
    static constexpr qsizetype mostDifferences = 100;

    LastVerification summary;
    QList<RecordedDifference> differences; // the first of them
    friend bool operator==(const VerificationRecord &, const VerificationRecord &) = default;
};

} // namespace octopus

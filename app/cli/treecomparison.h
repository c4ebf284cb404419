// Compares two trees entry by entry: names, kinds, contents, modes, owners, modification times to
// the nanosecond, targets of symbolic links, and which names are one file. Plain system calls,
// nothing of the engine: it is the second opinion. Blocking; meant for a worker thread.
#pragma once

#include "engine/base/result.h"

#include <QList>

#include <atomic>

namespace octopus::cli {

struct TreeDifferences {
    quint64 entries = 0;           // compared, the roots among them
    quint64 bytes = 0;             // read on each side
    QList<QByteArray> differences; // "path: what"; at most `limit`
    quint64 count = 0;             // of all of them
};

// `ignored`: a name at the right root that does not count. Unreadable entries are differences.
[[nodiscard]] TreeDifferences compareTrees(const QByteArray &left, const QByteArray &right,
                                           const QByteArray &ignored, qsizetype limit,
                                           const std::atomic<bool> &cancelled);

} // namespace octopus::cli

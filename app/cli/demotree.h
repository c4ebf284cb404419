// The source tree of the demonstration: a copy of a real one. Plain system calls, nothing of the
// engine. Blocking; meant for a worker thread.
#pragma once

#include "engine/base/result.h"

#include <QList>

#include <atomic>

namespace octopus::cli {

struct TreeSize {
    quint64 files = 0;
    quint64 bytes = 0;
    QList<QByteArray> origins; // the folders it was copied from
    bool generated = false;    // they did not have enough files
};

inline constexpr quint64 demoLeastFiles = 5000;

// Makes the folder `destination`, which must not exist, and copies `origins` into it, each under its
// own name, until there are `leastFiles`: regular files, folders and symbolic links with their
// modes and times; no more than 8,000 files or 256 MiB. Generates what is missing then.
// Disconnected: `cancelled` became true.
[[nodiscard]] Result<TreeSize> makeDemoTree(const QList<QByteArray> &origins,
                                            const QByteArray &destination,
                                            const std::atomic<bool> &cancelled,
                                            quint64 leastFiles = demoLeastFiles);

} // namespace octopus::cli

// What a folder's rules let in, counted. Walks the folder; never follows links, never writes.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/rules.h"

#include <QPromise>

namespace octopus::desktop {

struct ContentCount {
    quint64 files = 0; // that belong to the vault, links among them
    quint64 folders = 0;
    quint64 bytes = 0;
    quint64 leftOut = 0;            // files and whole folders that the rules keep out
    quint64 unreadable = 0;         // folders and entries that could not be looked at
    QList<QByteArray> leftOutPaths; // the first of them, a folder with a slash at its end
    bool complete = false;
    friend bool operator==(const ContentCount &, const ContentCount &) = default;
};

// Reports the count so far a few times a second and the complete one at the end; stops soon after
// the promise was cancelled. For a worker thread. A folder that cannot be opened counts as
// unreadable.
void countContent(QPromise<ContentCount> &promise, FileSystem &files, const QByteArray &folder,
                  const RuleMatcher &rules);

} // namespace octopus::desktop

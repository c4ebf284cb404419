// SmallFile: a regular file that is read in one piece. One thread.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/operation.h"

namespace octopus::mirror {

struct SmallFile {
    QList<DataRange> ranges; // without its holes
    Xattrs xattrs;
};

// All of it as it was at one moment: read between two equal stats of the object that `stat` tells of.
// Unstable: it changed; errors of Root::open() and of reading.
[[nodiscard]] Result<SmallFile> readSmallFile(Root &source, const RelPath &path,
                                              const EntryStat &stat);

} // namespace octopus::mirror

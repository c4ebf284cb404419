// The folders that a peer was granted here: what lies below them, and what is left in them. Pure but
// for describeGrants(), which asks the file system and may take as long as that does.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileio.h"
#include "engine/wire/message.h"

#include <optional>

namespace octopus {

// The part of `destination` below `grant`; nullopt: it is not below it. A relative destination is
// below every grant.
[[nodiscard]] std::optional<QByteArray> partBelow(const QByteArray &destination,
                                                  const QByteArray &grant);

// Changes nothing, makes nothing.
[[nodiscard]] wire::Grants describeGrants(const QList<QByteArray> &folders, FileSystem &files,
                                          WallTime now);

} // namespace octopus

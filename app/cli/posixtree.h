// A few plain system calls on absolute byte paths, for the demonstration: it must not judge the
// engine with the engine's own eyes. Symbolic links are never followed at the last component.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QList>

#include <sys/types.h>

#include <optional>

namespace octopus::cli {

// The names in a folder, sorted by their bytes; none if it cannot be read.
[[nodiscard]] QList<QByteArray> namesIn(const QByteArray &folder);
[[nodiscard]] QByteArray symlinkTarget(const QByteArray &path);
[[nodiscard]] std::optional<QByteArray> readWhole(const QByteArray &path);
// Makes a new file.
[[nodiscard]] Result<void> writeWhole(const QByteArray &path, QByteArrayView content, mode_t mode);
// Writes into an existing file; at its end when `offset` is negative.
[[nodiscard]] Result<void> writeInto(const QByteArray &path, qint64 offset, QByteArrayView content);

// Removes a folder and everything in it; true if nothing is left.
[[nodiscard]] bool removeTree(const QByteArray &path);

} // namespace octopus::cli

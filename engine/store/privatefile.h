// Small files of the state directory, read with suspicion and written durably. Single thread.
#pragma once

#include "engine/base/fileio.h"

namespace octopus::store {

// The whole content. NotFound; Refused: it is no regular file; TooLong: larger than `cap` bytes.
[[nodiscard]] Result<QByteArray> readStateFile(Root &root, const RelPath &path, qsizetype cap);
// Also Refused: it belongs to another user, or others may read or write it.
[[nodiscard]] Result<QByteArray> readSecretFile(Root &root, const RelPath &path, qsizetype cap,
                                                quint32 user);

// Writes a file with mode 0600 under a temporary name, makes it durable and renames it to `path`.
// When this returns, the name is durable, too. On an error what was at `path` is still there.
// RenameMode::NoReplace: Exists.
[[nodiscard]] Result<void> writeStateFile(Root &root, const RelPath &path, QByteArrayView content,
                                          RenameMode mode);

} // namespace octopus::store

// Attributes: gives entries their owner, mode, extended attributes and time, in the order in which
// they do not undo each other, and touches only what differs. Functions of the thread of the Root.
#pragma once

#include "engine/model/operation.h"

#include <optional>

namespace octopus::apply {

// What the file system could not store; the rest was set.
using Loss = std::optional<Error>;

struct Owner {
    quint32 uid = 0;
    quint32 gid = 0;
};

// A file just made (mode 0600, no extended attributes, owned by `owner`) and not visible yet.
[[nodiscard]] Result<Loss> setNewAttributes(File &file, const EntryAttributes &attributes,
                                            const Owner &owner, bool canSetOwner);
// A regular file that is open; `stat` as it is now but for its content.
[[nodiscard]] Result<Loss> setAttributes(File &file, const EntryStat &stat,
                                         const EntryAttributes &attributes, bool canSetOwner);
// The entry at a path, of any kind. Symbolic links have an owner and a time only.
[[nodiscard]] Result<Loss> setAttributes(Root &root, const RelPath &path, const EntryStat &stat,
                                         const EntryAttributes &attributes);

} // namespace octopus::apply

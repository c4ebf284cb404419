// Where a replica keeps its own things, and the one way to replace one of them. Pure but for
// what takes a Root; any thread.
#pragma once

#include "engine/base/fileio.h"

namespace octopus::apply {

// The name at the replica's root that belongs to Octopus.
inline constexpr const char *controlFolder = ".octopus";

namespace layout {

[[nodiscard]] RelPath control(); // .octopus
[[nodiscard]] RelPath lock();    // held while an engine uses the replica
[[nodiscard]] RelPath replica(); // ReplicaRecord
[[nodiscard]] RelPath journal();
[[nodiscard]] RelPath manifest();
[[nodiscard]] RelPath staging();
[[nodiscard]] RelPath versions();
// `path` with ".new" behind its name.
[[nodiscard]] RelPath fresh(const RelPath &path);

} // namespace layout

// True for the control folder and everything in it: no operation may touch it.
[[nodiscard]] bool isReserved(const RelPath &path);

// Success where the error is that there is nothing.
[[nodiscard]] Result<void> tolerateAbsence(Result<void> result);

// Removes everything in a folder of ours, and the folder. No error if there is none.
[[nodiscard]] Result<void> removeFolder(Root &root, const RelPath &folder);

// A new file with this content (fresh(path)), synced; not yet under its name.
[[nodiscard]] Result<std::unique_ptr<File>> writeFresh(Root &root, const RelPath &path,
                                                       QByteArrayView content);
// Puts it in place of what was there, durably.
[[nodiscard]] Result<void> publishFresh(Root &root, const RelPath &path);

} // namespace octopus::apply

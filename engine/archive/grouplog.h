// Groups: records appended to a file so that a reader tells a torn tail from damage.
//
// A group is whole or it is nothing: one checksum covers it. A writer appends group n + 1 only after
// group n was synced, so an invalid group that is followed by a valid later one is damage, and an
// invalid group with nothing behind it is the tail of a write that a crash cut off. Generations keep
// apart what is left in the file from before it was started over. Layout: FORMAT.md. One thread.
#pragma once

#include "engine/base/fileio.h"

#include <functional>

namespace octopus::archive {

inline constexpr qsizetype groupHeaderSize = 32;
inline constexpr quint64 groupAlignment = 8;
inline constexpr qsizetype groupCap = 0x7fffffff; // payload; a longer one is damage

// One group as it stands in the file, padded to the alignment.
[[nodiscard]] QByteArray encodeGroup(quint64 generation, quint64 number, QByteArrayView payload);

using GroupVisitor = std::function<Result<void>(QByteArrayView payload)>;

struct GroupEnd {
    quint64 position = 0; // where the next group belongs
    quint64 number = 0;   // which number it gets
};

// Calls `visit` for every group of `generation` from `from` on, numbered from 0. Corrupt: damage in
// the middle; the errors of the file and of `visit`.
[[nodiscard]] Result<GroupEnd> readGroups(File &file, quint64 from, quint64 generation,
                                          const GroupVisitor &visit);

// The generation of the valid group at `position`, if there is one there.
[[nodiscard]] Result<std::optional<quint64>> groupGenerationAt(File &file, quint64 position);

} // namespace octopus::archive

// BlockMap: one keyed hash for each block of a large file, so that a change is found by reading one
// side only. Pure values; any thread.
#pragma once

#include "engine/base/digest.h"

#include <QList>

namespace octopus::index {

struct BlockMap {
    quint32 blockSize = 4096;
    quint64 fileSize = 0;
    QList<quint64> hashes; // blockHash() of each block; the last block may be shorter
    friend bool operator==(const BlockMap &, const BlockMap &) = default;
};

// The block size for a file of this size: a power of two, 4 KiB up to 1 GiB, then growing so that a
// map has at most 2^18 blocks, up to 1 MiB.
[[nodiscard]] quint32 blockSizeFor(quint64 fileSize);

// How many blocks a file of this size has.
[[nodiscard]] quint64 blockCount(quint64 fileSize, quint32 blockSize);

// Continue a map with the file's content in order. Every call but the last one ends on a whole
// block; zeros (a hole) need no bytes.
void appendBlocks(BlockMap &map, QByteArrayView bytes, HashKey key);
void appendZeroBlocks(BlockMap &map, quint64 length, HashKey key);

} // namespace octopus::index

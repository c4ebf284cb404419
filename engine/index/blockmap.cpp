#include "engine/index/blockmap.h"

#include <algorithm>

namespace octopus::index {

quint32 blockSizeFor(quint64 fileSize)
{
    constexpr quint64 mostBlocks = quint64(1) << 18;
    quint32 size = 4096;
    while (size < (quint32(1) << 20) && blockCount(fileSize, size) > mostBlocks)
        size *= 2;
    return size;
}

quint64 blockCount(quint64 fileSize, quint32 blockSize)
{
    return fileSize / blockSize + (fileSize % blockSize != 0);
}

void appendBlocks(BlockMap &map, QByteArrayView bytes, HashKey key)
{
    Q_ASSERT(map.fileSize % map.blockSize == 0);
    map.fileSize += quint64(bytes.size());
    while (!bytes.isEmpty()) {
        const qsizetype length = std::min<qsizetype>(bytes.size(), map.blockSize);
        map.hashes.append(blockHash(bytes.first(length), key));
        bytes = bytes.sliced(length);
    }
}

void appendZeroBlocks(BlockMap &map, quint64 length, HashKey key)
{
    Q_ASSERT(map.fileSize % map.blockSize == 0);
    const QByteArray zeros(map.blockSize, '\0');
    map.hashes.insert(map.hashes.size(), qsizetype(length / map.blockSize), blockHash(zeros, key));
    if (const quint64 rest = length % map.blockSize)
        map.hashes.append(blockHash(QByteArrayView(zeros).first(qsizetype(rest)), key));
    map.fileSize += length;
}

} // namespace octopus::index

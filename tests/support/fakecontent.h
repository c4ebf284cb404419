// FakeContent: the bytes of one fake file, in sparse blocks of 4 KiB, and what of them a power loss
// would take: for each block written since the last sync, the block as the disk has it. No block
// lies beyond the end, and the last one is zero behind it. Value; blocks are shared between copies.
#pragma once

#include "engine/base/fileio.h"
#include "engine/base/random.h"

#include <limits>
#include <map>

namespace octopus::testing {

// What a power loss does to content that was not synced.
enum class UnsyncedData : quint8 {
    Random, // each block by chance: written, as before, or torn between its 512-byte sectors
    Lost,   // each block as before (zeros where there was none)
    Kept,
};

class FakeContent
{
public:
    static constexpr quint64 blockSize = 4096;

    // Some blocks and the size as they were once; given back to restore().
    struct Saved {
        quint64 size = 0;
        quint64 first = 0;
        quint64 last = 0; // inclusive
        std::map<quint64, QByteArray> blocks;
        std::map<quint64, QByteArray> onDisk;
    };

    [[nodiscard]] quint64 size() const { return m_size; }
    [[nodiscard]] quint64 blockCount() const { return m_blocks.size(); }
    [[nodiscard]] bool hasBlock(quint64 index) const { return m_blocks.contains(index); }
    [[nodiscard]] QByteArray read(quint64 offset, qsizetype length) const;
    [[nodiscard]] std::optional<Extent> nextData(quint64 from) const;

    // Writes within one block; extends the size. The block is unsynced afterwards.
    void writeInBlock(quint64 offset, QByteArrayView bytes);
    // Drops whole blocks, zeroes parts; the size stays.
    void punch(Extent range);
    void resize(quint64 size);

    [[nodiscard]] Saved save(quint64 first,
                             quint64 last = std::numeric_limits<quint64>::max()) const;
    void restore(const Saved &saved);

    [[nodiscard]] bool isUnsynced() const { return !m_onDisk.empty(); }
    void markSynced() { m_onDisk.clear(); }
    void losePower(UnsyncedData outcome, Random &random);

private:
    void zero(quint64 index, quint64 from, quint64 to);
    void eraseBlocks(quint64 first, quint64 last);

    quint64 m_size = 0;
    std::map<quint64, QByteArray> m_blocks;
    std::map<quint64, QByteArray> m_onDisk; // null: a hole
};

} // namespace octopus::testing

#include "tests/support/fakecontent.h"

#include <algorithm>
#include <cstring>

namespace octopus::testing {

static constexpr quint64 sectorSize = 512;

QByteArray FakeContent::read(quint64 offset, qsizetype length) const
{
    if (offset >= m_size)
        return {};
    const quint64 end = offset + std::min(quint64(length), m_size - offset);
    QByteArray out(qsizetype(end - offset), '\0');
    for (auto at = m_blocks.lower_bound(offset / blockSize); at != m_blocks.end(); ++at) {
        const quint64 start = at->first * blockSize;
        if (start >= end)
            break;
        const quint64 from = std::max(start, offset);
        const quint64 to = std::min(start + blockSize, end);
        if (from < to)
            std::memcpy(out.data() + (from - offset), at->second.constData() + (from - start),
                        size_t(to - from));
    }
    return out;
}

std::optional<Extent> FakeContent::nextData(quint64 from) const
{
    auto at = m_blocks.lower_bound(from / blockSize);
    if (from >= m_size || at == m_blocks.end())
        return std::nullopt;
    const quint64 start = std::max(from, at->first * blockSize);
    quint64 block = at->first;
    while (at != m_blocks.end() && at->first == block) {
        ++at;
        ++block;
    }
    return Extent{start, std::min(block * blockSize, m_size) - start};
}

void FakeContent::writeInBlock(quint64 offset, QByteArrayView bytes)
{
    const quint64 index = offset / blockSize;
    QByteArray &block = m_blocks[index];
    m_onDisk.try_emplace(index, block);
    if (block.isNull())
        block = QByteArray(qsizetype(blockSize), '\0');
    std::memcpy(block.data() + offset % blockSize, bytes.data(), size_t(bytes.size()));
    m_size = std::max(m_size, offset + quint64(bytes.size()));
}

// Zeroes a part of one block, on the disk as well: file systems order this before the change of
// the size or of the block's allocation.
void FakeContent::zero(quint64 index, quint64 from, quint64 to)
{
    for (auto *blocks : {&m_blocks, &m_onDisk}) {
        const auto at = blocks->find(index);
        if (at != blocks->end() && !at->second.isNull())
            std::memset(at->second.data() + from, 0, size_t(to - from));
    }
}

void FakeContent::eraseBlocks(quint64 first, quint64 last)
{
    if (first > last)
        return;
    for (auto *blocks : {&m_blocks, &m_onDisk})
        blocks->erase(blocks->lower_bound(first), blocks->upper_bound(last));
}

void FakeContent::punch(Extent range)
{
    if (range.offset >= m_size || range.length == 0)
        return;
    const quint64 end = range.offset + range.length;
    const quint64 firstWhole = (range.offset + blockSize - 1) / blockSize;
    const quint64 endWhole = end / blockSize;
    if (firstWhole > endWhole) { // inside one block
        zero(endWhole, range.offset % blockSize, end % blockSize);
        return;
    }
    if (range.offset % blockSize)
        zero(range.offset / blockSize, range.offset % blockSize, blockSize);
    if (firstWhole < endWhole)
        eraseBlocks(firstWhole, endWhole - 1);
    if (end % blockSize)
        zero(endWhole, 0, end % blockSize);
}

void FakeContent::resize(quint64 size)
{
    if (size < m_size) {
        if (size % blockSize)
            zero(size / blockSize, size % blockSize, blockSize);
        eraseBlocks((size + blockSize - 1) / blockSize, std::numeric_limits<quint64>::max());
    }
    m_size = size;
}

FakeContent::Saved FakeContent::save(quint64 first, quint64 last) const
{
    const auto part = [&](const std::map<quint64, QByteArray> &blocks) {
        return std::map(blocks.lower_bound(first), blocks.upper_bound(last));
    };
    return {m_size, first, last, part(m_blocks), part(m_onDisk)};
}

void FakeContent::restore(const Saved &saved)
{
    m_size = saved.size;
    eraseBlocks(saved.first, saved.last);
    m_blocks.insert(saved.blocks.begin(), saved.blocks.end());
    m_onDisk.insert(saved.onDisk.begin(), saved.onDisk.end());
}

static QByteArray torn(const QByteArray &before, const QByteArray &after, Random &random)
{
    QByteArray mixed = after;
    for (quint64 at = 0; at < FakeContent::blockSize; at += sectorSize) {
        if (random.below(2) == 0)
            continue;
        if (before.isNull())
            std::memset(mixed.data() + at, 0, sectorSize);
        else
            std::memcpy(mixed.data() + at, before.constData() + at, sectorSize);
    }
    return mixed;
}

void FakeContent::losePower(UnsyncedData outcome, Random &random)
{
    if (outcome == UnsyncedData::Kept)
        m_onDisk.clear();
    for (const auto &[index, before] : m_onDisk) {
        const quint64 chance = outcome == UnsyncedData::Lost ? 0 : random.below(4);
        if (chance == 3)
            continue; // was written in time
        const auto block = m_blocks.find(index);
        if (block == m_blocks.end())
            continue;
        if (chance == 2)
            block->second = torn(before, block->second, random);
        else if (before.isNull())
            m_blocks.erase(block);
        else
            block->second = before;
    }
    m_onDisk.clear();
    if (m_size % blockSize)
        zero(m_size / blockSize, m_size % blockSize, blockSize);
}

} // namespace octopus::testing

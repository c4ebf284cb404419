#include "engine/model/operation.h"

namespace octopus {

void ContentDigest::add(quint64 offset, QByteArrayView bytes)
{
    if (m_cuts == Cuts::Count || m_end != offset)
        m_hasher.addNumber(offset);
    m_hasher.add(bytes);
    m_end = offset + quint64(bytes.size());
}

FastDigest ContentDigest::finish(quint64 size)
{
    m_hasher.addNumber(size);
    return m_hasher.result();
}

FastDigest contentDigest(const QList<DataRange> &ranges, quint64 size, HashKey key)
{
    ContentDigest digest(key);
    for (const DataRange &range : ranges)
        digest.add(range.offset, range.bytes);
    return digest.finish(size);
}

quint64 inlineBytes(const Operation &operation)
{
    quint64 total = 0;
    for (const DataRange &range : operation.ranges)
        total += quint64(range.bytes.size());
    return total;
}

} // namespace octopus

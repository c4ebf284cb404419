// LoopbackLink: one direction of a connection in memory. Carries the bytes of real frames in pieces
// of any size, compressed or not, and can be cut after any byte. One thread.
#pragma once

#include "engine/wire/codec.h"

namespace octopus::testing {

class LoopbackLink
{
public:
    LoopbackLink() { m_reader.acceptCompressed(); }

    // zstd's level, from now on; 0: as they are.
    void setCompression(int level) { m_level = level; }
    void send(const wire::Message &message)
    {
        const QByteArray frame = wire::encode(message);
        m_waiting.append(m_level > 0 ? m_compressor.compress(frame, m_level) : frame);
    }
    // At most `most` bytes arrive.
    void carry(qsizetype most)
    {
        const qsizetype take = std::min(most, m_waiting.size());
        m_reader.append(QByteArrayView(m_waiting).first(take));
        m_waiting.remove(0, take);
        m_carried += quint64(take);
    }
    [[nodiscard]] Result<std::optional<wire::Message>> receive() { return m_reader.next(); }
    // The connection ends: what has not arrived is lost, and so is half a frame.
    void cut()
    {
        m_waiting.clear();
        m_reader = wire::FrameReader();
        m_reader.acceptCompressed();
        m_compressor = wire::Compressor();
    }
    [[nodiscard]] qsizetype waiting() const { return m_waiting.size(); }
    [[nodiscard]] quint64 carried() const { return m_carried; }

private:
    QByteArray m_waiting;
    wire::FrameReader m_reader;
    wire::Compressor m_compressor;
    int m_level = 0;
    quint64 m_carried = 0;
};

} // namespace octopus::testing

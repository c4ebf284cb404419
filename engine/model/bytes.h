// ByteWriter and ByteReader: little-endian numbers, LEB128 varints and length-prefixed bytes, as
// used by every binary format of ours.
//
// The reader trusts nothing: a length or count is checked against its cap and against what is left
// before anything is allocated. After the first violation it has failed for good and gives zeros
// and empty views, so that callers check ok() once, where it matters. Single thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QtEndian>

#include <cstring>
#include <limits>

namespace octopus {

// Offsets and sizes of files stay below this (the off_t of the system).
inline constexpr quint64 maximumFileSize = quint64(std::numeric_limits<qint64>::max());
inline constexpr qsizetype maximumVarintSize = 10;

// Appends to a QByteArray, which nobody else may touch while the writer lives.
class ByteWriter
{
public:
    // `expected`: bytes that will probably be written; taken at once, so that nothing is moved.
    ByteWriter(QByteArray &out, qsizetype expected)
        : m_out(out),
          m_used(out.size()),
          m_data(grown(out, m_used + expected))
    {}
    ~ByteWriter() { m_out.truncate(m_used); }
    Q_DISABLE_COPY_MOVE(ByteWriter)

    void u8(quint8 value) { *claim(1) = char(value); }
    void u32(quint32 value) { qToLittleEndian(value, claim(4)); }
    void u64(quint64 value) { qToLittleEndian(value, claim(8)); }
    // 1..10 bytes: seven bits each, least significant first.
    void varint(quint64 value)
    {
        while (value >= 0x80) {
            u8(quint8(value) | 0x80);
            value >>= 7;
        }
        u8(quint8(value));
    }
    void raw(QByteArrayView bytes)
    {
        if (!bytes.isEmpty())
            std::memcpy(claim(bytes.size()), bytes.data(), size_t(bytes.size()));
    }
    // A varint length, then the bytes.
    void sized(QByteArrayView bytes)
    {
        varint(quint64(bytes.size()));
        raw(bytes);
    }

private:
    static char *grown(QByteArray &out, qsizetype size)
    {
        out.resizeForOverwrite(size);
        return out.data();
    }
    char *claim(qsizetype count)
    {
        if (m_out.size() - m_used < count) [[unlikely]]
            m_data = grown(m_out, m_used + count + m_used / 2);
        char *at = m_data + m_used;
        m_used += count;
        return at;
    }

    QByteArray &m_out;
    qsizetype m_used;
    char *m_data;
};

// Reads a view, which must outlive the reader and every view it gives.
class ByteReader
{
public:
    explicit ByteReader(QByteArrayView in) : m_rest(in) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    void fail()
    {
        m_ok = false;
        m_rest = {};
    }
    [[nodiscard]] QByteArrayView rest() const { return m_rest; }
    [[nodiscard]] bool atEnd() const { return m_rest.isEmpty(); }

    [[nodiscard]] quint8 u8() { return fixed<quint8>(); }
    [[nodiscard]] quint32 u32() { return fixed<quint32>(); }
    [[nodiscard]] quint64 u64() { return fixed<quint64>(); }
    // Fails above `most`, and on an encoding that is longer than needed.
    [[nodiscard]] quint64 varint(quint64 most = std::numeric_limits<quint64>::max())
    {
        quint64 value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const quint8 byte = u8();
            value |= quint64(byte & 0x7f) << shift;
            if (byte & 0x80)
                continue;
            const bool minimal = byte != 0 || shift == 0;
            const bool fits = shift < 63 || byte <= 1;
            if (m_ok && minimal && fits && value <= most)
                return value;
            break;
        }
        fail();
        return 0;
    }
    // The next `count` bytes.
    [[nodiscard]] QByteArrayView raw(qsizetype count)
    {
        if (count < 0 || count > m_rest.size()) {
            fail();
            return {};
        }
        const QByteArrayView bytes = m_rest.first(count);
        m_rest = m_rest.sliced(count);
        return bytes;
    }
    // A varint length of at most `most`, then the bytes.
    [[nodiscard]] QByteArrayView sized(qsizetype most)
    {
        return raw(qsizetype(varint(quint64(most))));
    }
    // A varint count of things that take at least `leastBytes` each: at most `most`, and no more
    // than what is left can hold.
    [[nodiscard]] qsizetype count(qsizetype most, qsizetype leastBytes)
    {
        const auto value = qsizetype(varint(quint64(most)));
        if (value <= m_rest.size() / leastBytes)
            return value;
        fail();
        return 0;
    }

private:
    template <typename T> T fixed()
    {
        if (m_rest.size() < qsizetype(sizeof(T))) {
            fail();
            return 0;
        }
        const T value = qFromLittleEndian<T>(m_rest.data());
        m_rest = m_rest.sliced(sizeof(T));
        return value;
    }

    QByteArrayView m_rest;
    bool m_ok = true;
};

} // namespace octopus

// FieldWriter: the fields of a control message as the pairs of a CBOR map, in ascending order of
// their keys. The counterpart of FieldReader, with the same methods. Single thread.
#pragma once

#include "engine/wire/codec.h"

#include <QCborStreamWriter>

#include <type_traits>

namespace octopus::wire {

class FieldWriter
{
public:
    template <typename T> using Field = const T &;

    FieldWriter() : m_writer(&m_pairs) {}

    // The whole map.
    [[nodiscard]] QByteArray map() const
    {
        Q_ASSERT(m_count < 24);
        return char(0xa0 | m_count) + m_pairs;
    }

    template <typename T> void number(quint64 key, T value, quint64 = 0, quint64 = 0)
    {
        start(key).append(quint64(value));
    }
    void flag(quint64 key, bool value) { start(key).append(value); }
    void laterFlag(quint64 key, bool value)
    {
        if (value)
            flag(key, value);
    }
    void name(quint64 key, const QString &value) { start(key).append(QStringView(value)); }
    void vaultName(quint64 key, const QString &value) { name(key, value); }
    void label(quint64 key, const QString &value) { name(key, value); }
    void bytes(quint64 key, const QByteArray &value, qsizetype, qsizetype)
    {
        start(key).append(value);
    }
    void vault(quint64 key, const VaultId &value) { start(key).append(value.bytes()); }
    void path(quint64 key, const RelPath &value) { start(key).append(value.bytes()); }
    void destination(quint64 key, const QByteArray &value) { start(key).append(value); }
    void error(quint64 key, ErrorCode value) { number(key, value); }
    void detail(quint64 key, const QByteArray &value);
    void token(quint64 key, const StageToken &value) { start(key).append(value.bytes()); }
    void held(quint64 key, const std::optional<QList<HeldStage>> &stages);
    void numbers(quint64 key, const QList<quint64> &values, qsizetype most);
    void listedPaths(quint64 key, const QList<QByteArray> &paths);

private:
    QCborStreamWriter &start(quint64 key)
    {
        ++m_count;
        m_writer.append(key);
        return m_writer;
    }

    QByteArray m_pairs;
    QCborStreamWriter m_writer;
    int m_count = 0;
};

} // namespace octopus::wire

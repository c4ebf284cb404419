// FieldReader: reads the fields of a control message from a CBOR map.
//
// Keys ascend, so that each field is asked for once, in order; keys that nobody asks for are
// skipped (a later version added them). The first violation - a missing key, a wrong type, a value
// beyond its cap - makes the reader fail for good. Strings and containers have definite lengths,
// which are checked before anything is allocated; depth is bounded. Single thread.
#pragma once

#include "engine/wire/codec.h"

#include <QCborStreamReader>

#include <algorithm>
#include <limits>
#include <type_traits>

namespace octopus::wire {

class FieldReader
{
public:
    template <typename T> using Field = T &;

    explicit FieldReader(QByteArrayView payload);
    // Skips what is left. True if the payload was exactly one map with everything asked for.
    [[nodiscard]] bool finish();

    template <typename T>
    void number(quint64 key, T &value, quint64 least = 0,
                quint64 most = std::numeric_limits<quint64>::max())
    {
        if constexpr (std::is_same_v<T, quint32>)
            most = std::min<quint64>(most, std::numeric_limits<quint32>::max());
        value = T(readNumber(key, least, most));
    }
    void flag(quint64 key, bool &value);
    void laterFlag(quint64 key, bool &value);    // false where the key is missing
    void name(quint64 key, QString &value);      // 1..64 characters, no control character
    void label(quint64 key, QString &value);     // likewise, or empty
    void vaultName(quint64 key, QString &value); // checkVaultName()
    void bytes(quint64 key, QByteArray &value, qsizetype least, qsizetype most);
    void vault(quint64 key, VaultId &value);
    void path(quint64 key, RelPath &value);
    void destination(quint64 key, QByteArray &value); // no NUL, no component "." or ".."
    void error(quint64 key, ErrorCode &value);        // codes that we do not know become Other
    void detail(quint64 key, QByteArray &value);
    void token(quint64 key, StageToken &value);
    void held(quint64 key, std::optional<QList<HeldStage>> &stages);   // the key may be missing
    void numbers(quint64 key, QList<quint64> &values, qsizetype most); // at most so many
    void listedPaths(quint64 key, QList<QByteArray> &paths);

private:
    bool seek(quint64 key);
    bool find(quint64 key);
    void readKey();
    void skipValue(int depth);
    quint64 readNumber(quint64 key, quint64 least, quint64 most);
    QByteArray readBytes(quint64 key, qsizetype least, qsizetype most);
    QString readText(quint64 key, qsizetype least);
    QByteArray takeByteArray(qsizetype most);
    [[nodiscard]] bool lengthIsWithin(qsizetype most) const;
    void fail() { m_ok = false; }

    QCborStreamReader m_reader;
    qsizetype m_size;
    quint64 m_key = 0;      // of the value that comes next
    bool m_pending = false; // there is such a value
    bool m_started = false; // m_key is a key of this map
    bool m_ok = true;
};

} // namespace octopus::wire

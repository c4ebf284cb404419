#include "engine/wire/fieldreader.h"

#include "engine/model/bytes.h"
#include "engine/model/vault.h"

#include <QtEndian>

#include <algorithm>
#include <utility>

namespace octopus::wire {

// Nothing of ours is deeper than a list in the map; a later version may go a little further.
static constexpr int maximumDepth = 8;

FieldReader::FieldReader(QByteArrayView payload)
    : m_reader(payload.data(), payload.size()),
      m_size(payload.size())
{
    if (!m_reader.isMap() || !lengthIsWithin(m_size) || !m_reader.enterContainer())
        fail();
    readKey();
}

bool FieldReader::finish()
{
    while (m_ok && m_pending) {
        skipValue(maximumDepth);
        readKey();
    }
    if (!m_ok || !m_reader.leaveContainer() || m_reader.lastError() != QCborError::NoError)
        return false;
    return m_reader.currentOffset() == m_size;
}

// Takes the next key, if the map has one more.
void FieldReader::readKey()
{
    const bool first = !std::exchange(m_started, true);
    m_pending = false;
    if (!m_ok || !m_reader.hasNext())
        return;
    if (!m_reader.isUnsignedInteger())
        return fail();
    const quint64 key = m_reader.toUnsignedInteger();
    if (!first && key <= m_key)
        return fail();
    m_key = key;
    m_pending = m_reader.next() && m_reader.isValid();
    if (!m_pending)
        fail();
}

// Goes to the value of `key`; false if there is none.
bool FieldReader::seek(quint64 key)
{
    while (m_ok && m_pending && m_key < key) {
        skipValue(maximumDepth);
        readKey();
    }
    return m_ok && m_pending && m_key == key;
}

// Likewise, where there must be one.
bool FieldReader::find(quint64 key)
{
    if (!seek(key))
        fail();
    return m_ok;
}

void FieldReader::skipValue(int depth)
{
    if (depth == 0 || m_reader.isTag() || !m_reader.isValid())
        return fail();
    if (!m_reader.isContainer()) {
        const bool isSized = m_reader.isString() || m_reader.isByteArray();
        if ((isSized && !lengthIsWithin(m_size)) || !m_reader.next())
            fail();
        return;
    }
    if (!lengthIsWithin(m_size) || !m_reader.enterContainer())
        return fail();
    while (m_ok && m_reader.hasNext())
        skipValue(depth - 1);
    if (m_ok && !m_reader.leaveContainer())
        fail();
}

// A string or container has a definite length that is at most `most` and that the bytes which are
// left can hold.
bool FieldReader::lengthIsWithin(qsizetype most) const
{
    const qsizetype left = m_size - m_reader.currentOffset();
    return m_reader.isLengthKnown() && m_reader.length() <= quint64(std::min(most, left));
}

QByteArray FieldReader::takeByteArray(qsizetype most)
{
    if (!m_reader.isByteArray() || !lengthIsWithin(most)) {
        fail();
        return {};
    }
    QByteArray bytes = m_reader.readAllByteArray();
    if (m_reader.lastError() != QCborError::NoError)
        fail();
    return bytes;
}

QByteArray FieldReader::readBytes(quint64 key, qsizetype least, qsizetype most)
{
    if (!find(key))
        return {};
    QByteArray bytes = takeByteArray(most);
    if (bytes.size() < least)
        fail();
    readKey();
    return bytes;
}

QString FieldReader::readText(quint64 key, qsizetype least)
{
    constexpr qsizetype longestCharacter = 3; // bytes in UTF-8 of a character in UTF-16
    if (!find(key))
        return {};
    if (!m_reader.isString() || !lengthIsWithin(maximumName * longestCharacter)) {
        fail();
        return {};
    }
    QString text = m_reader.readAllString();
    const bool isPlain =
        std::ranges::none_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    if (m_reader.lastError() != QCborError::NoError || !isPlain || text.size() < least
        || text.size() > maximumName)
        fail();
    readKey();
    return text;
}

quint64 FieldReader::readNumber(quint64 key, quint64 least, quint64 most)
{
    if (!find(key))
        return 0;
    const quint64 value = m_reader.isUnsignedInteger() ? m_reader.toUnsignedInteger() : 0;
    if (!m_reader.isUnsignedInteger() || value < least || value > most || !m_reader.next())
        fail();
    readKey();
    return value;
}

void FieldReader::flag(quint64 key, bool &value)
{
    if (!find(key))
        return;
    value = m_reader.isTrue();
    if (!m_reader.isBool() || !m_reader.next())
        fail();
    readKey();
}

void FieldReader::laterFlag(quint64 key, bool &value)
{
    if (seek(key))
        flag(key, value);
}

void FieldReader::name(quint64 key, QString &value)
{
    value = readText(key, 1);
}

void FieldReader::label(quint64 key, QString &value)
{
    value = readText(key, 0);
}

void FieldReader::vaultName(quint64 key, QString &value)
{
    value = readText(key, 1);
    if (!checkVaultName(value))
        fail();
}

void FieldReader::bytes(quint64 key, QByteArray &value, qsizetype least, qsizetype most)
{
    value = readBytes(key, least, most);
}

void FieldReader::vault(quint64 key, VaultId &value)
{
    constexpr qsizetype size = 16;
    auto vault = VaultId::fromBytes(readBytes(key, size, size));
    if (vault)
        value = std::move(*vault);
    else
        fail();
}

void FieldReader::path(quint64 key, RelPath &value)
{
    auto path = RelPath::parse(readBytes(key, 0, RelPath::maximumLength));
    if (path)
        value = std::move(*path);
    else
        fail();
}

void FieldReader::destination(quint64 key, QByteArray &value)
{
    value = readBytes(key, 0, RelPath::maximumLength);
    const QList<QByteArray> components = value.split('/');
    if (value.contains('\0') || components.contains(".") || components.contains(".."))
        fail();
}

void FieldReader::error(quint64 key, ErrorCode &value)
{
    const quint64 code = readNumber(key, 1, std::numeric_limits<quint8>::max());
    value = ErrorCode(std::min(code, quint64(ErrorCode::Other)));
}

void FieldReader::detail(quint64 key, QByteArray &value)
{
    value = readBytes(key, 0, maximumDetail);
}

void FieldReader::token(quint64 key, StageToken &value)
{
    auto token = StageToken::fromBytes(readBytes(key, StageToken::size, StageToken::size));
    if (token)
        value = std::move(*token);
    else
        fail();
}

// Each a token and how far it is held.
void FieldReader::held(quint64 key, std::optional<QList<HeldStage>> &stages)
{
    constexpr qsizetype one = StageToken::size + qsizetype(sizeof(quint64));
    if (!seek(key))
        return;
    const QByteArray bytes = readBytes(key, 0, MirrorState::maximumHeld * one);
    if (bytes.size() % one != 0)
        return fail();
    stages.emplace();
    for (qsizetype at = 0; at < bytes.size(); at += one) {
        const auto token = StageToken::fromBytes(bytes.sliced(at, StageToken::size));
        const auto end = qFromLittleEndian<quint64>(bytes.constData() + at + StageToken::size);
        if (!token || end == 0 || end > maximumFileSize)
            return fail();
        stages->append({*token, end});
    }
}

void FieldReader::numbers(quint64 key, QList<quint64> &values, qsizetype most)
{
    if (!find(key))
        return;
    if (!m_reader.isArray() || !lengthIsWithin(most) || !m_reader.enterContainer())
        return fail();
    while (m_ok && m_reader.hasNext()) {
        if (!m_reader.isUnsignedInteger())
            return fail();
        values.append(m_reader.toUnsignedInteger());
        if (!m_reader.next())
            return fail();
    }
    if (m_ok && !m_reader.leaveContainer())
        fail();
    readKey();
}

void FieldReader::listedPaths(quint64 key, QList<QByteArray> &paths)
{
    if (!find(key))
        return;
    const bool isList = m_reader.isArray() && lengthIsWithin(maximumListedPaths);
    if (!isList || !m_reader.enterContainer())
        return fail();
    while (m_ok && m_reader.hasNext())
        paths.append(takeByteArray(RelPath::maximumLength));
    if (m_ok && !m_reader.leaveContainer())
        fail();
    readKey();
}

} // namespace octopus::wire

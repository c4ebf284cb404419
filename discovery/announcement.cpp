#include "discovery/announcement.h"

#include <QList>
#include <QStringDecoder>
#include <QtEndian>

#include <algorithm>
#include <array>

namespace octopus::discovery {

static constexpr QByteArrayView magic("OMBC");
static constexpr quint8 formatVersion = 1;
static constexpr qsizetype longestSized = 255; // bytes; what the length of a text can say

namespace {

// Takes fields from the front; once one is missing, all that follow are, too.
class Reader
{
public:
    explicit Reader(QByteArrayView bytes) : m_rest(bytes) {}

    template <typename T> T number()
    {
        const QByteArrayView bytes = take(sizeof(T));
        return bytes.isEmpty() ? T(0) : qFromLittleEndian<T>(bytes.data());
    }
    QByteArrayView take(qsizetype count)
    {
        if (m_rest.size() < count) {
            m_ok = false;
            m_rest = {};
            return {};
        }
        const QByteArrayView taken = m_rest.first(count);
        m_rest = m_rest.sliced(count);
        return taken;
    }
    QString text()
    {
        const QByteArrayView bytes = take(number<quint8>());
        QStringDecoder decoder(QStringConverter::Utf8,
                               QStringConverter::Flag::Stateless
                                   | QStringConverter::Flag::ConvertInitialBom);
        QString text = decoder(bytes);
        if (decoder.hasError())
            m_ok = false;
        return text;
    }
    // Fields that a later version added.
    void skipFields()
    {
        while (m_ok && !m_rest.isEmpty()) {
            (void)number<quint8>();
            (void)take(number<quint16>());
        }
    }
    [[nodiscard]] bool ok() const { return m_ok; }

private:
    QByteArrayView m_rest;
    bool m_ok = true;
};

template <typename T> void append(QByteArray &out, T number)
{
    std::array<char, sizeof(T)> bytes;
    qToLittleEndian(number, bytes.data());
    out.append(bytes.data(), bytes.size());
}

void append(QByteArray &out, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    Q_ASSERT(bytes.size() <= longestSized);
    out.append(char(quint8(bytes.size())));
    out.append(bytes);
}

bool isVisible(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return false;
    default: return !QChar::isNonCharacter(c);
    }
}

bool isKind(quint8 kind)
{
    return kind >= quint8(AnnouncementKind::Announce) && kind <= quint8(AnnouncementKind::Goodbye);
}

bool isSound(const Announcement &a)
{
    return a.id.size() == idSize && a.instance != 0 && (a.port >= leastPort || a.port == 0)
        && a.leastProtocol >= 1 && a.leastProtocol <= a.mostProtocol && isAnnounceable(a.name)
        && isVersion(a.version);
}

} // namespace

QByteArray encode(const Announcement &announcement)
{
    QByteArray out;
    out.reserve(maximumDatagram);
    out.append(magic);
    append(out, formatVersion);
    append(out, quint8(announcement.kind));
    append(out, announcement.flags);
    append(out, announcement.instance);
    append(out, announcement.nonce);
    out.append(announcement.id);
    append(out, announcement.port);
    append(out, announcement.leastProtocol);
    append(out, announcement.mostProtocol);
    append(out, announcement.name);
    append(out, announcement.version);
    return out;
}

Result<Announcement> decode(QByteArrayView datagram)
{
    if (datagram.size() > maximumDatagram || !datagram.startsWith(magic))
        return failure(ErrorCode::Invalid, "this is no announcement");
    Reader reader(datagram.sliced(magic.size()));
    if (reader.number<quint8>() != formatVersion)
        return failure(ErrorCode::VersionMismatch, "an announcement of another format");
    Announcement a;
    const auto kind = reader.number<quint8>();
    a.kind = AnnouncementKind(kind);
    a.flags = reader.number<quint16>();
    a.instance = reader.number<quint64>();
    a.nonce = reader.number<quint64>();
    a.id = reader.take(idSize).toByteArray();
    a.port = reader.number<quint16>();
    a.leastProtocol = reader.number<quint32>();
    a.mostProtocol = reader.number<quint32>();
    a.name = reader.text();
    a.version = reader.text();
    reader.skipFields();
    if (!reader.ok() || !isKind(kind) || !isSound(a))
        return failure(ErrorCode::Invalid, "a malformed announcement");
    return a;
}

bool isAnnounceable(const QString &name)
{
    return !name.isEmpty() && name.size() <= maximumName && name.trimmed() == name
        && std::ranges::all_of(name.toUcs4(), [](uint c) { return isVisible(c); });
}

QString announceableName(const QString &name)
{
    QString visible;
    for (const uint c : name.trimmed().toUcs4()) {
        const char32_t character = c;
        const QString next = QString::fromUcs4(&character, 1);
        if (visible.size() + next.size() > maximumName)
            break;
        if (isVisible(c))
            visible += next;
    }
    visible = visible.trimmed();
    return isAnnounceable(visible) ? visible : QStringLiteral("?");
}

bool isVersion(const QString &version)
{
    return version.size() <= maximumVersion
        && std::ranges::all_of(version, [](QChar c) { return c >= u' ' && c <= u'~'; });
}

} // namespace octopus::discovery
